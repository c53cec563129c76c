# SPDX-License-Identifier: Apache-2.0
"""Questions of the suites of access control."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

ACCESS: Final[dict[str, Text]] = {
    "card.present": Text("请在 {door} 的识读装置出示{card}", "Please present {card} at the reader of {door}"),
    "card.authorised": Text("有权凭证", "a credential that may pass"),
    "card.unauthorised": Text("无权凭证", "a credential that may not pass"),
    "card.duress": Text("胁迫凭证", "the duress credential"),
    "card.payment": Text("仅有消费权限的卡", "a card with payment rights alone"),
    "card.approval": Text("须经核准的凭证", "a credential that needs approval"),
}
