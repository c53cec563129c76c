# SPDX-License-Identifier: Apache-2.0
"""无线传输 — blocked channel and repeated transmission.

Nothing is radiated by the bench: the interferer is conducted, or shielded together with the receiver (radio
licence rules).  Without such an instrument in the register the plan says that these rows are not tested.
"""

from __future__ import annotations

from collections.abc import Callable

from yanshou.fixtures.api import Ask, ManualMeter, Record, measures


@measures(
    "radio_block_fault",
    instruments=("shielded_interferer",),
    intrusive=("network_cut",),
    operator=True,
    seconds=120.0,
)
def test_radio_block_fault(manual_meter: Callable[[str], ManualMeter], ask: Ask, record: Record) -> None:
    """Conducted or shielded, the channel is blocked for at least 35 s: the centre shows a fault."""
    shielded = ask.yes("radio.shielded")
    if not shielded:
        record.cannot("干扰未在传导或屏蔽条件下进行，不得实施")
    before, enough = record.criterion("before_s"), record.criterion("blocked_s")
    meter = manual_meter("shielded_interferer")
    long = meter.ask("duration", "s", "radio.blocked", enough=enough)
    if long.value < enough:
        record.invalid(f"阻塞只有 {long.value:g} s，不足 {enough:g} s")
    fault = ask.yes("radio.fault")
    early = ask.yes("radio.early", before=before)
    ask.photo("radio.photo")
    record.deviation(f"{before:g} s 时{'已' if early else '未'}显示故障（条文不要求）")
    record.logical(conforms=fault, because="" if fault else "信道阻塞未显示故障")


@measures("radio_transmission_repeated", instruments=("radio_monitor",), operator=True, seconds=120.0)
def test_radio_transmission_repeated(
    manual_meter: Callable[[str], ManualMeter], ask: Ask, record: Record
) -> None:
    """The detector is triggered: sent at once and again; with a weak battery it reports that."""
    meter = manual_meter("radio_monitor")
    sent = meter.ask("transmissions", "1", "radio.sent")
    at_once = ask.yes("radio.at_once")
    weak = ask.yes("radio.weak")
    ask.photo("radio.trace")
    wrong = [
        label
        for label, good in (
            ("未立即发射", at_once),
            ("未重复发射", sent.value >= record.criterion("sent")),
            ("未报欠压", weak),
        )
        if not good
    ]
    record.logical(conforms=not wrong, n=round(sent.value), because="、".join(wrong))
