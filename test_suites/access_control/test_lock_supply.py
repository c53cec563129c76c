# SPDX-License-Identifier: Apache-2.0
"""执行装置供电 — how long, and for how many operations, a lock that opens without power stays locked."""

from __future__ import annotations

from yanshou.fixtures.api import Door, DoorCommand, MeterOf, Record, measures, rectangular

_READINGS = 3
_WATCH_S = 600.0
_HOUR_S = 3600.0
_NO_MAINS = "检测台不能切断该锁的市电（接线 mains），以人工断电另行检测"


@measures(
    "lock_backup_supply_duration", instruments=("multimeter",), wires=("lock_coil",),
    if_allowed=("power_cut", "lock_release"), operator=True, waits={"lock_standby_s": _WATCH_S},
)  # fmt: skip
def test_lock_backup_supply_duration(
    door: Door, manual_meter: MeterOf, fewest_asked: int, record: Record
) -> None:
    """Without mains the lock stays locked; capacity with ageing over the measured current gives the time.

    Watched for as long as the clauses ask, the time is measured and nothing is estimated.
    """
    if door.lock.is_active():
        record.cannot("断开市电前门锁已处于释放状态")
    cuts = "mains" in door.circuits and record.may("power_cut")
    watched = _watched(door, record) if cuts else 0.0
    if watched is None:
        return
    asked = fewest_asked * _HOUR_S
    if asked and watched >= asked:
        record.at_least(watched / _HOUR_S, "h")
    else:
        _estimated(door, manual_meter, record, watched)
    if cuts:
        door.restore("mains")


def _watched(door: Door, record: Record) -> float | None:
    """How long the lock was seen locked without mains, in seconds; None when it gave up: that is recorded.

    The mains stays cut: the current is read from the standby supply.
    """
    seconds = record.parameter("lock_standby_s", _WATCH_S)  # supports the estimate, decides nothing
    cut = door.disturb("mains")
    released = door.released_within(seconds, since=cut)
    if released is None:
        return seconds
    door.restore("mains")
    lasted = released - cut
    record.values(
        [max(0.0, lasted.middle) / _HOUR_S], "h", [rectangular("moment it gave up", 1 / _HOUR_S, "1 s")]
    )
    record.deviation(f"断开市电 {lasted.middle:.1f} s 后门锁释放")
    return None


def _estimated(door: Door, meter_of: MeterOf, record: Record, watched: float) -> None:
    """The capacity with ageing over the current that is read without mains, the lock locked."""
    capacity = door.device.quantity("battery_ah", "Ah", 0.0)
    if not capacity:
        record.cannot("点位表未给出该锁备用电源的容量（battery_ah）")
    meter = meter_of("multimeter")
    currents = [
        meter.ask("dc_current", "A", "lock.current", key=f"lock.current{number}", number=number)
        for number in range(1, _READINGS + 1)
    ]
    share, spread = record.criterion("ageing"), record.criterion("ageing_spread")
    method = f"额定容量 {capacity:g} Ah × 老化系数 {share:g} ÷ 实测锁闭电流；" + (
        f"断开市电 {watched:g} s，门锁保持锁闭" if watched else "未做断电"
    )
    ageing = rectangular("ageing of the battery", spread / share, f"judgement: {share:g} ± {spread:g}")
    record.quotient(share * capacity, currents, meter, "h", relative=[ageing], method=method)


@measures(
    "lock_operations_on_backup",
    wires=("lock_coil", "mains"),
    intrusive=("power_cut", "lock_release"),
    seconds=150,
)
def test_lock_operations_on_backup(door: Door, fewest_asked: int, record: Record) -> None:
    """Without mains the lock is released and locks again, as often as the clause asks."""
    if "mains" not in door.circuits:
        record.cannot(_NO_MAINS)
    tries = record.times("standby_operations", fewest_asked, "备用电源下开启")
    cut = door.disturb("mains")
    if door.opened_since(cut, within=record.criterion("settles_s")):
        record.deviation("断开市电即释放门锁")
        record.number(0, n=1)
        return
    done = 0
    while done < tries and _operated(door):
        done += 1
    door.restore("mains")
    record.number(done, at_least=done if done == tries else None, n=tries)


def _operated(door: Door) -> bool:
    """Whether the lock was released once and locked again."""
    if not door.can(DoorCommand.HOLD_OPEN):
        released = door.wait_released(since=door.present_authorised())
        return released is not None and door.wait_locked(since=released) is not None
    released = door.wait_released(since=door.command(DoorCommand.HOLD_OPEN))
    return released is not None and door.wait_locked(since=door.take_back(DoorCommand.HOLD_OPEN)) is not None
