# SPDX-License-Identifier: Apache-2.0
"""The vertical slice, and an acceptance run with planted defects: what is found, what is not, how exactly."""

from __future__ import annotations

import jsonschema
import pytest

from tests.support.rig import Ran, branch, faults, no_traceback, run, yanshou
from yanshou.reports.results import results_schema

SLICE = ("IAS-RT-01", "IAS-RT-02", "ACS-RT-01")


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("healthy")
    return run(branch(folder / "site", scope=SLICE, keep=["Z07", "D01"]), folder / "run")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One zone too slow for its clause, one slow but within it."""
    folder = tmp_path_factory.mktemp("slow")
    site = branch(folder / "site", scope=SLICE, keep=["Z01", "Z07"], plan={"repetitions": 3})
    script = faults(site, ("Z07", "alarm_delay", 2.4), ("Z01", "alarm_delay", [0.3, 1.6]))
    return run(site, folder / "run", script=script)


def test_a_healthy_site_passes(healthy: Ran) -> None:
    assert healthy.code == 0, healthy.said
    assert healthy.verdicts == {
        ("IAS-RT-01", "Z07"): "conform",
        ("IAS-RT-02", "Z07"): "unjudged",
        ("ACS-RT-01", "D01"): "conform",
    }
    assert no_traceback(healthy.said)


def test_a_slow_zone_fails_its_clause_and_nothing_else(slow: Ran) -> None:
    assert slow.code == 1
    assert slow.of("non_conform") == {("IAS-RT-01", "Z07")}
    assert slow.finding("IAS-RT-01", "Z07")["limit_status"] == "provisional"
    assert slow.finding("IAS-RT-02", "Z07")["limit_status"] == "unverified"
    assert slow.verdicts["IAS-RT-02", "Z07"] == "unjudged"
    assert slow.verdicts["IAS-RT-01", "Z01"] == "conform"
    assert "IAS-RT-01" in slow.said.out
    assert "> 2 s" in slow.said.out


@pytest.mark.parametrize("zone", ["Z01", "Z07"])
def test_the_value_lies_within_its_uncertainty_of_the_truth(slow: Ran, zone: str) -> None:
    finding = slow.finding("IAS-RT-01", zone)
    worst = max(_latencies(slow, zone))
    assert abs(finding["value"] - worst) <= finding["U"]
    assert finding["n"] == 10  # as its source asks, whatever the plan says


def _latencies(ran: Ran, zone: str) -> list[float]:
    """From each opening of the loop while armed to the alarm shown, as the emulator logged them."""
    opened, found = None, []
    for event in ran.happened():
        if event["device"] == zone and event["what"] == "loop_open":
            opened = event["t"]
        elif event["device"] == zone and event["what"] == "alarm_shown" and opened is not None:
            found.append(event["t"] - opened)
    return found


def test_the_results_keep_the_shipped_schema(healthy: Ran, slow: Ran) -> None:
    for ran in (healthy, slow):
        jsonschema.validate(ran.results, results_schema())


def test_the_run_folder_is_intact_and_any_changed_byte_is_found(healthy: Ran) -> None:
    assert yanshou("verify", healthy.folder, cwd=healthy.folder).code == 0
    path = healthy.folder / "report" / "results.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"unjudged", b"conform ", 1))
    try:
        one = yanshou("verify", healthy.folder, "--json", cwd=healthy.folder)
    finally:
        path.write_bytes(whole)
    assert one.code == 1
    assert one.json["intact"] is False
    assert one.json["problems"] == [{"path": "report/results.json", "kind": "changed"}]


def test_reports_are_made_again_from_the_journal_alone(healthy: Ran) -> None:
    before = (healthy.folder / "report" / "results.json").read_bytes()
    (healthy.folder / "report" / "results.json").unlink()
    (healthy.folder / "report" / "junit.xml").unlink()
    again = yanshou("report", healthy.folder, "--only", "json,junit", cwd=healthy.folder)
    assert again.code == 0
    assert (healthy.folder / "report" / "results.json").read_bytes() == before
    assert (healthy.folder / "report" / "junit.xml").exists()
    assert yanshou("verify", healthy.folder, cwd=healthy.folder).code == 0


# -- an acceptance run with many defects --------------------------------------------------------------------

DEFECTS = (
    ("Z04", "self_reset", 0.15),
    ("Z06", "answers_when_unset"),
    ("Z07", "tamper_dead_armed"),
    ("Z11", "hold_up_unsettable"),
    ("V01", "alarm_delay", 2.2),
    ("D02", "forced_door_silent"),
    ("CAM-3", "resolution", "640x360"),
    ("PANEL-1", "supply_current", 2.6),
    ("GATE-1", "gate_silent"),
    ("LINK-1", "linkage_wrong_camera", "CAM-3"),
)
SCOPE = (
    "IAS-RT-01",
    "IAS-FN-02",
    "IAS-FN-03",
    "IAS-FN-06",
    "IAS-TA-01",
    "IAS-PW-01",
    "ACS-AL-02",
    "IQ-18",
    "SCR-AL-01",
    "LNK-01",
)
EXPECTED = {
    ("IAS-FN-03", "Z04"),
    ("IAS-FN-06", "Z06"),
    ("IAS-TA-01", "Z07"),
    ("IAS-FN-02", "Z11"),
    ("IAS-RT-01", "V01"),
    ("ACS-AL-02", "D02"),
    ("IQ-18", "CAM-3"),
    ("IAS-PW-01", "PANEL-1"),
    ("IAS-PW-01", "PANEL-2"),  # there is one emulated meter, and it reads the same current in both leads
    ("LNK-01", "LINK-1"),
}


@pytest.fixture(scope="module")
def defective(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("defective")
    keep = {device for device, *_ in DEFECTS} | {"Z02", "D01", "CAM-2"}
    site = branch(folder / "site", scope=SCOPE, keep=keep, plan={"unset_watch_s": 0.5, "patience_s": 2.6})
    return run(site, folder / "run", script=faults(site, *DEFECTS))


def test_an_acceptance_run_finds_every_planted_defect_and_no_other(defective: Ran) -> None:
    assert defective.code == 1
    assert defective.of("non_conform") == EXPECTED
    judged = set(defective.verdicts.values())
    assert judged <= {"non_conform", "conform", "conditional_conform", "unjudged", "not_applicable"}
    assert no_traceback(defective.said)


def test_a_defect_against_an_unverified_limit_is_shown_and_not_judged(defective: Ran) -> None:
    finding = defective.finding("SCR-AL-01", "GATE-1")
    assert finding["value"] is False
    assert finding["verdict"] == "unjudged"


def test_healthy_devices_beside_defective_ones_conform(defective: Ran) -> None:
    beside = {
        key: verdict for key, verdict in defective.verdicts.items() if key[1] in {"Z02", "D01", "CAM-2"}
    }
    watched_shortly = {verdict for (clause, _), verdict in beside.items() if clause.startswith("IAS-FN-0")}
    assert watched_shortly == {"conditional_conform"}
    assert {verdict for (clause, _), verdict in beside.items() if "IAS-FN-0" not in clause} == {"conform"}


def test_every_non_conformity_names_its_clause_and_limit(defective: Ran) -> None:
    for requirement, device in EXPECTED:
        finding = defective.finding(requirement, device)
        assert finding["clause"]
        assert finding["standard"]
        assert requirement in defective.said.out


def test_every_relay_is_back_at_its_original_circuit(defective: Ran) -> None:
    assert defective.coils["RELAY-1"] == [False] * 8
    assert defective.coils["RELAY-2"] == [False] * 32
