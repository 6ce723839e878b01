"""The grid of environments in which a requirement can be active, and the sets of its rows as bit masks.

A row is one (Python minor version, platform, implementation). Inside a row, markers may still ask for the patch release
or for the machine; each of these is a point of its own, so that a requirement for `platform_machine == "arm64"` counts
as one that can be active.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from packaging.markers import Marker, UndefinedEnvironmentName
from packaging.specifiers import SpecifierSet

from rrr_optimize.config import KNOWN_MINORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PYTHONS: tuple[tuple[int, int], ...] = tuple((3, minor) for minor in KNOWN_MINORS)
# More patch releases than any of these Pythons has had, and one for those to come.
_PATCHES = (*range(26), 99)
_PLATFORMS = ("Linux", "macOS", "Windows")
_IMPLEMENTATIONS = ("CPython", "PyPy")

_PLATFORM_VARIABLES = {
    "Linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "macOS": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "Windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}
# What `platform.machine()` returns on each: the machines that wheels are built for.
_MACHINES = {
    "Linux": ("x86_64", "aarch64", "i686", "armv7l", "ppc64le", "s390x", "riscv64"),
    "macOS": ("x86_64", "arm64"),
    "Windows": ("AMD64", "ARM64", "x86"),
}
_ALL_MACHINES = tuple(dict.fromkeys(machine for machines in _MACHINES.values() for machine in machines))
_Point = tuple[tuple[int, int], int, str, str, str]
_AXES = (PYTHONS, _PATCHES, _PLATFORMS, _ALL_MACHINES, _IMPLEMENTATIONS)
_POINTS: tuple[_Point, ...] = tuple(
    point
    for point in product(PYTHONS, _PATCHES, _PLATFORMS, _ALL_MACHINES, _IMPLEMENTATIONS)
    if point[3] in _MACHINES[point[2]]
)

ALL_ROWS = (1 << len(_POINTS)) - 1
"""The mask of every environment of the grid."""


@cache
def _axis_mask(axis: int, value: object) -> int:
    return int("".join("1" if point[axis] == value else "0" for point in reversed(_POINTS)), 2)


# Which axes a marker variable depends on; a marker is evaluated once per combination of the axes it mentions.
_AXES_OF_VARIABLE = {
    "python_version": (0,),
    "python_full_version": (0, 1),
    "os_name": (2,),
    "sys_platform": (2,),
    "platform_system": (2,),
    "platform_machine": (2, 3),
    "implementation_name": (4,),
    "platform_python_implementation": (4,),
    "implementation_version": (0, 1, 4),
}
_FREE_VARIABLES = ("platform_release", "platform_version")
_VARIABLE = re.compile(r"\b(?:python_\w+|os_name|sys_platform|platform_\w+|implementation_\w+)\b")


@cache
def rows_of_marker(marker: str | None) -> int:
    """Return the mask of the environments in which a PEP 508 marker holds; no marker holds in all.

    A marker that cannot be decided from the grid (it compares the kernel's release, or what cannot be compared) is
    taken to hold everywhere: it can be active. `extra` is empty, as it is for a requirement that nobody wrapped.
    """
    if not marker:
        return ALL_ROWS
    try:
        parsed = Marker(marker)
        # In its own words: `os.name` and `python_implementation` are older names for variables of today.
        names = set(_VARIABLE.findall(str(parsed)))
        if names & set(_FREE_VARIABLES):
            return ALL_ROWS
        axes = sorted({axis for name in names for axis in _AXES_OF_VARIABLE.get(name, ())})
        representatives = {tuple(point[axis] for axis in axes): point for point in _POINTS}
        mask = 0
        for values, point in representatives.items():
            if parsed.evaluate(_environment(point)):
                mask |= _mask_of(zip(axes, values, strict=True))
    except (ValueError, UndefinedEnvironmentName, RecursionError):
        return ALL_ROWS
    return mask


def rows_of_pythons(versions: Iterable[tuple[int, int]]) -> int:
    """Return the mask of every environment with one of these Python minor versions."""
    mask = 0
    for version in set(versions) & set(PYTHONS):
        mask |= _axis_mask(0, version)
    return mask


@cache
def rows_of_requires_python(specifier: str) -> int:
    """Return the mask of the environments whose Python a `requires-python` admits. Raises ValueError."""
    admitted = SpecifierSet(specifier)
    mask = 0
    for python, patch in product(PYTHONS, _PATCHES):
        if admitted.contains(f"{python[0]}.{python[1]}.{patch}"):
            mask |= _axis_mask(0, python) & _axis_mask(1, patch)
    return mask


def pythons_of_rows(mask: int) -> tuple[tuple[int, int], ...]:
    """Return the Python minor versions that occur in a mask, in order."""
    return tuple(python for python in PYTHONS if mask & _axis_mask(0, python))


def iter_common_rows(masks: Iterable[int], within: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield, for each different set of masks that hold together, their indexes and the rows in which just they do."""
    masks = tuple(mask & within for mask in masks)
    regions: dict[tuple[int, ...], int] = {(): within} if within else {}
    for index, mask in enumerate(masks):
        if mask == within:
            regions = {(*members, index): rows for members, rows in regions.items()}
            continue
        split: dict[tuple[int, ...], int] = {}
        for members, rows in regions.items():
            if inside := rows & mask:
                split[(*members, index)] = inside
            if outside := rows & ~mask:
                split[members] = outside
        regions = split
    yield from regions.items()


def describe_rows(mask: int, within: int = ALL_ROWS) -> str:
    """Return the rows of a mask in words ("Python 3.8 to 3.10 on Windows"), or "" where they are all of `within`."""
    if mask & within == within:
        return ""
    if not mask & within:
        return "nowhere"
    words = []
    if (pythons := pythons_of_rows(mask)) != pythons_of_rows(within):
        words.append(f"Python {_runs(pythons)}")
    if (platforms := _values(2, mask)) != _values(2, within):
        words.append("on " + " and ".join(platforms))
    if (implementations := _values(4, mask)) != _values(4, within):
        words.append("with " + " and ".join(implementations))
    if not words:
        words.append("some patch levels or machines")
    return " ".join(words)


def _values(axis: int, mask: int) -> list[str]:
    return [str(value) for value in _AXES[axis] if mask & _axis_mask(axis, value)]


def _runs(versions: tuple[tuple[int, int], ...]) -> str:
    runs: list[list[tuple[int, int]]] = []
    for version in versions:
        if runs and version[1] == runs[-1][-1][1] + 1:
            runs[-1].append(version)
        else:
            runs.append([version])
    return ", ".join(f"3.{run[0][1]}" if len(run) == 1 else f"3.{run[0][1]} to 3.{run[-1][1]}" for run in runs)


def _mask_of(chosen: Iterable[tuple[int, object]]) -> int:
    mask = ALL_ROWS
    for axis, value in chosen:
        mask &= _axis_mask(axis, value)
    return mask


def _environment(point: _Point) -> dict[str, str]:
    (major, minor), patch, platform, machine, implementation = point
    full = f"{major}.{minor}.{patch}"
    return {
        **_PLATFORM_VARIABLES[platform],
        "python_version": f"{major}.{minor}",
        "python_full_version": full,
        "platform_machine": machine,
        "platform_python_implementation": implementation,
        "implementation_name": implementation.lower(),
        "implementation_version": full if implementation == "CPython" else "7.3.20",
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }
