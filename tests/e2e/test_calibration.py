# SPDX-License-Identifier: Apache-2.0
"""``yanshou calibrate`` before and after a run: what rests on it, and what its drift takes back."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.rig import Ran, Said, branch, faults, here, journal, no_traceback, replace, yanshou
from yanshou.emulation.site.process import EmulatedSite
from yanshou.reports.calibrations import checked

LOOPS = """
[[loopback]]
relay = "RELAY-2/0"
input = "RELAY-2/di31"
contact = "NC"

[[loopback]]
relay = "RELAY-2/1"
input = "RELAY-2/di30"
contact = "NO"
"""
NORMAL = ("RELAY-2", "contact_delay", [0.006, 0.008])
DRIFTED = ("RELAY-2", "contact_delay", [0.036, 0.038])
LATE = ("Z02", "alarm_delay", 2.4)
LOOP = "RELAY-2/0 NC > RELAY-2/di31"


@dataclass(frozen=True)
class Played:
    """Calibration, run, and the calibration after it with relays that have become slow."""

    site: Path
    calibrated: Said
    truth: Path
    ran: Ran
    at_first: dict[str, Any]
    lines: list[dict[str, Any]]
    again: Said


def lab(into: Path) -> Path:
    site = branch(into, scope=("IAS-RT-01",), keep=("Z01", "Z02", "Z03"))
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write(LOOPS)
    with (site / "answers.toml").open("a", encoding="utf-8") as file:
        file.write('\n[answer."calibrate.wired"]\nvalue = "是"\n')
    inventory = (site / "inventory.csv").read_text("utf-8")
    row = next(line for line in inventory.splitlines() if line.startswith("RELAY-2,"))
    cells = row.split(",")
    cells[8] = "serial=R2-0007"
    replace(site / "inventory.csv", row, ",".join(cells))
    return site


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    base = tmp_path_factory.mktemp("calibration")
    site, truth, run = lab(base / "site"), base / "truth.jsonl", base / "run"
    with EmulatedSite(site, faults(site, NORMAL, LATE), truth, video=False):
        calibrated = yanshou("calibrate", site, "--json", cwd=base)
        said = yanshou("run", site, "--run", run, "--only", "json", cwd=base)
    at_first = json.loads((run / "report" / "results.json").read_text("utf-8"))
    lines = journal(run)
    with EmulatedSite(site, faults(site, DRIFTED, LATE), video=False):
        again = yanshou("calibrate", site, "--run", run, "--only", "json", "--lang", "en", cwd=base)
    return Played(site, calibrated, truth, Ran(said, run), at_first, lines, again)


def happened(path: Path, device: str, *whats: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return sorted(
        (one for one in events if one["device"] == device and one["what"] in whats), key=lambda one: one["t"]
    )


def test_a_hundred_cycles_of_both_edges_find_the_delay(played: Played) -> None:
    assert played.calibrated.code == 0
    loops = played.calibrated.json["loops"]
    assert [loop["contact"] for loop in loops] == ["NC", "NO"]
    assert all(edge["n"] >= 100 for loop in loops for edge in loop["edges"].values())
    assert loops[0]["serials"] == ["R2-0007", "R2-0007"]
    # the truth: from the coil to the input of the loop, over all cycles of its operation
    moved = [one["t"] for one in happened(played.truth, "RELAY-2", "relay_on") if one["value"] == 0]
    seen = [one["t"] for one in happened(played.truth, "RELAY-2", "input_off") if one["value"] == 31]
    cycles = loops[0]["edges"]["operate"]["n"] + loops[0]["edges"]["operate"]["disturbed"]
    true = [b - a for a, b in zip(moved[:cycles], seen[:cycles], strict=True)]
    found = loops[0]["edges"]["operate"]
    # cycles set aside are not among those averaged: allow for their share of the spread
    room = 2 * found["u"] + (found["disturbed"] / cycles) * statistics.stdev(true)
    assert abs(found["mean"] - statistics.fmean(true)) <= room
    assert found["most"] >= 0.006


def test_the_run_says_what_it_rests_on(played: Played) -> None:
    frozen = [event for event in played.lines if event["kind"] == "calibration"]
    assert [event["phase"] for event in frozen] == ["before"]
    assert len(frozen[0]["loops"]) == 2
    resting = {
        event["device"]: event["details"].get("calibration")
        for event in played.lines
        if event["kind"] == "measurement"
    }
    assert resting["Z01"] == [LOOP]
    assert resting["Z03"] is None  # its relay was not calibrated: assumed bounds, as ever
    term = next(
        term
        for event in played.lines
        if event["kind"] == "measurement" and event["device"] == "Z01"
        for term in event["budget"]
    )
    assert "contacts of the bench" in term["source"]


def test_the_latency_holds_the_truth_of_the_contact(played: Played) -> None:
    finding = next(one for one in played.at_first["findings"] if one["device"] == "Z01")
    assert finding["verdict"] == "conform"
    opened = [one["t"] for one in happened(played.truth, "Z01", "loop_open")]
    shown = [one["t"] for one in happened(played.truth, "Z01", "alarm_shown")]
    true = max(at - max(o for o in opened if o < at) for at in shown)
    assert abs(finding["value"] - true) <= finding["U"]


def test_a_run_that_was_not_checked_again_says_so(played: Played) -> None:
    said = [event for event in played.lines if event["kind"] == "session_started"]
    assert len(said) == 1

    assert checked(played.lines).unchecked


def test_a_drift_voids_what_spoke_for_the_system_and_nothing_else(played: Played) -> None:
    assert played.again.code == 3
    assert "are void" in played.again.out
    assert no_traceback(played.again)
    now = played.ran
    assert now.verdicts["IAS-RT-01", "Z01"] == "invalid"
    assert "drifted" in now.finding("IAS-RT-01", "Z01")["reason"]
    assert now.finding("IAS-RT-01", "Z01")["value"] is not None
    assert now.verdicts["IAS-RT-01", "Z02"] == "non_conform"
    assert "undoes no non-conformity" in now.finding("IAS-RT-01", "Z02")["reason"]
    assert now.verdicts["IAS-RT-01", "Z03"] == "conform"


def test_the_journal_only_grew_and_the_folder_is_sealed(played: Played) -> None:
    lines = journal(played.ran.folder)
    assert lines[: len(played.lines)] == played.lines
    added = [event["kind"] for event in lines[len(played.lines) :]]
    assert added == ["session_started", "confirmation", "bench_opened", "calibration", "session_ended"]
    assert here("verify", played.ran.folder).code == 0


def test_what_is_wrong_is_said_before_anything_moves(played: Played, tmp_path: Path) -> None:
    bare = branch(tmp_path / "bare", scope=("IAS-RT-01",), keep=("Z01",))
    one = here("calibrate", bare, "--lang", "en")
    assert one.code == 2
    assert "no loopback is stated" in one.err
    assert here("calibrate", played.site, "--cycles", 20, "--lang", "en").code == 2
    wrong = lab(tmp_path / "wrong")
    replace(wrong / "site.toml", 'input = "RELAY-2/di31"', 'input = "RELAY-2/di32"')
    one = here("calibrate", wrong, "--lang", "en")
    assert one.code == 2
    assert "there is no input 'RELAY-2/di32'" in one.err
    assert "site.toml:" in one.err


def test_a_loop_that_is_not_wired_as_stated_is_a_fault_of_the_bench(tmp_path: Path) -> None:
    site = lab(tmp_path / "site")
    with EmulatedSite(site, video=False):
        replace(site / "site.toml", 'contact = "NC"', 'contact = "NO"')
        one = yanshou("calibrate", site, "--lang", "en", cwd=tmp_path)
    assert one.code == 3
    assert "not wired as stated" in one.err
    assert not (site / "calibration.json").exists()
