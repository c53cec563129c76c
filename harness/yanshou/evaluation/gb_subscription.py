# SPDX-License-Identifier: Apache-2.0
"""What a subscription of GB/T 28181 shows: granted, told of each change, refreshed, and over at its end.

Pure. Each change was made by the bench or a person; a NOTIFY counts only if it belongs to the dialog of the
subscription, came after the change, and names what was changed (SIP events: RFC 6665).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.evaluation.sip import SipSight, alarm_faults
from yanshou.model import Instant, Latency

_OK = range(200, 300)
_GONE = frozenset({"OFF", "DEL", "VLOST", "DEFECT"})
_BACK = frozenset({"ON", "ADD"})
_BY_STATUS = frozenset({"", "UPDATE"})  # an Event that leaves it to Status what became of the device
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer to a SUBSCRIBE: the times asked for and named (s; None: none), and when it came."""

    asked: float
    status: int
    named: float | None
    at: Instant

    @property
    def accepted(self) -> bool:
        """Whether it was answered with success."""
        return self.status in _OK

    @property
    def ends(self) -> float:
        """When it ends, in seconds of ``model.now``."""
        return self.at.latest + (self.asked if self.named is None else self.named)


@dataclass(frozen=True, slots=True)
class NotifiedChange:
    """One change and the NOTIFY requests of the device after it.

    ``due``: it had to be told; ``call``: the Call-ID of the subscription that was in force; ``codes`` name
    what changed (empty: not known), ``gone`` whether it went (None: an alarm); ``shown``: something else than
    a NOTIFY showed that it happened; ``waited_s``: how long a NOTIFY was waited for; ``otherwise``: messages
    that told of it beside.
    """

    text: str
    due: bool
    made: Instant
    call: str
    codes: frozenset[str]
    gone: bool | None
    heard: tuple[SipSight, ...]
    shown: bool
    waited_s: float
    otherwise: int = 0

    @property
    def notified(self) -> tuple[SipSight, ...]:
        """The requests that tell of this very change in the dialog of the subscription."""
        return tuple(one for one in self.heard if one.said.get("call") == self.call and self._names(one))

    @property
    def after(self) -> Latency | None:
        """From the change to the first request that tells of it, in seconds."""
        found = self.notified
        return found[0].complete - self.made if found else None

    def _names(self, one: SipSight) -> bool:
        if self.gone is None:
            return not self.codes or one.said.get("target") in self.codes
        states = _GONE if self.gone else _BACK
        return any(
            item.get("DeviceID") in self.codes and _state(item) in states
            for item in one.said.get("items", ())
        )

    def named_instead(self) -> set[str]:
        """The codes that the requests name in place of what changed."""
        if not self.codes:
            return set()
        if self.gone is None:
            return {str(one.said.get("target")) for one in self.heard} - self.codes
        return {
            item.get("DeviceID", "") for one in self.heard for item in one.said.get("items", ())
        } - self.codes


def _state(item: Mapping[str, str]) -> str:
    event = item.get("Event", "").upper()
    return item.get("Status", "").upper() if event in _BY_STATUS else event


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One trial: what was granted (first, its refresh, a new one, its end), and the changes in their order.

    ``refreshed``, ``anew`` and ``ended`` are None where it was not asked for.
    """

    first: Granted
    refreshed: Granted | None = None
    anew: Granted | None = None
    ended: Granted | None = None
    changes: tuple[NotifiedChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionRuling:
    """What is wrong, what stays unproven, why nothing can be concluded, and what was seen; in words."""

    wrong: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    cannot: str = ""
    seen: str = ""


def subscription(seen: Subscribed, others: Mapping[str, str]) -> SubscriptionRuling:
    """Judge a trial; ``others`` are the codes of the site's other devices, and their ids."""
    if not seen.first.accepted:
        return SubscriptionRuling((f"订阅请求的应答为 {seen.first.status or '无'}",))
    asked = (("续订", seen.refreshed), ("重新订阅", seen.anew), ("取消订阅", seen.ended))
    wrong = [
        f"{text}的应答为 {one.status or '无'}" for text, one in asked if one is not None and not one.accepted
    ]
    unproven = _durations(seen)
    for change in seen.changes:
        if change.due and not change.notified and not change.shown and not change.heard:
            return SubscriptionRuling(cannot=f"{change.text}：未收到通知，也没有其他迹象表明变化已发生")
        wrong += _due(change, others) if change.due else _silent(change)
        if not change.due and not change.heard and not change.shown:
            unproven.append(f"{change.text}：没有其他迹象表明变化已发生，未收到通知不足为证")
    return SubscriptionRuling(tuple(wrong), tuple(unproven), "", _seen(seen))


def _durations(seen: Subscribed) -> list[str]:
    found = []
    if seen.first.named is None:
        found.append("应答未写有效期，按请求的有效期检测")
    elif seen.first.named > seen.first.asked:
        found.append(f"应答的有效期 {seen.first.named:g} s 长于请求的 {seen.first.asked:g} s")
    if seen.refreshed is None:
        found.append("未检测续订")
    if not any(not one.due for one in seen.changes):
        found.append("未检测届满与取消之后是否仍通知")
    return found


def _due(change: NotifiedChange, others: Mapping[str, str]) -> list[str]:
    if change.notified:
        if change.gone is not None:
            return []
        return [f"{change.text}：{one}" for one in alarm_faults(change.notified, others)]
    said = f"{change.text}后 {change.waited_s:.0f} s 内未收到 NOTIFY"
    if foreign := sorted(change.named_instead() - {""}):
        said += f"（通知的是 {'、'.join(others.get(one, one) for one in foreign[:_SHOWN])}）"
    elif change.heard:
        outside = any(one.said.get("call") != change.call for one in change.heard)
        said += "（通知不在订阅的会话内）" if outside else "（通知的状态与变化不符）"
    elif change.otherwise:
        said += "（以 MESSAGE 上报）"
    return [said]


def _silent(change: NotifiedChange) -> list[str]:
    return [f"{change.text}仍收到 {len(change.heard)} 次 NOTIFY"] if change.heard else []


def _seen(seen: Subscribed) -> str:
    times = [one.after for one in seen.changes if one.due and one.after is not None]
    if not times:
        return ""
    worst = max(times, key=lambda one: one.middle)
    return f"{len(times)} 次变化均已通知，最慢 {worst.middle:.3f} s ± {worst.half_width:.3f} s"
