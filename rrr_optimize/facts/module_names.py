"""The top-level modules that folders of a repository offer, and the names under which distributions are imported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.workspace.snapshot import Snapshot

_IMPORTED_AS = {
    "attrs": ("attr", "attrs"),
    "beautifulsoup4": ("bs4",),
    "dnspython": ("dns",),
    "djangorestframework": ("rest_framework",),
    "google-api-python-client": ("googleapiclient",),
    "grpcio": ("grpc",),
    "mysqlclient": ("MySQLdb",),
    "opencv-python": ("cv2",),
    "opencv-python-headless": ("cv2",),
    "pillow": ("PIL",),
    "polygon-api-client": ("polygon",),
    "protobuf": (),
    "psycopg2-binary": ("psycopg2",),
    "pyjwt": ("jwt",),
    "pymupdf": ("fitz", "pymupdf"),
    "pyserial": ("serial",),
    "python-binance": ("binance",),
    "python-dateutil": ("dateutil",),
    "python-docx": ("docx",),
    "python-dotenv": ("dotenv",),
    "python-jose": ("jose",),
    "python-magic": ("magic",),
    "python-multipart": ("multipart", "python_multipart"),
    "pyyaml": ("yaml",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "setuptools": ("setuptools", "pkg_resources"),
    "typing-extensions": ("typing_extensions",),
    "websocket-client": ("websocket",),
}


def import_names(distribution: str) -> tuple[str, ...]:
    """Return the names under which a distribution, by its canonical name, is usually imported.

    For most that is their own name. Which one it is for the others only an installed copy could tell; well-known ones
    are listed.
    """
    return _IMPORTED_AS.get(distribution, (distribution.replace("-", "_"),))


@dataclass(frozen=True, slots=True)
class Module:
    """A module or regular package: its name, the file that holds it, and the folder from which it is imported."""

    name: str
    path: str
    folder: str


@dataclass(frozen=True, eq=False)
class ModuleNames:
    """The modules of a snapshot that are imported by one name from a folder that is no package itself."""

    snapshot: Snapshot

    @cached_property
    def top_level(self) -> tuple[Module, ...]:
        """Every such module, in path order; one without `__init__.py` above it, as pytest and scripts find them."""
        return tuple(self._find())

    def _find(self) -> Iterator[Module]:
        packages = {path.rpartition("/")[0] for path in self.snapshot.files_named("__init__.py")}
        for path in self.snapshot.files:
            if not path.endswith(".py"):
                continue
            folder, _, name = path.rpartition("/")
            if name == "__init__.py":
                above, _, package = folder.rpartition("/")
                if folder and above not in packages and package.isidentifier():
                    yield Module(package, path, above or ".")
            elif folder not in packages and name.removesuffix(".py").isidentifier():
                yield Module(name.removesuffix(".py"), path, folder or ".")
