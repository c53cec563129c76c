# SPDX-License-Identifier: Apache-2.0
"""报警联网 — the link to the police or the security department (Art. 10 of the regulation)."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, measures


@measures("police_link_working", operator=True)
def test_police_link_working(ask: Ask, record: Record) -> None:
    """A test alarm, announced and agreed in writing, is confirmed by the receiving side by name."""
    agreed = ask.yes("agreed", "接警单位是否已书面同意本次测试并处于测试状态？")
    if not agreed:
        record.cannot("接警单位未同意测试，未触发报警")
        return
    received = ask.yes("received", "接警单位是否确认收到了本次测试报警？")
    receiver = ask.text("receiver", "接警人姓名与单位")
    record.logical(conforms=received, because="" if received else f"{receiver} 未收到测试报警")
