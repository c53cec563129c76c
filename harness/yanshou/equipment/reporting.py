# SPDX-License-Identifier: Apache-2.0
"""What a panel reports to the bench's receiving centre, as a test sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from yanshou.acquisition.centre import CentreAnswer, ReceivedMessage
from yanshou.drivers.capabilities import AlarmReceiver
from yanshou.equipment.zone import Zone
from yanshou.model import Device, Instant, RigFault, now
from yanshou.protocols.dc09 import Dc09Token, EventClass, Qualifier
from yanshou.rig.item_journal import ItemJournal

_HEARD_S = 5.0
_REST_TRIES = 3  # times without a fault of a path: the first may show what is left of an earlier cut
_SHOWN = 8  # unreadable entries that go into the journal for one wait
_CLASSES = {"hold_up": EventClass.HOLD_UP, "fire": EventClass.FIRE}

_ALARMS = frozenset({EventClass.ALARM, EventClass.HOLD_UP, EventClass.TAMPER, EventClass.FIRE})


@dataclass(slots=True)
class Reporting:
    """One alarm link. ``patience`` is how long an event is waited for, in seconds.

    Only entries after ``begin`` count. An event is the first arrival of a message that was read and belongs
    to the account; repetitions do not count.
    """

    device: Device
    inner: AlarmReceiver
    item_journal: ItemJournal
    patience: float
    _after: int = 0

    def begin(self) -> None:
        """Treat all entries so far as old."""
        self._after = self.inner.mark()

    def require_heard(self) -> None:
        """Raise RigFault if a polling link sends nothing at all, because then the fault may be ours."""
        polls = self.poll_s
        if polls is None:
            return
        within = max(_HEARD_S, 3 * polls)
        mark = self.inner.mark()
        if self.inner.wait({}, after=mark, until=now() + within) is None:
            self._require_readable(mark)
            raise RigFault(
                f"nothing came from its account within {within:g} s.",
                device=self.device.id,
                remedy="Check the receiver's address and the account at the panel, and the way between.",
            )

    @property
    def encrypts(self) -> bool:
        """Whether a key is agreed: only then does a receiver look at time stamps."""
        return self.device.connection is not None and self.device.connection.secret is not None

    @property
    def poll_s(self) -> float | None:
        """The agreed time between two link tests, in seconds; None if none was agreed."""
        return _seconds(self.device, "poll_s")

    @property
    def supervision_s(self) -> float:
        """After how many seconds of silence the receiver reports a loss; RigFault if not in the site file."""
        stated = _seconds(self.device, "supervision_s")
        if stated is None:
            raise RigFault(
                "the site file does not state its supervision_s.",
                device=self.device.id,
                remedy="Add the time as the receiving centre has it configured.",
                final=True,
            )
        return stated

    @property
    def paths(self) -> tuple[int, ...]:
        """The paths of the receiver that it reports over, the first path first."""
        return self.inner.paths

    # -- events ---------------------------------------------------------------------------------------------

    def wait_alarm(self, zone: Zone, *, since: Instant) -> ReceivedMessage | None:
        """The alarm of the zone: its number, its class, new."""
        return self._wait(expected_class(zone.device), zone, Qualifier.NEW, since)

    def wait_restoral(self, zone: Zone, *, since: Instant) -> ReceivedMessage | None:
        """The restoral of that alarm."""
        return self._wait(expected_class(zone.device), zone, Qualifier.RESTORED, since)

    def watch_open(self, zone: Zone, seconds: float) -> None:
        """Leave the loop open for so long after its alarm, or until a restoral comes that is none yet.

        A device sends one message after the other: what it sent with the alarm would else come after the
        loop was closed, and be taken for the restoral that is waited for.
        """
        begin = now()
        self._event(expected_class(zone.device), zone, Qualifier.RESTORED, Instant(begin, begin), seconds)

    def wait_tamper(self, zone: Zone, *, since: Instant) -> ReceivedMessage | None:
        """The tamper of the zone."""
        return self._wait(EventClass.TAMPER, zone, Qualifier.NEW, since)

    def _wait(
        self, event_class: EventClass, zone: Zone, qualifier: Qualifier, since: Instant
    ) -> ReceivedMessage | None:
        found = self._event(event_class, zone, qualifier, since, self.patience)
        if found is None:  # were it to come after the next trigger, it would be taken for that one's
            late = self._event(event_class, zone, qualifier, since, 2 * self.patience)
            self._require_readable(self._after)
            self._require_clear(event_class, number_at_centre(zone.device))
            self._noted(f"{event_class} {qualifier} too late at the centre", zone.device.id, late)
        return self._noted(f"{event_class} {qualifier} at the centre", zone.device.id, found)

    def _event(
        self, event_class: EventClass, zone: Zone, qualifier: Qualifier, since: Instant, within: float
    ) -> ReceivedMessage | None:
        return self.inner.wait_event(
            event_class,
            number_at_centre(zone.device),
            qualifier=qualifier,
            after=self._after,
            since=since,
            within=within,
        )

    def wait_sent(
        self, *, answered: CentreAnswer, after: int, again: ReceivedMessage | None = None
    ) -> ReceivedMessage | None:
        """The next message with an event that got this answer; only ``again``, sent once more, if given."""
        match: dict[str, object] = {
            "token": [Dc09Token.CID.value, Dc09Token.SIA.value],
            "answer": answered.value,
        }
        if again is not None:
            match |= {"sequence": again.sequence, "code": again.code, "zone": again.zone}
            match |= {"qualifier": again.qualifier, "partition": again.partition}
        found = self.inner.wait(match, after=after, until=now() + self.patience)
        if found is None:
            self._require_readable(after)
        return self._noted(f"message answered {answered.value}", self.device.id, found)

    def comes_again(self, sent: ReceivedMessage, within: float) -> bool:
        """Whether a message comes again, by either path, though it was acknowledged."""
        match: dict[str, object] = {"sequence": sent.sequence, "code": sent.code, "zone": sent.zone}
        match |= {"qualifier": sent.qualifier, "partition": sent.partition}
        found = self.inner.wait(match, after=sent.number, until=sent.complete.latest + within)
        return self._noted("acknowledged message sent again", self.device.id, found) is not None

    def wait_path_fault(self, path: int, *, since: Instant, within: float) -> Instant | None:
        """When the panel reported that one of its paths failed.

        RigFault if it reported a failed path by a number that is that of none here.
        """
        found = self.inner.wait_event(
            EventClass.COMMUNICATION,
            self._number_of(path),
            qualifier=Qualifier.NEW,
            after=self._after,
            since=since,
            within=within,
        )
        if found is None:
            self._require_readable(self._after)
            self._require_known_path(path, since)
        noted = self._noted(f"fault of path {path} at the centre", self.device.id, found)
        return noted.complete if noted else None

    def path_fault_at_rest(self, path: int) -> str:
        """In words, why a reported fault of this path would prove nothing; empty if it would.

        To be called before the path is cut. The panel may have reported its fault and not the end of it, or
        may report it again and again. What comes late of a cut before this one is waited for.
        """
        for _ in range(_REST_TRIES):
            mark, begun = self.inner.mark(), now()
            again = self._path_faults(path, after=mark, until=begun + min(self.supervision_s, self.patience))
            if not again:
                break
        else:
            return f"路径 {path} 未切断时主机也报其故障"
        known = [
            one
            for one in self.inner.received(0)
            if (one.kind, one.event_class, one.zone)
            == ("message", EventClass.COMMUNICATION, self._number_of(path))
        ]
        stands = bool(known) and known[-1].qualifier == Qualifier.NEW
        return f"切断前主机已报路径 {path} 故障，未报恢复" if stands else ""

    def _path_faults(self, path: int, *, after: int, until: float) -> bool:
        """Whether the panel reported a fault of this path, once more too, by ``until``."""
        match: dict[str, object] = {"kind": "message", "class": EventClass.COMMUNICATION.value}
        match |= {"zone": self._number_of(path), "qualifier": Qualifier.NEW.value}
        found = self.inner.wait(match, after=after, until=until)
        return self._noted(f"fault of path {path} with nothing cut", self.device.id, found) is not None

    def _number_of(self, path: int) -> int:
        """The number by which the panel reports a fault of that path."""
        return int(str(self.device.attributes.get(f"comm_zone_{path}", path)))

    def _require_known_path(self, path: int, since: Instant) -> None:
        known = {self._number_of(one) for one in self.paths}
        for one in self.came():
            fault = one.event_class == EventClass.COMMUNICATION and one.qualifier == Qualifier.NEW
            if fault and one.zone not in known and one.complete.latest >= since.earliest:
                raise RigFault(
                    f"reported {one.code} with number {one.zone or 0}, which is that of none of its paths.",
                    device=self.device.id,
                    remedy=f"State comm_zone_{path} of the alarm link, if that is this path.",
                )

    def wait_lost(self, *, since: Instant, within: float) -> Instant | None:
        """When the receiver's supervision had reported every path of the link as lost."""
        latest: Instant | None = None
        for path in self.paths:
            match = {"kind": "lost", "path": path}
            found = self.inner.wait(match, after=self._after, until=since.latest + within)
            if self._noted(f"supervision of path {path} lost", self.device.id, found) is None:
                return None
            assert found is not None
            latest = max(latest, found.first) if latest else found.first
        return latest

    def wait_any_lost(self, *, within: float) -> Instant | None:
        """When supervision reported a loss of one of its paths.

        None if all stayed alive for so many seconds.
        """
        found = self.inner.wait({"kind": "lost"}, after=self._after, until=now() + within)
        if found is not None:  # the arrival may have been its link test
            self._require_readable(self._after)
        noted = self._noted("supervision lost", self.device.id, found)
        return noted.first if noted else None

    def came(self) -> list[ReceivedMessage]:
        """All entries since ``begin``, without link tests."""
        return [one for one in self.inner.received(self._after) if one.token != Dc09Token.NULL]

    def strays(self, *zones: Zone) -> list[str]:
        """In words, the alarms since ``begin`` of zones other than these."""
        own = {number_at_centre(zone.device) for zone in zones}
        alarms = [one for one in self.came() if one.event_class in _ALARMS and one.qualifier == Qualifier.NEW]
        others = {f"{one.zone} 防区{one.code}" for one in alarms if one.zone not in own}
        self.item_journal.observation("reported elsewhere", self.device.id, None, sorted(others))
        return sorted(others)

    def untrue(
        self, zone: Zone, *, alarm: ReceivedMessage | None, closed: Instant, tampered: Instant
    ) -> list[str]:
        """In words, what came of the zone and had not happened: another class, a restoral of an open loop.

        Only what came after its ``alarm`` counts: before it, a late message about something earlier may come.
        """
        expected, number = expected_class(zone.device), number_at_centre(zone.device)
        came = (one for one in self.came() if alarm is not None and one.number > alarm.number)
        found = []
        for one in (one for one in came if one.zone == number):
            name = f"{one.code}/{one.qualifier}"
            if one.qualifier == Qualifier.RESTORED and one.event_class == expected:
                found += [f"回路未复原时已报恢复 {name}"] if one.complete.latest < closed.earliest else []
            elif one.qualifier == Qualifier.NEW and one.event_class in _ALARMS - {expected}:
                true = one.event_class == EventClass.TAMPER and one.complete.latest >= tampered.earliest
                found += [] if true else [f"并未发生而报 {name}"]
        self.item_journal.observation("reported untruly", self.device.id, None, found)
        return found

    def require_readable(self) -> None:
        """Raise RigFault if something since ``begin`` could not be read: it may be an awaited event."""
        self._require_readable(self._after)

    def refusals(self) -> list[str]:
        """Why messages were refused since ``begin``, each reason once."""
        refused = (one.reason for one in self.inner.received(self._after) if one.kind == "refused")
        return list(dict.fromkeys(refused))

    def odd_forms(self) -> list[str]:
        """What of the frames since ``begin`` was not as the protocol has it, though they were read."""
        return list(dict.fromkeys(one.form for one in self.inner.received(self._after) if one.form))

    def _require_readable(self, after: int) -> None:
        """Raise RigFault if something unreadable came after ``after``: it may be the awaited message."""
        unread = self.inner.unread(after)
        for one in unread[:_SHOWN]:
            said = {
                "peer": one.peer,
                "reason": one.reason or "repeated without a time stamp",
                "bytes": one.data,
            }
            self.item_journal.observation("not readable at the centre", self.device.id, one.complete, said)
        if unread:
            first = unread[0]
            why = (
                first.reason or f"{first.code} repeated without a time stamp, as an event or as a repetition"
            )
            raise RigFault(
                f"what came from {first.peer} meanwhile cannot be read ({why}): {first.data or first.code}.",
                device=self.device.id,
                remedy="Compare account, key, format and text coding at the panel with the site file.",
            )

    def _require_clear(self, event_class: EventClass, number: int) -> None:
        """Raise RigFault if the zone sent an unknown code or an old event: it may be the awaited one."""
        for one in (one for one in self.inner.received(self._after) if one.zone == number):
            if one.event_class == EventClass.OTHER:
                raise RigFault(
                    f"sent code {one.code} for zone {number}, which is in no table of events here.",
                    device=self.device.id,
                    remedy="Look it up in the maker's document: it may be the event that was waited for.",
                )
            if one.event_class == event_class and one.qualifier == Qualifier.OLD:
                raise RigFault(
                    f"sent {one.code} for zone {number} as an old event (block O), not as one of now.",
                    device=self.device.id,
                    remedy="Set the panel to report new events (block N), or wait until its log is sent.",
                )

    def _noted(self, what: str, via: str, found: ReceivedMessage | None) -> ReceivedMessage | None:
        value = None
        if found is not None:
            value = {"code": found.code, "zone": found.zone, "sequence": found.sequence, "path": found.path}
            value |= {"form": found.form} if found.form else {}
        self.item_journal.observation(what, via, found.complete if found else None, value)
        return found

    # -- how it is answered ---------------------------------------------------------------------------------

    def answer_once(self, answer: CentreAnswer) -> None:
        """Give the next message with an event this answer, then answer by the rules again."""
        self.inner.answer(answer, count=1, events_only=True)

    @contextmanager
    def clock_ahead(self, seconds: float) -> Iterator[None]:
        """Judge and answer the link by a clock so many seconds ahead of ours while the context lasts."""
        before = now()
        self.inner.set_clock(seconds)
        what = f"clock of the receiver {seconds:g} s ahead"
        self.item_journal.stimulus(what, self.device.id, Instant(before, now()))
        try:
            yield
        finally:
            self.inner.answer(None)
            self.inner.set_clock(0.0)

    def cut(self, *paths: int) -> Instant:
        """Cut these paths; returns the instant."""
        before = now()
        self.inner.answer(CentreAnswer.NONE, paths=paths, cut=True)
        named = " ".join(str(path) for path in paths)
        return self.item_journal.stimulus(f"path {named} cut", self.device.id, Instant(before, now()))

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """Answer nothing on any path while the context lasts."""
        before = now()
        self.inner.answer(CentreAnswer.NONE)
        self.item_journal.stimulus("all paths blocked", self.device.id, Instant(before, now()))
        try:
            yield
        finally:
            self.mend()

    @contextmanager
    def supervised(self, limit_s: float) -> Iterator[None]:
        """Supervise the link while the context lasts."""
        self.inner.supervise(limit_s)
        try:
            yield
        finally:
            self.inner.supervise(None)

    def mend(self) -> None:
        """Answer by the rules on every path, and wait until messages arrive over each again."""
        self.inner.supervise(None)
        self.inner.answer(None)
        if self.poll_s is None:
            return
        until = now() + max(_HEARD_S, 3 * self.poll_s)
        for path in self.paths:
            if self.inner.wait({"path": path}, after=self.inner.mark(), until=until) is None:
                raise RigFault(f"path {path} does not come back after the test.", device=self.device.id)


def expected_class(zone: Device) -> EventClass:
    """The class an alarm of the zone must have at the centre."""
    return _CLASSES.get(str(zone.attributes.get("type", "normal")), EventClass.ALARM)


def number_at_centre(zone: Device) -> int:
    """The number of its events: ``event_zone`` of its attributes, else its number at the panel."""
    stated = zone.attributes.get("event_zone", zone.number)
    if stated is None:
        raise RigFault("has no zone number in the inventory.", device=zone.id)
    return int(str(stated))


def _seconds(device: Device, attribute: str) -> float | None:
    value = device.attributes.get(attribute)
    return float(value) if isinstance(value, int | float) else None
