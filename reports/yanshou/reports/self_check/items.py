# SPDX-License-Identifier: Apache-2.0
"""Items a report must have: ISO/IEC 17025:2017 7.8.2 and 7.8.3, CMA criteria 2.12.6."""

from __future__ import annotations

from yanshou.reports import basis_tables
from yanshou.reports.conclusion import proposed
from yanshou.reports.document import environment_text
from yanshou.reports.self_check.printed import squeezed
from yanshou.reports.self_check.records import CheckedReport, CheckPart, asked, by_hand, complete

FROM_CLIENT = (
    "project",
    "place",
    "client",
    "contact",
    "owner",
    "designer",
    "builder",
    "supervisor",
    "maintainer",
    "user",
    "devices",
    "attributes",
)
"""Facts of the overview that the client gives (17025 7.8.2.2)."""
CLIENT_MARK = "△"


def given(subject: CheckedReport, key: str) -> str:
    """A fact from the frozen site folder, empty if nobody gave it."""
    site = subject.view.site
    own = {str(name): str(value) for name, value in site.laboratory.items() if value not in (None, "")}
    parties = {str(name): str(value) for name, value in site.parties.items()}
    facts = {
        "no": own.get("report_no", ""),
        "project": site.name,
        "place": site.address,
        "client": parties.get("client", ""),
        "contact": parties.get("contact", own.get("client_contact", "")),
        "laboratory": own.get("name", parties.get("laboratory", "")),
        "laboratory_address": own.get("address", parties.get("laboratory_address", "")),
    }
    facts["environment"] = environment_text(subject.view, subject.messages)
    return facts.get(key, own.get(key, ""))


def fact(subject: CheckedReport, key: str, zh: str, en: str) -> CheckPart:
    """A fact printed beside its label; missing if it was not given or is not printed."""
    label, value = subject.messages(key), given(subject, key)
    marks = (CLIENT_MARK,) if key in FROM_CLIENT else ("", subject.messages("colon"))
    met = any(subject.printed.has(f"{label}{mark}{value}") for mark in marks)
    return asked(zh, en, met=bool(value) and met, found=f"{label}：{value}" if value else label)


def items_17025(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """ISO/IEC 17025:2017 7.8.2.1 a to p, each found on the pages."""
    return (
        _title(subject),
        fact(subject, "laboratory", "b) 机构名称", "b) name of the laboratory"),
        fact(subject, "laboratory_address", "b) 机构地址", "b) address of the laboratory"),
        fact(subject, "place", "c) 检测地点", "c) place of the tests"),
        fact(subject, "no", "d) 唯一标识", "d) unique identification"),
        _every_page(subject),
        _end(subject),
        fact(subject, "client", "e) 客户名称", "e) name of the client"),
        fact(subject, "contact", "e) 客户联络信息", "e) contact of the client"),
        _methods(subject),
        _devices(subject),
        fact(subject, "state", "g) 物品状态", "g) condition of the item"),
        fact(subject, "received", "h) 接收日期", "h) date of receipt"),
        _dates(subject),
        fact(subject, "issued", "j) 签发日期", "j) date of issue"),
        _sampling(subject),
        _only_tested(subject),
        _results(subject),
        _deviations(subject),
        _authorised(subject),
        _external(subject),
    )


def items_cma(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """CMA criteria 2.12.6: the items of a report, its seal and its signatory."""
    return (
        _title(subject),
        fact(subject, "no", "唯一性标识", "unique identification"),
        _every_page(subject),
        asked(
            "检测专用章位置",
            "room for the seal",
            met=subject.printed.has(subject.messages("seal_line")),
            found=subject.messages("seal_line"),
        ),
        by_hand("加盖检测专用章或公章；资质认定标志（如有）", "the seal is put on; the CMA mark, if any"),
        _authorised(subject),
        _signed_in_front(subject),
        _conclusion(subject),
        fact(subject, "category", "检测类别", "kind of test"),
        fact(subject, "client", "客户名称", "name of the client"),
        _methods(subject),
        _devices(subject),
        fact(subject, "received", "接样日期", "date of receipt"),
        _dates(subject),
        fact(subject, "issued", "签发日期", "date of issue"),
        _sampling(subject),
        _external(subject),
    )


def client_data(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """17025 7.8.2.2: data from the client are marked one by one, with a disclaimer."""
    messages, printed = subject.messages, subject.printed
    unmarked = [messages(key) for key in FROM_CLIENT if not printed.has(messages(key), CLIENT_MARK)]
    return (
        complete(
            "客户提供的数据逐项标明",
            "data from the client are marked one by one",
            unmarked,
            found=CLIENT_MARK,
        ),
        asked(
            "免责声明",
            "disclaimer",
            met=printed.has(messages("client_data")) and printed.has(messages.paragraphs("statement")[5]),
            found=messages("client_data"),
        ),
    )


def environment(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """17025 7.8.3.1 a, d: environment during the tests; opinions are marked as such."""
    return (
        fact(subject, "environment", "检测时的环境条件", "environment during the tests"),
        by_hand(
            "意见和解释（如有）由授权人员在检测结论栏填写并标明",
            "opinions and interpretations, if any, are written and marked by an authorised person",
        ),
    )


def _title(subject: CheckedReport) -> CheckPart:
    title = subject.messages("report")
    first = subject.printed.pages[0] if subject.printed.pages else ""
    return asked("a) 标题", "a) title", met=squeezed(title) in first, found=title)


def _every_page(subject: CheckedReport) -> CheckPart:
    """Each page has the number of the report and of the page, so that it is known to belong to it."""
    messages, pages = subject.messages, subject.printed.pages
    number = given(subject, "no") or messages("fill")
    head = f"{messages('no')}{messages('colon')}{number}"
    missed = [
        str(place)
        for place, page in enumerate(pages, 1)
        if not _bears(page, head) or not _bears(page, messages("page", x=str(place), y=str(len(pages))))
    ]
    return asked(
        "d) 每页可识别为报告的一部分",
        "d) each page is known as a part of the report",
        met=bool(pages) and not missed,
        found="，".join(missed) or f"1–{len(pages)}",
    )


def _bears(page: str, text: str) -> bool:
    return squeezed(text) in page


def _end(subject: CheckedReport) -> CheckPart:
    end = subject.messages("end")
    pages = subject.printed.pages
    return asked(
        "d) 报告结尾的清晰标识", "d) the end is marked", met=bool(pages) and _bears(pages[-1], end), found=end
    )


def _methods(subject: CheckedReport) -> CheckPart:
    """Each standard used stands among those judged against, with its title; those tested by stand apart."""
    view, messages = subject.view, subject.messages
    lines = [*basis_tables.methods(view, messages), *basis_tables.judged(view, messages)]
    missing = [line[0] for line in lines if not subject.printed.has(*line[:2])]
    return asked(
        "f) 所用方法（标准）",
        "f) methods (standards)",
        met=len(lines) > 0 and not missing and _both_bases(subject),
        found="，".join(missing or [line[0] for line in lines]),
    )


def _both_bases(subject: CheckedReport) -> bool:
    """Whether what was tested by stands apart from what was judged against."""
    return all(subject.printed.has(subject.messages(key)) for key in ("h.methods", "h.basis"))


def _conclusion(subject: CheckedReport) -> CheckPart:
    """GB 50348-2018 9.1.4: the inspection report concludes; what is proposed stands above the signatures."""
    said = proposed(subject.view, subject.messages).text
    met = subject.printed.has(subject.messages("h.proposed")) and subject.printed.has(said)
    return asked("检测结论（GB 50348-2018 9.1.4）", "conclusion (GB 50348-2018 9.1.4)", met=met, found=said)


def _signed_in_front(subject: CheckedReport) -> CheckPart:
    """The signatures stand before the results, as the form of an inspection report has them."""
    messages, pages = subject.messages, subject.printed.pages
    signed = [place for place, page in enumerate(pages) if _bears(page, messages("s.approve"))]
    results = [place for place, page in enumerate(pages) if _bears(page, messages("c.worst"))]
    met = bool(signed) and (not results or signed[0] <= results[0])
    return asked("签字在检测结果之前", "signatures before the results", met=met, found=messages("s.approve"))


def _devices(subject: CheckedReport) -> CheckPart:
    """Every device in a result is named on the pages."""
    view = subject.view
    names = {row.finding.device for row in view.rows if row.finding.device not in ("", view.site.id)}
    names = {name for name in names if view.device(name).kind != "site"}
    missing = sorted(name for name in names if not subject.printed.has(name))
    return complete("g) 被测物品的描述和标识", "g) description of the items tested", missing)


def _dates(subject: CheckedReport) -> CheckPart:
    view, messages = subject.view, subject.messages
    first, last = view.local(view.started), view.local(view.ended)
    met = subject.printed.has(messages("dates"), f"{first:%Y-%m-%d}") and subject.printed.has(f"{last:%H:%M}")
    return asked("i) 检测日期", "i) dates of the tests", met=met, found=f"{first:%Y-%m-%d} – {last:%Y-%m-%d}")


def _sampling(subject: CheckedReport) -> CheckPart:
    """Each lot with its size, its sample and every device that was drawn."""
    lots = subject.view.plan.sampling
    missing = [
        f"{lot.population} {name}" for lot in lots for name in lot.drawn if not subject.printed.has(name)
    ]
    missing += [
        lot.population
        for lot in lots
        if not subject.printed.has(str(lot.N), str(lot.n), subject.messages.sampling_rule(lot.rule))
    ]
    return complete("k) 抽样计划和方法", "k) sampling plan and method", missing)


def _only_tested(subject: CheckedReport) -> CheckPart:
    return asked(
        "l) 结果仅与被测物品有关的声明",
        "l) statement that results relate to the items tested only",
        met=subject.printed.has(subject.only_tested),
        found=subject.only_tested,
    )


def _results(subject: CheckedReport) -> CheckPart:
    missing = [one.name for one in subject.requirements if one.text is None]
    missing += [one.name for one in subject.rows if one.text is None]
    return complete("m) 结果及其单位", "m) results with their units", missing)


def _deviations(subject: CheckedReport) -> CheckPart:
    view, printed = subject.view, subject.printed
    missing = [one.text for one in view.deviations if not printed.has(subject.messages.said(one.text))]
    met = printed.has(subject.messages("h.deviations")) and not missing
    return asked("n) 对方法的偏离", "n) deviations from the method", met=met, found="；".join(missing))


def _authorised(subject: CheckedReport) -> CheckPart:
    messages = subject.messages
    missing = [
        messages(key) for key in ("s.lead", "s.review", "s.approve") if not subject.printed.has(messages(key))
    ]
    return complete("o) 批准报告的人员", "o) persons who authorise the report", missing)


def _external(subject: CheckedReport) -> CheckPart:
    messages = subject.messages
    text = given(subject, "external") or messages("nothing")
    return asked(
        "p) 外部提供者的结果",
        "p) results of external providers",
        met=subject.printed.has(messages("external"), text),
        found=text,
    )
