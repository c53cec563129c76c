# SPDX-License-Identifier: Apache-2.0
"""公安联网 — the link to the police or the security department (Art. 10; GB 55029-2022 6.0.4)."""

from __future__ import annotations

import pytest

from yanshou.fixtures.api import Ask, Record, measures


@pytest.mark.usefixtures("test_mode")
@measures("police_link_working", operator=True)
def test_police_link_working(ask: Ask, record: Record) -> None:
    """A test alarm, announced and agreed in writing, is confirmed by the receiving side by name."""
    agreed = ask.yes("agreed")
    if not agreed:
        record.cannot("接警单位未同意测试，未触发报警")
        return
    received = ask.yes("received")
    receiver = ask.name("receiver")
    record.logical(conforms=received, because="" if received else f"{receiver} 未收到测试报警")


@pytest.mark.usefixtures("test_mode")
@measures("police_receipt_verified", operator=True)
def test_police_receipt_verified(ask: Ask, record: Record) -> None:
    """After the agreed test alarm the operator on duty asked the police whether it arrived, and logged it."""
    if not ask.yes("agreed"):
        record.cannot("接警单位未同意测试，未触发报警")
        return
    verified = ask.yes("verified")
    logged = ask.yes("logged")
    ask.name("duty")
    wrong = [label for label, seen in (("未核实", verified), ("未记录", logged)) if not seen]
    record.logical(conforms=not wrong, n=2, because="、".join(wrong))
