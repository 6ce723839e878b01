"""What the configuration says of `fix-imports`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FixImportsSettings:
    """Decisions that no file of the repository shows.

    `cwd` are the folders, from the root, in which programs are started where a folder on the search path depends on
    that. `roots` says of a top-level name from which folder it is imported, or what it is. `import_names` says of a
    distribution, by its canonical name, what is imported when it is used. `site_packages` is the environment in which
    programs run, from the root or absolute: its folder, or the site-packages folder in it.
    """

    cwd: tuple[str, ...] = ()
    roots: tuple[tuple[str, str], ...] = ()
    import_names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    site_packages: str = ""
