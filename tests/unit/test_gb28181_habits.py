# SPDX-License-Identifier: Apache-2.0
"""Habits of devices in the field at the bench's own calls: each gives a value, or a finding that names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gb_devices import ALONE, GATE, HALL, HOST, INVENTORY, PLATFORM, RECORDER, SECRET, SITE
from tests.support.ports import free_port
from yanshou.drivers.gb28181.camera import GbCamera
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.gb28181.side import GbSide
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.equipment import gb_calls
from yanshou.evaluation import gb_media
from yanshou.model import Measurement, now
from yanshou.protocols.gb28181.media_offer import MediaWay
from yanshou.site import load_site

ROUNDS = [
    {"CAM-1": "no_ssrc,address_in_uri", "CAM-2": "ssrc_in_front", "CAM-3": "wants_ssrc_last"},
    {"CAM-1": "other_card", "CAM-2": "no_description,foreign_contact", "CAM-3": "no_map"},
]
EXPECTED: dict[str, tuple[bool, str]] = {
    "no_ssrc,address_in_uri": (True, "no y="),
    "ssrc_in_front": (True, ""),
    "wants_ssrc_last": (True, ""),
    "other_card": (False, "127.0.0.2"),
    "no_description,foreign_contact": (True, "no session description"),
    "no_map": (False, "PSM"),
}


@pytest.fixture(params=range(len(ROUNDS)))
def found(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Measurement]]:
    """What a live call of each camera shows, by its habits."""
    monkeypatch.setattr(gb_calls, "LIVE_S", 1.0)
    habits = ROUNDS[request.param]
    codes = {"recorder": RECORDER, "hall": HALL, "gate": GATE, "alone": ALONE, "host": HOST}
    text = SITE.format(port=free_port(), platform=PLATFORM, secret=SECRET, **codes)
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    site = load_site(tmp_path)
    platform = SitePlatform(site, ordinary=True)
    faults = [Fault(device, "gb_habit", habit) for device, habit in habits.items()]
    world = World(FaultBook(tuple(faults)), Truth(tmp_path / "truth"))
    side = GbSide(site, world)
    side.start()
    try:
        for one in ("NVR-1", "CAM-3"):
            match = {"device": one, "kind": "registered"}
            assert platform.inner.wait(0, match, until=now() + 30.0) is not None
        yield {
            habit: gb_media.live_call(
                "sip_live_udp",
                device,
                gb_calls.live_call(GbCamera(platform, site.devices[device]), MediaWay.UDP),
            )
            for device, habit in habits.items()
        }
    finally:
        side.stop()
        world.truth.close()
        platform.close()


def test_each_habit_gives_a_value_or_a_finding_that_names_it(found: dict[str, Measurement]) -> None:
    for label, one in found.items():
        conforms, named = EXPECTED[label]
        said = "；".join([str(one.details["because"]), *one.deviations])
        assert (label, one.value) == (label, conforms), said
        assert named in said
        assert not one.invalid
