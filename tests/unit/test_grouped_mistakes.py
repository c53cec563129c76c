# SPDX-License-Identifier: Apache-2.0
"""A hundred messages of one cause are one entry, and nothing else disappears in it."""

from __future__ import annotations

import json
from pathlib import Path

from yanshou.cli.grouped import mistake_lines
from yanshou.cli.main import main
from yanshou.model.trouble import Mistake


def many(what: str, count: int, remedy: str = "") -> list[Mistake]:
    return [Mistake("inventory.csv", line, what.format(n=line), remedy) for line in range(2, count + 2)]


def test_one_cause_is_one_entry_with_count_first_lines_and_places():
    lines = list(mistake_lines(many("CAM-{n}: kind '智能锁' is not known.", 100)))
    assert len(lines) == 5
    assert "100" in lines[0]
    assert [f"inventory.csv:{n}  CAM-{n}" in line for n, line in enumerate(lines[1:4], start=2)] == [True] * 3
    assert "97" in lines[4]
    assert "inventory.csv:5–101" in lines[4]


def test_very_many_places_are_cut_and_the_last_is_named():
    lines = list(mistake_lines(many("CAM-{n}: kind '智能锁' is not known.", 100)[::2]))
    assert lines[4].endswith(", … 100")
    assert lines[4].count(",") == 19


def test_another_cause_among_them_is_still_told():
    among = many("CAM-{n}: kind '智能锁' is not known.", 40)
    among.insert(20, Mistake("inventory.csv", 99, "CAM-99: kind '球形锁' is not known.", ""))
    among.insert(30, Mistake("site.toml", 3, "CAM-3: kind '智能锁' is not known.", ""))
    text = "\n".join(mistake_lines(among))
    assert "球形锁" in text
    assert "site.toml:3" in text


def test_few_of_a_cause_are_told_one_by_one():
    few = many("CAM-{n} has the same address as CAM-1.", 5)
    assert list(mistake_lines(few)) == [str(one) for one in few]


def test_check_groups_for_a_person_and_lists_all_on_request_and_as_json(tmp_path: Path, capsys):
    main(["init", str(tmp_path / "site")])
    rows = "".join(f"L{n},智能锁,门禁,锁 {n}\n" for n in range(1, 101))
    (tmp_path / "site" / "inventory.csv").write_text(f"编号,类型,系统,名称\n{rows}", encoding="utf-8")
    capsys.readouterr()
    assert main(["--lang", "en", "check", str(tmp_path / "site")]) == 2
    out = capsys.readouterr().out
    assert "100 problems of one cause" in out
    assert len(out.splitlines()) < 10
    assert main(["check", str(tmp_path / "site"), "--all"]) == 2
    assert capsys.readouterr().out.count("智能锁") == 100
    assert main(["check", str(tmp_path / "site"), "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 100
