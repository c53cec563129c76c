# SPDX-License-Identifier: Apache-2.0
"""主机的报文 — what the panel does when it is not answered as it should be."""

from __future__ import annotations

from yanshou.fixtures.api import CentreAnswer, QuietEvent, Record, Reporting, measures

_NO_EVENT = "设防、撤防时未收到主机的事件报文，无从试验重发"


@measures("unanswered_message_repeated", seconds=8.0)
def test_unanswered_message_repeated(reporting: Reporting, quiet_event: QuietEvent, record: Record) -> None:
    """One message is left without an answer and one refused: each must come again and be acknowledged.

    A panel that sends each message twice, or over both paths at once, would seem to answer to the missing
    answer; so one is acknowledged at once and must not come again.
    """
    dropped = []
    gap = 0.0
    for answer, label in ((CentreAnswer.NONE, "未获应答"), (CentreAnswer.NAK, "被拒")):
        reporting.begin()
        mark = reporting.inner.mark()
        reporting.answer_once(answer)
        quiet_event.give()
        first = reporting.wait_sent(answered=answer, after=mark)
        if first is None:
            record.cannot(_NO_EVENT)
            return
        again = reporting.wait_sent(answered=CentreAnswer.ACK, after=first.number, again=first)
        dropped += [f"{label}的报文未重发"] if again is None else []
        gap = max(gap, 0.0 if again is None else (again.complete - first.complete).most)
    if not dropped and _sends_twice(reporting, quiet_event, gap, record):
        record.cannot("主机把已获确认的报文再次送来，重发与有无应答无关，无从判断")
    record.logical(conforms=not dropped, n=2, because="、".join(dropped))


def _sends_twice(reporting: Reporting, quiet_event: QuietEvent, gap: float, record: Record) -> bool:
    """Whether a message that is acknowledged comes again as soon as one that is not, or a little later."""
    mark = reporting.inner.mark()
    quiet_event.give()
    sent = reporting.wait_sent(answered=CentreAnswer.ACK, after=mark)
    if sent is None:
        record.cannot(_NO_EVENT)
    return reporting.comes_again(sent, gap + record.criterion("still_s"))
