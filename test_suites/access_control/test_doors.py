# SPDX-License-Identifier: Apache-2.0
"""出入口控制 — from the credential to the lock, forced doors, wrong credentials."""

from __future__ import annotations

from functools import partial

from yanshou.fixtures.api import (
    Card,
    Door,
    DoorSignal,
    Record,
    Refusal,
    RefusalOf,
    RightOpeningOf,
    Together,
    measures,
)
from yanshou.model import Instant

_RELEASED = "未出示凭证时门锁已处于释放状态"
_ANY_READER = ("reader|reader_line", "lock_coil")
_WIRES = ("reader", "contact", "lock_coil")
_ALONE = "door_opens_alone_and_locks_again"
_OTHERWISE = {
    DoorSignal.WRONG_CREDENTIAL: "错误操作",
    DoorSignal.DURESS: "胁迫",
    DoorSignal.TAMPER: "识读装置防拆",
    DoorSignal.FAULT: "识读装置故障",
}
_REFUSED = 30  # a controller that opens at each thirtieth credential is found


@measures("credential_to_lock_time", wires=_ANY_READER, repetitions=3, intrusive=("lock_release",), seconds=6)
def test_credential_to_lock_time(door: Door, record: Record) -> None:
    """An authorised credential is presented; timed until the lock's coil changes.

    Each time other locks are watched, too, and how long this one stays released.
    """
    for _ in record.repetitions:
        others = door.watch_others()
        presented = door.present_authorised()
        released = door.wait_released(since=presented)
        record.latency(presented, released)
        locked = None if released is None else door.wait_locked(since=released)
        record.seen_in_passing([*others.wrong(), *_too_long(door, released, locked, record)], of=_ALONE)
        if released is not None and locked is None:
            record.invalid("门锁释放后未再锁闭，其后的释放无从计时")
            return


@measures("door_opens_alone_and_locks_again", wires=_ANY_READER, intrusive=("lock_release",), seconds=6)
def test_door_opens_alone_and_locks_again(door: Door, record: Record) -> None:
    """An authorised credential is presented: this lock is released, no other, and locks again in its time."""
    if door.lock.is_active():
        record.logical(conforms=False, because=_RELEASED)
        return
    others = door.watch_others()
    presented = door.present_authorised()
    released = door.wait_released(since=presented)
    locked = None if released is None else door.wait_locked(since=released)
    wrong = ["有权凭证未释放门锁"] if released is None else []
    wrong += others.wrong()
    wrong += _too_long(door, released, locked, record)
    if door.opens_for is None:
        record.deviation("点位表未给出开启时间（lock_open_s），只核对 15 s 内重新锁闭")
    record.logical(conforms=not wrong, because="；".join(wrong))


def _too_long(door: Door, released: Instant | None, locked: Instant | None, record: Record) -> list[str]:
    """In words, that a released lock stayed so, or longer than set; by how much longer is a criterion."""
    if released is None:
        return []
    if locked is None:
        return ["门锁释放后未再锁闭"]
    due, least = door.opens_for, (locked - released).least
    late = record.criterion_of(_ALONE, "locks_late_s")
    if due is None or late is None or least <= due + late:
        return []
    return [f"设定释放 {due:g} s，{least:.1f} s 后才锁闭"]


_refused = partial(measures, intrusive=("lock_release",), together=Together.DOORS)


@_refused("unauthorised_credential_refused", wires=("reader", "lock_coil"), seconds=30)
def test_unauthorised_credential_refused(refusal_of: RefusalOf, record: Record) -> None:
    """A credential without a right is presented again and again: no lock of the controller is released."""
    tries = record.times("refusal_tries", _REFUSED, "无权凭证")
    _judged(refusal_of(Card.UNAUTHORISED, tries), record)


@_refused("payment_card_gives_no_access", wires=_ANY_READER, seconds=20)
def test_payment_card_gives_no_access(door: Door, refusal_of: RefusalOf, record: Record) -> None:
    """A card with payment rights alone is presented: no lock of the controller is released."""
    if not door.has(Card.PAYMENT):
        record.cannot("检测台没有仅有消费权限的卡（凭证注入器属性 payment）")
    _judged(refusal_of(Card.PAYMENT, round(record.criterion("tries"))), record)


def _judged(found: Refusal, record: Record) -> None:
    """The way to the lock is proven before and after; in between nothing may be released."""
    if found.released:
        record.logical(conforms=False, because=_RELEASED)
        return
    if not found.proven_before:
        record.cannot("有权凭证未释放门锁：凭证是否到达识读装置无从证实")
    wrong = [f"第 {found.opened} 次释放了门锁"] if found.opened is not None else []
    wrong += [f"第 {found.tries} 次释放了 {other}" for other in found.others]
    if not wrong and not found.proven_after:
        record.cannot("其后有权凭证也未释放门锁：识读装置可能已锁定，其间各次未被识读")
    record.logical(conforms=not wrong, n=found.tries, because="；".join(wrong))


@measures(
    "forced_door_alarm",
    wires=("contact", "lock_coil"),
    if_allowed=("lock_release",),
    seconds=10,
    together=Together.DOORS,
)
def test_forced_door_alarm(door: Door, right_opening: RightOpeningOf, record: Record) -> None:
    """The door is opened without a credential: the controller shows it forced, and no other door.

    Opened by a credential that may pass, it is not shown as forced: a controller that shows every opening
    tells nothing apart. What else it shows at this door is told; no clause here forbids it.
    """
    wrong = _forced_by_right(door, right_opening, record)
    quiet = [one for one in _OTHERWISE if door.controller.reports(one) and not door.shows(one)]
    others, locks = door.others_without(DoorSignal.FORCED), door.watch_others()
    forced = door.force_open()
    shown = door.wait_for(DoorSignal.FORCED, since=forced)
    beside = others.showing()
    record.seen_in_passing(locks.wrong(), of="unauthorised_credential_refused")
    record.seen_in_passing(f"强行开门另显示为{_OTHERWISE[one]}" for one in quiet if door.shows(one))
    door.close()
    wrong += [] if shown else ["强行开门未报警"]
    wrong += [f"同时显示于其他门：{'、'.join(beside)}"] if beside else []
    record.logical(conforms=not wrong, because="；".join(wrong))


def _forced_by_right(door: Door, right_opening: RightOpeningOf, record: Record) -> list[str]:
    """Whether an opening by a credential that may pass is shown as forced; said where it was not tried."""
    if door.credential is None or not record.may("lock_release"):
        record.deviation("未核对有权开门是否误报为强行开门：检测台无凭证，或未允许释放门锁")
        return []
    found = right_opening()
    if not found.released:
        record.deviation("未核对有权开门是否误报为强行开门：有权凭证未释放门锁")
    return ["有权凭证开门也显示为强行开门"] if found.forced else []


@measures("forced_door_alarm_time", wires=("contact", "lock_coil"), repetitions=3)
def test_forced_door_alarm_time(door: Door, record: Record) -> None:
    """The door is opened without a credential; timed until the controller shows it forced, and only it.

    The other doors are watched from the first opening until a scan after the last.
    """
    others = door.others_without(DoorSignal.FORCED)
    for number in record.repetitions:
        forced = door.force_open()
        record.latency(forced, door.wait_for(DoorSignal.FORCED, since=forced))
        if number == record.planned_repetitions:
            beside = [f"同时显示于其他门：{one}" for one in others.showing()]
            record.seen_in_passing(beside, of="forced_door_alarm")
        door.bring_to_rest()


def _wrong_by_right(door: Door, within: float, record: Record) -> None:
    """Whether a credential that may pass is shown as a wrong one; said where it was not tried."""
    if not door.has(Card.AUTHORISED):
        record.deviation("未核对有权凭证是否也报错误操作：检测台无有权凭证")
        return
    presented = door.present_authorised()
    alarmed = door.wait_for(DoorSignal.WRONG_CREDENTIAL, since=presented, within=within)
    released = door.wait_released(since=presented)
    if released is None:
        record.deviation("未核对有权凭证是否也报错误操作：有权凭证未释放门锁")
        return
    door.wait_locked(since=released)
    if alarmed is not None:
        record.seen_in_passing(["有权凭证也报错误操作"], of="wrong_credentials_to_alarm")
        door.bring_to_rest()  # an alarm that is shown already is none for the next


@measures("wrong_credentials_to_alarm", wires=("reader", "lock_coil"), intrusive=("lock_release",), seconds=8)
def test_wrong_credentials_to_alarm(door: Door, record: Record) -> None:
    """An unauthorised credential is presented again and again; counted until the controller alarms.

    For one that may pass it does not: a controller that alarms at every credential counts nothing.
    """
    most, within = round(record.criterion("tries")), record.criterion("told_within_s")
    _wrong_by_right(door, within, record)
    others = door.others_without(DoorSignal.WRONG_CREDENTIAL)
    for tries in range(1, most + 1):
        presented = door.present_unauthorised()
        alarmed = door.wait_for(DoorSignal.WRONG_CREDENTIAL, since=presented, within=within)
        if door.opened_since(presented, within=within):
            opened = f"第 {tries} 次无权凭证释放了门锁，未作为错误操作报警"
            record.seen_in_passing([opened], of="unauthorised_credential_refused")
            record.number(0, at_least=most)
            return
        if alarmed is not None:
            record.seen_in_passing(f"错误操作同时显示于 {one}" for one in others.showing(alarmed))
            record.number(tries)
            return
    record.number(0, at_least=most)
