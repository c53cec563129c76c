# SPDX-License-Identifier: Apache-2.0
"""出入口控制 — from the credential to the lock, forced doors, wrong credentials."""

from __future__ import annotations

from yanshou.fixtures.api import Door, DoorSignal, Record, measures

_RELEASED = "未出示凭证时门锁已处于释放状态"
_WIRES = ("reader", "contact", "lock_coil")
_REFUSED = 6  # a controller that opens at each third credential only is found twice


@measures("credential_to_lock_time", wires=_WIRES, repetitions=3, intrusive=("lock_release",), seconds=6)
def test_credential_to_lock_time(door: Door, record: Record) -> None:
    """An authorised credential is presented; timed until the lock's coil changes."""
    for _ in record.repetitions:
        presented = door.present_authorised()
        released = door.wait_released(since=presented)
        record.latency(presented, released)
        if released is not None and door.wait_locked(since=released) is None:
            record.invalid("门锁释放后未再锁闭，其后的释放无从计时")
            return


@measures("door_opens_alone_and_locks_again", wires=_WIRES, intrusive=("lock_release",), seconds=6)
def test_door_opens_alone_and_locks_again(door: Door, record: Record) -> None:
    """An authorised credential is presented: this lock is released, no other, and locks again."""
    if door.lock.is_active():
        record.logical(conforms=False, because=_RELEASED)
        return
    beside = door.others_at_rest()
    presented = door.present_authorised()
    released = door.wait_released(since=presented)
    locked = released is not None and door.wait_locked(since=released) is not None
    others = door.opened_too(beside, since=presented)
    wrong = ["有权凭证未释放门锁"] if released is None else []
    wrong += ["门锁释放后未再锁闭"] if released is not None and not locked else []
    wrong += [f"同时释放了其他门锁：{'、'.join(others)}"] if others else []
    record.logical(conforms=not wrong, because="；".join(wrong))


@measures("unauthorised_credential_refused", wires=_WIRES, intrusive=("lock_release",), seconds=18)
def test_unauthorised_credential_refused(door: Door, record: Record) -> None:
    """A credential without a right is presented again and again: no lock of the controller is released."""
    if door.lock.is_active():
        record.logical(conforms=False, because=_RELEASED)
        return
    opened: list[str] = []
    tries = record.times("refusal_tries", _REFUSED, "无权凭证")
    for number in range(1, tries + 1):
        beside = door.others_at_rest()
        presented = door.present_unauthorised()
        if door.opened_since(presented, within=record.criterion("opens_within_s")):
            opened.append(f"第 {number} 次释放了门锁")
        others = door.opened_too(beside, since=presented)
        opened += [f"第 {number} 次释放了 {other}" for other in others]
        if opened:
            break
    record.logical(conforms=not opened, n=number, because="；".join(opened))


@measures("forced_door_alarm", wires=_WIRES)
def test_forced_door_alarm(door: Door, record: Record) -> None:
    """The door is opened without a credential: the controller shows it forced."""
    forced = door.force_open()
    shown = door.wait_for(DoorSignal.FORCED, since=forced)
    door.close()
    record.logical(conforms=shown is not None, because="" if shown else "强行开门未报警")


@measures("forced_door_alarm_time", wires=_WIRES, repetitions=3)
def test_forced_door_alarm_time(door: Door, record: Record) -> None:
    """The door is opened without a credential; timed until the controller shows it forced."""
    for _ in record.repetitions:
        forced = door.force_open()
        record.latency(forced, door.wait_for(DoorSignal.FORCED, since=forced))
        door.bring_to_rest()


@measures("wrong_credentials_to_alarm", wires=_WIRES, intrusive=("lock_release",), seconds=5)
def test_wrong_credentials_to_alarm(door: Door, record: Record) -> None:
    """An unauthorised credential is presented again and again; counted until the controller alarms."""
    most, within = round(record.criterion("tries")), record.criterion("told_within_s")
    for tries in range(1, most + 1):
        presented = door.present_unauthorised()
        alarmed = door.wait_for(DoorSignal.WRONG_CREDENTIAL, since=presented, within=within) is not None
        if door.opened_since(presented, within=within):
            record.deviation(f"途中发现：第 {tries} 次无权凭证释放了门锁，未作为错误操作报警")
            record.number(0, at_least=most)
            return
        if alarmed:
            record.number(tries)
            return
    record.number(0, at_least=most)
