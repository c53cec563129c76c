# SPDX-License-Identifier: Apache-2.0
"""出入记录 — events kept while the link is cut, what a record says, what survives a power failure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from yanshou.fixtures.api import (
    AccessRecords,
    Ask,
    Card,
    Door,
    Entrances,
    MadeEvent,
    Record,
    WantedRecord,
    arrived,
    card_number,
    cards,
    measures,
    nobody_made,
    record_faults,
    rectangular,
    unclear_times,
)
from yanshou.model import RigFault, now

_UNREAD = "中心的事件记录不能由检测台读取（设备描述文件无 event_record）"
_GAP_S = 0.3  # between two cards at a reader
_MINUTE = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}"
_SHOWN = 3


@measures(
    "local_event_capacity", wires=("reader", "lock_coil"), intrusive=("lock_release", "network_cut"),
    seconds=60, waits={"card_gap_s": _GAP_S},
)  # fmt: skip
def test_local_event_capacity(
    door: Door, access_records: AccessRecords | None, fewest_asked: int, record: Record
) -> None:
    """With the link cut more events are made than a clause asks for; back again, all arrive in order."""
    if "link" not in door.circuits:
        record.cannot("检测台未接线 link")
    if access_records is None:
        record.cannot(_UNREAD)
    wanted = record.times("offline_events", fewest_asked + 1, "离线时产生事件")
    known = {
        door.source.credential(card) for card in Card if door.has(card) and card is not Card.UNAUTHORISED
    }
    series = cards(door.source.credential(Card.UNAUTHORISED), wanted, other_than=known)
    ahead, before = access_records.ahead_s(), access_records.newest()
    cut = door.disturb("link")
    door.released_within(record.criterion("settles_s"), since=cut)
    locked = tuple(one for one in (door.lock, *door.others) if not one.is_active())
    made = _made(door, access_records, series, record)
    opened = door.opened_too(locked, since=cut)
    record.seen_in_passing(
        [f"离线时无权凭证释放了门锁 {one}" for one in opened], of="unauthorised_credential_refused"
    )
    before = _newest_of_before(access_records, before, ahead, made, record)
    door.restore("link")
    still, within = record.criterion("still_s"), record.criterion("arrive_within_s")
    access_records.arrivals(before, wanted, still_s=still, within=within)
    ours = {one.user for one in made}
    found = [one for one in access_records.since(before, ahead_s=ahead)
             if one.kind == "denied" or one.user in ours]  # fmt: skip
    access_records.kept(found)
    if unclear := unclear_times(found):
        record.unproven(unclear)
    seen = arrived(made, found)
    late = [fault for one in made for fault in record_faults(one, found, late_s=record.criterion("late_s"))
            if "记录时间" in fault]  # fmt: skip
    if seen.lost:
        access_records.require_known(door.number, ours, found)
        access_records.require_whole(before)
    faults = seen.faults() + late[:_SHOWN]
    if faults:
        record.deviation("；".join(faults))
    oldest = list(seen.lost) == list(made[: len(seen.lost)])
    if opened or seen.doubled or seen.out_of_order or seen.strange or late or not oldest:
        record.number(0, n=wanted)  # no number of events is kept as they were made
    elif seen.lost:
        record.number(seen.kept, n=wanted)
    else:
        record.number(wanted, at_least=wanted, n=wanted)


def _made(door: Door, records: AccessRecords, series: list[str], record: Record) -> list[MadeEvent]:
    """Present every card of the series, and wait for the last and until the first is old enough."""
    gap, begun, made = record.parameter("card_gap_s", _GAP_S), now(), []
    for credential in series:
        since = door.send(credential)
        made.append(records.made("denied", door.number, card_number(credential), since))
        time.sleep(gap)
    time.sleep(max(record.criterion("settles_s"), begun + record.criterion("offline_s") - now()))
    return made


def _newest_of_before(
    records: AccessRecords, before: int, ahead: float, made: Sequence[MadeEvent], record: Record
) -> int:
    """The number of the newest record of an event before the cut; it may have arrived after that.

    What happened since and arrives although the link is cut was never kept by the controller.
    """
    try:
        if records.newest() == before:
            return before
        came = records.since(before, ahead_s=ahead)
    except RigFault:  # no answer at all is a cut link, too
        return before
    ours = {one.identity for one in made}
    if not came or any(one.identity in ours or one.at >= made[0].earliest for one in came):
        record.cannot("通信中断期间事件仍到达中心：检测台的 link 没有切断通信")
    return came[-1].number


@measures("access_record_complete", intrusive=("lock_release",), seconds=30)
def test_access_record_complete(
    entrances: Entrances, access_records: AccessRecords | None, ask: Ask, record: Record
) -> None:
    """Events of each door are made; each has a record of who, where, when and what, under its own door."""
    if access_records is None:
        _by_a_person(ask, record)
        return
    late = record.criterion("late_s")
    ahead, first = access_records.ahead_s(), access_records.newest()
    wrong: list[str] = []
    unclear = ""
    events: list[MadeEvent] = []
    for door in entrances.doors:
        for kind, card in (("granted", Card.AUTHORISED), ("denied", Card.UNAUTHORISED), ("forced", None)):
            if (door.credential if card else door.contact) is None:
                continue
            before = access_records.newest()
            since = door.present(card) if card else door.force_open()
            if kind == "granted" and (released := door.wait_released(since=since)) is not None:
                door.wait_locked(since=released)
            user = (door.log_user(card) or 0) if card else 0
            within = record.criterion("arrive_within_s")
            wanted = WantedRecord(door.number, user, frozenset({kind}))
            access_records.wait(before, wanted, since=since, within=within)
            made = access_records.made(kind, door.number, user, since)
            found = access_records.since(before, ahead_s=ahead)
            access_records.kept(found)
            if faults := record_faults(made, found, late_s=late):
                access_records.require_known(door.number, {user}, found)
                access_records.require_whole(before)
            wrong += faults
            unclear = unclear or unclear_times(found)
            events += [made] * (3 if kind == "granted" and door.leaving is not None else 1)
        door.bring_to_rest()
    if not events:
        record.cannot("检测台未接入任何识读装置或门磁，不能产生事件")
    if unclear:
        record.unproven(unclear)
    if not wrong:  # a record under a wrong door is one that nobody made; it is told already
        wrong = nobody_made(events, access_records.since(first))
    record.logical(conforms=not wrong, n=len(set(events)), because="；".join(wrong[:_SHOWN]))


def _by_a_person(ask: Ask, record: Record) -> None:
    """A record that is called up at the centre and exported, where no wire reads it."""
    label = {"who": "目标", "where": "位置", "when": "时间（年四位至秒）", "what": "行为"}
    missing = [one for key, one in label.items() if not ask.yes(f"record.{key}")]
    ask.text("record.reference")
    ask.photo("record.photo", scan=True)
    record.logical(
        conforms=not missing, n=len(label), because=f"缺少：{'、'.join(missing)}" if missing else ""
    )


@measures("access_log_kept_without_power", operator=True)
def test_access_log_kept_without_power(ask: Ask, record: Record) -> None:
    """The controller was without power between two moments written down; its events can still be read."""
    off = ask.text("access_log.off", pattern=_MINUTE)
    on = ask.text("access_log.on", pattern=_MINUTE)
    whole = ask.yes("access_log.whole", off=off, on=on)
    ask.photo("access_log.evidence", scan=True)
    begun, ended = _at(off, record), _at(on, record)
    if not begun < ended <= datetime.now():  # noqa: DTZ005 - times of the place, like those typed
        record.cannot(f"断电 {off}、恢复供电 {on}：先后不对或在将来")
    hours = (ended - begun).total_seconds() / 3600
    if not whole:
        record.deviation(f"断电 {hours:.1f} h 后记录不全")
    record.values([hours if whole else 0.0], "h", [rectangular("times as written", 2 / 60, "to the minute")])


def _at(text: str, record: Record) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError:
        _no_time(text, record)


def _no_time(text: str, record: Record) -> NoReturn:
    record.cannot(f"{text} 不是日历中的时间")
