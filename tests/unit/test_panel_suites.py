# SPDX-License-Identifier: Apache-2.0
"""Suites of a whole panel before panels that were made up: what would make them pass though it is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from test_suites.intrusion import test_burst, test_setting

from tests.support.made_up_door import Kept, Untested
from yanshou.equipment.zone import Zone
from yanshou.model import Device, DeviceKind, Instant, System


class Shortened(Kept):
    """A record whose watches are as long as they are asked to be."""

    def duration(self, _name: str, usual: float, _what: str) -> float:
        return usual

    def figure(self, _kind: object, _data: object) -> None: ...


def zone(number: int, partition: int = 1, kind: str = "normal") -> Zone:
    device = Device(
        f"Z{number}", DeviceKind.ZONE, System.INTRUSION, "站厅", number=number,
        attributes={"partition": partition, "type": kind},
    )  # fmt: skip
    relays: Any = SimpleNamespace(has=lambda role: role in {"loop", "mask"})
    return Zone(device, relays, SimpleNamespace())  # type: ignore[arg-type]


@dataclass
class Setting:
    """A panel, its zones and the bench: which partitions refuse to be set while which zone is disturbed."""

    all: tuple[Zone, ...]
    locks_up: bool = False  # after its first refusal it refuses for ever
    blind: bool = False  # it sets whatever is disturbed
    disturbed: dict[str, int] = field(default_factory=dict)
    strays: tuple[str, ...] = ()
    refused: bool = False
    armed: set[int] = field(default_factory=set)

    def sets_within(self, _seconds: float, one: Zone) -> bool:
        if self.locks_up and self.refused:
            return False
        self.refused = not self.blind and one.partition in self.disturbed.values()
        return not self.refused

    def arm(self, one: Zone) -> None:
        self.armed.add(one.partition)

    def of_type(self, kind: str) -> list[Zone]:
        return [one for one in self.all if one.type == kind]

    def of_burst(self) -> list[Zone]:
        return list(self.all)

    def disturb(self, one: Zone, _role: str) -> None:
        self.disturbed[one.device.id] = one.partition

    def mend(self, one: Zone, _role: str) -> None:
        del self.disturbed[one.device.id]

    def reset(self) -> None: ...

    rest = bring_itself_to_rest = reset


def prevented(panel: Setting) -> Kept:
    record = Shortened()
    given: Any = panel
    test_setting.test_setting_prevented_active(given, given, given, record)  # type: ignore[arg-type]
    return record


def test_setting_is_tried_in_the_partition_of_the_detector() -> None:
    both = (zone(1), zone(2, partition=2, kind="hold_up"))
    assert prevented(Setting(both)).said["conforms"] is True
    assert prevented(Setting(both, blind=True)).said["conforms"] is False


def test_a_panel_that_refuses_for_ever_shows_nothing_of_the_conditions_that_follow() -> None:
    with pytest.raises(Untested, match="探测器活动解除并复位后"):
        prevented(Setting((zone(1), zone(2, kind="hold_up")), locks_up=True))


class Opened(Exception):
    """The burst began."""


@pytest.mark.parametrize("later", [False, True])
def test_every_partition_is_set_before_zones_are_opened_together(
    monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    around = SimpleNamespace(of=lambda *_: SimpleNamespace(strays=list))
    monkeypatch.setattr(test_burst, "Around", around)
    panel: Any = Setting((zone(1), zone(2, partition=2), zone(3, partition=3)))

    def open_together(zones: list[Zone]) -> Instant:
        assert panel.armed == {one.partition for one in zones}
        raise Opened

    panel.open_together = open_together
    record: Any = Shortened()
    of_one: tuple[Any, ...] = (panel.all[0], panel, panel, record)
    suite: Any = (
        test_burst.test_later_zone_response_time if later else test_burst.test_lost_simultaneous_alarms
    )
    with pytest.raises(Opened):
        suite(*of_one[0 if later else 1 :])
