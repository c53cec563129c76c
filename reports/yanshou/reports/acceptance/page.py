# SPDX-License-Identifier: Apache-2.0
"""The acceptance page for the group to sign, and the same as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from yanshou.model import Text
from yanshou.model.acceptance import AcceptanceMeeting, AcceptanceTerm, LineResult
from yanshou.reports.acceptance.conclusion import PARTS, Conclusion, PartScore, conclude
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.messages_terms import VERDICTS
from yanshou.reports.typeset import typeset
from yanshou.reports.view import RunView, system_order

TERMS = {
    AcceptanceTerm.PASSED: Text("通过", "passed"),
    AcceptanceTerm.BASIC: Text("基本通过", "basically passed"),
    AcceptanceTerm.FAILED: Text("不通过", "not passed"),
}
RESULTS = {
    LineResult.PASSED: Text("合格", "passed"),
    LineResult.BASIC: Text("基本合格", "basically passed"),
    LineResult.FAILED: Text("不合格", "not passed"),
    LineResult.ABSENT: Text("缺项", "absent"),
}
_TONES = {
    LineResult.PASSED: "good",
    LineResult.BASIC: "open",
    LineResult.FAILED: "bad",
    LineResult.ABSENT: "plain",
}
_TERM_TONES = {AcceptanceTerm.PASSED: "good", AcceptanceTerm.BASIC: "open", AcceptanceTerm.FAILED: "bad"}
_YES, _NO = Text("是", "yes"), Text("否", "no")
_TEXTS = {
    "title": Text("安全防范工程验收结论", "Conclusion of acceptance"),
    "about": Text(
        "验收结论由验收组作出。本页汇总验收组三张表与检测结果，并提出建议结论；"
        "K 值公式及 0.8、0.6 的界限依据待核（见 GB 50348-2004 第 8.3、8.4 节，2018 版是否沿用未经核对）。",
        "The conclusion is the group's. This page sums up its three tables and the inspection and proposes "
        "one. The formula of K and its bounds 0.8 and 0.6 are not confirmed (GB 50348-2004, 8.3, 8.4).",
    ),
    "on": Text("验收日期", "day of acceptance"),
    "group": Text("验收组", "Acceptance group"),
    "inspection": Text("检测结果汇总", "Results of the inspection"),
    "open": Text("未决事项（未决事项未清前不提出结论）", "Open matters (no conclusion while there are any)"),
    "against": Text("不利于通过的事项", "What speaks against a pass"),
    "proposed": Text("建议结论", "Proposed conclusion"),
    "none": Text("尚不能提出", "none yet"),
    "given": Text("验收组结论", "Conclusion of the group"),
    "blank": Text("（待验收组填写）", "(to be filled in by the group)"),
    "problems": Text("问题与整改", "Problems and corrections"),
    "rules": Text("对验收组和结论的要求", "Rules for the group and its conclusion"),
    "met": Text("符合", "met"),
    "signed": Text("签字", "Signatures"),
    "unverified": Text("依据待核", "basis not confirmed"),
}
_MEMBER_HEAD = (
    Text("姓名", "name"),
    Text("单位", "unit"),
    Text("组别", "part"),
    Text("技术专家", "expert"),
    Text("有利害关系", "interest"),
)
_LINE_HEAD = (Text("项目", "line"), Text("结果", "result"), Text("备注", "note"))
_PROBLEM_HEAD = (
    Text("问题", "problem"),
    Text("整改要求", "correction"),
    Text("责任单位", "by"),
    Text("期限", "until"),
)
_SIGNERS = (
    Text("验收组组长", "leader of the group"),
    Text("施工验收组", "construction"),
    Text("技术验收组", "technical"),
    Text("资料审查组", "documents"),
    Text("建设单位（盖章）", "owner (seal)"),
    Text("公安机关", "public security organ"),
)


def acceptance_json(meeting: AcceptanceMeeting, view: RunView) -> bytes:
    """The page for programs: scores, open matters, the proposed and the given conclusion."""
    found = conclude(meeting, view)
    content = {
        "schema": "yanshou/acceptance-1",
        "run": view.run,
        "head": view.head,
        "on": meeting.on.isoformat() if meeting.on else None,
        "parts": {
            score.part.value: {
                "counts": dict(score.counts),
                "K": float(score.k) if score.k is not None else None,
            }
            for score in found.scores
        },
        "basis": "unverified",
        "open": [one.zh for one in found.open],
        "against": [one.zh for one in found.against],
        "proposed": found.proposed,
        "given": meeting.conclusion,
        "ACC-10": {
            "expert_share": float(found.expert_share) if found.expert_share is not None else None,
            "met": not found.group_wrong,
            "found": [one.zh for one in found.group_wrong],
        },
        "ACC-11": {"met": not found.wording_wrong, "found": [one.zh for one in found.wording_wrong]},
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def acceptance_pdf(meeting: AcceptanceMeeting, view: RunView, language: str) -> bytes:
    """The page to be signed; RigFault with Typst's own message if that fails."""
    content = _content(meeting, view, conclude(meeting, view), Messages(language))
    return typeset("acceptance", Printer().clean(content), {}, view.ended)


def _content(
    meeting: AcceptanceMeeting, view: RunView, found: Conclusion, messages: Messages
) -> dict[str, Any]:
    said = {name: messages.pick(text) for name, text in _TEXTS.items()}
    proposed, given = found.proposed, meeting.conclusion
    return {
        "language": messages.language,
        "words": said,
        "site": f"{view.site.name}　{messages('run')}{messages('colon')}{view.run}",
        "emulated": messages("banner") if view.emulated else "",
        "on": meeting.on.isoformat() if meeting.on else "",
        "members": _members(meeting, found.expert_share, messages),
        "parts": [_part(meeting, score, messages) for score in found.scores],
        "inspection": _inspection(view, messages),
        "open": [messages.pick(one) for one in found.open],
        "against": [messages.pick(one) for one in found.against],
        "proposed": [
            messages.pick(TERMS[proposed]) if proposed else said["none"],
            _TERM_TONES[proposed] if proposed else "plain",
        ],
        "given": messages.pick(TERMS[given]) if given else said["blank"],
        "problems": {
            "head": [messages.pick(one) for one in _PROBLEM_HEAD],
            "rows": [
                [one.text, one.correction, one.by, one.until.isoformat() if one.until else ""]
                for one in meeting.problems
            ],
        },
        "rules": [
            _rule("ACC-10", found.group_wrong, view, messages),
            _rule("ACC-11", found.wording_wrong, view, messages),
        ],
        "signers": [messages.pick(one) for one in _SIGNERS],
    }


def _members(meeting: AcceptanceMeeting, share: Fraction | None, messages: Messages) -> dict[str, Any]:
    leads = Text("（组长）", " (leader)")
    rows = [
        [
            member.name + (messages.pick(leads) if member.leader else ""),
            member.unit,
            messages.pick(PARTS[member.part]),
            messages.pick(_YES if member.expert else _NO),
            messages.pick(_YES if member.interest else _NO),
        ]
        for member in meeting.members
    ]
    count = Text("技术专家占（不计应回避者）", "share of experts (without those who stand aside)")
    share_text = f"{messages.pick(count)} {float(share):.0%}" if share is not None else ""
    return {"head": [messages.pick(one) for one in _MEMBER_HEAD], "rows": rows, "share": share_text}


def _part(meeting: AcceptanceMeeting, score: PartScore, messages: Messages) -> dict[str, Any]:
    blank = messages.pick(_TEXTS["blank"])
    return {
        "name": messages.pick(PARTS[score.part]),
        "head": [messages.pick(one) for one in _LINE_HEAD],
        "rows": [
            [
                f"{'* ' if line.starred else ''}{line.text}",
                messages.pick(RESULTS[line.result]) if line.result else blank,
                _TONES[line.result] if line.result else "bad",
                line.note,
            ]
            for line in meeting.of(score.part)
        ],
        "k": f"K = {float(score.k):.2f}" if score.k is not None else "K = —",
    }


def _inspection(view: RunView, messages: Messages) -> dict[str, Any]:
    """Verdicts counted by system: whatever was found, however few."""
    shown = [verdict for verdict in VERDICTS if view.of(verdict)]
    rows = []
    for system in system_order(view):
        counted = Counter(row.finding.verdict for row in view.rows if row.system == system)
        rows.append([messages.system(system), *(str(counted[verdict] or "—") for verdict in shown)])
    return {"head": ["", *(messages.verdict(verdict) for verdict in shown)], "rows": rows}


def _rule(name: str, wrong: Sequence[Text], view: RunView, messages: Messages) -> list[str]:
    row = view.catalogue.get(name)
    clause = f"{row.standard}-{row.edition} {row.clause}" if row else ""
    asks = messages.pick(row.asks) if row else name
    reasons = [messages.pick(one) for one in wrong]
    return [
        clause or name,
        asks,
        "；".join(reasons) or messages.pick(_TEXTS["met"]),
        "bad" if reasons else "good",
    ]
