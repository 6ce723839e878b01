"""The modules that come with Python, and which of them no folder can hide."""

from __future__ import annotations

import sys

# Python/frozen.c and Lib/importlib: frozen into the interpreter of every version from 3.11 on, and looked for before
# any folder. `os.path` and `posixpath` are loaded before the first line of any program.
_FROZEN = frozenset(
    {
        *("__hello__", "__phello__", "_collections_abc", "_frozen_importlib", "_frozen_importlib_external"),
        *("_sitebuiltins", "abc", "codecs", "genericpath", "importlib", "io", "ntpath", "os", "posixpath", "runpy"),
        *("site", "stat", "zipimport"),
    }
)
# Part of one supported version and not of another: distutils, imp and asynchat went, tomllib and compression came.
_SOMETIMES = frozenset(
    {
        *("aifc", "annotationlib", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "compression", "crypt"),
        *("distutils", "imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes"),
        *("smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "tomllib", "uu", "xdrlib"),
    }
)

FIXED = frozenset(sys.builtin_module_names) | _FROZEN
"""Names that are always those of Python itself: built in, frozen, or loaded before the program begins."""

HIDEABLE = (frozenset(sys.stdlib_module_names) | _SOMETIMES) - FIXED
"""Names of the standard library that a folder in front of it on the search path can hide."""

STANDARD = FIXED | HIDEABLE
"""Every name of the standard library."""
