# SPDX-License-Identifier: Apache-2.0
"""What a signature shows on the page of the report: name, role, time and subject of the certificate."""

from __future__ import annotations

from datetime import datetime

from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.typeset import typeset

_CELLS = {"tester": "s.lead", "reviewer": "s.review", "approver": "s.approve"}


def signature_appearance(
    role: str, person: str, subject: str, at: datetime, size: tuple[float, float], language: str = "zh"
) -> bytes:
    """A PDF of one page of ``size`` (width and height in pt), made with the font of the report.

    The time is that of the signer's clock, with its zone.
    """
    messages = Messages(language)
    content = {
        "language": language,
        "title": person,
        "name": person,
        "role": messages(_CELLS[role]),
        "time": messages("sign.signed_at", at=f"{at:%Y-%m-%d %H:%M:%S %z}"),
        "subject": messages("sign.subject", subject=subject),
        "width": size[0],
        "height": size[1],
    }
    return typeset("signature", Printer().clean(content), {}, at, ("a-3a",))
