# SPDX-License-Identifier: Apache-2.0
"""工程过程 — trial run, hidden works, cables, inspection before hand-over: by dates, papers and counting."""

from __future__ import annotations

from datetime import timedelta

from yanshou.fixtures.api import Ask, Duty, PlanAudit, Record, evaluate, measures, message

_HOUR = timedelta(hours=1)
_GROUPS = ("architecture", "protection", "safety", "supply", "transmission", "installation", "centre")


@measures("trial_run_duration", operator=True, seconds=180)
def test_trial_run_duration(ask: Ask, duty: Duty, record: Record) -> None:
    """Days of the trial run by the dates of its report, and no more than its log has entries for."""
    report = duty.paper("trial")
    if report is None:
        duty.nothing("d")
        return
    begun, ended = ask.day("trial.begun"), ask.day("trial.ended")
    if report.issued < ended:
        duty.doubt(f"{report.cited}早于试运行结束 {ended}")
    logged = ask.number("trial.logged", unit="d", low=0.0, high=10_000.0)
    found = evaluate.trial_days("trial_run_duration", record.device, begun, ended, logged, duty.today)
    duty.measured(found)


@measures("continuous_trial_run", operator=True, seconds=180)
def test_continuous_trial_run(ask: Ask, duty: Duty, record: Record) -> None:
    """The longest stretch of the trial run without an interruption, by the times of its log."""
    report = duty.paper("trial")
    if report is None:
        duty.nothing("h")
        return
    begun, ended = ask.moment("continuous.begun"), ask.moment("continuous.ended")
    if report.issued < ended.date():
        duty.doubt(f"{report.cited}早于试运行结束 {ended}")
    breaks = ask.moments("continuous.breaks")
    longest = evaluate.longest_stretch(begun, ended, breaks)
    if longest is None:
        record.unusable(f"试运行时刻先后矛盾：{begun} 至 {ended}，中断 {len(breaks)} 次", "h")
    elif ended > duty.moment:
        record.unusable(f"试运行至 {ended} 尚未结束", "h")
    else:
        duty.measured(evaluate.read_hours("continuous_trial_run", record.device, longest / _HOUR))


@measures("inspected_before_handover", operator=True, seconds=300)
def test_inspected_before_handover(ask: Ask, duty: Duty, record: Record) -> None:
    """Report of the inspection, record of acceptance, hand-over: their dates, contents and conclusions."""
    if not ask.yes("handover.done"):
        record.cannot("尚未交付：检验、验收合格后方可交付，本项待交付时核对")
    tested, accepted, handed = duty.paper("test_report"), duty.paper("acceptance"), duty.paper("handover")
    if tested is not None:
        for part in ("function", "performance"):
            if not ask.yes(f"handover.tested_{part}"):
                duty.broken(f"检验报告未含{message(f'handover.{part}').zh}")
        if not ask.yes("handover.test_passed"):
            duty.broken("检验不合格而已交付")
    if accepted is not None:
        for part in ("construction", "technique", "documents"):
            if not ask.yes(f"handover.accepted_{part}"):
                duty.broken(f"验收未含{message(f'handover.{part}').zh}")
        if not ask.yes("handover.acceptance_passed"):
            duty.broken("验收不合格而已交付")
    papers = [paper for paper in (tested, accepted, handed) if paper is not None]
    duty.in_order([(paper.title, paper.issued) for paper in papers])
    duty.conclude()


@measures("inspection_groups_covered", operator=True, seconds=300)
def test_inspection_groups_covered(audit: PlanAudit, ask: Ask, duty: Duty) -> None:
    """Seven groups: the items of this plan, counted, or the report of another body on the group."""
    counted = audit.groups()
    missing = []
    for group in _GROUPS:
        label, items = message(f"group.{group}").zh, counted[group]
        covered = ask.choice(
            "group",
            ("plan", "report", "none"),
            key=f"group.{group}",
            group=message(f"group.{group}"),
            items=items,
        )
        match covered:
            case "plan" if items:
                duty.seen()
                missing.append(f"{label} {items} 项")
            case "plan":
                duty.broken(f"{label}：答为本方案已覆盖，而方案中没有此类项目")
            case "report":
                duty.paper(f"report_{group}")
            case _:
                duty.broken(f"{label}未检验")
    duty.conclude("、".join(missing))


@measures("sample_enlarged_for_risk", operator=True, seconds=120)
def test_sample_enlarged_for_risk(audit: PlanAudit, ask: Ask, duty: Duty, record: Record) -> None:
    """The share that was agreed for this project, against the least share of a kind that is drawn."""
    agreed = duty.paper("sampling_agreement", needed=False)
    if agreed is None:
        record.cannot("没有见到加大抽样的约定：条文用“可”，仅在有约定时判定")
    share = ask.number("sampling.agreed", unit="%", low=0.0, high=100.0)
    drawn = audit.fraction()
    if drawn is None:
        record.cannot("本方案没有抽样")
    least, kind = drawn
    duty.seen()
    if least < share:
        duty.broken(f"约定不少于 {share:g} %，实抽 {kind}（{least:.3g} %）")
    duty.conclude(f"约定 {share:g} %，最少者 {kind}")


@measures("hidden_works_accepted", operator=True, seconds=300)
def test_hidden_works_accepted(ask: Ask, duty: Duty) -> None:
    """Each hidden work of the design: the day it was accepted, the day it was covered."""
    duty.paper("hidden_works")
    designed = ask.count("hidden.designed", low=0, high=200)
    for number in range(1, designed + 1):
        if not ask.yes("hidden.record", key=f"hidden{number}.record", number=number):
            duty.broken(f"隐蔽工程 {number} 没有验收记录")
            continue
        accepted = ask.day("hidden.accepted", key=f"hidden{number}.accepted", number=number)
        covered = ask.day("hidden.covered", key=f"hidden{number}.covered", number=number)
        duty.seen()
        duty.happened(f"隐蔽工程 {number} 验收", accepted)
        if covered < accepted:
            duty.broken(f"隐蔽工程 {number} 于 {covered} 隐蔽，{accepted} 才验收")
    if not designed:
        duty.unseen("未说明设计中的隐蔽工程")
    duty.conclude(f"隐蔽工程 {designed} 处")


@measures("cables_numbered", operator=True, seconds=600)
def test_cables_numbered(ask: Ask, duty: Duty) -> None:
    """Cables are traced from end to end: how many, and which lack their number or differ from the table."""
    person = ask.name("cables.person")
    traced = ask.count("cables.traced", low=0, high=10_000)
    missing, differing = ask.names("cables.missing"), ask.names("cables.differing")
    ask.photo("cables.photo", scan=True)
    if not traced:
        duty.unseen("没有抽查线缆")
    duty.seen(traced)
    if len(set(missing) | set(differing)) > traced:
        duty.doubt(f"抽查 {traced} 根，而所列不符合者多于此数")
    if missing:
        duty.broken(f"两端缺永久编号：{'、'.join(missing)}")
    if differing:
        duty.broken(f"编号与线缆表不一致：{'、'.join(differing)}")
    duty.conclude(f"抽查 {traced} 根，陪同 {person}")
