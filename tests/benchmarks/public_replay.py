"""Judge what `fix-imports --write --unsafe` made of a real repository, without anything of ours.

    git clone REPOSITORY before && git clone REPOSITORY after
    cd after && rrr-optimize fix-imports --write --unsafe
    python tests/benchmarks/public_replay.py before after --again "rrr-optimize fix-imports --check --unsafe"

Every file that differs, and every file that imports it, is entered as a script, with `-m` from the root, and by pytest
in its prepend mode if it is a test, with what its configuration puts on the path, in both trees. A process is forked
for each; in it Python's own import system runs what is left of the files when all but imports, changes of the search
path and the arithmetic for them is cut away. Told is each import that reaches another file or none any more, each file
that does not parse any more, and what a second run changes.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import importlib.machinery
import importlib.util
import json
import os
import shlex
import signal
import subprocess
import sys
import sysconfig
import tomllib
import types
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SKIPPED = {".git", ".rrr-optimize"}
_MOST_CALLERS = 40
_SECONDS = 120
_REAL = {"os", "sys", "pathlib", "os.path"}
_CALLED = {
    *("Path", "PurePath", "str", "list", "tuple", "join", "dirname", "abspath", "realpath", "normpath", "basename"),
    *("resolve", "absolute", "joinpath", "as_posix", "getcwd", "cwd", "fspath", "insert", "append", "extend", "exists"),
    *("isdir", "is_dir", "split", "replace", "rstrip", "relpath"),
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STDLIB = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
Program = tuple[str, str]
Told = dict[str, list[str]]


def python_files(root: Path) -> list[str]:
    """Return the Python files of a tree, relative to it."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [each for each in folders if each not in _SKIPPED]
        found += [os.path.relpath(Path(folder, name), root) for name in names if name.endswith(".py")]
    return sorted(found)


def parse(path: Path) -> ast.Module | None:
    """Return the tree of a file, or None."""
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it; that of `ast` imports something when it is called, which would be replayed."""
    waiting = [node]
    for found in waiting:
        yield found
        waiting += ast.iter_child_nodes(found)


# ----------------------------------------------------------------------------------------------- what is left of a file


class Cutter:
    """Cuts a file down to its imports, its changes of the search path, and what these need."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.needed: set[str] = set()
        self.bound: set[str] = set()

    def cut(self) -> ast.Module:
        """Return what is left; imports in functions come last."""
        for _ in range(6):
            before = len(self.needed)
            self._collect(self.tree.body)
            if len(self.needed) == before:
                break
        body = list(self._block(self.tree.body, guarded=False))
        for node in walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                body += self._block(node.body, guarded=False)
        for statement in self.tree.body:
            self.bound |= set(_bound(statement))
        names = ast.parse(f"__names__({sorted(self.bound)!r})").body
        return ast.fix_missing_locations(ast.Module([*names, *body], []))

    def _collect(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            if _changes_path(statement) or (set(_targets(statement)) & self.needed and _is_pure(statement)):
                self.needed |= {node.id for node in walk(statement) if isinstance(node, ast.Name)}
            for block in _blocks(statement):
                self._collect(block)

    def _block(self, body: Sequence[ast.stmt], *, guarded: bool) -> Iterator[ast.stmt]:
        for statement in body:
            yield from self._cut(statement, guarded=guarded)

    def _cut(self, statement: ast.stmt, *, guarded: bool) -> Iterator[ast.stmt]:
        match statement:
            case ast.Import() | ast.ImportFrom():
                for each in _one_by_one(statement):
                    yield _told(each, guarded=guarded)
            case ast.If():
                yield from self._cut_condition(statement, guarded=guarded)
            case ast.Try(handlers=handlers) if handlers:
                yield from self._cut_attempt(statement, guarded=guarded)
            case ast.For(target=target, iter=values) if _is_pure(values):
                if body := list(self._block(statement.body, guarded=guarded)):
                    yield _quiet(ast.For(target, values, body, []), guarded=guarded)
            case _ if blocks := _blocks(statement):
                # What functions do comes last.
                for block in blocks if not isinstance(statement, _FUNCTIONS) else ():
                    yield from self._block(block, guarded=guarded)
            case _ if _is_pure(statement) and (_changes_path(statement) or set(_targets(statement)) & self.needed):
                yield _quiet(statement, guarded=False)

    def _cut_condition(self, statement: ast.If, *, guarded: bool) -> Iterator[ast.stmt]:
        test = ast.unparse(statement.test)
        body = list(self._block(statement.body, guarded=guarded)) if "TYPE_CHECKING" not in test else []
        other = list(self._block(statement.orelse, guarded=guarded))
        if not _is_pure(statement.test) and "__name__" not in test:
            yield from [*body, *other]
        elif body or other:
            yield _quiet(ast.If(statement.test, body or [ast.Pass()], other), guarded=guarded)

    def _cut_attempt(self, statement: ast.Try, *, guarded: bool) -> Iterator[ast.stmt]:
        body = list(self._block(statement.body, guarded=True)) or [ast.Pass()]
        fallback = list(self._block(statement.handlers[0].body, guarded=guarded)) or [ast.Pass()]
        yield ast.Try(body, [ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, fallback)], [], [])
        yield from self._block([*statement.orelse, *statement.finalbody], guarded=guarded)


def _one_by_one(statement: ast.Import | ast.ImportFrom) -> Iterator[ast.Import | ast.ImportFrom]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield ast.Import([alias])
        elif statement.module != "__future__":
            yield ast.ImportFrom(statement.module, [alias], statement.level)


def _quiet(statement: ast.stmt, *, guarded: bool) -> ast.stmt:
    if guarded:
        return statement
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [ast.Pass()])
    return ast.Try([statement], [handler], [], [])


def _told(statement: ast.Import | ast.ImportFrom, *, guarded: bool) -> ast.stmt:
    text = ast.unparse(statement)
    missed = ast.parse(f"__told__({text!r}, 0)" + ("\nraise" if guarded else "")).body
    handler = ast.ExceptHandler(ast.Name("ImportError", ast.Load()), None, missed)
    # What is not found may be not installed, which the program is ready for.
    found = f"if __told__({text!r}, 1): raise ImportError" if guarded else f"__told__({text!r}, 1)"
    return ast.Try([statement], [handler], ast.parse(found).body, [])


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    found = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    found += [handler.body for handler in getattr(statement, "handlers", [])]
    found += [case.body for case in getattr(statement, "cases", [])]
    return [block for block in found if isinstance(block, list) and block]


def _targets(statement: ast.stmt) -> Iterator[str]:
    for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
        yield from (node.id for node in walk(target) if isinstance(node, ast.Name)) if target else ()


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
        return
    yield from (node.id for node in walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    for block in _blocks(statement):
        for inner in block:
            yield from _bound(inner)


def _changes_path(statement: ast.stmt) -> bool:
    if _blocks(statement):
        return False
    text = ast.unparse(statement)
    return "sys.path" in text or text.startswith(("path.insert", "path.append"))


def _is_pure(node: ast.AST) -> bool:
    for each in walk(node):
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if name not in _CALLED:
                return False
        if isinstance(
            each, (ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda, ast.NamedExpr, ast.FunctionDef, ast.ClassDef)
        ):
            return False
    return True


# What is left of the files of both trees, by what they hold: done once, before processes are forked.
_CUT: dict[bytes, types.CodeType | None] = {}


def cut_file(path: Path) -> types.CodeType | None:
    """Return the code of what is left of a file, or None for one that does not parse."""
    tree = parse(path)
    return compile(Cutter(tree).cut(), path.name, "exec", dont_inherit=True) if tree else None


# ------------------------------------------------------------------------------------------------------- in the process


class Absent(types.ModuleType):
    """What is not of the repository: it has all names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(name)

    def __fspath__(self) -> str:
        raise TypeError


class Hook:
    """Finder and loader of everything but the modules that expressions on paths need."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.told: Told = {}

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> Any:
        del target
        parent = sys.modules.get(name.rpartition(".")[0])
        if isinstance(parent, Absent):
            return self._absent(name, _origin(parent.__name__, self.root))
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            is_own = parent is not None and getattr(parent, "__file__", None)
            return None if is_own else self._absent(name, "absent")
        places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
        if not any(place.startswith(self.root + os.sep) for place in places):
            return self._absent(name, "library" if places[0].startswith(_STDLIB) else "outside")
        if spec.origin:
            spec.loader = self  # type: ignore[assignment]  # it is one by its methods
        return spec

    def _absent(self, name: str, origin: str) -> importlib.machinery.ModuleSpec:
        return importlib.machinery.ModuleSpec(name, self, origin=origin)  # type: ignore[arg-type]  # as above

    def create_module(self, spec: Any) -> types.ModuleType:
        return types.ModuleType(spec.name) if spec.has_location else Absent(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        path = getattr(module, "__file__", None)
        if path and path.endswith(".py"):
            self.run(module, Path(path))

    def run(self, module: types.ModuleType, path: Path) -> None:
        code = self._compile(path)
        names = vars(module)
        place = os.path.relpath(path, self.root)

        def told(text: str, is_found: int) -> bool:
            reached = self.reached(text, names) if is_found else "missing"
            self.told.setdefault(f"{module.__name__}|{place}|{text}", []).append(reached)
            is_absent = reached.startswith("absent")
            # It may be there when it is asked for again.
            for name in [name for name in sys.modules if is_absent and _origin(name, self.root) == "absent"]:
                del sys.modules[name]
            return is_absent

        def bound(found: list[str]) -> None:
            names.setdefault(
                "__getattr__", lambda name: Absent(name) if name in found and name[:2] != "__" else _raise(name)
            )

        names["__told__"], names["__names__"] = told, bound
        if code is not None:
            exec(code, names)  # noqa: S102 - what is left of it

    def _compile(self, path: Path) -> types.CodeType | None:
        """Return what is left of a file. Modules that this needs itself are imported apart from what is replayed."""
        data = path.read_bytes()
        if data in _CUT:
            return _CUT[data]
        replayed = dict(sys.modules), list(sys.meta_path), list(sys.path)
        sys.modules.update(_OURS)
        sys.meta_path[:], sys.path[:] = _FINDERS, _ENTRIES
        try:
            return cut_file(path)
        finally:
            sys.modules.clear()
            sys.modules.update(replayed[0])
            sys.meta_path[:], sys.path[:] = replayed[1:]

    def reached(self, text: str, names: dict[str, Any]) -> str:
        statement = ast.parse(text).body[0]
        assert isinstance(statement, (ast.Import, ast.ImportFrom))
        package = names.get("__package__") or ""
        if isinstance(statement, ast.Import):
            parts = statement.names[0].name.split(".")
            return " ".join(_origin(".".join(parts[: end + 1]), self.root) for end in range(len(parts)))
        base = package.split(".")[: len(package.split(".")) - statement.level + 1] if statement.level else []
        module = ".".join([*base, *([statement.module] if statement.module else [])])
        name = statement.names[0].name
        value = names.get(statement.names[0].asname or name)
        full = f"{module}.{name}"
        inner = _origin(full, self.root) if value is not None and sys.modules.get(full) is value else "a name"
        return f"{_origin(module, self.root)} {inner}"


# Loaded lazily otherwise, and then by what stands in for it.
_UTIL = importlib.util
_OURS, _FINDERS, _ENTRIES = dict(sys.modules), list(sys.meta_path), list(sys.path)


def _raise(name: str) -> Any:
    raise AttributeError(name)


def _origin(name: str, root: str) -> str:
    module = sys.modules.get(name)
    if isinstance(module, Absent):
        return module.__spec__.origin or "absent" if module.__spec__ else "absent"
    path = getattr(module, "__file__", None)
    if not path:
        return "a namespace" if hasattr(module, "__path__") else "library"
    return os.path.relpath(path, root) if path.startswith(root + os.sep) else "library"


def enter(root: str, program: Program) -> Told:
    """Run a program in this process, which is good for nothing else afterwards."""
    mode, path = program
    os.chdir(root)
    hook = Hook(root)
    full = Path(root, path)
    name, package, first = "__main__", "", str(full.parent)
    files = [full]
    if mode == "module":
        name_parts = path.removesuffix(".py").removesuffix("/__init__").removesuffix("/__main__").split("/")
        package = ".".join(name_parts if full.name in {"__init__.py", "__main__.py"} else name_parts[:-1])
        first = root
    added: list[str] = []
    if mode == "pytest":
        first, added = "", python_path(Path(root), path)
        folder = Path(root)
        conftests = []
        for part in ("", *Path(path).parent.parts):
            folder = folder / part
            conftests.append(folder / "conftest.py")
        files = [*(each for each in conftests if each.is_file() and each != full), full]
    library = [entry for entry in sys.path if entry.startswith(_STDLIB) and "site-packages" not in entry]
    sys.path[:] = [*added, *([first] if first else []), *library]
    sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, hook]
    for each in [each for each in sys.modules if each.partition(".")[0] not in _REAL and each not in _KEPT]:
        del sys.modules[each]
    if package:
        _import(package)
    for file in files:
        if mode == "pytest":
            base = file.parent
            while (base / "__init__.py").is_file():
                base = base.parent
            name = ".".join(file.relative_to(base).with_suffix("").parts)
            package = name.rpartition(".")[0]
            sys.path[:0] = [] if sys.path[:1] == [str(base)] else [str(base)]
            sys.modules.pop(name, None)
            if package:
                _import(package)
        module = types.ModuleType(name)
        module.__file__, module.__package__ = str(file), package
        sys.modules[name] = module
        hook.run(module, file)
    return hook.told


def python_path(root: Path, path: str) -> list[str]:
    """Return what the configuration of pytest puts on the search path: that of the nearest folder above a test."""
    for folder in Path(root, path).parents:
        for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
            ini = configparser.ConfigParser(interpolation=None)
            ini.read(folder / name, encoding="utf-8")
            if ini.has_section(section):
                return [os.path.normpath(folder / each) for each in ini.get(section, "pythonpath", fallback="").split()]
        if (folder / "pyproject.toml").is_file():
            data = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
            if options := data.get("tool", {}).get("pytest", {}).get("ini_options"):
                told = options.get("pythonpath", [])
                told = told.split() if isinstance(told, str) else told
                return [os.path.normpath(folder / each) for each in told]
        if folder == root:
            break
    return []


_KEPT = {
    *sys.builtin_module_names,
    "posixpath",
    "genericpath",
    "stat",
    "zipimport",
    "importlib",
    "io",
    "abc",
    "codecs",
} | {name for name in sys.modules if name.startswith(("encodings", "importlib", "_frozen"))}


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        return


def run_in_child(root: str, program: Program) -> Told | str:
    """Run a program in a forked process; return what it told, or why it told nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(_SECONDS)
        sys.setrecursionlimit(20_000)
        try:
            answer: Any = enter(root, program)
        except BaseException as error:  # noqa: BLE001 - told to the parent
            answer = f"{type(error).__name__}: {error}"
        dumps = json.JSONEncoder().encode
        with os.fdopen(writer, "wb") as stream:
            stream.write(dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    found: Told | str = json.loads(data) if data else "it died"
    return found


# ------------------------------------------------------------------------------------------------------------- compare


def callers(root: Path, changed: Iterable[str], files: Iterable[str]) -> dict[str, None]:
    """Return the changed files and those that import one by its last name, and those that import these."""
    words: dict[str, set[str]] = defaultdict(set)
    for path in files:
        tree = parse(root / path)
        for node in walk(tree) if tree else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [*(alias.name for alias in node.names), getattr(node, "module", None) or ""]
                for name in names:
                    words[name.rpartition(".")[2]].add(path)
    found = dict.fromkeys(changed)
    for path in list(found):
        waiting, near = [path], {path: None}
        while waiting and len(near) <= _MOST_CALLERS:
            parts = waiting.pop(0).removesuffix(".py").removesuffix("/__init__").split("/")
            new = sorted(words.get(parts[-1], set()) - near.keys())[:_MOST_CALLERS]
            near.update(dict.fromkeys(new))
            waiting += new
        found.update(near)
    return found


def main() -> int:
    """Compare two trees and print the figures; exit with 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--again", metavar="COMMAND", help="a second run, which must exit with 0 and change nothing")
    options = parser.parse_args()
    before, after = (Path(os.path.realpath(each)) for each in (options.before, options.after))
    files = python_files(before)
    changed = [path for path in files if (before / path).read_bytes() != (after / path).read_bytes()]
    faults = [f"{path} does not parse any more" for path in changed if parse(before / path) and not parse(after / path)]
    statements = sum(_changes_path(node) for path in changed for node in _statements(before / path))
    compared = programs = unheard = 0
    for file in (root / each for root in (before, after) for each in files) if changed else ():
        if file.read_bytes() not in _CUT:
            _CUT[file.read_bytes()] = cut_file(file)
    for path in callers(before, changed, files):
        for mode in ("script", "module", "pytest"):
            if mode == "pytest" and not _is_collected(path):
                continue
            if mode == "module" and not all(part.isidentifier() for part in path.removesuffix(".py").split("/")):
                continue
            first, second = (run_in_child(str(root), (mode, path)) for root in (before, after))
            programs += 1
            if isinstance(first, str) or isinstance(second, str):
                unheard += 1
                if first != second:
                    faults.append(f"{mode} {path}: {first if isinstance(first, str) else second}")
                continue
            compared += sum(map(len, first.values()))
            faults += [f"{mode} {path}: {each}" for each in differences(first, second, set(changed))]
    if options.again:
        state = {path: (after / path).read_bytes() for path in files}
        code = subprocess.run(shlex.split(options.again), cwd=after, check=False, stdout=subprocess.DEVNULL).returncode
        faults += [f"the second run ends with {code}"] if code else []
        faults += [f"the second run changes {path}" for path in files if (after / path).read_bytes() != state[path]]
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(
        f"{len(files)} files, {len(changed)} changed, {statements} statements there; {programs} programs, {unheard} of "
        f"them did not end, {compared} imports compared, {len(faults)} differences\n"
    )
    return bool(faults)


def _is_collected(path: str) -> bool:
    name = Path(path).stem
    return name.startswith("test_") or name.endswith("_test") or name == "conftest"


def _statements(path: Path) -> Iterator[ast.stmt]:
    tree = parse(path)
    yield from (node for node in walk(tree) if isinstance(node, ast.stmt)) if tree else ()


def differences(before: Told, after: Told, changed: set[str]) -> Iterator[str]:
    """Yield what is reached otherwise; an import of the library may be gone from a changed file."""
    for key, reached in before.items():
        now = after.get(key, [])
        is_cut = key.split("|")[1] in changed and len(now) < len(reached)
        if is_cut and set(reached) <= {"library", "library a name"} and set(now) <= set(reached):
            continue
        if now != reached and any("missing" not in one and "absent" not in one for one in reached):
            yield f"{key} reached {reached}, and now {now}"
    for key in after.keys() - before.keys():
        if not any("absent" in one or "missing" in one for told in before.values() for one in told):
            yield f"{key} is new"


if __name__ == "__main__":
    sys.exit(main())
