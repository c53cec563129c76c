# SPDX-License-Identifier: Apache-2.0
"""A subscription of GB/T 28181 as a test tries it: begun, refreshed, run out, begun anew, and ended.

Changes are made in between; each has to be told by NOTIFY while a subscription is in force, and none after it
ran out or was ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from yanshou.acquisition.sip_platform import ReceivedSip, SipAnswer, SipEvent
from yanshou.equipment.registrant import Registrant
from yanshou.evaluation.gb_subscription import Granted, NotifiedChange, Subscribed
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.gb28181.requests import MANSCDP, Fields, write_manscdp

EXPIRES_S: Final = 60.0
"""Usual time of a subscription that is tried: devices take no much shorter one."""
_LONGEST_S: Final = 600.0
_TOO_BRIEF: Final = 423
_RENEW: Final = 0.8  # of its time, when it is refreshed
_MARGIN_S: Final = 1.0
_PATIENCE_S: Final = 8.0
_LINGER_S: Final = 1.0
_QUIET_S: Final = 3.0
_SLOWER: Final = 3.0  # than the slowest NOTIFY, before a change counts as not told
_POLL_S: Final = 0.5
_NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True)
class EventOrder:
    """What is subscribed to: the CmdType, the value of the header Event, further elements of the body."""

    command: str
    header: str
    fields: Fields = field(default_factory=dict)


CATALOGUE: Final = EventOrder("Catalog", "Catalog;id={number}")
ALARMS: Final = EventOrder(
    "Alarm", "presence", {"StartAlarmPriority": "0", "EndAlarmPriority": "0", "AlarmMethod": "0"}
)


@dataclass(frozen=True, slots=True)
class PlantedChange:
    """How a change is made, what it concerns, and whether anything else than a NOTIFY shows it.

    ``codes``: what a NOTIFY may name (empty: not known); ``gone``: whether it takes the device away (None: an
    alarm); ``undo`` is called when the change was watched.
    """

    codes: frozenset[str]
    gone: bool | None
    make: Callable[[], Instant]
    shown: Callable[[], bool]
    undo: Callable[[], None] = lambda: None


class SubscriptionTrial:
    """One trial at a registered device; ``wait_s``: how long a NOTIFY is waited for after a change."""

    def __init__(
        self,
        device: Registrant,
        event: EventOrder,
        changes: Callable[[], PlantedChange],
        *,
        expires_s: float = EXPIRES_S,
        wait_s: float,
    ) -> None:
        self._device, self._event, self._changes = device, event, changes
        self._expires_s, self._wait_s = expires_s, wait_s
        self._dialog: SipAnswer | None = None
        self._ends = 0.0
        self._done: list[NotifiedChange] = []

    def run(self) -> Subscribed:
        """Try it to its end; what the device does not grant is not gone on with."""
        first = self._subscribe(self._expires_s)
        if first.status == _TOO_BRIEF and first.named is not None and first.named <= _LONGEST_S:
            self._expires_s, self._dialog = first.named, None
            first = self._subscribe(self._expires_s)
        if not first.accepted:
            return Subscribed(first)
        try:
            return self._granted(first)
        finally:
            if self._ends > now():
                self._subscribe(0.0)

    def _granted(self, first: Granted) -> Subscribed:
        self._change("订阅", due=True)
        if first.ends - first.at.latest > _LONGEST_S:
            return Subscribed(first, ended=self._end(), changes=self._made("取消订阅后"))
        _until(first.at.latest + _RENEW * (first.ends - first.at.latest))
        refreshed = self._subscribe(self._expires_s)
        if refreshed.accepted:
            _until(first.ends + _MARGIN_S)
            self._change("续订并过原有效期", due=True)
        _until(self._ends + _MARGIN_S)
        self._change("有效期届满后", due=False)
        self._dialog = None
        anew = self._subscribe(self._expires_s)
        if not anew.accepted:
            return Subscribed(first, refreshed, anew, changes=tuple(self._done))
        self._change("重新订阅", due=True)
        ended = self._end()
        return Subscribed(first, refreshed, anew, ended, self._made("取消订阅后"))

    def _end(self) -> Granted:
        ended = self._subscribe(0.0)
        self._ends = 0.0
        return ended

    def _made(self, text: str) -> tuple[NotifiedChange, ...]:
        self._change(text, due=False)
        return tuple(self._done)

    def _subscribe(self, expires_s: float) -> Granted:
        """SUBSCRIBE in the dialog if there is one; what it was answered."""
        device, number = self._device, next(_NUMBERS)
        target = device.address.channel
        answer = device.platform.inner.request(
            device.name,
            "SUBSCRIBE",
            target,
            body=write_manscdp("Query", self._event.command, number, target, self._event.fields),
            content_type=MANSCDP,
            headers=[("Event", self._header(number)), ("Expires", f"{expires_s:.0f}")],
            dialog=self._dialog,
            patience_s=_PATIENCE_S,
        )
        granted = Granted(expires_s, answer.status, answer.expires, answer.answered or answer.sent)
        value = {"asked_s": expires_s, "status": answer.status, "granted_s": answer.expires}
        device.item_journal.observation(f"SUBSCRIBE {self._event.command}", device.name, granted.at, value)
        if answer.accepted:
            self._dialog, self._ends = answer, granted.ends
        return granted

    def _header(self, number: int) -> str:
        return self._event.header.format(number=number)

    def _change(self, text: str, *, due: bool) -> None:
        """Make the next change and watch what is told of it."""
        change, device = self._changes(), self._device
        call = self._dialog.call if self._dialog is not None else ""
        mark, in_force = device.mark(), self._ends
        made = change.make()
        if due and made.latest >= in_force:
            change.undo()
            raise RigFault(
                "the subscription ran out before the change was made.",
                device=device.device.id,
                remedy="Free this computer, or state a longer subscription_expires_s in [plan].",
            )
        blank = NotifiedChange(text, due, made, call, change.codes, change.gone, (), False, 0.0)
        try:
            watched = self._watched(blank, change, mark)
        finally:
            change.undo()
        value = {
            "due": due,
            "notified": len(watched.heard),
            "told": len(watched.notified),
            "shown": watched.shown,
        }
        at = watched.notified[0].complete if watched.notified else None
        device.item_journal.observation(f"{self._event.command} change told", device.name, at, value)
        self._done.append(watched)

    def _watched(self, blank: NotifiedChange, change: PlantedChange, mark: int) -> NotifiedChange:
        """Wait for the NOTIFY that is due, or until it would have come."""
        until, shown, found = now() + self._wait_s, False, blank
        slowest = max((one.after.most for one in self._done if one.after is not None), default=0.0)
        while True:
            found = self._heard(blank, mark)
            if found.notified and blank.due:
                self._device.linger(mark, _LINGER_S)
                return self._heard(blank, mark, shown=True)
            if not shown and change.shown():
                shown = True
                quiet = max(_QUIET_S, _SLOWER * slowest) if not blank.due else self._wait_s
                until = min(until, now() + quiet) if not blank.due else until
            if now() >= until:
                return self._heard(blank, mark, shown=shown)
            device = self._device
            match = {"device": device.name, "kind": SipEvent.NOTIFIED.value}
            device.platform.inner.wait(device.mark(), match, until=min(until, now() + _POLL_S))

    def _heard(self, blank: NotifiedChange, mark: int, *, shown: bool = False) -> NotifiedChange:
        came = [one for one in self._device.entries(mark) if self._tells(one, blank.made)]
        notified = tuple(one for one in came if one.kind is SipEvent.NOTIFIED)
        otherwise = len(came) - len(notified)
        return replace(
            blank,
            heard=notified,
            shown=shown or otherwise > 0,
            waited_s=now() - blank.made.latest,
            otherwise=otherwise,
        )

    def _tells(self, one: ReceivedSip, made: Instant) -> bool:
        """Whether it is a NOTIFY or message of this kind that may tell of the change.

        The last NOTIFY of a subscription (terminated) tells of its end.
        """
        matches = one.said.get("root") == "Notify" and one.said.get("command") == self._event.command
        over = str(one.said.get("state", "")).lower().startswith("terminated")
        return matches and not over and one.complete.latest >= made.earliest


def _until(moment: float) -> None:
    while (left := moment - now()) > 0:
        time.sleep(min(left, _POLL_S))
