# SPDX-License-Identifier: Apache-2.0
"""Deep and huge files that others wrote end in one clear line, whoever reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.drivers.profile import load_profile, shipped_text
from yanshou.emulation.profile import load_profile as emulated_profile
from yanshou.evidence.journal import read_events
from yanshou.evidence.run import RunFolder
from yanshou.model import UsageError, limited
from yanshou.operator import ScriptedOperator
from yanshou.standards import load

DEEP = {
    "lists": "a = " + "[" * 5000 + "]" * 5000,
    "tables": "a = " + "{a=" * 500 + "1" + "}" * 500,
    "keys": ".".join("a" * 20_000) + " = 1",
    "digits": "a = " + "1" * 5000,
    "huge": "# " + "x" * limited.LARGEST,
}
JSON = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.fixture(params=DEEP)
def toml(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "deep.toml"
    path.write_text(DEEP[request.param])
    return path


def test_a_profile_an_overlay_and_answers_are_refused_in_one_line(toml: Path) -> None:
    for read in (
        lambda: load_profile(toml.name, toml.parent),
        lambda: emulated_profile(toml.name, toml.parent),
        lambda: load([toml]),
        lambda: ScriptedOperator(toml),
    ):
        with pytest.raises(UsageError) as caught:
            read()
        assert len(caught.value.mistakes) == 1
        assert len(caught.value.mistakes[0].what) < 200


def test_brackets_in_texts_and_comments_are_no_nesting() -> None:
    text = "".join(f"a{n} = '\\[(\\d+) ['  # [ [ {{\n" for n in range(200))
    assert len(limited.parse_toml(text)) == 200


def test_a_deep_line_of_a_journal_and_a_deep_plan_are_told(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(JSON)
    (tmp_path / "deep.jsonl").write_bytes(JSON + b"\n")
    with pytest.raises(UsageError):
        list(read_events(tmp_path / "deep.jsonl"))
    with pytest.raises(UsageError, match="too deep"):
        RunFolder(tmp_path).plan()


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        ('protocol = "serial-line"', 'protocol = "serial-lien"', "Did you mean serial-line?"),
        ('class = "alarm_panel"', 'class = "alarm_panle"', "Did you mean alarm_panel?"),
    ],
)
def test_one_wrong_letter_in_the_head_of_a_profile_is_one_mistake(
    tmp_path: Path, right: str, wrong: str, remedy: str
) -> None:
    text = shipped_text("dsc-tpi")
    assert right in text
    (tmp_path / "own.toml").write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_profile("own.toml", tmp_path)
    (mistake,) = caught.value.mistakes
    assert mistake.line is not None
    assert (mistake.path, mistake.remedy) == ("own.toml", remedy)
