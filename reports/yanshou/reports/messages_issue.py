# SPDX-License-Identifier: Apache-2.0
"""What a report says for its issue: proposed conclusion, software, environment, method beside clause."""

from __future__ import annotations

from yanshou.model import Text

ISSUE_MESSAGES = {
    "fig.caption.worst": Text("{title}：n = {n}，最不利 {said}", "{title}: n = {n}, worst {said}"),
    "fig.of_device": Text("{device} {value}", "{device} {value}"),
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
        "No requirement tested fails; conditional pass, which is not the same as conforming: {n}.",
    ),
    "proposed.fail": Text(
        "所检项目中 {n} 项不合格，不合格。", "Requirements tested that do not conform: {n}."
    ),
    "proposed.open": Text(
        "尚有 {n} 项没有结果，不提出结论。", "Requirements without a result: {n}. No conclusion is proposed."
    ),
    "proposed.nothing": Text("没有检测结果，不提出结论。", "Nothing was tested: no conclusion is proposed."),
    "proposed.against": Text("已有 {n} 项不合格：{named}。", "Already not conforming ({n}): {named}."),
    "proposed.untried": Text(
        "仿真设备的结果，不是对任何工程的结论。", "Of emulated devices: no conclusion on any site."
    ),
    "open.head": Text("没有结果的项目：", "Without a result:"),
    "open.line": Text("序号 {no} {title}（{counts}）", "no. {no} {title} ({counts})"),
    "settle.head": Text("签发前须落实：", "To be settled before issue:"),
    "settle.deviation": Text(
        "认可方法偏离 {which}（序号 {lines}）", "approval of deviations {which} (no. {lines})"
    ),
    "settle.everywhere": Text(
        "认可涉及全部结果的方法偏离 {which}", "approval of deviations {which}, on every result"
    ),
    "settle.shortened": Text(
        "观察时间或次数少于通常的项目（序号 {lines}）", "watches shorter or fewer than usual (no. {lines})"
    ),
    "settle.unproven": Text(
        "观测未能全部证实的项目（序号 {lines}）", "results not wholly shown (no. {lines})"
    ),
    "settle.estimate": Text("以推算值给出的项目（序号 {lines}）", "estimates (no. {lines})"),
    "settle.clauses": Text("补齐条款号（{standards}）", "numbers of clauses ({standards})"),
    "settle.software": Text("软件确认（自检记录）", "validation of the software (selftest record)"),
    "rests.within": Text("限值落在检测值 ± U 之内", "the limit lies within value ± U"),
    "summary.within": Text(
        "序号 {lines}（{n} 项）的限值落在检测值 ± U 之内，判定为条件性。",
        "No. {lines} ({n} in all): the limit lies within value ± U, the verdict is conditional.",
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

HAND_MESSAGES = {
    "h.hand": Text("现场签名", "Signatures on site"),
    "hand.signed": Text(
        "时段 {no}：{person}，{at}（图像 SHA-256 {sha}…）",
        "session {no}: {person}, {at} (picture SHA-256 {sha}…)",
    ),
    "hand.none": Text("时段 {no}：{person} 未签名（{why}）", "session {no}: {person} did not sign ({why})"),
    "hand.not_asked": Text("该时段未请其签名", "not asked in this session"),
    "hand.on_phone_of": Text("，写在 {person} 的手机上", ", drawn on the phone of {person}"),
    "hand.missing": Text("，图像缺失或损坏", "; the picture is missing or damaged"),
}

RECORD_MESSAGES = {
    "rec.title": Text("检测原始记录", "Raw record of the tests"),
    "rec.cover": Text("目录", "contents"),
    "rec.head": Text("检测日志哈希链末端（SHA-256）", "end of the journal's chain (SHA-256)"),
    "rec.persons": Text("检测人", "Tested by"),
    "rec.hand.tester": Text("检测人签名", "Signature of the tester"),
    "rec.hand.witness": Text("见证人签名", "Signature of the witness"),
    "rec.reviewer": Text("校核人（签名、日期）", "Checked by (signature, date)"),
    "rec.reviewed": Text("校核人：　　　　　　　　日期：", "Checked by:                 Date:"),
    "rec.about": Text("说明", "Note"),
    "rec.how": Text(
        "检测值、U 和限值比较为公式，可由校核人重新计算；“核对”列与检测日志的数值比较。"
        "没有公式的数值由观测数据以其他方法得出，备注写明。",
        "Value, U and comparison are formulas that a reviewer can compute again; the column 'agrees' "
        "compares them with the journal. A number without a formula was obtained otherwise: see the note.",
    ),
    "rec.sheet": Text("工作表", "Sheet"),
    "rec.lines": Text("记录条数", "Lines"),
    "rec.measurement": Text("测量编号", "Measurement"),
    "rec.n": Text("n", "n"),
    "rec.statistic": Text("取值", "Statistic"),
    "rec.value": Text("检测值", "Value"),
    "rec.U": Text("U", "U"),
    "rec.k": Text("k", "k"),
    "rec.unit": Text("单位", "Unit"),
    "rec.low": Text("限值下限", "Lower limit"),
    "rec.high": Text("限值上限", "Upper limit"),
    "rec.compared": Text("与限值比较", "Against the limit"),
    "rec.stated": Text("检测值（日志）", "Value (journal)"),
    "rec.stated_u": Text("U（日志）", "U (journal)"),
    "rec.same": Text("核对", "Agrees"),
    "rec.yes": Text("一致", "yes"),
    "rec.no": Text("不一致", "no"),
    "rec.within": Text("在限值内", "within"),
    "rec.beyond": Text("超出限值", "beyond"),
    "rec.used": Text("报告采用", "In the report"),
    "rec.instruments": Text("仪器", "Instruments"),
    "rec.tester": Text("检测人 / 见证人", "Tester / witness"),
    "rec.environment": Text("环境条件", "Environment"),
    "rec.note": Text("备注", "Note"),
    "rec.number": Text("第 n 次", "No."),
    "rec.reading": Text("观测值", "Observation"),
    "rec.not_from_raw": Text(
        "检测值不是所列观测值的单一统计量，由观测数据计算，见证据",
        "the value is no single statistic of these observations; see the evidence",
    ),
    "rec.from_steps": Text(
        "没有数值观测；依据见下列过程记录和证据", "no figures were read; see the steps below"
    ),
    "rec.step": Text("过程记录", "Step"),
    "rec.kind": Text("类别", "Kind"),
    "rec.u_otherwise": Text("U 不是各分量的平方和合成", "U is not the root of the sum of squares"),
}
ISSUE_MESSAGES |= RECORD_MESSAGES | HAND_MESSAGES
