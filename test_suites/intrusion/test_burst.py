# SPDX-License-Identifier: Apache-2.0
"""多路同时报警 — zones opened within 100 ms are all shown, in turn."""

from __future__ import annotations

from yanshou.fixtures.api import Around, Panel, Record, Zone, Zones, measures
from yanshou.model import FigureKind


@measures("lost_simultaneous_alarms", intrusive=("siren", "hold_up"), seconds=3.0)
def test_lost_simultaneous_alarms(zones: Zones, panel: Panel, record: Record) -> None:
    """Every drawn zone is opened within 100 ms, hold-up included: each is shown in its turn, and stays."""
    drawn = zones.of_burst()
    if len(drawn) <= 1:
        record.cannot("可同时触发的防区不足 2 个")
    around = Around.of(panel, *drawn)
    for zone in drawn:
        panel.arm(zone)
    burst = zones.open_together(drawn)
    record.figure(FigureKind.BURST, burst.figure())
    strays = around.strays()
    wrong = [
        label.format("、".join(names))
        for label, names in (
            ("未显示：{}", burst.lost),
            ("未复位而显示消失：{}", burst.vanished),
            ("显示次序颠倒：{}", burst.disordered),
            ("未触发而显示：{}", strays),
        )
        if names
    ]
    missed = {*burst.lost, *burst.vanished, *burst.disordered}
    record.count(max(len(missed), int(bool(strays))), len(drawn), because="；".join(wrong))


@measures("later_zone_response_time", repetitions=3, intrusive=("siren", "hold_up"), seconds=2.0)
def test_later_zone_response_time(zone: Zone, zones: Zones, panel: Panel, record: Record) -> None:
    """Other zones are opened first, this one within 100 ms after them; timed until this one is shown."""
    others = [other for other in zones.of_burst() if other.device.id != zone.device.id]
    if not others:
        record.cannot("没有可先行触发的其他防区")
    for _ in record.repetitions:
        for one in (*others, zone):
            panel.arm(one)
        burst = zones.open_together([*others, zone])
        record.latency(burst.zones[-1].opened, burst.zones[-1].shown)
        record.figure(FigureKind.BURST, burst.figure())
        panel.clear(*others, zone)
