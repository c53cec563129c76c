# SPDX-License-Identifier: Apache-2.0
"""Demands of law and accreditation on the laboratory: instruments, mark, scope, secrecy, records."""

from __future__ import annotations

from datetime import date

from yanshou.model import Verdict
from yanshou.reports.result_tables import OUTSIDE
from yanshou.reports.self_check.items import given
from yanshou.reports.self_check.records import (
    Check,
    CheckedReport,
    CheckPart,
    asked,
    by_hand,
    complete,
    not_needed,
)

_YEARS = 6
_LEAP_DAY = 29


def left_to_the_laboratory(zh: str, en: str) -> Check:
    """The check of a rule that only the laboratory can answer."""
    return lambda _subject: (by_hand(zh, en),)


MARK_FORM = left_to_the_laboratory(
    "标志的图形、比例、颜色和 12 位证书编号", "figure, proportion, colour and twelve-digit number of the mark"
)
QUALIFIED = left_to_the_laboratory(
    "机构向社会出具数据的资格在有效期内", "the qualification to issue data to the public is in force"
)
SIGNATURE = left_to_the_laboratory(
    "软件不作电子签名；签名、签名制作数据的专有控制和证书由机构负责",
    "the software signs nothing; signature, control of its data and certificate are the laboratory's",
)


def instruments_traceable(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Metrology Law, Art. 9: each instrument used has a certificate that covers the days of the tests."""
    view, printed = subject.view, subject.printed
    last = f"{view.local(view.ended):%Y-%m-%d}"
    used = view.instruments
    names = [str(one.get("id", "")) for one in used]
    unnamed = [name for name in names if not printed.has(name)]
    bare = [str(one.get("id")) for one in used if not one.get("certificate")]
    overdue = [str(one.get("id")) for one in used if not one.get("due") or str(one["due"])[:10] < last]
    unprinted = [
        str(one.get("id"))
        for one in used
        if one.get("certificate") and not printed.has(str(one["certificate"]))
    ]
    if not used:
        return (not_needed("本报告未使用测量仪器", "no instrument was used"),)
    return (
        complete("所用仪器均列入报告", "each instrument is listed", unnamed, found="，".join(names)),
        complete(
            "校准证书编号齐全",
            "each has a certificate",
            bare + unprinted,
        ),
        complete(
            "检测期间均在有效期内",
            "each was within its date",
            overdue,
            found=last,
        ),
    )


def no_own_mark(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Regulation on Certification and Accreditation, Art. 15: the software prints no mark."""
    cover = subject.printed.pages[0] if subject.printed.pages else ""
    marks = [word for word in ("CMA", "CNAS", "资质认定标志") if word in cover]
    pictures = subject.printed.pictures_on_cover
    return (
        asked(
            "封面无软件自行加印的标志",
            "the cover bears no mark put there by the software",
            met=not marks and not pictures,
            found="，".join(marks) or f"{pictures}",
        ),
        by_hand(
            "标志和证书编号由机构加盖，范围覆盖所检项目",
            "the laboratory adds mark and number, for items in scope",
        ),
    )


def scope_by_item(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """SAMR 2026 no. 14: items outside the qualified scope are marked one by one."""
    view, messages = subject.view, subject.messages
    if not view.accredited:
        return (
            asked(
                "逐项标明资质认定范围",
                "the scope is marked item by item",
                met=False,
                found="site.toml [laboratory] accredited",
            ),
        )
    outside = {
        row.finding.requirement
        for row in view.rows
        if row.finding.verdict is not Verdict.NOT_APPLICABLE and not view.in_scope(row.finding.requirement)
    }
    unmarked = sorted(name for name in outside if not subject.printed.has(f"{name}{OUTSIDE}"))
    return (
        asked(
            "范围以外的项目逐项标注",
            "items outside the scope are marked",
            met=not unmarked and subject.printed.has(messages("outside_scope")),
            found="，".join(unmarked) or f"{len(outside)}",
        ),
    )


def records_kept(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Records and reports are kept for six years.

    The last day is printed, the archive is the laboratory's.
    """
    issued = given(subject, "issued")
    try:
        until = _years_on(date.fromisoformat(issued[:10])).isoformat()
    except ValueError:
        return (
            asked(
                "签发日期已定，保存期可计", "the day of issue is known, from which six years run", met=False
            ),
        )
    return (
        asked("保存至", "kept until", met=True, found=until),
        by_hand(
            "原始记录（检测文件夹）和报告已归档",
            "raw records (the run folder) and report are archived",
            until,
        ),
    )


def footage_minimised(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Order 799 (2025), Art. 19: no footage is kept, and pictures only as evidence."""
    view = subject.view
    films = [one.name or one.sha256[:16] for one in view.evidence if one.media_type.startswith("video/")]
    pictures = [one for one in view.evidence if one.media_type.startswith("image/")]
    listed = [one.name or one.sha256[:16] for one in pictures if not subject.printed.has(one.sha256)]
    return (
        complete("不留存录像", "no footage is kept", films),
        complete(
            "留存的画面逐张列入证据清单",
            "each picture kept is listed",
            listed,
        ),
        by_hand(
            "画面只留作证据所必需，有书面授权和删除记录",
            "pictures are evidence only; authority and deletion are on record",
            f"n = {len(pictures)}",
        ),
    )


def kept_as_original(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Electronic Signature Law, Art. 5 to 8: the chain of digests shows any later change."""
    head = subject.view.head
    return (
        asked(
            "内容是否更改可以查验（哈希链末端印于报告）",
            "a later change can be seen: the end of the hash chain is printed",
            met=bool(head) and subject.printed.has(head),
            found=head[:16],
        ),
        by_hand("电子原件的保存", "keeping of the electronic original"),
    )


def _years_on(day: date) -> date:
    if day.month == 2 and day.day == _LEAP_DAY:  # noqa: PLR2004 - February
        return date(day.year + _YEARS, 3, 1)
    return day.replace(year=day.year + _YEARS)
