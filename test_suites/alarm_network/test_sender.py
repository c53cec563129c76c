# SPDX-License-Identifier: Apache-2.0
"""主机的报文 — what the panel does when it is not answered as it should be."""

from __future__ import annotations

from yanshou.fixtures.api import CentreAnswer, QuietEvent, Record, Reporting, measures


@measures("unanswered_message_repeated", seconds=6.0)
def test_unanswered_message_repeated(reporting: Reporting, quiet_event: QuietEvent, record: Record) -> None:
    """One message is left without an answer and one refused: each must come again and be acknowledged."""
    dropped = []
    for answer, label in ((CentreAnswer.NONE, "未获应答"), (CentreAnswer.NAK, "被拒")):
        reporting.begin()
        mark = reporting.inner.mark()
        reporting.answer_once(answer)
        quiet_event.give()
        first = reporting.wait_sent(answered=answer, after=mark)
        if first is None:
            record.cannot("设防、撤防时未收到主机的事件报文，无从试验重发")
            return
        again = reporting.wait_sent(answered=CentreAnswer.ACK, after=first.number, again=first)
        dropped += [f"{label}的报文未重发"] if again is None else []
    record.logical(conforms=not dropped, n=2, because="、".join(dropped))
