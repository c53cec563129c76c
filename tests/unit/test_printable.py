# SPDX-License-Identifier: Apache-2.0
"""Nothing from a file acts on the terminal, and no file of the site takes stack or memory."""

from __future__ import annotations

import sys

import pytest

from yanshou.cli.output import print_table
from yanshou.fixtures import progress
from yanshou.model.printable import printable, tell
from yanshou.model.trouble import Mistake, RigFault, UsageError
from yanshou.toml import parse_toml

EVIL = "a\x1b[2Jb\u202ec\x9bd\u2066e"


def test_what_acts_on_a_terminal_is_written_as_an_escape(capsys: pytest.CaptureFixture[str]):
    print_table(("x",), [(EVIL,)])
    shown = [printable(EVIL), str(Mistake("f", 1, EVIL, "")), capsys.readouterr().out]
    for text in shown:
        assert not set("\x1b\u202e\x9b\u2066") & set(text)
    assert printable("验收 µ ±\n") == "验收 µ ±\n"


def test_what_stands_in_brackets_is_printed_in_a_table(capsys: pytest.CaptureFixture[str]):
    print_table(("reason [s]",), [("state it in [[class]] of the overlay, not in [bold]",)], title="[title]")
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("[s]", "[[class]]", "[bold]", "[title]"))


def test_what_a_run_prints_of_a_device_acts_on_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from yanshou.cli.commands import verify
    from yanshou.cli.main import main

    tell(EVIL, f"second {EVIL}")
    tell(EVIL, file=sys.stderr)
    for trouble in (RigFault(EVIL, device=EVIL, remedy=EVIL), UsageError(EVIL), OSError(5, EVIL, EVIL)):

        def fails(_options: object, trouble: Exception = trouble) -> int:
            raise trouble

        monkeypatch.setattr(verify, "run", fails)
        main(["verify", "x"])
    said = "".join(capsys.readouterr())
    assert said.count("u202e") >= 6
    assert not set("\x1b\u202e\x9b\u2066") & set(said)


def test_the_line_of_a_finished_item_is_safe():
    shown = progress._safe(f"[bold]{EVIL}")
    assert not set("\x1b\u202e\x9b\u2066") & set(shown)
    assert shown.startswith("\\[bold]")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 50_000, "a = " + "{b = " * 50_000, ".".join("a" * 50_000) + " = 1", "#" * 6_000_000],
)
def test_a_deep_or_huge_file_is_one_mistake(text: str):
    mistakes: list[Mistake] = []
    assert parse_toml("site.toml", text, mistakes).data == {}
    assert len(mistakes) == 1
