"""The program that replays path and import statements; started as `python -I -S -B replay_child.py`.

It finds its parts beside itself and needs the standard library alone, so that any Python from 3.8 on can run it.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Answer what standard input asks."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    serving = importlib.import_module("replaying.serving")
    del sys.path[0]
    serving.serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
