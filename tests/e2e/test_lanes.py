# SPDX-License-Identifier: Apache-2.0
"""Cameras are measured beside the alarms of panels, in one journal and with the verdicts of one lane."""

from __future__ import annotations

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
