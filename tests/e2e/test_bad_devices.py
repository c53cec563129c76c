# SPDX-License-Identifier: Apache-2.0
"""Devices that refuse, hang, lie or die: a clear line, the right family of trouble, never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.rig import RELAYS, Ran, branch, faults, no_traceback, run

SCENES: Mapping[str, tuple[tuple[Any, ...], ...]] = {
    "refusing": (
        ("PANEL-1", "panel_refuses"),
        ("PANEL-2", "panel_silent"),
        ("CAM-1", "wrong_password"),
        ("CAM-2", "stop_stream", 0.5),
        ("CAM-3", "no_snapshot"),
        ("NVR-1", "no_recording_service"),
    ),
    "garbled": (
        ("PANEL-1", "panel_silent", 3),
        ("PANEL-2", "panel_garbage"),
        ("CAM-1", "soap_hang", "GetProfiles"),
        ("CAM-2", "soap_garbage"),
        ("CAM-3", "no_utc"),
        ("NVR-1", "unplayable", 12),
    ),
    "late": (
        ("PANEL-1", "panel_garbage"),
        ("PANEL-2", "panel_late", 0.7, {"every": 5}),
        ("CAM-1", "clock_offset", 400),
        ("NVR-1", "replay_refused"),
    ),
    "dying": (("PANEL-1", "panel_late", 0.8), ("RELAY-1", "relay_dies", 2)),
    # unset long after it was seen set, and long before the alarm
    "restless": (
        ("PANEL-1", "sets_itself", 0.8),
        ("PANEL-2", "unsets_itself", 0.6),
        ("V01", "alarm_delay", 1.4),
    ),
}
SCOPE = {
    "refusing": ("IAS-RT-01", "ACS-AL-02", "IQ-18", "NET-08", "REC-01"),
    "garbled": ("IAS-RT-01", "ACS-AL-02", "IQ-18", "REC-01"),
    "late": ("IAS-RT-01", "ACS-AL-02", "IQ-18", "REC-01"),
    "dying": ("IAS-RT-01", "ACS-AL-02"),
    "restless": ("IAS-FN-06", "IAS-RT-01", "ACS-AL-02"),
}
KEEP = {
    "refusing": ("Z01", "V01", "D01", "CAM-1", "CAM-2", "CAM-3"),
    "garbled": ("Z01", "V01", "D01", "CAM-1", "CAM-2", "CAM-3"),
    "late": ("Z01", "V01", "D01", "CAM-1"),
    "dying": ("Z01", "V01", "D01"),
    "restless": ("Z01", "V01", "D01"),
}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ran]:
    """All scenes, side by side: they wait more than they work."""

    base = tmp_path_factory.mktemp("scenes")

    def play(name: str) -> Ran:
        folder = base / name
        folder.mkdir()
        site = branch(folder / "site", scope=SCOPE[name], keep=KEEP[name], plan={"patience_s": 2.0})
        if name == "garbled":  # rubbish that comes late, on a busy machine, would be silence
            text = (site / "site.toml").read_text(encoding="utf-8")
            patient = text.replace('vault-panel.pty",', 'vault-panel.pty", timeout_s = 3.0,')
            (site / "site.toml").write_text(patient, encoding="utf-8")
        return run(site, folder / "run", script=faults(site, *SCENES[name]), timeout=240)

    with ThreadPoolExecutor(len(SCENES)) as pool:
        return dict(zip(SCENES, pool.map(play, SCENES), strict=True))


MEASURED = {"conform", "conditional_conform"}  # a picture of the emulation does not always prove its size

# scene, device under test, requirement, the device at fault, what is said of it, what is advised
UNREACHABLE = [
    ("refusing", "Z01", "IAS-RT-01", "PANEL-1", "does not accept a connection", "Check power"),
    ("refusing", "V01", "IAS-RT-01", "PANEL-2", "did not answer within", "Check power"),
    ("refusing", "CAM-1", "IQ-18", "CAM-1", "user name or password refused", "Check user name and password"),
    ("refusing", "NVR-1", "REC-01", "NVR-1", "no search service", "Profile G"),
    ("garbled", "Z01", "IAS-RT-01", "PANEL-1", "did not answer within", "Check power"),
    ("garbled", "V01", "IAS-RT-01", "PANEL-2", "no answer to the question", "Check baud rate"),
    ("garbled", "CAM-1", "IQ-18", "CAM-1", "no answer from", "Check"),
    ("garbled", "CAM-2", "IQ-18", "CAM-2", "the answer is not XML", ""),
    ("late", "Z01", "IAS-RT-01", "PANEL-1", "no answer to the question", "Check"),
    ("late", "NVR-1", "REC-01", "NVR-1", "replay", "maker's own client"),
    ("dying", "Z01", "IAS-RT-01", "PANEL-1", "did not answer within", "Check power"),
    ("dying", "V01", "IAS-RT-01", "RELAY-1", "did not answer within", "Check power"),
    ("restless", "Z01", "IAS-FN-06", "PANEL-1", "was set during the test, not by us", "timer"),
    ("restless", "V01", "IAS-RT-01", "PANEL-2", "was unset during the test, not by us", "timer"),
]


@pytest.mark.parametrize(("scene", "device", "requirement", "at_fault", "what", "remedy"), UNREACHABLE)
def test_what_cannot_be_measured_is_a_rig_fault_and_stays_untested(
    scenes: Mapping[str, Ran],
    scene: str,
    device: str,
    requirement: str,
    at_fault: str,
    what: str,
    remedy: str,
) -> None:
    ran = scenes[scene]
    assert ran.verdicts[requirement, device] == "not_tested"
    finding = ran.finding(requirement, device)
    assert finding["value"] is None
    item = finding["item"]
    troubles = ran.events("trouble", item=item)
    assert troubles
    assert {one["family"] for one in troubles} == {"rig_fault"}
    assert all(one["device"].startswith(at_fault) for one in troubles)
    assert any(what in one["what"] and remedy in one["remedy"] for one in troubles)
    outcomes = [event["outcome"] for event in ran.events("item_finished", item=item)]
    assert outcomes[-1] == "rig_fault"
    assert at_fault in ran.said.out


def test_a_late_answer_never_becomes_the_next_one(scenes: Mapping[str, Ran]) -> None:
    """Each fifth answer of the panel on the serial line comes when nobody waits for it any more."""
    ran = scenes["late"]
    finding = ran.finding("IAS-RT-01", "V01")
    if finding["verdict"] == "not_tested":
        assert {one["family"] for one in ran.events("trouble", device="V01")} == {"rig_fault"}
        return
    opened, shown = (
        next(one["t"] for one in ran.happened() if (one["device"], one["what"]) == ("V01", what))
        for what in ("loop_open", "alarm_shown")
    )
    assert abs(finding["value"] - (shown - opened)) <= finding["U"]


def test_a_stream_that_stops_has_no_frame_rate(scenes: Mapping[str, Ran]) -> None:
    finding = scenes["refusing"].finding("NET-08", "CAM-2")
    assert finding["verdict"] in {"invalid", "not_tested", "non_conform"}
    assert finding["reason"]


def test_a_recording_that_is_listed_and_does_not_play_does_not_count(scenes: Mapping[str, Ran]) -> None:
    finding = scenes["garbled"].finding("REC-01", "NVR-1")
    assert finding["verdict"] == "non_conform"
    assert finding["value"] < 14


def test_a_camera_without_snapshots_or_with_a_wrong_clock_is_measured_all_the_same(
    scenes: Mapping[str, Ran],
) -> None:
    assert scenes["refusing"].verdicts["IQ-18", "CAM-3"] in MEASURED
    assert scenes["garbled"].verdicts["IQ-18", "CAM-3"] in MEASURED
    assert scenes["late"].verdicts["IQ-18", "CAM-1"] in MEASURED


@pytest.mark.parametrize("scene", SCENES)
def test_the_run_goes_on_with_what_works(scenes: Mapping[str, Ran], scene: str) -> None:
    ran = scenes[scene]
    assert ran.verdicts["ACS-AL-02", "D01"] == "conform"
    assert ran.code == (1 if ran.of("non_conform") else 3)
    assert no_traceback(ran.said)
    planned = {event["item"] for event in ran.events("item_started")}
    assert planned == {event["item"] for event in ran.events("item_finished")}


@pytest.mark.parametrize("scene", ["refusing", "garbled", "late"])
def test_no_relay_is_left_open(scenes: Mapping[str, Ran], scene: str) -> None:
    assert scenes[scene].coils == {name: [False] * count for name, count in RELAYS.items()}
    assert scenes[scene].said.err == ""


def test_a_relay_board_that_died_with_a_loop_open_is_told_loudly(scenes: Mapping[str, Ran]) -> None:
    """Nothing can be written to it any more: a person has to go there, and is told so."""
    ran = scenes["dying"]
    switched = [event for event in ran.happened() if event["what"] in {"relay_on", "relay_off"}]
    assert ("RELAY-1", "relay_on") in {(event["device"], event["what"]) for event in switched}
    assert ran.coils["RELAY-2"] == [False] * 32
    assert "RELAY-1" in ran.said.err
    assert "Cut the supply of the relay boards" in ran.said.err
    assert len(ran.said.err.splitlines()) == 1
    assert [event["reason"] for event in ran.events("session_ended")] == ["fault"]
