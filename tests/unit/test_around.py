# SPDX-License-Identifier: Apache-2.0
"""What comes with a stimulus elsewhere on the panel is told, what was there before or is ours is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from yanshou.equipment.around import Around
from yanshou.equipment.panel import Panel
from yanshou.model.signal import ZoneSignal


class Shown:
    """A panel of four zones and two partitions, as its interface shows it."""

    def __init__(self) -> None:
        self.zones: dict[ZoneSignal, set[int]] = {ZoneSignal.ALARM: {4}, ZoneSignal.TAMPER: set()}
        self.set: set[int] = set()
        self.partitions_in_alarm: set[int] = {3}
        self.came: set[int] = set()
        self.follow: set[int] = set()
        self.give_way: set[int] = set()

    def shown(self, signal: ZoneSignal) -> frozenset[int]:
        return frozenset(self.zones[signal])

    def reports(self, signal: ZoneSignal) -> bool:
        return signal in self.zones

    def armed(self) -> frozenset[int]:
        return frozenset(self.set)

    def alarmed_partitions(self) -> frozenset[int]:
        return frozenset(self.partitions_in_alarm)

    def is_armed(self, partition: int) -> bool:
        return partition in self.set

    def arm(self, partition: int) -> None:
        self.set |= {partition, *self.follow}
        self.set -= self.give_way

    def disarm(self, partition: int) -> None:
        self.set -= {partition, *self.follow}

    def wait_for(self, number: int, _signal: ZoneSignal, **_how: object) -> object:
        return object() if number in self.came else None


def panel_of(inner: Shown) -> Any:
    return SimpleNamespace(
        quiet=lambda: False,
        inner=inner,
        device=SimpleNamespace(id="PANEL-1"),
        item_journal=SimpleNamespace(note=lambda *_, **__: None),
        reports=lambda signal: signal in inner.zones,
        zone_numbers=frozenset({1, 2, 3, 4}),
        strays=[],
    )


def own() -> Any:
    return SimpleNamespace(number=1, partition=1)


def test_what_is_ours_or_was_there_before_is_no_stray() -> None:
    inner = Shown()
    around = Around.of(panel_of(inner), own())
    inner.zones[ZoneSignal.ALARM].add(1)
    inner.set.add(1)
    inner.partitions_in_alarm.add(1)
    assert around.strays() == []


def test_neighbours_of_any_class_other_partitions_and_what_came_and_went_are_strays() -> None:
    inner = Shown()
    around = Around.of(panel_of(inner), own())
    inner.zones[ZoneSignal.ALARM] |= {1, 2}
    inner.zones[ZoneSignal.TAMPER].add(3)
    inner.came.add(3)
    inner.set.add(2)
    assert around.strays() == ["2 防区报警", "3 防区报警", "3 防区防拆", "2 分区设防状态改变"]


def test_an_alarm_shown_for_another_partition_is_a_stray() -> None:
    inner = Shown()
    around = Around.of(panel_of(inner), own())
    inner.zones[ZoneSignal.ALARM].add(1)
    inner.partitions_in_alarm |= {2}
    assert around.strays() == ["2 分区报警"]


def test_a_trouble_of_the_panel_may_show_in_its_zones_but_as_no_alarm() -> None:
    inner = Shown()
    around = Around.of(panel_of(inner))
    inner.zones[ZoneSignal.TAMPER].add(2)
    inner.partitions_in_alarm |= {1}
    assert around.alarms() == []
    inner.came.add(3)
    assert around.alarms() == ["3 防区报警"]


def real_panel_of(inner: Shown) -> Panel:
    given: Any = panel_of(inner)
    return Panel(given.device, given.inner, given.item_journal, 1.0)


def test_a_partition_that_is_set_or_unset_with_another_is_a_stray_though_it_follows_back() -> None:
    inner = Shown()
    inner.zones = {}
    inner.follow = {2}
    panel = real_panel_of(inner)
    panel.arm(own())
    panel.disarm(own())
    around = Around.of(panel, own())
    assert around.strays() == ["1 分区设防时 2 分区设防状态改变", "1 分区撤防时 2 分区设防状态改变"]


def test_a_partition_that_is_unset_when_another_is_set_is_a_stray() -> None:
    inner = Shown()
    inner.zones, inner.set, inner.give_way = {}, {3}, {3}
    panel = real_panel_of(inner)
    panel.arm(own())
    assert panel.strays == ["1 分区设防时 3 分区设防状态改变"]
