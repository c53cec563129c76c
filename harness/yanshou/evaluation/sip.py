# SPDX-License-Identifier: Apache-2.0
"""What a device's SIP messages show of GB/T 28181: registration, keepalives, catalogue, alarms, clock.

Pure: the entries of the platform in, findings out. A finding of None says that nothing can be concluded.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Any, Protocol

from yanshou.metrology import evaluate_values, logical, rectangular
from yanshou.model import Component, Instant, Measurement, Statistic

CAMERA_TYPES = frozenset({"131", "132"})
"""Digits 11 to 13 of a camera's code (GB/T 28181 annex E)."""
ALARM_PARTS = ("AlarmPriority", "AlarmMethod", "AlarmTime")
_WHOLE_S = 0.5  # a setting of whole seconds
_MISSING = 1.5  # a period so many times the set one has a keepalive missing in it
_RENEWED = 0.45  # of the time granted; devices renew after half of it or later
_SHOWN_S = 2.0  # a clock shown to a second, set from a message, read by another
_DIGEST_OF_A = "digest"  # a device of class A (GB 35114) that comes by its password after all
_DIGEST = {
    "unreadable": "摘要认证信息无法读取",
    "wrong_realm": "摘要的域不是平台质询的域",
    "wrong_user": "摘要的用户名不是设备编码",
    "wrong_algorithm": "摘要算法不是平台质询的算法",
    "stale": "摘要用的随机数已过期",
    "replayed": "摘要被重复使用",
}


class SipSight(Protocol):
    """One entry of the platform, as ``acquisition.sip_platform`` keeps it."""

    @property
    def kind(self) -> str: ...
    @property
    def first(self) -> Instant: ...
    @property
    def complete(self) -> Instant: ...
    @property
    def status(self) -> int: ...
    @property
    def said(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class SipRuling:
    """Whether a device does what the clause asks; None: nothing can be concluded. ``because`` says why."""

    conforms: bool | None
    because: str = ""


def registration(entries: Sequence[SipSight], waited_s: float) -> SipRuling:
    """REGISTER without credentials, 401, REGISTER with digest, 200 (9.1); ``entries`` of one device.

    A device that sent nothing within ``waited_s`` does not register. A response that does not fit the
    password of the site file concludes nothing: the site file may be wrong.
    """
    asked = [one for one in entries if one.said.get("method") == "REGISTER"]
    done = next((n for n, one in enumerate(asked) if one.kind == "registered"), None)
    if done is not None:
        first = any(one.kind == "challenged" and not one.said["signed"] for one in asked[:done])
        return (
            SipRuling(True)
            if first
            else SipRuling(None, "设备带着先前的认证信息注册，未见不带认证的首次注册")
        )
    if not asked:
        return SipRuling(False, f"{waited_s:g} s 内未收到注册消息")
    signed = [one for one in asked if one.said.get("signed")]
    if not signed:
        return SipRuling(False, f"收到 401 后未带摘要再注册（共 {len(asked)} 次注册均不带认证）")
    if (by_certificate := signed[-1].said.get("class_a", _DIGEST_OF_A)) != _DIGEST_OF_A:
        return SipRuling(None, f"以证书注册未通过（{by_certificate}），由 GB 35114 A 级身份认证判定")
    outcome = signed[-1].said.get("digest", "")
    if outcome == "foreign_nonce":
        known = "口令正确" if signed[-1].said.get("fits") else "口令不符"
        return SipRuling(False, f"摘要用的随机数不是平台给出的（{known}）")
    if outcome == "wrong_response":
        return SipRuling(None, "摘要与工程文件中的口令不符，请核对设备与工程文件的口令")
    return SipRuling(False, _DIGEST.get(outcome, f"注册被拒：{signed[-1].said.get('why', '')}"))


def unreachable_contacts(entries: Iterable[SipSight]) -> list[str]:
    """The addresses in Contact that are not where the device calls from, each once."""
    found = [
        str(one.said["contact"])
        for one in entries
        if one.said.get("contact") and one.said["contact"] != one.said.get("peer")
    ]
    return list(dict.fromkeys(found))


def attempts(entries: Iterable[SipSight]) -> list[SipSight]:
    """The attempts to register, each once: a request sent again over UDP has the same Call-ID and CSeq."""
    found: dict[tuple[object, object], SipSight] = {}
    for one in entries:
        if one.said.get("method") == "REGISTER":
            found.setdefault((one.said.get("call"), one.said.get("sequence")), one)
    return list(found.values())


def retries(entries: Iterable[SipSight]) -> list[tuple[SipSight, SipSight]]:
    """Each attempt that was refused for the test or left without answer, and the next attempt."""
    return [
        (earlier, later)
        for earlier, later in pairwise(attempts(entries))
        if earlier.kind == "unanswered" or (earlier.kind == "refused" and earlier.said.get("why") == "test")
    ]


def missed_keepalives(entries: Iterable[SipSight]) -> tuple[int, bool]:
    """How many keepalives were left without answer before the device registered anew, and whether it did."""
    missed: set[tuple[object, object]] = set()
    for one in entries:
        if one.said.get("method") == "REGISTER":
            return len(missed), True
        if one.kind == "unanswered" and one.said.get("command") == "Keepalive":
            missed.add((one.said.get("call"), one.said.get("sequence")))
    return len(missed), False


def may_be_a_refresh(before: Sequence[SipSight], silent: Sequence[SipSight]) -> bool:
    """Whether the first attempt to register under a silent platform may be the refresh of a registration.

    Devices renew after half of the time granted or later. ``before`` are all entries of the device.
    """
    tried = attempts(silent)
    if not tried:
        return False
    first = tried[0].first.earliest
    held = [one for one in before if one.kind == "registered" and one.complete.latest < first]
    if not held:
        return False
    return first - held[-1].complete.latest >= _RENEWED * float(held[-1].said.get("granted") or 0)


def keepalives(entries: Iterable[SipSight]) -> list[Instant]:
    """The arrivals of the keepalives that were answered."""
    return [one.complete for one in entries if one.kind == "keepalive"]


def periods(arrivals: Sequence[Instant]) -> list[float]:
    """The times between arrivals, in s."""
    return [later.middle - earlier.middle for earlier, later in pairwise(arrivals)]


def refreshed(entries: Iterable[SipSight]) -> bool:
    """Whether a registration was followed by another: the device renews it."""
    return sum(one.kind == "registered" for one in entries) > 1


def keepalive_interval(arrivals: Sequence[Instant]) -> float | None:
    """The interval a device keeps, to a whole second where it is one of seconds; None of fewer than three."""
    kept = periods(arrivals)
    if len(kept) < 2:  # noqa: PLR2004 - one period alone shows no interval
        return None
    usual = statistics.median(kept)
    return float(round(usual)) if usual >= 1 else usual


def keepalives_as_set(
    measurand: str, device: str, arrivals: Sequence[Instant], interval_s: float, *, silent_s: float = 0.0
) -> Measurement:
    """Whether the mean of the periods is the set interval within U, and none is missing (9.6).

    At least two ``arrivals``; ``silent_s`` is how long nothing came after the last. The setting is in whole
    seconds, so half a second of it is in the budget.
    """
    kept = periods(arrivals)
    gaps = [round(one / interval_s) - 1 for one in kept if one >= _MISSING * interval_s]
    missing = sum(gaps) + (round(silent_s / interval_s) if silent_s >= _MISSING * interval_s else 0)
    ends = (arrivals[0].half_width + arrivals[-1].half_width) / len(kept)
    parts: list[Component] = [rectangular("brackets of the first and last arrival", ends)]
    if interval_s.is_integer():
        parts.append(rectangular("setting in whole seconds", _WHOLE_S))
    mean = evaluate_values(measurand, device, kept, "s", Statistic.MEAN, components=parts)
    assert isinstance(mean.value, float)
    spread = mean.U or 0.0
    agrees = abs(mean.value - interval_s) <= spread
    because = f"{len(kept)} 个周期平均 {mean.value:.2f} s ± {spread:.2f} s，设置 {interval_s:g} s"
    because += f"，缺 {missing} 次" if missing else ""
    details: dict[str, object] = {"because": because}
    return logical(measurand, device, conforms=agrees and not missing, n=len(kept), details=details)


def is_camera(code: str) -> bool:
    """Whether a code of a catalogue is that of a camera; groups, inputs and the device itself are none."""
    return len(code) == 20 and code[10:13] in CAMERA_TYPES  # noqa: PLR2004 - a code has 20 digits


def catalogue_differences(items: Iterable[Mapping[str, str]], expected: Iterable[str]) -> SipRuling:
    """Whether a whole catalogue lists exactly the cameras of the inventory, by their codes."""
    wanted = set(expected)
    listed = {one.get("DeviceID", "") for one in items}
    cameras = {code for code in listed if is_camera(code)}
    missing, more = sorted(wanted - listed), sorted(cameras - wanted)
    said = [f"目录缺少 {_some(missing)}"] if missing else []
    said += [f"点位表没有 {_some(more)}"] if more else []
    return SipRuling(not said, "；".join(said) or f"{len(wanted)} 路摄像机与点位表一致")


def _some(codes: Sequence[str], most: int = 5) -> str:
    shown = "、".join(codes[:most])
    return shown if len(codes) <= most else f"{shown} 等 {len(codes)} 个"


def device_status(values: Mapping[str, str]) -> SipRuling:
    """Whether a device that is registered and answers says that it is online and works (A.2.6)."""
    wrong = [
        f"{name} 为 {values.get(name) or '空'}"
        for name, right in (("Result", "OK"), ("Online", "ONLINE"), ("Status", "OK"))
        if values.get(name, "").upper() != right
    ]
    return SipRuling(not wrong, "、".join(wrong))


def alarms(entries: Iterable[SipSight], codes: Iterable[str] = ()) -> Iterator[SipSight]:
    """The alarm messages, of these codes where any are given; a repeated request is none."""
    known = frozenset(codes)
    for one in entries:
        is_alarm = (one.said.get("root"), one.said.get("command")) == ("Notify", "Alarm")
        of_these = not known or one.said.get("target") in known
        if is_alarm and of_these and one.kind in ("message", "notified"):
            yield one


def alarm_faults(found: Sequence[SipSight], others: Mapping[str, str]) -> list[str]:
    """What is wrong with the messages of one alarm: the source, parts that are missing, told twice.

    ``others``: the codes of devices of the site that did not alarm, and their ids.
    """
    named = {str(one.said.get("target")) for one in found} & others.keys()
    wrong = [f"报警以 {others[code]}（{code}）的编码上报" for code in sorted(named)]
    for one in found[:1]:
        values = one.said.get("values", {})
        absent = [name for name in ALARM_PARTS if not values.get(name)]
        absent += ["SN"] if one.said.get("sn") is None else []
        wrong += [f"报警消息缺 {'、'.join(absent)}"] if absent else []
    if len(found) > 1:
        wrong.append(f"同一报警收到 {len(found)} 次")
    return wrong


def device_time(text: str, zone: tzinfo) -> datetime | None:
    """The time a device states, with or without T, milliseconds and zone; None if it is none."""
    try:
        read = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def clock_follows(offset_s: float, shift_s: float, half_width_s: float) -> SipRuling:
    """Whether a clock that is ``offset_s`` ahead of the bench follows a Date that was ``shift_s`` ahead."""
    follows = abs(offset_s - shift_s) <= _SHOWN_S + half_width_s
    return SipRuling(follows, f"Date 头偏移 {shift_s:+g} s 后，设备时钟偏差 {offset_s:+.1f} s")
