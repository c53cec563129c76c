# SPDX-License-Identifier: Apache-2.0
"""出入口控制与中心 — commands and approvals of the centre, events and alarms that reach it."""

from __future__ import annotations

from yanshou.fixtures.api import (
    AccessRecords,
    Ask,
    Card,
    Door,
    DoorCommand,
    DoorSignal,
    Entrances,
    Record,
    WantedRecord,
    measures,
)
from yanshou.model import Instant

_LOCK = ("lock_coil",)
_HELD_S = 5.0  # the lock of a passage, where nobody stated its time
_OF_A_CARD = frozenset({"granted", "denied"})  # a record of a forced door names nobody, and may come late
_ALARMS = {"buzzer": "声", "lamp": "光"}


@measures("central_command_to_lock_time", wires=_LOCK, repetitions=3, intrusive=("lock_release",), seconds=10)
def test_central_command_to_lock_time(door: Door, record: Record) -> None:
    """The centre commands the door open, and closed where it can: timed until the lock's coil changes."""
    if not door.can(DoorCommand.UNLOCK):
        record.cannot("检测台不能发出中心的开启命令：设备描述文件无 unlock，也未接继电器 command")
    closes = door.can(DoorCommand.HOLD_OPEN)
    for _ in record.repetitions:
        others = door.watch_others()
        given = door.command(DoorCommand.UNLOCK)
        released = door.wait_released(since=given)
        record.latency(given, released)
        record.seen_in_passing(f"中心命令同时释放了 {one}" for one in others.released())
        if released is not None and door.wait_locked(since=released) is None:
            record.invalid("门锁释放后未再锁闭，其后的释放无从计时")
            return
        if closes:
            _closed_by_command(door, record)
    if not closes:
        record.deviation("检测台不能发出关闭命令，只检测开启命令")


def _closed_by_command(door: Door, record: Record) -> None:
    """A door that the centre holds open is closed by the centre: timed until the lock's coil is at rest."""
    given = door.command(DoorCommand.HOLD_OPEN)
    if door.wait_released(since=given) is None:
        record.latency(given, None)
        return
    given = door.take_back(DoorCommand.HOLD_OPEN)
    record.latency(given, door.locked_within(record.patience, since=given))


@measures(
    "remote_approval_to_lock_time", wires=("reader|reader_line", "lock_coil"), repetitions=3,
    intrusive=("lock_release",), seconds=10,
)  # fmt: skip
def test_remote_approval_to_lock_time(door: Door, record: Record) -> None:
    """A credential that needs approval is presented and opens nothing; approved, the lock moves: timed."""
    if not (door.has(Card.APPROVED) and door.can(DoorCommand.APPROVE)):
        record.cannot("检测台没有须核准的凭证（approval），或不能发出核准（approve）")
    for _ in record.repetitions:
        presented = door.present(Card.APPROVED)
        if door.opened_since(presented, within=record.criterion("unapproved_s")):
            record.deviation("途中发现：未经核准即释放了门锁，核准不起作用")
            record.latency(presented, None)
            return
        others = door.watch_others()
        approved = door.command(DoorCommand.APPROVE)
        released = door.wait_released(since=approved)
        record.latency(approved, released)
        record.seen_in_passing(f"中心命令同时释放了 {one}" for one in others.released())
        if released is not None and door.wait_locked(since=released) is None:
            record.invalid("门锁释放后未再锁闭，其后的释放无从计时")
            return


@measures(
    "access_event_transfer_time", wires=("reader|reader_line", "lock_coil"), repetitions=3,
    intrusive=("lock_release",), seconds=5,
)  # fmt: skip
def test_access_event_transfer_time(door: Door, access_records: AccessRecords | None, record: Record) -> None:
    """A credential is presented; timed until its record is at the centre."""
    if access_records is None:
        record.cannot("中心的事件记录不能由检测台读取（设备描述文件无 event_record）")
    record.deviation("计时至中心接口给出记录，不含界面显示")
    first, made = access_records.newest(), 0
    wanted = WantedRecord(door.number, door.log_user(Card.UNAUTHORISED), _OF_A_CARD)
    for _ in record.repetitions:
        before = access_records.newest()
        presented = door.present_unauthorised()
        seen = access_records.wait(before, wanted, since=presented, within=record.patience)
        record.latency(presented, seen)
        if seen is None:  # a record that is still to come would be taken for the next
            return
        made += 1
    access_records.arrivals(first, made, still_s=record.patience, within=made * record.patience)
    came = sum(wanted.fits(one) for one in access_records.since(first))
    if came > made:
        record.invalid(
            f"出示 {made} 次，到达 {came} 条记录：不知各为哪一次的 / "
            f"{made} presentations, {came} records: which is whose is not known"
        )


@measures(
    "priority_command_works",
    wires=("reader|reader_line", "lock_coil"),
    intrusive=("lock_release",),
    seconds=25,
)
def test_priority_command_works(door: Door, record: Record) -> None:
    """Held open by the centre the lock stays released; blocked, not even a credential that may pass opens."""
    if not (door.can(DoorCommand.HOLD_OPEN) and door.can(DoorCommand.BLOCK)):
        record.cannot("检测台不能发出开放、封锁命令（设备描述文件无 hold_open、block）")
    others = door.watch_others()
    wrong = _held_open(door)
    within = record.criterion("opens_within_s")
    door.released_within(record.criterion("settles_s"), since=door.command(DoorCommand.BLOCK))
    wrong += ["封锁期间有权凭证仍释放了门锁"] if door.opened_since(door.present_authorised(), within) else []
    lifted = door.take_back(DoorCommand.BLOCK)
    door.released_within(record.criterion("settles_s"), since=lifted)
    again = door.wait_released(since=door.present_authorised())
    wrong += ["解除封锁后有权凭证不能开门"] if again is None else []
    if again is not None:
        door.wait_locked(since=again)
    wrong += others.wrong()
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


def _held_open(door: Door) -> list[str]:
    released = door.wait_released(since=door.command(DoorCommand.HOLD_OPEN))
    if released is None:
        door.take_back(DoorCommand.HOLD_OPEN)
        return ["开放命令未释放门锁"]
    wrong = ["开放期间门锁重新锁闭"] if door.locked_again(since=released, within=_beyond(door)) else []
    back = door.take_back(DoorCommand.HOLD_OPEN)
    return wrong or ([] if door.wait_locked(since=back) is not None else ["结束开放后门锁未锁闭"])


def _beyond(door: Door) -> float:
    """Longer than the lock stays released for one passage, in seconds."""
    return (door.opens_for or _HELD_S) + 1.0


@measures("controller_link_loss_alarm", wires=("link",), intrusive=("network_cut",), seconds=10)
def test_controller_link_loss_alarm(entrances: Entrances, ask: Ask, record: Record) -> None:
    """The link to the centre is cut: the centre says so. Whether it latches that is not asked."""
    reports = entrances.controller.reports(DoorSignal.LINK)
    if reports and entrances.shows(DoorSignal.LINK):
        record.cannot("试验前已显示通信中断")
    cut = entrances.disturb("link")
    shown = (
        entrances.wait_for(DoorSignal.LINK, since=cut) is not None
        if reports
        else ask.yes("link.told", controller=entrances.device.name)
    )
    entrances.restore("link")
    record.logical(conforms=shown, because="" if shown else "通信中断未报警")


@measures("alarm_by_sound_and_light", seconds=10)
def test_alarm_by_sound_and_light(entrances: Entrances, ask: Ask, record: Record) -> None:
    """A door is forced open: the alarm at the centre is heard and seen, by sensors or by a person."""
    door = next((one for one in entrances.doors if one.contact is not None), None)
    if door is None:
        record.cannot("检测台未接入任何门磁，不能触发报警")
    early = [_ALARMS[role] for role, sensor in entrances.seen.items() if sensor.is_active()]
    if early:
        record.cannot(f"试验前已有{'、'.join(early)}提示")
    forced = door.force_open()
    wrong = [label for role, label in _ALARMS.items() if not _noticed(entrances, role, forced, ask)]
    record.logical(conforms=not wrong, n=len(_ALARMS), because=f"无{'、'.join(wrong)}提示" if wrong else "")


def _noticed(entrances: Entrances, role: str, forced: Instant, ask: Ask) -> bool:
    """Whether the alarm was heard (``buzzer``) or seen (``lamp``)."""
    sensor = entrances.seen.get(role)
    if sensor is None:
        return ask.yes(f"alarm.{role}")
    return sensor.wait_active(since=forced, within=entrances.patience) is not None
