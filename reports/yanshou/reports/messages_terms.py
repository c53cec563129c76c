# SPDX-License-Identifier: Apache-2.0
"""The terms of a run record in Chinese and English: verdicts, statuses, statistics, outcomes, rules."""

from __future__ import annotations

from yanshou.model import Text, Verdict

VERDICTS = {
    Verdict.CONFORM: Text("合格", "conforms"),
    Verdict.NON_CONFORM: Text("不合格", "does not conform"),
    Verdict.CONDITIONAL_CONFORM: Text("条件合格", "conditional pass"),
    Verdict.CONDITIONAL_NON_CONFORM: Text("条件不合格", "conditional fail"),
    Verdict.NOT_TESTED: Text("未检", "not tested"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Verdict.INVALID: Text("无效", "invalid"),
    Verdict.UNJUDGED: Text("依据待核", "not judged"),
    Verdict.ADVICE_NOT_FOLLOWED: Text("未按建议", "advice not followed"),
}

LIMIT_STATUS = {
    "verified": Text("已核实", "verified"),
    "provisional": Text("暂定", "provisional"),
    "unverified": Text("待核", "unverified"),
}

STATISTICS = {
    "max": Text("最大值", "largest"),
    "min": Text("最小值", "smallest"),
    "mean": Text("平均值", "mean"),
    "p95": Text("95% 分位值", "95th percentile"),
    "proportion": Text("比例", "proportion"),
    "count": Text("计数", "count"),
}

OUTCOMES = {
    "done": Text("完成", "done"),
    "non_conform": Text("不符合", "does not conform"),
    "rig_fault": Text("检测装置故障", "rig fault"),
    "not_applicable": Text("不适用", "not applicable"),
    "interrupted": Text("中断", "interrupted"),
    "superseded": Text("已失效（现场文件更正）", "no longer counts (site file corrected)"),
    "": Text("中断（无结束记录）", "interrupted (no end on record)"),
    "complete": Text("完成", "complete"),
    "fault": Text("故障终止", "ended by a fault"),
}

STEPS = {
    "stimulus": Text("触发", "stimulus"),
    "shared_stimulus": Text("沿用的触发", "stimulus of another item"),
    "observation": Text("观测", "observation"),
    "prompt": Text("提问", "question"),
    "answer": Text("回答", "answer"),
}

RULES = {
    "DR-SA": Text(
        "DR-SA 简单接受（ILAC-G8:09/2019 4.2.1，CNAS-GL015:2022）：保护带 w = 0，"
        "检测值不超出限值即判合格；检测值恰在限值处时误判概率可达 50%。",
        "DR-SA simple acceptance (ILAC-G8:09/2019, 4.2.1): guard band w = 0; a value within the limit "
        "conforms. At the limit the probability of a wrong decision is up to 50 %.",
    ),
    "DR-GB": Text(
        "DR-GB 带保护带接受（ILAC-G8:09/2019 4.2.2，CNAS-GL015:2022）："
        "保护带 w = U（k=2），检测值须在限值以内至少 U；误接受概率不超过 2.5%。",
        "DR-GB guarded acceptance (ILAC-G8:09/2019, 4.2.2): guard band w = U (k=2); the value must be "
        "within the limit by at least U. The probability of false acceptance is at most 2.5 %.",
    ),
    "DR-NB": Text(
        "DR-NB 非二元判定（ILAC-G8:09/2019 4.2.3，CNAS-GL015:2022）：w = U，"
        "分合格、条件合格、条件不合格、不合格四档；限值落在检测值 ± U 之内时给出条件性结论。",
        "DR-NB non-binary statement (ILAC-G8:09/2019, 4.2.3): w = U, four levels; conditional when "
        "the limit lies within value ± U.",
    ),
}

COMPONENTS = {
    "bracket of polling": Text("轮询区间", "bracket of polling"),
    "host clock": Text("主机时钟", "host clock"),
    "repeatability": Text("重复性", "repeatability"),
    "loopback delay, mean": Text("环回延迟均值", "loopback delay, mean"),
    "loopback delay, bracket": Text("环回延迟区间", "loopback delay, bracket"),
    "contacts, one operation": Text("触点单次动作", "contacts, one operation"),
}
EDGES = {"operate": Text("吸合", "operate"), "release": Text("释放", "release")}
PHASES = {"before": Text("检测前", "before"), "after": Text("检测后", "after")}
DISTRIBUTIONS = {
    "rectangular": Text("均匀", "rectangular"),
    "normal": Text("正态", "normal"),
    "t": Text("t", "t"),
}
