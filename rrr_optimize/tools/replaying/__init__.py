"""Replay path and import statements; a package of its own, for the process that runs it knows nothing else of us."""

LIBRARY, NOTHING, NAMESPACE = "the standard library", "nothing", "a namespace"
