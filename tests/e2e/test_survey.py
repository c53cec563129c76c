# SPDX-License-Identifier: Apache-2.0
"""``yanshou survey`` on the emulated archive: recorder, streams, clocks, files, exit codes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support import fleet_site
from tests.support.canned_fleet import FleetThread
from yanshou.cli.main import main
from yanshou.emulation.site.process import EmulatedSite, private_copy

ARCHIVE = Path(__file__).parents[2] / "examples" / "archive"


def test_each_planted_defect_is_found_and_nothing_else(tmp_path, capsys):
    site = private_copy(ARCHIVE, tmp_path / "site")
    out = tmp_path / "out"
    code = main(
        ["survey", str(site), "--emulate", "--faults", str(site / "fleet-faults.toml"), "--out", str(out)]
    )
    results = json.loads((out / "report" / "results.json").read_text(encoding="utf-8"))
    findings = [one for device in results["devices"] for one in device["findings"]]
    assert {(one["about"], one["code"]) for one in findings if one["against"]} == {
        ("CAM-1", "gaps"),
        ("CAM-2", "stream_differs"),
        ("CAM-2", "unplayable"),
        ("CAM-3", "clock_off"),
        ("CAM-3", "retention_short"),
    }
    # a computer that was too busy to receive in time says so of itself, and of nothing else
    doubts = {
        device["device"]: device["measured"].get("stream", {}).get("doubt") for device in results["devices"]
    }
    for one in findings:
        assert one["against"] or (one["code"] == "stream_unknown" and doubts[one["about"]])
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
    assert results["summary"]["states"] == {"no_answer": results["summary"]["devices"]}
    assert results["summary"]["clean"] == 0


def test_discovery_tells_the_inventory_from_the_wire(tmp_path, capsys):
    wire = private_copy(ARCHIVE, tmp_path / "wire")
    plan = tmp_path / "plan"
    shutil.copytree(wire, plan)
    lines = (plan / "inventory.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [line for line in lines if not line.startswith("CAM-7,")]  # installed, and not in the inventory
    lines = [line.replace("keeps_d=100", "keeps_d=100; firmware=1.3.0") for line in lines]
    (plan / "inventory.csv").write_text("\n".join(lines), encoding="utf-8")
    text = (plan / "site.toml").read_text(encoding="utf-8")
    begin = text.index("[device.CAM-7]")
    text = text[:begin] + text[text.index("[device.NVR-1]") :]
    (plan / "site.toml").write_text(text, encoding="utf-8")
    with EmulatedSite(wire):
        assert main(["discover", str(wire), "--json"]) == 0
        capsys.readouterr()
        assert main(["discover", str(plan), "--json", "--write", str(tmp_path / "found.xlsx")]) == 1
        answer = json.loads(capsys.readouterr().out)
    reported = {(one["kind"], one["device"]) for one in answer["differences"]}
    assert reported == {("extra", ""), ("firmware", "NVR-1")}
    extra = next(one for one in answer["found"] if not one["device"])
    assert extra["epr"].startswith("urn:uuid:")
    assert (tmp_path / "found.xlsx").is_file()
    assert main(["discover", str(plan)]) == 1  # switched off: everything is missing
    assert "CAM-1" in capsys.readouterr().out


def test_a_survey_killed_in_the_middle_goes_on_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(fleet_site.SECRET_VARIABLE, fleet_site.SECRET)
    listed = fleet_site.cameras(60)
    site = fleet_site.site_folder(tmp_path / "site", listed, "stream_s = 0\nat_once = 3")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "yanshou.cli", "survey", str(site), "--out", str(out), "--json"]
    with FleetThread(fleet_site.fleet(listed, 0.02)) as fleet:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while _asked(out) < 10 and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        done = _asked(out)
        assert 10 <= done < 60
        assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
    assert _asked(out) == 60
    connected = [count["connected"] for count in fleet.counts().values()]
    assert sum(connected) <= 60 + 3  # only the three that were being asked when it died
    results = json.loads((out / "report" / "results.json").read_text(encoding="utf-8"))
    assert results["summary"]["states"] == {"asked": 60}
    assert main(["verify", str(out)]) == 0


def _asked(out: Path) -> int:
    path = out / "journal.jsonl"
    return path.read_bytes().count(b'"kind":"device_asked"') if path.exists() else 0
