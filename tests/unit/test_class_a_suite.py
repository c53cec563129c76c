# SPDX-License-Identifier: Apache-2.0
"""The suite of GB 35114 class A with an emulated device at the bench's platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_suites.gb28181 import test_class_a as suite

from tests.support.class_a_site import SITE, written
from yanshou.drivers.gb28181.addresses import address_of
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.gb28181.side import GbSide
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.equipment.registrant import Registrant
from yanshou.fixtures.gb35114 import ClassA
from yanshou.model import Instant, RigFault
from yanshou.site import load_site

# -- the suite, with an emulated device at the bench's platform


class Untested(Exception):
    """What ``cannot`` ends an item with."""


class Kept:
    """A record that keeps what a test says."""

    def __init__(self) -> None:
        self.said: tuple[bool | None, str] = (None, "")
        self.reserved: list[str] = []

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        assert n > 1
        self.said = conforms, because

    def cannot(self, reason: str) -> None:
        raise Untested(reason)

    def unproven(self, reason: str) -> None:
        self.reserved.append(reason)

    def evidence(self, *_said: object) -> None:
        return

    def criterion(self, name: str) -> float:
        assert name == "date_window_s"
        return 600.0


class Journal:
    """Takes what the equipment writes."""

    def stimulus(self, _what: str, _via: str, instant: Instant) -> Instant:
        return instant

    def observation(self, _what: str, _via: str, instant: Any, _value: object = None) -> Any:
        return instant


@pytest.fixture
def device(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Registrant]:
    """A device with the faults of the test's parameter, at a platform of its own."""
    faults = getattr(request, "param", ())
    site = load_site(written(tmp_path))
    assert site.own_platform is not None
    site = replace(site, own_platform=replace(site.own_platform, port=0))
    platform = SitePlatform(site, ordinary=True)
    port = str(platform.inner.port)
    world = World(FaultBook(faults), Truth(tmp_path / "truth"))
    side = GbSide(load_site(written(tmp_path, SITE.replace("15060", port))), world)
    try:
        side.start()
        found = site.devices["NVR-1"]
        yield Registrant(found, address_of(site, found), platform, Journal(), lambda: None, 6.0)  # type: ignore[arg-type]
    finally:
        side.stop()
        world.truth.close()
        platform.close()


def by_nobody(message: str, _otherwise: str) -> None:
    raise AssertionError(message)


@pytest.mark.parametrize("device", [(), (Fault("NVR-1", "gb_habit", "slow_key"),)], indirect=True)
def test_an_emulated_device_of_class_a_conforms(device: Registrant) -> None:
    record = Kept()
    suite.test_gb35114_class_a(ClassA(device, by_nobody), record)  # type: ignore[arg-type]
    assert record.said[0], record.said
    assert "Bidirection，2 次注册" in record.said[1]
    assert not record.reserved
    suite.test_gb35114_note_digest(ClassA(device, by_nobody), record)  # type: ignore[arg-type]
    assert record.said[0], record.said


@pytest.mark.parametrize("device", [(Fault("NVR-1", "gm_decoded_randoms"),)], indirect=True)
def test_a_device_of_another_reading_is_not_judged(device: Registrant) -> None:
    with pytest.raises(Untested, match="class_a_form"):
        suite.test_gb35114_class_a(ClassA(device, by_nobody), Kept())  # type: ignore[arg-type]
    with pytest.raises(RigFault, match="does not register"):
        device.require_registered()


def test_where_the_bench_has_no_certificate_a_person_is_asked() -> None:
    asked: list[str] = []
    by_person = ClassA(None, lambda message, _: asked.append(message))
    suite.test_gb35114_class_a(by_person, Kept())  # type: ignore[arg-type]
    suite.test_gb35114_note_digest(by_person, Kept())  # type: ignore[arg-type]
    assert asked == ["gb35114.class_a", "gb35114.note"]
