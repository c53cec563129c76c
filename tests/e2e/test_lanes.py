# SPDX-License-Identifier: Apache-2.0
"""Cameras and independent doors are tested beside the alarms of panels, in one journal.

The verdicts are those of one lane, also where a door disturbs a panel although nothing in the site file says
that it does; where the site file says so, the two never meet.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rig import Ran, branch, faults, run

ZONES, CAMERAS = ("Z01", "V01"), ("CAM-1", "CAM-3")
BROKEN = {("IAS-FN-05", "V01"), ("NET-08", "CAM-3")}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Some seconds in each lane, which are worth a second one here."""
    folder = tmp_path_factory.mktemp("lanes")
    site = branch(
        folder / "site",
        scope={"IAS-FN-05", "NET-08"},
        keep={*ZONES, *CAMERAS},
        plan={"hold_s": 16.0, "frame_rate_window_s": 10.0},
    )
    script = faults(site, ("V01", "self_reset", 8.0), ("CAM-3", "fps", 10.0))
    return run(site, folder / "run", script=script, arguments=["--", "--yanshou-spare=5"], timeout=300)


def test_what_is_broken_is_found_in_either_lane(ran: Ran) -> None:
    assert ran.of("non_conform") == BROKEN


def test_the_camera_was_measured_while_an_alarm_was_watched(ran: Ran) -> None:
    lasted: dict[str, list[float]] = {}
    for kind in ("item_started", "item_finished"):
        for event in ran.events(kind):
            lasted.setdefault(event["item"], []).append(event["mono"])
    watched, measured = lasted["no_self_reset[Z01]"], lasted["live_frame_rate[CAM-1]"]
    assert max(watched[0], measured[0]) < min(watched[1], measured[1])
    assert all(len(both) == 2 for both in lasted.values()), "no item was done twice or given back"


def test_nothing_of_the_camera_stands_in_an_item_of_the_bench(ran: Ran) -> None:
    seen = {(event["item"].partition("[")[0], event["via"]) for event in ran.events("observation")}
    assert not {item for item, via in seen if via.startswith("CAM")} & {
        item for item, via in seen if via in ZONES
    }


DOOR_SCOPE = {"IAS-FN-05", "IAS-RT-01", "ACS-DN-01", "ACS-RT-01"}
LINKED = (
    "LINK-9,linkage,integration,联动门开门时联动报警主机警号,,,,,source=D01; target=PANEL-1; effect=siren,\n"
)


def _doors_beside(folder: Path, *planted: tuple[object, ...], linked: bool = False) -> Ran:
    site = branch(
        folder / "site",
        scope=DOOR_SCOPE,
        keep={"Z05", "Z06", "Z09", "D01"},
        plan={"hold_s": 3.0},
    )
    if linked:
        inventory = site / "inventory.csv"
        inventory.write_text(inventory.read_text(encoding="utf-8") + LINKED, encoding="utf-8")
    script = faults(site, *planted)
    return run(site, folder / "run", script=script, arguments=["--", "--yanshou-spare=5"], timeout=300)


def _spans(ran: Ran, *, interrupted: bool = True) -> list[tuple[str, float, float]]:
    """Each item, when it began and when it ended, as often as it was done; those a fault ended if asked."""
    began: dict[str, float] = {}
    spans: list[tuple[str, float, float]] = []
    for event in ran.events("item_started", "item_finished"):
        if event["kind"] == "item_started":
            began[event["item"]] = event["mono"]
        elif interrupted or event["outcome"] != "interrupted":
            spans.append((event["item"], began[event["item"]], event["mono"]))
    return spans


def _at_once(ran: Ran) -> set[tuple[str, str]]:
    """Each item of a zone and of a door that were done at the same time, if only in part."""
    zones, doors = ([one for one in _spans(ran) if f"[{kind}" in one[0]] for kind in "ZD")
    return {(zone, door) for zone, a, b in zones for door, c, d in doors if a < d and c < b}


def _shaken_in_view(ran: Ran) -> bool:
    """Whether Z09 alarmed in the middle of an item of another zone, which no fault of the bench ended."""
    shown = [one["t"] for one in ran.happened() if (one["device"], one["what"]) == ("Z09", "alarm_shown")]
    spans = _spans(ran, interrupted=False)
    watched = [span for span in spans if "[Z" in span[0] and "[Z09]" not in span[0]]
    return any(a + 1.0 <= at <= b - 1.0 for at in shown for _item, a, b in watched)


def test_an_independent_door_is_tested_beside_the_zones_with_its_own_part_of_the_bench(
    tmp_path: Path,
) -> None:
    ran = _doors_beside(tmp_path, ("Z05", "alarm_delay", 2.4), ("D01", "lock_delay", 3.0))
    assert ran.of("non_conform") >= {("IAS-RT-01", "Z05"), ("ACS-RT-01", "D01")}
    assert _at_once(ran)
    assert len(ran.events("bench_opened")) >= 2
    assert not any(any(coils) for coils in ran.coils.values()), "both parts of the bench came to rest"


def test_what_nobody_declared_is_found_and_what_met_it_done_alone(tmp_path: Path) -> None:
    """Z09 answers to its detector never, and D01 shakes it: what it shows would pass for an answer.

    On a busy computer the door may be over before another zone is watched, or a fault of the bench end that
    watch, which is begun anew without the door; then nothing has to be done again.
    """
    planted = ("Z09", "alarm_delay", 30.0), ("D01", "release_shakes_zone", "Z09")
    runs = (_doors_beside(tmp_path / f"{number}", *planted) for number in range(3))
    ran = next(ran for ran in runs if _shaken_in_view(ran))
    again = ran.events("done_again")
    assert len(again) == 1
    assert any("9 防区报警" in sign for sign in again[0]["because"])
    begun = {(event["item"], event["attempt"]): event["mono"] for event in ran.events("item_started")}
    whole: dict[str, list[float]] = {}  # when each began, without those that a fault of the bench ended
    for event in ran.events("item_finished"):
        if event["outcome"] != "interrupted":
            whole.setdefault(event["item"], []).append(begun[event["item"], event["attempt"]])
    assert all(len(whole[item]) == 2 for item in again[0]["items"])
    first_again = min(whole[item][1] for item in again[0]["items"])
    assert _at_once(ran), "they were done at the same time before anything was known"
    assert first_again >= again[0]["mono"]
    assert ("IAS-RT-01", "Z09") not in ran.of("conform")


def test_what_the_site_file_links_is_never_done_at_the_same_time(tmp_path: Path) -> None:
    ran = _doors_beside(tmp_path, ("D01", "release_shakes_zone", "Z09"), linked=True)
    assert not _at_once(ran)
    assert not ran.events("done_again")
    assert not ran.of("non_conform")
