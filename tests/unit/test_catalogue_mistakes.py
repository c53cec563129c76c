# SPDX-License-Identifier: Apache-2.0
"""Mistakes in the files of a catalogue are told, all at once, with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.model import (
    UsageError,
)
from yanshou.standards import (
    load,
    vocabulary,
)

FIVE_MISTAKES = """\
[standard]
id = "XX 1"
edition = "2026"
title = { zh = "试", en = "trial" }
rank = "engineering"

[[requirement]]
id = "X-1"
sytem = "intrusion"
system = "intrusion"
title = { zh = "甲", en = "a" }
asks = { zh = "甲", en = "a" }
measurand = "alarm_response_time"
limit = { min = 3.0, max = 2.0, unit = "s" }
limit_status = "provisional"
population = "zone"

[[requirement]]
id = "X-2"
system = "intrusion"
title = { zh = "乙", en = "b" }
asks = { zh = "乙", en = "b" }
measurand = "alarm_response_tme"
limit_status = "provisional"
population = ["zone", "panle"]
applies = { system = "intrusion", colour = "red" }
"""


MEASURANDS = """\
[alarm_response_time]
unit = "s"
quantity = "continuous"
zh = "报警响应时间"
en = "alarm response time"
definition = "From the loop to the indication."

[alarm_held]
unit = ""
quantity = "logical"
zh = "报警保持"
en = "alarm held"
definition = "True when it stays."
"""


def folder_of(tmp_path: Path, **files: str) -> Path:
    for name in ("data", "measurands"):
        (tmp_path / name).mkdir()
    (tmp_path / "measurands" / "m.toml").write_text(MEASURANDS, "utf-8")
    for name, text in files.items():
        (tmp_path / "data" / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def mistakes_of(tmp_path: Path, text: str) -> dict[int | None, str]:
    with pytest.raises(UsageError) as caught:
        load(folder=folder_of(tmp_path, x=text))
    return {one.line: f"{one.what} {one.remedy}" for one in caught.value.mistakes}


ROW = """\
[standard]
id = "XX 1"
edition = "2026"
title = { zh = "试", en = "trial" }
rank = "engineering"
[[requirement]]
id = "X-1"
system = "intrusion"
title = { zh = "甲", en = "a" }
asks = { zh = "甲", en = "a" }
limit_status = "provisional"
population = "zone"
"""


class TestMistakes:
    def test_five_in_one_file_are_told_at_once_with_their_lines(self, tmp_path: Path) -> None:
        found = mistakes_of(tmp_path, FIVE_MISTAKES)
        assert set(found) == {9, 14, 23, 25, 26}
        assert "system" in found[9]
        assert "min 3 is above max 2" in found[14]
        assert "Did you mean alarm_response_time" in found[23]
        assert "Did you mean panel" in found[25]
        assert "'colour'" in found[26]

    @pytest.mark.parametrize(
        ("lines", "word"),
        [
            ('measurand = "alarm_response_time"\nlimit = { max = 2.0 }', "no unit"),
            ('measurand = "alarm_response_time"\nlimit = { max = 2000, unit = "ms" }', "measured in 's'"),
            ('measurand = "alarm_response_time"\nlimit = { max = inf, unit = "s" }', "finite"),
            ('measurand = "alarm_response_time"\nlimit = { equals = true, unit = "s" }', "not logical"),
            ('measurand = "alarm_response_time"\nlimit = { unit = "s" }', "max, min or equals"),
            ('measurand = "alarm_held"\nlimit = { max = 1 }', "equals is missing"),
            ('measurand = "alarm_held"', "needs a limit"),
            ('measurand = "alarm_response_time"\nstatistic = "median"', "'median'"),
            ('measurand = "alarm_response_time"\napplies = { high_risk = 1 }', "high_risk cannot be 1"),
            ('measurand = "alarm_response_time"\napplies = { security_grade = 5 }', "cannot be 5"),
            ('measurand = "alarm_response_time"\napplies = { commissioned_before = "2026" }', "a date"),
        ],
    )
    def test_a_limit_or_condition_that_cannot_be(self, tmp_path: Path, lines: str, word: str) -> None:
        found = mistakes_of(tmp_path, f"{ROW}{lines}\n")
        assert word in " ".join(found.values())

    def test_bad_toml_is_told_with_its_line(self, tmp_path: Path) -> None:
        assert list(mistakes_of(tmp_path, "[standard]\nid = GB\n")) == [2]

    def test_an_id_used_in_two_files_is_told_with_the_other_place(self, tmp_path: Path) -> None:
        text = ROW + 'measurand = "alarm_response_time"\n'
        folder = folder_of(tmp_path, x=text, y=text.replace("XX 1", "XX 2"))
        with pytest.raises(UsageError, match=r"y\.toml:7 .*X-1 is used twice.*x\.toml:7"):
            load(folder=folder)

    def test_keys_inside_a_long_text_do_not_shift_the_lines(self, tmp_path: Path) -> None:
        text = f'{ROW}note = """\nlimit = 3\n[[requirement]]\n"""\nmeasurand = "nothing"\n'
        assert list(mistakes_of(tmp_path, text)) == [17]

    @pytest.mark.parametrize("value", ["3", "true", "{}", "[]", "[[1]]", "{ a = [1] }", '"x"', "2026-01-01"])
    @pytest.mark.parametrize("key", sorted(vocabulary.REQUIREMENT_KEYS | {"applies.sector", "limit.equals"}))
    def test_any_value_anywhere_is_told_and_never_a_traceback(
        self, tmp_path: Path, key: str, value: str
    ) -> None:
        kept = [line for line in ROW.splitlines() if not line.startswith(f"{key} ") or "rank" in line]
        text = "\n".join([*kept, *(['measurand = "alarm_held"'] if key != "measurand" else [])])
        folder = folder_of(tmp_path, x=f"{text}\n{key} = {value}\n")
        try:
            load(folder=folder)
        except UsageError as error:
            assert all(one.path.endswith("x.toml") and one.line for one in error.mistakes)  # noqa: PT017

    def test_a_folder_without_a_catalogue(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="data/ and measurands/"):
            load(folder=tmp_path)
