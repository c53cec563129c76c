# SPDX-License-Identifier: Apache-2.0
"""What a report says for its issue: proposed conclusion, software, environment, method beside clause."""

from __future__ import annotations

from yanshou.model import Text

ISSUE_MESSAGES = {
    "h.proposed": Text("检测结论", "Conclusion"),
    "proposed.head": Text(
        "按检测结果提出的结论（由授权签字人确认或改写）：",
        "Conclusion proposed from the results (to be confirmed or changed by the authorised signatory):",
    ),
    "proposed.pass": Text(
        "所检项目均符合所列条款的要求，合格。", "All requirements tested conform to the clauses listed."
    ),
    "proposed.conditional": Text(
        "所检项目未发现不合格；其中 {n} 项为条件合格，条件合格不等同于合格。",
        "No requirement tested fails; {n} of them conform conditionally, not the same as conforming.",
    ),
    "proposed.fail": Text(
        "所检项目中 {n} 项不合格，不合格。", "{n} of the requirements tested do not conform."
    ),
    "proposed.open": Text(
        "尚有 {n} 项没有结果，不提出结论。", "{n} requirements have no result: no conclusion is proposed."
    ),
    "proposed.nothing": Text("没有检测结果，不提出结论。", "Nothing was tested: no conclusion is proposed."),
    "proposed.against": Text("已有 {n} 项不合格：{named}。", "{n} already do not conform: {named}."),
    "proposed.untried": Text(
        "仿真设备的结果，不是对任何工程的结论。", "Of emulated devices: no conclusion on any site."
    ),
    "open.head": Text("没有结果的项目：", "Without a result:"),
    "open.line": Text("序号 {no} {title}（{counts}）", "line {no} {title} ({counts})"),
    "settle.head": Text("签发前须落实：", "To be settled before issue:"),
    "settle.deviation": Text(
        "认可方法偏离 {which}（序号 {lines}）", "approval of deviations {which} (lines {lines})"
    ),
    "settle.everywhere": Text(
        "认可涉及全部结果的方法偏离 {which}", "approval of deviations {which}, on every result"
    ),
    "settle.shortened": Text(
        "观察时间或次数少于通常的项目（序号 {lines}）", "watches shorter or fewer than usual (lines {lines})"
    ),
    "settle.unproven": Text(
        "观测未能全部证实的项目（序号 {lines}）", "results not wholly shown (lines {lines})"
    ),
    "settle.estimate": Text("以推算值给出的项目（序号 {lines}）", "estimates (lines {lines})"),
    "settle.software": Text("软件确认（自检记录）", "validation of the software (selftest record)"),
    "rests.within": Text("限值落在检测值 ± U 之内", "the limit lies within value ± U"),
    "summary.within": Text(
        "序号 {lines}（{n} 项）的限值落在检测值 ± U 之内，判定为条件性。",
        "Lines {lines} ({n}): the limit lies within value ± U, the verdict is conditional.",
    ),
    "validated": Text("软件确认", "Software validation"),
    "build": Text("{software}；构建摘要（SHA-256）{build}", "{software}; build digest (SHA-256) {build}"),
    "build.unknown": Text("{software}；构建摘要未记录", "{software}; build digest not recorded"),
    "validated.no": Text(
        "未经确认：没有此构建的自检记录。", "Not validated: there is no selftest record of this build."
    ),
    "validated.failed": Text(
        "未经确认：此构建的自检未通过（漏判 {passed}，误判 {failed}；{when}）。",
        "Not validated: its selftest failed ({when}: false pass {passed}, false fail {failed}).",
    ),
    "validated.unreadable": Text(
        "未经确认：此构建的自检记录 {names} 无法读取。",
        "Not validated: the selftest record {names} of this build cannot be read.",
    ),
    "validated.yes": Text(
        "自检记录 {when}（{sites}）：{cases} 例，漏判 0，误判 0；"
        "本报告 {n} 个检测项目中 {k} 项的缺陷曾植入并被检出。记录 SHA-256 {records}。",
        "Selftest of {when} ({sites}): {cases} cases, false pass 0, false fail 0; of the {n} requirements "
        "here {k} had planted defects, all found. Records SHA-256 {records}.",
    ),
    "environment.session": Text("时段 {no}（{span}）：{said}", "session {no} ({span}): {said}"),
    "c.environment": Text("环境条件", "Environment"),
    "issue.label": Text("版次", "Issue"),
    "issue.short": Text("第 {number} 次签发", "no. {number}"),
    "issue.draft": Text("工作稿，未签发", "working copy, not issued"),
    "method": Text("方法：{how}", "method: {how}"),
    "method.stimulus": Text("触发试验", "stimulus and response"),
    "method.timed": Text("触发计时", "stimulus and response, timed"),
    "method.instrument": Text("仪器测量（{names}）", "instrument ({names})"),
    "method.device": Text("读取设备数据", "data read from the device"),
    "method.person": Text("人工检查", "inspection by a person"),
    "method.repeated": Text("{n} 次", "n = {n}"),
    "method.statistic": Text("取{statistic}", "{statistic}"),
}
