# SPDX-License-Identifier: Apache-2.0
"""``yanshou survey`` on the emulated archive: recorder, streams, clocks, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yanshou.cli.main import main
from yanshou.emulation.process import private_copy

ARCHIVE = Path(__file__).parents[2] / "examples" / "archive"
FAULTS = """
[[fault]]
device = "CAM-1"
kind = "gap"
value = "10:200000"
[[fault]]
device = "CAM-2"
kind = "resolution"
value = "640x360"
[[fault]]
device = "CAM-2"
kind = "unplayable"
value = 5
[[fault]]
device = "CAM-3"
kind = "clock_offset"
value = 300
[[fault]]
device = "CAM-3"
kind = "retention_days"
value = 12
"""

pytestmark = pytest.mark.e2e


def test_each_planted_defect_is_found_and_nothing_else(tmp_path, capsys):
    site = private_copy(ARCHIVE, tmp_path / "site")
    (tmp_path / "faults.toml").write_text(FAULTS, encoding="utf-8")
    out = tmp_path / "out"
    code = main(
        ["survey", str(site), "--emulate", "--faults", str(tmp_path / "faults.toml"), "--out", str(out)]
    )
    results = json.loads((out / "report" / "results.json").read_text(encoding="utf-8"))
    found = {(one["about"], one["code"]) for device in results["devices"] for one in device["findings"]}
    assert found == {
        ("CAM-1", "gaps"),
        ("CAM-2", "stream_differs"),
        ("CAM-2", "unplayable"),
        ("CAM-3", "clock_off"),
        ("CAM-3", "retention_short"),
    }
    assert code == 1
    recorder = next(one for one in results["devices"] if one["kind"] == "recorder")
    gap = next(one for one in recorder["findings"] if one["code"] == "gaps")["values"]
    assert gap["count"] == 1
    assert abs(gap["total_s"] - 200_000) <= 2
    assert main(["verify", str(out)]) == 0
    # once more: everything stands in the journal, no device is needed
    assert main(["survey", str(site), "--out", str(out)]) == 1
    again = json.loads((out / "report" / "results.json").read_text(encoding="utf-8"))
    assert again == results
    capsys.readouterr()


def test_a_survey_of_a_dead_site_says_unknown_and_not_fine(tmp_path, capsys):
    site = private_copy(ARCHIVE, tmp_path / "site")
    assert main(["survey", str(site), "--json", "--out", str(tmp_path / "out")]) == 3
    results = json.loads(capsys.readouterr().out)
    assert results["summary"]["states"] == {"no_answer": 4}
    assert results["summary"]["clean"] == 0
