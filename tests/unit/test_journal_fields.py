# SPDX-License-Identifier: Apache-2.0
"""A journal whose lines no version wrote, though their chain is right: refused in one line by everybody."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.run_builder import small_run
from yanshou.cli import main
from yanshou.evidence import RunFolder, read_events
from yanshou.evidence.journal import FIRST
from yanshou.model import UsageError, Verdict
from yanshou.reports.view import load

WRONG: list[Any] = [5, "x", True, [5], {"a": 5}]
DECIDES = [
    ("item_started", "item", [5, True, None, [5]]),
    ("item_started", "attempt", ["x", True, None, [5]]),
    ("item_finished", "outcome", [*WRONG, None, [], {}]),
    ("measurement", "quantity", [*WRONG, None]),
    ("measurement", "deviations", [5, "x", True, [5], {"a": 5}]),
    ("measurement", "evidence", [5, "x", True, {"a": 5}]),
    ("finding", "verdict", [*WRONG, None]),
    ("finding", "evidence", [5, "x", True, {"a": 5}]),
    ("finding", "utc", [5, "x", None, "2026-11-30T10:00:00"]),
    ("stimulus", "instant", [5, "x", True, [5], {"a": 5}]),
]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    built = small_run(tmp_path / "run")
    built.session()
    built.latency(built.plan.items[0], [0.4], Verdict.CONFORM)
    built.close()
    (tmp_path / "run" / "manifest.json").unlink(missing_ok=True)
    return tmp_path / "run"


def forged(run: Path, kind: str, field: str, value: object) -> None:
    """Another value in the first line of this kind, and the chain made anew."""
    events = list(read_events(run / "journal.jsonl"))
    next(one for one in events if one["kind"] == kind)[field] = value
    head, lines = FIRST, []
    for event in events:
        event["prev"] = head
        lines.append(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())
        head = hashlib.sha256(lines[-1]).hexdigest()
    (run / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


@pytest.mark.parametrize(("kind", "field", "values"), DECIDES)
def test_a_field_of_another_type_stops_the_run_and_the_report(
    made: Path, kind: str, field: str, values: list[Any]
) -> None:
    sound = (made / "journal.jsonl").read_bytes()
    assert RunFolder.existing(made).events()
    for value in values:
        (made / "journal.jsonl").write_bytes(sound)
        forged(made, kind, field, value)
        with pytest.raises(UsageError, match=f"wrong `{field}`"):
            RunFolder.existing(made).events()
        with pytest.raises(UsageError, match=f"wrong `{field}`"):
            load(made)


def test_it_is_told_in_one_line(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged(made, "item_finished", "outcome", 5)
    assert main(["--lang", "en", "report", str(made)]) == 2
    said = capsys.readouterr().err
    assert "line " in said
    assert "wrong `outcome`: 5" in said
    assert "Traceback" not in said
