"""All rules as one readable table; a rule's own module says what is wrong, shows it, and checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.model import Lane, Location, Related

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_REQUIREMENTS = "rrr_optimize.requirements.rules."
_DOMAINS = {
    "REQ": ("rrr_optimize.requirements.rules.", "requirements"),
    "IMP": ("rrr_optimize.imports.rules.", "imports"),
    "CMP": ("rrr_optimize.compose.rules.", "compose"),
    "RRR": ("rrr_optimize.engine_rules.", "requirements"),
}
_IMPORTS = ("imports", "requirements")
_NAMES = (*_IMPORTS, "compose")
PARSED = "syntax"
"""What a rule needs that looks at every Python file, parsed; a stage of its own because of what it costs."""
JUDGED = "judgements"
"""What a rule needs that looks at what each path statement does; the files of every program with one are parsed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its name (what is wrong), a summary, its default severity and the module that checks it.

    `needs` names the facts that it looks at, as the report calls them, PARSED or JUDGED. What no selected rule needs
    is not read.
    """

    code: str
    name: str
    summary: str
    severity: Severity
    module: str
    needs: frozenset[str] = frozenset()

    def finding(  # noqa: PLR0913 - a finding has this many parts; all but four are optional and named
        self,
        location: Location,
        message: str,
        subject: str,
        *,
        why: str = "",
        hint: str = "",
        related: Iterable[Related] = (),
        fix: Lane | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule, with the rule's severity unless another is given."""
        return Finding(
            self.code,
            self.name,
            self.severity if severity is None else severity,
            location,
            message,
            subject,
            why,
            hint,
            tuple(related),
            fix,
        )


def _rule(code: str, name: str, severity: Severity, summary: str, *needs: str) -> Rule:
    folder, domain = _DOMAINS[code[:3]]
    return Rule(code, name, summary, severity, folder + name.replace("-", "_"), frozenset(needs or {domain}))


RULES: tuple[Rule, ...] = (
    _rule("REQ001", "conflicting-pins", _ERROR, "two exact pins of one package are installed together"),
    _rule("REQ002", "conflicting-specifiers", _ERROR, "requirements installed together admit no common version"),
    _rule("REQ003", "clashing-pins", _WARNING, "parts of the repository pin one package to different versions"),
    _rule("REQ004", "clashing-specifiers", _WARNING, "no version serves every part of the repository"),
    _rule("REQ005", "version-drift", _INFO, "one package is asked for in different, compatible ways"),
    _rule("REQ006", "repeated-requirement", _INFO, "the same requirement is written in several files"),
    _rule("REQ007", "marker-separated", _INFO, "requirements that exclude each other are kept apart by markers"),
    _rule("REQ008", "differing-extras", _INFO, "one package is asked for with different extras"),
    _rule("REQ009", "double-entry", _WARNING, "one list names a package twice"),
    _rule("REQ010", "url-against-version", _WARNING, "one package comes from a URL here and from an index there"),
    _rule("REQ011", "differing-urls", _WARNING, "one package comes from different URLs"),
    _rule("REQ012", "local-against-release", _INFO, "a project of this repository is taken from an index elsewhere"),
    _rule("REQ013", "internal-from-index", _INFO, "a project of this repository is asked for by name only"),
    _rule("REQ014", "invalid-requirement", _ERROR, "a line that no installer can read"),
    _rule("REQ015", "ambiguous-line", _WARNING, "a line that pip and uv read differently"),
    _rule("REQ016", "missing-include", _ERROR, "an included requirements file does not exist"),
    _rule("REQ017", "include-cycle", _ERROR, "requirements files include each other in a circle"),
    _rule("REQ018", "include-outside-root", _WARNING, "an included requirements file lies outside the root"),
    _rule("REQ019", "dynamic-requirements", _INFO, "requirements that only running the code would tell"),
    _rule("REQ020", "banned-requirement", _ERROR, "a package or version that the configuration bans"),
    _rule("REQ021", "unused-exception", _WARNING, "an exception in the configuration that excepts nothing"),
    _rule("REQ022", "unquoted-specifier", _WARNING, "a shell takes the > or < of a version for a redirection"),
    _rule("REQ023", "stale-lock", _WARNING, "a compiled file pins what its input excludes"),
    _rule(
        "IMP001",
        "sys-path-hack",
        _WARNING,
        "a statement that changes where Python looks for modules",
        "imports",
        JUDGED,
    ),
    _rule("IMP002", "unparsable-file", _ERROR, "a Python file that does not parse", "imports", PARSED),
    _rule("IMP003", "shadowed-library", _WARNING, "a module hides one of the standard library"),
    _rule("IMP004", "shadowed-distribution", _WARNING, "a module hides a package that its project requires"),
    _rule("IMP005", "doubled-package", _WARNING, "two projects offer the same top-level package", "requirements"),
    _rule(
        "IMP006", "unresolved-import", _ERROR, "an import of the repository's own code that leads nowhere", *_IMPORTS
    ),
    _rule("IMP007", "file-under-two-names", _WARNING, "one file is imported under two names", *_IMPORTS),
    _rule("IMP008", "incomplete-wheel", _WARNING, "a wheel that would miss parts of its own package"),
    _rule("IMP009", "missing-module-in-text", _ERROR, "a text names a module that is not there", *_NAMES),
    _rule("CMP001", "invalid-compose-file", _ERROR, "a Compose file that is not YAML or cannot be read"),
    _rule("CMP002", "duplicate-compose-key", _ERROR, "a mapping of a Compose file gives one key twice"),
    _rule("CMP003", "compose-schema", _ERROR, "a value that the Compose specification does not allow"),
    _rule("CMP004", "invalid-short-form", _ERROR, "a port, volume or variable that cannot be read"),
    _rule("CMP005", "broken-compose-reference", _ERROR, "an include or extends that leads nowhere"),
    _rule("CMP006", "missing-compose-file", _WARNING, "a command names a Compose file that is not there"),
    _rule("CMP007", "stale-override", _ERROR, "an override that does not fit what it is laid over"),
    _rule("CMP008", "undefined-resource", _ERROR, "a network, volume, secret or config that nothing declares"),
    _rule("CMP009", "unused-resource", _INFO, "a network, volume, secret or config that no service uses"),
    _rule("CMP010", "nested-network", _WARNING, "a network whose services all share another one"),
    _rule("CMP011", "one-service-network", _INFO, "a network with one service"),
    _rule("CMP012", "flat-topology", _INFO, "every service shares one network"),
    _rule("CMP013", "host-port-clash", _ERROR, "two services publish the same port of the host"),
    _rule("CMP014", "container-name-clash", _ERROR, "a container name that two containers would have"),
    _rule("CMP015", "alias-clash", _WARNING, "two services answer to one name on one network"),
    _rule("CMP016", "address-clash", _ERROR, "a static address that is taken or outside its subnet"),
    _rule("CMP017", "dead-host", _WARNING, "a host name that no service answers to"),
    _rule("CMP018", "missing-build-context", _ERROR, "a build context or Dockerfile that is not in the repository"),
    _rule("CMP019", "missing-bind-source", _WARNING, "a file that is mounted and is not in the repository"),
    _rule("CMP020", "missing-health-check", _INFO, "others wait for a service that has no health check"),
    _rule("CMP021", "import-only-health-check", _WARNING, "a health check that only imports or prints"),
    _rule("CMP022", "undefined-dependency", _ERROR, "a service asks for a service that does not exist"),
    _rule("CMP023", "unchecked-dependency", _WARNING, "service_healthy for a service without a visible health check"),
    _rule("CMP024", "started-only-dependency", _INFO, "a dependency does not wait for the health check that there is"),
    _rule("CMP025", "dependency-cycle", _ERROR, "services depend on each other in a circle"),
    _rule("CMP026", "no-memory-limit", _INFO, "services without a memory limit"),
    _rule("CMP027", "conflicting-limits", _ERROR, "limits that contradict each other"),
    _rule("CMP028", "pool-overrun", _WARNING, "connection pools that may ask for more than the server has"),
    _rule("CMP029", "pool-bounds", _ERROR, "a connection pool whose least size is above its largest"),
    _rule("CMP030", "untrue-count", _WARNING, "a comment or document gives a number of services that is not true"),
    _rule("CMP031", "obsolete-version", _INFO, "a version key, which Compose ignores"),
    _rule("CMP032", "address-pool-limit", _WARNING, "networks that need most of the address ranges that Docker has"),
    _rule("CMP033", "pinned-network", _INFO, "a bridge name or subnet that keeps a network from being merged"),
    _rule("CMP034", "network-name-elsewhere", _INFO, "a label, command or variable that names a network"),
    _rule("RRR001", "unreadable-file", _WARNING, "a file that should have been read cannot be"),
    _rule("RRR002", "unused-ignore", _WARNING, "an ignore comment that ignores nothing"),
)

_BY_KEY = {key: rule for rule in RULES for key in (rule.code, rule.name)}


def get_rule(key: str) -> Rule:
    """Return the rule with this code (in any case) or name. Raises KeyError."""
    return _BY_KEY[key.upper()] if key.upper() in _BY_KEY else _BY_KEY[key.lower()]


def match_selector(selector: str, rule: Rule) -> int:
    """Return how specifically a selector means a rule: 0 not at all, more the longer the code prefix, most by name.

    A selector is `ALL`, a rule's name, a code or the beginning of a code.
    """
    if selector.upper() == "ALL":
        return 1
    if selector.lower() == rule.name:
        return 100
    return 1 + len(selector) if rule.code.startswith(selector.upper()) else 0


def select_rules(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that are on: the more specific selector wins, and a tie switches off."""
    chosen, unwanted = tuple(select), tuple(ignore)
    return tuple(
        rule
        for rule in RULES
        if max((match_selector(selector, rule) for selector in chosen), default=0)
        > max((match_selector(selector, rule) for selector in unwanted), default=0)
    )


def is_selector(text: str) -> bool:
    """Return whether a selector means at least one rule."""
    return bool(text) and any(match_selector(text, rule) for rule in RULES)
