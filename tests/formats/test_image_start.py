"""What an image runs when it is started."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.image_start import ImageStart, read_image_start
from rrr_optimize.formats.image_steps import read_image_steps

SHELL = ("/bin/sh", "-c")


def read(text: str, target: str = "") -> ImageStart:
    return read_image_start(text, read_image_steps(text), target)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ImageStart(directory=None)),
        ("CMD python a.py\n", ImageStart(directory=None)),
        ("FROM x\n", ImageStart()),
        ("FROM x\nWORKDIR a\nWORKDIR b/\n", ImageStart("/a/b")),
        ("FROM x\nWORKDIR $A\n", ImageStart(None)),
        ("FROM x\nENV A=/a\nWORKDIR ${A}/b\n", ImageStart("/a/b")),
        ('FROM x\nCMD ["a", "b"]\n', ImageStart(command=("a", "b"))),
        ("FROM x\nCMD ['a']\n", ImageStart(command=(*SHELL, "['a']"))),
        ('FROM x\nCMD ["a", 1]\n', ImageStart(command=(*SHELL, '["a", 1]'))),
        ("FROM x\nCMD a \\\n  b\n", ImageStart(command=(*SHELL, "a    b"))),
        ('FROM x\nCMD ["a"]\nENTRYPOINT ["b"]\n', ImageStart(entrypoint=("b",))),
        ('FROM x\nENTRYPOINT ["b"]\nCMD ["a"]\n', ImageStart(entrypoint=("b",), command=("a",))),
        ("FROM x\nHEALTHCHECK --timeout=3s CMD a\n", ImageStart(check=(*SHELL, "a"))),
        ("FROM x\nHEALTHCHECK CMD a\nHEALTHCHECK NONE\n", ImageStart()),
        ("FROM x\nENV PYTHONPATH=/a:$B\nENV C=1\n", ImageStart(pythonpath=("/a",))),
        ("FROM x\nENV PYTHONPATH /a\nENV PYTHONPATH=$PYTHONPATH:/b\n", ImageStart(pythonpath=("/a", "/b"))),
    ],
)
def test_the_last_stage_says_what_is_run_and_where(text: str, expected: ImageStart) -> None:
    assert read(text) == expected


def test_a_stage_has_what_the_one_below_it_has() -> None:
    text = 'FROM x AS One\nWORKDIR /a\nENV PYTHONPATH=/p\nCMD ["a"]\nFROM y\nCMD ["b"]\nFROM one AS two\nWORKDIR b\n'
    assert read(text) == ImageStart("/a/b", command=("a",), pythonpath=("/p",))
    assert read(text, "one") == ImageStart("/a", command=("a",), pythonpath=("/p",))
    assert read(text, "1") == ImageStart(command=("b",))
    assert read(text, "three") == ImageStart(directory=None)
