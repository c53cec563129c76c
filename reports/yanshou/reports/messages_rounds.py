# SPDX-License-Identifier: Apache-2.0
"""The words of re-tests, rectification and merged runs, in Chinese and English."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

ROUND_MESSAGES: Final = {
    "round.first": Text("第 1 轮（首次检测）", "round 1 (first test)"),
    "round.again": Text("第 {n} 轮（复检）", "round {n} (re-test)"),
    "round.of": Text("{round}，文件夹 {run}", "{round}, folder {run}"),
    "h.rounds": Text("整改与复检", "Rectification and re-test"),
    "rounds.first": Text(
        "上一轮检测：{run}，开始于 {started}，日志 SHA-256 {head}。复检只做上一轮不合格或无结论的项目；"
        "其余项目的结果见上一轮报告{report}。",
        "The round before: {run}, begun {started}, journal SHA-256 {head}. Only what did not conform, or had "
        "no result, was tested again; the other results are in the report of that round{report}.",
    ),
    "rounds.report": Text("（报告编号 {no}）", " (no. {no})"),
    "rounds.sample": Text(
        "不合格项目按 GB 50348-2018 第 9.1.6 条加倍抽样，不合格设备必在其中；加倍样品的结果见附录。",
        "What did not conform was tested on a doubled sample with the failed devices in it "
        "(GB 50348-2018 9.1.6); the results of the whole sample are in the annex.",
    ),
    "rounds.other": Text(
        "上一轮检测另有复检：{run}，开始于 {started}。本次结果不代替该次结果，两者须一并考虑。",
        "The same round was re-tested before, in {run}, begun {started}. This result does not replace that "
        "one: both have to be considered.",
    ),
    "rounds.changes": Text(
        "上一轮检测以来现场文件的变化：", "Changes of the site file since the round before:"
    ),
    "rounds.same": Text("上一轮检测以来现场文件未变。", "The site file is as it was in the round before."),
    "rounds.changed": Text("{what}：{then} → {now}", "{what}: {then} → {now}"),
    "rounds.absent": Text("（无）", "(none)"),
    "rounds.unmended": Text("未提供整改记录", "no record of what was mended"),
    "rounds.mended": Text("{what}；{person}，{on}", "{what}; {person}, {on}"),
    "rounds.photo": Text("照片 {sha}", "photograph {sha}"),
    "c.first": Text("首次结果", "First result"),
    "c.mended": Text("整改", "Rectified"),
    "c.again": Text("复检结果", "Re-test"),
    "first.one": Text("上一轮：{result}", "round before: {result}"),
    "first.several": Text("上一轮：{parts}", "round before: {parts}"),
    "first.of": Text("{verdict} {devices}", "{verdict} {devices}"),
    "proposed.first_open": Text(
        "上一轮有 {n} 项依据待核，未复检，尚不能提出结论。",
        "{n} requirements of the round before are not judged and were not tested again: no conclusion yet. ",
    ),
    "proposed.first_conditional": Text(
        "复检项目合格；上一轮有 {n} 项为条件合格，仍按条件合格。",
        "What was tested again conforms; {n} requirements of the round before conform conditionally. ",
    ),
    "proposed.round": Text(
        "本结论只包括复检项目，其余项目以上一轮报告为准。",
        "This is about what was tested again; for the rest the report of the round before holds. ",
    ),
    "h.merged": Text("合并的检测", "Runs in this report"),
    "merged.conflicts": Text(
        "同一项目在几次检测中判定不同，以不合格为准：",
        "Tested in several runs with different verdicts; the non-conformity stands:",
    ),
    "merged.order": Text(
        "各次检测的先后以合并时的指定为准，不以各自计算机时钟为准；理由：{reason}。",
        "The runs follow one another in the order stated when they were merged, not by the clocks of their "
        "computers; the reason given: {reason}.",
    ),
    "merged.overlap": Text(
        "第 {one} 次与第 {other} 次检测的时段（按各自计算机时钟）重叠。",
        "Runs {one} and {other} overlap by the clocks of their computers.",
    ),
    "merged.anew": Text(
        "第 {n} 次检测的下列结果不作为合格的依据（其所依据的现场文件内容与最后一次检测不同，"
        "或由该次检测单独统计）：{items}。",
        "Of run {n} these results do not count for the system (what they rest on is otherwise in the site "
        "file of the last run, or they were counted from this run alone): {items}.",
    ),
    "merged.in": Text("第 {n} 次检测", "run {n}"),
    "merged.side": Text("第 {n} 次：{verdict} {value}", "run {n}: {verdict} {value}"),
    "c.run": Text("检测", "Run"),
    "c.when": Text("时段", "When"),
    "c.instruments": Text("仪器", "Instruments"),
    "c.items_of": Text("项数", "Items"),
    "c.head": Text("日志 SHA-256", "Journal SHA-256"),
    "c.sides": Text("各次判定", "Verdicts"),
    "rectify.title": Text("整改通知书", "Rectification notice"),
    "rectify.to": Text("致", "To"),
    "rectify.about": Text(
        "经检测，下列 {n} 项不符合所列标准条款的要求，请在限期内整改，并书面报告整改内容、责任人、"
        "完成日期，附整改后照片。整改后按 GB 50348-2018 第 9.1.6 条加倍抽样复检，不合格设备必检；"
        "复检仍不合格的，判该项不合格。",
        "Items that do not meet the clauses named: {n}. Please rectify each by the day stated and "
        "report in writing what was done, by whom and when, with photographs. Afterwards they are tested "
        "again on a doubled sample with the failed devices in it (GB 50348-2018 9.1.6); what fails again "
        "does not conform.",
    ),
    "rectify.open": Text(
        "另有 {n} 项未检或无效，复检时一并检测：{items}。",
        "Another {n} items were not tested or invalid and are tested with the re-test: {items}.",
    ),
    "rectify.deadline": Text("整改期限", "To be rectified by"),
    "rectify.fill": Text("＿＿＿＿年＿＿月＿＿日", "____-__-__"),
    "rectify.no": Text("通知书编号", "Notice no."),
    "rectify.place": Text("位置", "Place"),
    "rectify.found": Text("检测结果", "Result"),
    "rectify.asked": Text("要求", "Requirement"),
    "rectify.evidence": Text("证据（SHA-256 前 16 位）", "Evidence (SHA-256, first 16)"),
    "rectify.reply": Text("整改情况（由责任单位填写）", "What was done (by the party responsible)"),
    "rectify.person": Text("责任人", "By"),
    "rectify.done": Text("完成日期", "Done on"),
    "rectify.signed": Text("签发（检测机构）", "Issued by (laboratory)"),
    "rectify.received": Text("签收（被检单位）", "Received by (client)"),
    "rectify.form": Text(
        "整改情况：每项填写 what（内容）、by（责任人）、on（完成日期）；照片（photo）与本文件放在一起。"
        "不填 what 的不计。",
        "What was done: fill in what, by and on of each; photographs (photo) lie beside this file. An entry "
        "without what is left out.",
    ),
    "rectify.run": Text("依据", "Based on"),
    "rectify.rest": Text(
        "判定所依据的限值为暂定或条件判定的，以正式报告为准。",
        "Where a limit is provisional or a verdict conditional, the report prevails.",
    ),
}
