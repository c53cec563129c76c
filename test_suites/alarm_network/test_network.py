# SPDX-License-Identifier: Apache-2.0
"""传输网络 — borders, passwords, a network of its own."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, measures


@measures("network_border_protected", operator=True)
def test_network_border_protected(ask: Ask, record: Record) -> None:
    """Border measures are shown, accounts looked through, and known flaws searched in the agreed window."""
    window = ask.text("window")
    questions = {
        "border": "边界无防护",
        "passwords": "存在弱口令",
        "flaws": "存在已知漏洞",
    }
    wrong = [label for question, label in questions.items() if not ask.yes(question)]
    ask.text("accounts")
    ask.photo("evidence", scan=True)
    record.logical(conforms=not wrong, n=len(questions), because="；".join([*wrong, window]) if wrong else "")


@measures("dedicated_network", operator=True)
def test_dedicated_network(ask: Ask, record: Record) -> None:
    """Drawings and a trace of the cable show a network of its own; a VLAN label is no proof."""
    ask.text("drawing")
    traced = ask.yes("traced")
    ask.photo("traced_photo")
    record.logical(conforms=traced, because="" if traced else "与其他业务共用网络")
