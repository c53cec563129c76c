# SPDX-License-Identifier: Apache-2.0
"""凭证 — duress, a second entry, codes that can be guessed."""

from __future__ import annotations

from yanshou.fixtures.api import (
    AccessRecords,
    Ask,
    Card,
    Door,
    DoorSignal,
    Record,
    WantedRecord,
    evaluate,
    measures,
)
from yanshou.model import Instant

_ANY_READER = ("reader|reader_line", "lock_coil")
_REFUSED = frozenset({"passback", "denied"})
_MOST_CODES, _MOST_USERS = 10**15, 10**9


@measures("duress_credential_alarm", wires=_ANY_READER, intrusive=("lock_release", "hold_up"), seconds=15)
def test_duress_credential_alarm(door: Door, ask: Ask, record: Record) -> None:
    """The duress credential opens as usual and warns the centre; an ordinary one opens and does not."""
    if not door.has(Card.DURESS):
        record.cannot("检测台没有胁迫凭证（凭证注入器属性 duress）")
    shown_here = door.controller.reports(DoorSignal.DURESS)
    wrong = _used(door, Card.AUTHORISED, "有权凭证")
    wrong += ["有权凭证也显示为胁迫"] if shown_here and door.shows(DoorSignal.DURESS) else []
    others = door.others_without(DoorSignal.DURESS) if shown_here else None
    locks = door.watch_others()
    presented = door.present(Card.DURESS)
    wrong += _outcome(door, door.wait_released(since=presented), "胁迫凭证")
    wrong += locks.wrong()
    if others is not None:
        warned = door.wait_for(DoorSignal.DURESS, since=presented) is not None
        beside = others.showing()
        wrong += [f"同时显示于其他门：{'、'.join(beside)}"] if beside else []
    else:
        warned = ask.yes("console.duress", door=door.device.name)
    wrong += [] if warned else ["监控台未显示胁迫"]
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


def _used(door: Door, card: Card, label: str, *, passing: bool = False) -> list[str]:
    """What is wrong with a credential that opens; ``passing``: the door is opened and closed, too."""
    released = door.wait_released(since=door.present(card))
    if released is not None and passing and door.contact is not None:
        door.open()
        door.close()
    return _outcome(door, released, label)


def _outcome(door: Door, released: Instant | None, label: str) -> list[str]:
    """What is wrong with a passage by a credential that opens."""
    if released is None:
        return [f"{label}未释放门锁"]
    return [] if door.wait_locked(since=released) is not None else [f"{label}释放门锁后未再锁闭"]


@measures("anti_passback_works", wires=_ANY_READER, intrusive=("lock_release",), seconds=20)
def test_anti_passback_works(door: Door, access_records: AccessRecords | None, record: Record) -> None:
    """Somebody enters, and enters again without having left: refused and recorded; once out, he may enter."""
    within = record.criterion("opens_within_s")
    if _used(door, Card.AUTHORISED, "有权凭证", passing=True):
        record.cannot("首次进入未正常放行，第二次无从检测")
    before = access_records.newest() if access_records is not None else 0
    signals = [one for one in (DoorSignal.PASSBACK, DoorSignal.DENIED) if door.controller.reports(one)]
    before_it = [one for one in signals if door.shows(one)]
    others = door.watch_others()
    second = door.present(Card.AUTHORISED, again=True)
    wrong = ["未离开而再次进入时释放了门锁"] if door.opened_since(second, within=within) else []
    wrong += others.wrong()
    if access_records is not None:
        wanted = WantedRecord(door.number, door.log_user(Card.AUTHORISED), _REFUSED)
        recorded = access_records.wait(before, wanted, since=second, within=record.patience) is not None
    else:
        recorded = any(door.shows(one) for one in signals if one not in before_it)
        if before_it and not (recorded or wrong):
            record.cannot("再次进入前控制器已显示拒绝：是否为本次所记无从判断")
    wrong += [] if recorded or wrong else ["拒绝再次进入未记录"]
    if door.leaving is None:
        record.deviation("检测台未接出门识读装置（reader_out），未核对离开后可再次进入")
    else:
        door.go_out()
        wrong += [f"离开后{one}" for one in _used(door, Card.AUTHORISED, "有权凭证")]
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("code_ratio", operator=True)
def test_code_ratio(ask: Ask, record: Record) -> None:
    """The codes that are possible, divided by those that are allotted, as the settings show them."""
    possible = ask.count("codes.possible", low=1, high=_MOST_CODES)
    allotted = ask.count("codes.allotted", low=1, high=_MOST_USERS)
    ask.photo("codes.photo", scan=True)
    because = f"可用密码 {possible} 个，已分配 {allotted} 个"
    record.measurement(evaluate.exact("code_ratio", record.device, possible / allotted, "1", because))
