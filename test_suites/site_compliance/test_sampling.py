# SPDX-License-Identifier: Apache-2.0
"""抽样与方案 — the plan itself held against the rules for samples, instruments and inspection plans."""

from __future__ import annotations

from dataclasses import replace

from yanshou.fixtures.api import Ask, Audit, Phase, PlanAudit, Record, Tally, evaluate, measures
from yanshou.model import NotApplicable

_COVERED = {"contract": "合同约定的项目", "design": "深化设计的项目", "changes": "变更的项目"}


def _take(record: Record, found: Audit | None, nothing: str) -> None:
    """What the audit found; ``nothing`` says why the rule has nothing to be held against."""
    if found is None:
        raise NotApplicable(nothing)
    record.logical(conforms=found.kept, n=found.n, because=found.because)


@measures("small_lots_fully_tested", seconds=1)
def test_small_lots_fully_tested(audit: PlanAudit, record: Record) -> None:
    """Lots of at most five are drawn whole: counted anew from the inventory."""
    _take(record, audit.small_lots(), "没有不多于 5 台的批")


@measures("sampling_by_gbt2828", seconds=1)
def test_sampling_by_gbt2828(audit: PlanAudit, record: Record) -> None:
    """Every lot has at least its level I sample, and every drawn device an item of the plan."""
    _take(record, audit.level_one(), "本方案没有抽样")


@measures("sampling_by_gb50339", seconds=1)
def test_sampling_by_gb50339(audit: PlanAudit, record: Record) -> None:
    """Of every kind a fifth and at least three are drawn; whether all passed stands with their findings."""
    found = audit.fifth()
    if found is not None and found.kept:
        found = replace(found, because="仅指抽样数量；“全部合格”见各设备的结论")
    _take(record, found, "本方案没有抽样")


@measures("retest_sample_doubled", seconds=1)
def test_retest_sample_doubled(audit: PlanAudit, record: Record) -> None:
    """On a re-test after repair the sample is doubled and holds the devices that had failed."""
    found = audit.retest()
    if found is not None and not found.kept:
        record.cannot(found.because)  # a shortcoming of our own plan says nothing about the system
    _take(record, found, "本次为首次检验，不是复检")


@measures("instruments_in_calibration", seconds=1)
def test_instruments_in_calibration(audit: PlanAudit, record: Record) -> None:
    """Every instrument of the register has a certificate that is valid today; none at all is no proof."""
    found = audit.instruments()
    if found is None:
        record.cannot("台账中没有仪器")
    else:
        record.logical(conforms=found.kept, n=found.n, because=found.because)


@measures("inspection_plan_exists", operator=True, seconds=60)
def test_inspection_plan_exists(audit: PlanAudit, ask: Ask, record: Record) -> None:
    """The frozen plan has items; a person holds it against contract, detailed design and changes."""
    missing = [
        label
        for key, label in _COVERED.items()
        if not ask.yes(f"plan_covers_{key}", key=f"plan_{key}", items=len(audit.plan.items))
    ]
    ask.text("plan_no")
    record.logical(
        conforms=bool(audit.plan.items) and not missing,
        n=len(_COVERED),
        because=f"方案未覆盖{'、'.join(missing)}" if missing else "",
    )


@measures("sample_fraction", seconds=1)
def test_sample_fraction(audit: PlanAudit, record: Record) -> None:
    """The least share of a kind that is tested."""
    found = audit.fraction()
    if found is None:
        record.cannot("本方案没有抽样")
    else:
        record.measurement(evaluate.exact("sample_fraction", record.device, found[0], "%", found[1]))


@measures("sample_pass_rate", seconds=1, phase=Phase.TALLY)
def test_sample_pass_rate(tally: Tally, record: Record) -> None:
    """Of the devices drawn, those of which everything planned is settled and nothing speaks against them."""
    if tally.rate is None:
        record.cannot("本方案没有抽样")
        return
    if tally.adjusted:
        record.deviation("按回路试后校准之前的结论统计")
    record.measurement(evaluate.pass_rate("sample_pass_rate", record.device, tally.rate))
