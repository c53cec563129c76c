# SPDX-License-Identifier: Apache-2.0
"""What the pages of a report, the console and the Allure page print, in Chinese and English."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

PAGE_MESSAGES: Final = {
    "report": Text("检测报告", "Test report"),
    "colon": Text("：", ": "),
    "fill": Text("待填", "to be filled in"),
    "banner": Text(
        "仿真演示 — 本报告由仿真设备产生，不是对任何实际工程的检测",
        "EMULATED — made with emulated devices; not a test of any real installation",
    ),
    "watermark": Text("仿真演示", "EMULATED"),
    "no": Text("报告编号", "Report no."),
    "run": Text("检测轮次", "Run"),
    "page": Text("第 {x} 页 共 {y} 页", "Page {x} of {y}"),
    "project": Text("工程名称", "Project"),
    "place": Text("检测地点", "Place of the tests"),
    "client": Text("委托单位", "Client"),
    "contact": Text("委托方联系人", "Client's contact"),
    "owner": Text("建设单位", "Owner"),
    "designer": Text("设计单位", "Designer"),
    "builder": Text("施工单位", "Contractor"),
    "supervisor": Text("监理单位", "Supervisor of the works"),
    "maintainer": Text("维护单位", "Maintenance company"),
    "user": Text("使用单位", "User"),
    "category": Text("检测类别", "Kind of test"),
    "laboratory": Text("检测机构", "Laboratory"),
    "laboratory_address": Text("机构地址", "Laboratory's address"),
    "phone": Text("电话", "Telephone"),
    "dates": Text("检测日期", "Dates of the tests"),
    "received": Text("受理日期", "Date of receipt"),
    "issued": Text("签发日期", "Date of issue"),
    "issue": Text("签发次数", "Issue"),
    "issue.none": Text("工作稿，未签发", "working copy, not issued"),
    "issue.made": Text("第 {number} 次签发（{day}）", "issue {number} of {day}"),
    "issue.replaces": Text(
        "，代替第 {former} 次签发的报告；理由：{reason}", "; replaces issue {former}; reason: {reason}"
    ),
    "environment": Text("环境条件", "Environment"),
    "external": Text("外部提供的结果", "Results of external providers"),
    "nothing": Text("无", "none"),
    "state": Text("所检系统状态", "Condition of the system"),
    "devices": Text("系统组成", "Devices"),
    "attributes": Text("工程属性", "Site attributes"),
    "software": Text("检测软件", "Software"),
    "seal_line": Text("（检测专用章）", "(seal of the laboratory)"),
    "missing": Text(
        "以下内容须由检测机构补充后方可签发：", "The laboratory must give these before the report is issued:"
    ),
    "unprintable": Text(
        "以下字符字库中没有，正文以 〓 代替：", "These characters are not in the font and printed as 〓:"
    ),
    "client_mark": Text("△", "△"),
    "client_data": Text(
        "△ 由委托方提供，检测机构未予核实。", "△ Given by the client and not verified by the laboratory."
    ),
    "outside_scope": Text(
        "※ 不在检测机构资质认定范围内的项目。", "※ Item outside the qualified scope of the laboratory."
    ),
    "check.title": Text("检测机构自查表", "The laboratory's check sheet"),
    "check.about": Text(
        "本表按检测机构自身须遵守的规定逐条核对已排版的报告，供机构内部使用，不属于检测结果，不随报告提交。"
        "“由机构核对”的事项软件无法代答。",
        "Holds the printed report against the rules that bind the laboratory itself. For its own use: no "
        "part of the results and not submitted. What is left to the laboratory the software cannot answer.",
    ),
    "check.answer": Text("结论", "Answer"),
    "check.found": Text("依据 / 缺项", "Found / missing"),
    "h.statement": Text("声明", "Statement"),
    "h.verdicts": Text("判定用语", "Verdicts"),
    "h.status": Text("限值状态", "State of a limit"),
    "h.overview": Text("工程概况", "The installation"),
    "h.conclusion": Text("检测结果汇总", "Summary of results"),
    "h.methods": Text("检测依据", "Standards of sampling and method"),
    "h.basis": Text("判定依据", "Standards judged against"),
    "methods_note": Text(
        "检测步骤见检测方案和原始记录；机构另有方法标准或作业指导书的，签发前在此补充。",
        "The steps are in the plan and the raw records; methods of the laboratory's own are added here.",
    ),
    "sampled_by": Text("抽样：{clauses}", "sampling: {clauses}"),
    "c.full_title": Text("名称", "Title"),
    "c.measures": Text("测量范围，U", "Ranges, U"),
    "c.calibrated": Text("校准日期", "Calibrated"),
    "range": Text("{ends}：U = {U}（k={k:g}）", "{ends}: U = {U} (k={k:g})"),
    "range.share": Text("{U:g} %（相对）", "{U:g} % (relative)"),
    "relay.name": Text("检测继电器板（环回校准）", "relay board (loopback calibration)"),
    "relay.delay": Text("环回延迟 u ≤ {u} ms", "loopback delay, u ≤ {u} ms"),
    "relay.uncalibrated": Text("本次未做环回校准", "no loopback calibration in this run"),
    "host.name": Text("检测计算机时钟（单调时钟）", "clock of the host (monotonic)"),
    "host.u": Text(
        "时间间隔：按最大允许误差计入 U（{source}）", "intervals: in U by its largest error ({source})"
    ),
    "in_this_run": Text("本次检测，见“检测台环回校准”", "in this run, see the loopback calibration"),
    "host.source": Text("持续时间的 100 ppm", "100 ppm of the duration"),
    "host.other": Text("见不确定度分量", "see the budget"),
    "h.rule": Text("判定规则", "Decision rule"),
    "h.sampling": Text("抽样", "Sampling"),
    "h.instruments": Text("主要仪器和时间基准链", "Instruments and the timing chain"),
    "h.loops": Text("检测台环回校准", "Loopback calibration of the bench"),
    "c.loop": Text("环回（继电器板编号）", "Loop (board serial)"),
    "c.edge": Text("动作", "Edge"),
    "c.range": Text("最小–最大 / ms", "min–max / ms"),
    "h.results": Text("检测结果", "Results"),
    "h.nonconform": Text("不符合项", "Non-conformities"),
    "h.untested": Text("未检项目及原因", "Not tested, with reasons"),
    "h.invalid": Text("无效结果及原因", "Invalid results, with reasons"),
    "h.advice": Text("未按建议的项目（宜、建议，不作不合格）", "Advice not followed (no non-conformity)"),
    "advice": Text("建议（宜）", "advice"),
    "h.unjudged": Text("依据待核项目", "Not judged: limit to be verified"),
    "h.na": Text("不适用项目", "Not applicable"),
    "h.scope": Text("约定不在委托范围内的项目", "Agreed to be outside the scope"),
    "h.deviations": Text("方法偏离", "Deviations from the method"),
    "h.people": Text("人工步骤", "Steps by persons"),
    "h.breaks": Text("断点与重试记录", "Interruptions and retries"),
    "h.pictures": Text("图表与照片", "Figures and pictures"),
    "h.evidence": Text("证据清单", "Evidence"),
    "h.sign": Text("签署", "Signatures"),
    "end": Text("以下空白", "End of report"),
    "c.no": Text("序号", "No."),
    "c.item": Text("检测项目", "Test item"),
    "c.clause": Text("标准条款", "Clause"),
    "c.requires": Text("技术要求", "Requirement"),
    "c.result": Text("检测结果", "Result"),
    "c.U": Text("U（k=2）", "U (k=2)"),
    "c.verdict": Text("判定", "Verdict"),
    "c.device": Text("设备", "Device"),
    "c.reason": Text("原因", "Reason"),
    "c.system": Text("系统", "System"),
    "c.standard": Text("标准", "Standard"),
    "c.clauses": Text("所用条款", "Clauses used"),
    "c.note": Text("说明", "Note"),
    "c.population": Text("检验批", "Lot"),
    "c.rule": Text("抽样规则", "Rule"),
    "c.drawn": Text("抽中设备", "Drawn"),
    "c.how_many": Text("项数", "Items"),
    "c.titles": Text("检测项目（标准条款）", "Items (clauses)"),
    "beijing": Text("北京时间", "China Standard Time"),
    "timed": Text("{what}（{zone}）", "{what} ({zone})"),
    "c.id": Text("编号", "Id"),
    "c.name": Text("名称 / 型号", "Name / model"),
    "c.serial": Text("出厂编号", "Serial no."),
    "c.certificate": Text("校准证书", "Certificate"),
    "c.due": Text("有效期至", "Due"),
    "c.time": Text("时间", "Time"),
    "corrected": Text("{question}（其后更正）", "{question} (corrected later)"),
    "c.question": Text("提问 / 动作", "Question / action"),
    "c.answer": Text("回答", "Answer"),
    "c.person": Text("人员", "Person"),
    "c.session": Text("检测时段", "Session"),
    "c.instruments_there": Text("到场仪器", "Instruments there"),
    "c.start": Text("开始", "Start"),
    "c.end": Text("结束", "End"),
    "c.outcome": Text("结束方式", "Ended"),
    "c.attempt": Text("次数", "Attempt"),
    "c.words": Text("记录", "Record"),
    "c.file": Text("内容", "Content"),
    "c.size": Text("大小", "Size"),
    "c.statement": Text("内容", "Text"),
    "sign.signed_at": Text("签名时间 {at}", "signed {at}"),
    "sign.subject": Text("证书主体 {subject}", "certificate of {subject}"),
    "s.lead": Text("主检", "Tested by"),
    "s.review": Text("审核", "Reviewed by"),
    "s.approve": Text("批准（授权签字人）", "Authorised by"),
    "s.date": Text("日期", "Date"),
    "s.conclusion": Text("检测结论（由授权签字人填写）", "Conclusion (by the authorised signatory)"),
    "logical.yes": Text("满足", "met"),
    "logical.no": Text("不满足", "not met"),
    "yes": Text("是", "yes"),
    "no.": Text("否", "no"),
    "c.raw": Text("各次观测值", "Observations"),
    "attempt": Text("第 {n} 次", "Attempt {n}"),
    "b.component": Text("不确定度分量", "Component of uncertainty"),
    "b.kind": Text("类别，分布", "Type, distribution"),
    "b.dof": Text("自由度 ν", "ν"),
    "b.u": Text("标准不确定度 u", "Standard uncertainty u"),
    "b.source": Text("来源", "Source"),
    "estimate": Text("（推算值）", " (estimate)"),
    "not_within": Text("{value} 内未出现", "not within {value}"),
    "inherent": Text("方法固有", "inherent"),
    "rig_fault": Text("检测装置故障：{text}", "rig fault: {text}"),
    "superseded": Text("已被替代，仅因合同引用而列", "superseded; cited by the contract"),
    "in_force": Text("现行", "in force"),
    "overlay": Text("机构补充目录：{names}", "Laboratory overlays: {names}"),
    "overlay.none": Text("未使用机构补充目录。", "No laboratory overlay was used."),
    "amended": Text(
        "所引条例为 2007 年文本；其后历次修正的文本以公布为准。", "Articles as of the 2007 text."
    ),
    "total": Text(
        "按条款计共 {n} 个检测项目（各取其设备中最严重的判定）：{parts}。",
        "By requirement ({n}, each with the gravest verdict of its devices): {parts}.",
    ),
    "total.devices": Text(
        "逐台结果共 {n} 项（见附录）：{parts}。", "By device ({n}, see the annex): {parts}."
    ),
    "comma": Text("，", ", "),
    "and": Text("、", ", "),
    "semicolon": Text("；", "; "),
    "h.annex": Text("附录：各设备检测结果", "Annex: results of each device"),
    "h.rests": Text("使用上述判定时须注意", "To be known before these verdicts are used"),
    "c.sample": Text("总数 / 抽样", "N / n"),
    "c.worst": Text("最不利值 ± U", "Worst value ± U"),
    "c.lines": Text("涉及序号", "Lines"),
    "all_lines": Text("全部", "all"),
    "rests.deviation": Text("依据方法偏离 {which}", "rests on deviation {which}"),
    "rests.provisional": Text("依据暂定限值", "rests on a provisional limit"),
    "rests.shortened": Text("观察时间或次数少于通常", "watched or repeated less than usual"),
    "rests.unproven": Text("观测未能全部证实", "not wholly shown by what was observed"),
    "rests.estimate": Text("推算值，未实测全程", "estimate, not observed in full"),
    "summary.deviation": Text(
        "序号 {lines}（{n} 项）的结果含方法偏离，见“方法偏离”。",
        "No. {lines} ({n} in all): with deviations from the method; see there.",
    ),
    "summary.provisional": Text(
        "序号 {lines}（{n} 项）依据暂定限值，签发前须核对标准原文。",
        "No. {lines} ({n} in all): by provisional limits, to be checked against the standard before issue.",
    ),
    "summary.shortened": Text(
        "序号 {lines}（{n} 项）的观察时间或次数少于通常。",
        "No. {lines} ({n} in all): watched or repeated less than usual.",
    ),
    "summary.unproven": Text(
        "序号 {lines}（{n} 项）的结果观测未能全部证实。",
        "No. {lines} ({n} in all): not wholly shown by what was observed.",
    ),
    "summary.estimate": Text(
        "序号 {lines}（{n} 项）含推算值，未实测全程。",
        "No. {lines} ({n} in all): estimates, not observed in full.",
    ),
    "summary.all": Text("方法偏离 {which} 涉及全部结果。", "Deviations {which} concern every result."),
    "settle.provisional": Text(
        "对照标准原文核实的暂定限值（{clauses}）",
        "check of the provisional limits ({clauses}) by the standard",
    ),
    "acceptance": Text("接收限 {limit}", "acceptance limit {limit}"),
    "acceptance.each": Text("接收限逐台见附录", "acceptance limits by device in the annex"),
    "seed": Text("随机种子 {seed}；方案摘要（SHA-256）{sha}。", "Random seed {seed}; plan SHA-256 {sha}."),
    "head": Text(
        "检测日志哈希链末端（SHA-256）{head}；条款目录摘要 {catalogue}。用 verify --seal 核对。",
        "The journal's chain ends at SHA-256 {head}; catalogue {catalogue}. Check: yanshou verify --seal.",
    ),
    "agreed": Text(
        "判定规则在首次测量前冻结于检测方案。与限值比较使用未修约值，"
        "仅在印制时修约（U 取两位有效数字，检测值修约到同一数位）；"
        "U 的包含因子 k=2，包含概率约 95%，k 不同时另行注明。"
        "U 超过限值（或上下限之差）的 {share:.0%} 时不作判定，记为无效。",
        "The rule was frozen in the plan before the first measurement. Unrounded values are compared; "
        "rounding is for print only. U with k=2 (about 95 %) unless another k is printed. "
        "Where U exceeds {share:.0%} of the limit (or of the tolerance), nothing is decided: invalid.",
    ),
    "agreed.of": Text("另行约定 U 的最大值：{named}。", "Largest U agreed otherwise: {named}."),
    "agreed.share": Text("{name} 为限值的 {share:.3g} 倍", "{name} {share:.3g} of the limit"),
    "torn": Text(
        "日志末尾有一行未写完（断电或强制终止），未被采用。",
        "A torn last line of the journal was left out.",
    ),
    "jump": Text(
        "{at}：计算机时钟被改动 {by} s；测量不用此时钟，此前此后印出的时刻不可相减。",
        "{at}: the computer's clock was moved by {by} s; no measurement uses it.",
    ),
    "gap": Text("断点 {n}：{a} 至 {b}", "Interruption {n}: {a} to {b}"),
    "unable": Text("未能回答：{why}", "could not be answered: {why}"),
    "unanswered": Text("未回答", "not answered"),
    "photo.blurred": Text("已模糊", "blurred"),
    "photo": Text("照片，证据 {no}（{sha}）", "photograph, evidence {no} ({sha})"),
    "instruments.absent": Text("不在场：{which}", "not there: {which}"),
    "status": Text("限值状态：{status}", "limit {status}"),
    "console.title": Text("验收检测", "Acceptance test"),
    "console.not_intact": Text(
        "注意：检测文件夹曾不完整，仍继续检测；此前所测不作为合格的依据。",
        "NOTE: the run was gone on with although its folder was not intact; nothing before then conforms.",
    ),
    "console.report": Text("报告", "Report"),
    "console.more": Text("等 {n} 个", "and others, {n} in all"),
    "console.emulated": Text("仿真", "emulated"),
    "allure.note": Text(
        "“通过”仅指判定合格；通过率不含跳过项，不是检测结论。结论以检测报告（report.pdf）为准。",
        "Passed means judged conform; the rate leaves out what was skipped: no conclusion. See report.pdf.",
    ),
    "junit.rig": Text("检测装置故障", "rig fault"),
}

PARAGRAPHS: Final = {
    "statement": (
        Text("报告无“检测专用章”或检测机构公章无效。", "Invalid without the laboratory's seal."),
        Text("报告无主检、审核、批准人签字无效。", "Invalid without the three signatures."),
        Text("报告涂改无效。", "Invalid if altered."),
        Text(
            "未经检测机构书面批准，不得部分复制本报告；复制报告未重新加盖印章无效。",
            "Not to be copied except in full without the laboratory's written approval.",
        ),
        Text(
            "检测结果仅与所检系统及所列被测设备有关；未检、不适用和依据待核的项目不包含在符合性声明之内。",
            "The results relate only to the items tested; what is not tested, not applicable or not judged "
            "is no part of any statement of conformity.",
        ),
        Text(
            "工程名称、点位表及合同内容由委托方提供，其真实性由委托方负责。",
            "Names, inventory and contract were given by the client, who answers for them.",
        ),
        Text(
            "对报告有异议的，应于收到报告之日起十五日内向检测机构提出。",
            "Objections are to be raised within fifteen days of receipt.",
        ),
    ),
    "verdicts": (
        Text(
            "条件合格、条件不合格：限值落在检测值 ± U 之内（按简单接受分别为合格、不合格），"
            "或检测值为推算而非实测；条件性结论不等同于合格。",
            "Conditional: the limit lies within value ± U, or the value is an estimate. A conditional "
            "statement is not the same as conformity.",
        ),
        Text(
            "未检：方案内而没有测得结果的项目，均写明原因，不得视为合格。",
            "Not tested: planned, without a result; never to be read as conforming.",
        ),
        Text(
            "无效：仪器超期、超量程、时间基准未核或方法偏离未获认可，数据不作判定。",
            "Invalid: instrument overdue or out of range, time reference unchecked, deviation not approved.",
        ),
        Text(
            "未按建议：条文只作建议（宜），未照办不构成不合格。",
            "Advice not followed: the clause only advises; that is no non-conformity.",
        ),
    ),
    "status": (
        Text(
            "已核实：限值已对照标准原文或两个以上独立来源。",
            "Verified: checked against the standard or two independent sources.",
        ),
        Text(
            "暂定：限值来自单一来源的转引，检测机构签发前应核对标准原文。",
            "Provisional: quoted from one source; to be checked by the laboratory before issue.",
        ),
        Text(
            "待核：限值没有可靠来源，只给出检测值，不作判定（依据待核）。",
            "Unverified: the value is given without a verdict.",
        ),
    ),
}
