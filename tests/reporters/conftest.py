"""Reports written by hand, as the rules would make them."""

from __future__ import annotations

import pytest

from rrr_optimize.model import Finding, Lane, Location, NotAnalysed, Project, Related, Report, Severity

_WHY = "A folder that installs both files gets whichever comes last."
_DRIFTING = ("httpx", "numpy", "pandas", "pydantic", "scipy")


def _pin_clash() -> Finding:
    return Finding(
        "REQ003",
        "clashing-pins",
        Severity.WARNING,
        Location("apps/api/requirements.txt", 12, 1, 12, 14),
        "joblib is pinned to 1.3.2 here and to 1.1.0 in 8 other files",
        "joblib",
        why=_WHY,
        hint="Agree on one version; 1.3.2 satisfies every range.",
        related=tuple(Related(Location(f"libs/l{n}/requirements.txt", 3), "joblib==1.1.0") for n in range(1, 9)),
        fix=Lane.REVIEW,
    )


def _invalid_line() -> Finding:
    return Finding(
        "REQ014",
        "invalid-requirement",
        Severity.ERROR,
        Location("apps/api/requirements.txt", 14, 1, 14, 22),
        "google-api-core=2.5.0 is no requirement: a version follows ==, not =",
        "apps/api/requirements.txt google-api-core=2.5.0",
    )


def _drift(package: str, line: int) -> Finding:
    return Finding(
        "REQ005",
        "version-drift",
        Severity.INFO,
        Location("requirements.txt", line, 1, line, 9),
        f"{package} is asked for in 2 compatible ways",
        package,
        why=_WHY,
    )


def _marked() -> Finding:
    message = "tomli is kept apart by python_version"
    return Finding("REQ007", "marker-separated", Severity.INFO, Location("requirements.txt", 40), message, "tomli")


def _requirement_facts() -> dict[str, object]:
    return {
        "files": 3,
        "declarations": 40,
        "packages": 21,
        "multi_spec": ["httpx", "joblib", "numpy"],
        "multi_pin": ["joblib"],
        "unsatisfiable": ["joblib"],
        "marker_separated": ["tomli"],
        "invalid_lines": [
            {
                "path": "apps/api/requirements.txt",
                "line": 14,
                "text": "google-api-core=2.5.0",
                "error": "= is no operator",
            }
        ],
        "sources": [
            {
                "path": "apps/api/requirements.txt",
                "kind": "requirements",
                "project": "api",
                "declarations": 12,
                "compiled_by": None,
            }
        ],
        "install_sets": 4,
        "pythons": ["3.11", "3.12"],
    }


@pytest.fixture
def busy_report() -> Report:
    """Return a report with something of everything."""
    return Report(
        root="/repository",
        projects=(Project("api", "apps/api"), Project("root", ".")),
        findings=(_pin_clash(), _invalid_line(), *(_drift(name, n) for n, name in enumerate(_DRIFTING, 2)), _marked()),
        facts={"requirements": _requirement_facts()},
        not_analysed=(
            NotAnalysed("libs/a/setup.py", "its requirements are computed"),
            NotAnalysed("libs/b/setup.py", "its requirements are computed"),
            NotAnalysed("big.txt", "larger than 2 MB"),
        ),
        notes=("Only the working tree was looked at.",),
        files_read=12,
        held_back=2,
        suppressed=1,
    )


@pytest.fixture
def clean_report() -> Report:
    """Return a report without any finding."""
    projects = (Project("api", "apps/api"), Project("worker", "apps/worker"), Project("root", "."))
    return Report(root="/repository", projects=projects, findings=(), files_read=12)
