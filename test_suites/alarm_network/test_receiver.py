# SPDX-License-Identifier: Apache-2.0
"""SIA DC-09 — window, answers and supervision of a client's receiver, or of a panel that reports to us."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

from yanshou.fixtures.api import (
    ALIGNED_S,
    Ask,
    CentreAnswer,
    Dialler,
    QuietEvent,
    Record,
    Reporting,
    SupervisionCheck,
    measures,
)

_POLLS = 3
_PLAIN = "该帐号为明文，时间窗只对加密报文有效；请在工程文件给出密钥"
_STAMPS = (
    ("滞后", 1, "old_taken_s", ("ACK",)),
    ("超前", -1, "ahead_taken_s", ("ACK",)),
    ("滞后", 1, "old_refused_s", ("NAK",)),
    ("超前", -1, "ahead_refused_s", ("NAK",)),
    ("滞后", 1, "stale_s", ("NAK",)),
)
_FAR = _STAMPS[-1:]  # beyond the window whatever the clocks


def _require_encryption(dialler: Dialler, record: Record) -> None:
    if not dialler.encrypts:
        record.cannot(_PLAIN)


def _acknowledged_now(dialler: Dialler, record: Record, stale_s: float) -> float | None:
    """Go by the receiver's clock where refusals state it; a stamp of now has to be taken to test at all.

    Returns how far the clocks may still be apart in seconds; None where no refusal stated the time.
    """
    clocks = dialler.set_clock_by_refusals(stale_s)
    if not dialler.report().acknowledged:
        record.cannot("当前时间的报文未获确认，无从试验时间窗：请核对帐号、密钥与线路")
    return None if clocks is None else clocks + ALIGNED_S


def _window(dialler: Dialler, record: Record, *, ahead: bool) -> None:
    """Just inside the window a stamp is taken, just beyond it refused: a receiver may be too strict, too.

    Where the clocks may be further apart than those stamps lie from the end of the window, only one that no
    receiver may take decides.
    """
    _require_encryption(dialler, record)
    sign, label = (-1, "超前") if ahead else (1, "滞后")
    keys = ("taken_s", "refused_s", "stale_s")
    inside, beyond, stale = (record.criterion(key) for key in keys)
    apart = _acknowledged_now(dialler, record, sign * stale)
    halfway = (beyond - inside) / 2
    near = apart is None or apart >= halfway
    wrong = []
    for seconds in (stale,) if near else (inside, beyond, stale):
        answered = dialler.report(age_s=sign * seconds)
        right, asked = (answered.acknowledged, "接受") if seconds == inside else (answered.refused, "拒绝")
        if not right:
            wrong.append(f"{label} {seconds:g} s 应{asked}，实为 {answered.word}")
    if near and not wrong:
        known = "NAK 未带时间" if apart is None else f"两端时钟之差只知在 {apart:.2g} s 以内"
        record.invalid(f"{known}，时间窗边缘的报文无从判断")
    record.logical(conforms=not wrong, n=1 if near else 3, because="；".join(wrong))


@measures("late_timestamps_answered", seconds=3.0)
def test_late_timestamps_answered(centre_receiver: Dialler, record: Record) -> None:
    """Encrypted test reports whose time stamps lie back, inside the window and beyond."""
    _window(centre_receiver, record, ahead=False)


@measures("early_timestamps_answered", seconds=3.0)
def test_early_timestamps_answered(centre_receiver: Dialler, record: Record) -> None:
    """Encrypted test reports whose time stamps lie ahead, inside the window and beyond."""
    _window(centre_receiver, record, ahead=True)


@measures("nak_carries_timestamp", seconds=8.0)
def test_nak_carries_timestamp(
    far_end: Reporting | Dialler, quiet_event: QuietEvent | None, record: Record
) -> None:
    """A receiver refuses a stale stamp in clear and with its time; a panel goes by the clock of a refusal."""
    if not far_end.encrypts:
        record.cannot(_PLAIN)
    if isinstance(far_end, Reporting):
        assert quiet_event is not None
        _panel_goes_by_refusals(far_end, quiet_event, record)
        return
    answer = far_end.report(age_s=record.criterion("stale_s"))
    right = answer.refused and answer.stamp is not None
    because = f"应答为 {answer.word}" + ("，未带时间" if answer.refused else "")
    record.logical(conforms=right, because="" if right else because)


def _panel_goes_by_refusals(reporting: Reporting, quiet_event: QuietEvent, record: Record) -> None:
    """Our clock is set so far ahead that no stamp of the panel is taken, then right again.

    A panel whose clock is right shows nothing when it is refused and sends the same stamp again.
    """
    mark = reporting.inner.mark()
    with reporting.clock_ahead(record.criterion("stale_s")):
        reporting.answer_once(CentreAnswer.NAK)
        quiet_event.give()
        first = reporting.wait_sent(answered=CentreAnswer.NAK, after=mark)
        if first is None:
            record.cannot("设防、撤防时未收到主机的事件报文，无从试验校时重发")
            return
        again = reporting.wait_sent(answered=CentreAnswer.ACK, after=first.number, again=first)
    mark = reporting.inner.mark()
    quiet_event.give()
    back = reporting.wait_sent(answered=CentreAnswer.ACK, after=mark)
    wrong = [] if again is not None else ["被拒后未以校正的时间重发"]
    wrong += [] if back is not None else ["时钟复原后的报文未以校正的时间送达"]
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("receiver_answers_correct", seconds=8.0)
def test_receiver_answers_correct(centre_receiver: Dialler, record: Record) -> None:
    """A set of good and malformed messages: each is answered as the protocol says."""
    dialler = centre_receiver
    asked: list[tuple[str, Callable[[], bytes], tuple[str, ...]]] = [
        ("正确报文", dialler.report_frame, ("ACK",)),
        ("校验错误", lambda: _spoilt(dialler.report_frame()), ("",)),
        ("未知标识", lambda: dialler.foreign_frame("XYZ-QQQ", b"1"), ("DUH",)),
        ("链路测试", dialler.link_test_frame, ("ACK",)),
    ]
    unsure = ""
    if dialler.encrypts:
        unsure = _set_clock(dialler, record)
        asked += [
            (f"{label} {seconds:g} s", functools.partial(dialler.report_frame, age_s=sign * seconds), right)
            for label, sign, key, right in (_FAR if unsure else _STAMPS)
            for seconds in (record.criterion(key),)
        ]
        asked += [
            ("密钥错误", lambda: dialler.report_frame(key=bytes(16)), ("NAK", "DUH", "")),
        ]
    wrong = []
    for label, frame, right in asked:
        answer = dialler.send(frame())
        if answer.token not in right or answer.other:
            wrong.append(f"{label}：应为 {right[0] or '不应答'}，实为 {answer.word}")
    if unsure and not wrong:
        record.invalid(unsure)
    record.logical(conforms=not wrong, n=len(asked), because="；".join(wrong))


def _set_clock(dialler: Dialler, record: Record) -> str:
    """Go by the receiver's clock; in words why stamps near the end of its window decide nothing."""
    answered = dialler.set_clock_by_refusals(record.criterion("stale_s")) is not None
    return "" if answered else "NAK 未带时间，时间窗边缘的报文未试"


def _spoilt(frame: bytes) -> bytes:
    """The frame with another CRC."""
    return frame[:1] + (b"0000" if frame[1:5] != b"0000" else b"1111") + frame[5:]


@measures("supervision_loss_reported", operator=True, seconds=10.0)
def test_supervision_loss_reported(
    far_end: Reporting | Dialler, supervision: SupervisionCheck, ask: Ask, record: Record
) -> None:
    """A panel keeps the agreed polling; a client's receiver reports a sender that has fallen silent."""
    if isinstance(far_end, Dialler):
        _receiver_tells_silence(far_end, supervision, ask, record)
        return
    limit = supervision.limit_s
    watched = record.duration("supervision_watch_s", _POLLS * limit, "链路监控观察")
    with far_end.supervised(limit):
        lost = far_end.wait_any_lost(within=watched)
    if lost is None and watched < limit:
        record.cannot(f"只观察了 {watched:g} s，不足一个失联时限 {limit:g} s")
    record.logical(conforms=lost is None, because="" if lost is None else f"链路静默超过 {limit:g} s")


def _receiver_tells_silence(
    dialler: Dialler, supervision: SupervisionCheck, ask: Ask, record: Record
) -> None:
    """Link tests as agreed, then silence beyond the limit, then one message: what the centre shows."""
    silence = supervision.limit_s + 1.0
    unanswered = 0
    for _ in range(_POLLS):
        unanswered += not dialler.link_test().acknowledged
        time.sleep(supervision.poll_s)
    quiet = ask.yes("quiet")
    time.sleep(silence)
    lost = ask.yes("lost", silence=silence)
    dialler.link_test()
    back = ask.yes("back")
    wrong = [
        label
        for label, seen in (
            ("链路测试未获确认", unanswered > 0),
            ("轮询期间误报失联", not quiet),
            ("静默后未报失联", not lost),
            ("收到报文后未恢复", not back),
        )
        if seen
    ]
    record.logical(conforms=not wrong, n=3, because="、".join(wrong))
