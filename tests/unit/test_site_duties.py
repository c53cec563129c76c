# SPDX-License-Identifier: Apache-2.0
"""Each duty of the site: the verdict where it is kept, where it is broken, and where nothing can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.support.duty_bench import NOT_APPLICABLE, NOT_TESTED, DutyBench, DutyResult
from yanshou.evidence import read_events
from yanshou.fixtures.answers import album_of
from yanshou.model import DeviceKind
from yanshou.operator import TerminalOperator

CONFORMS, FAILS, INVALID = "conform", "non_conform", "invalid"
FUTURE = "2126-05-01"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DutyBench]:
    made = DutyBench("site-duties", tmp_path_factory.mktemp("duties") / "run")
    yield made
    made.close()


@pytest.fixture(scope="module")
def metro(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DutyBench]:
    made = DutyBench("metro-maintenance", tmp_path_factory.mktemp("metro") / "run")
    yield made
    made.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DutyBench]:
    made = DutyBench("archive", tmp_path_factory.mktemp("archive") / "run")
    yield made
    made.close()


def test_every_item_of_the_example_conforms(bench: DutyBench) -> None:
    items = [(one.measurand, one.device) for one in bench.prepared.plan.items]
    reported = {item: bench.tell(*item) for item in items}
    assert {item: one for item, one in reported.items() if one.verdict != CONFORMS} == {}


CASES = [
    # measurand, device, answers, verdict, words of the reason
    ("trial_run_duration", {"trial.ended": "2026-02-20"}, FAILS, "两者不一致，取较小者"),
    ("trial_run_duration", {"trial.logged": "3 week"}, FAILS, "记录载明 21 d"),
    ("trial_run_duration", {"trial.issued": "2026-03-09"}, INVALID, "早于试运行结束"),
    ("continuous_trial_run", {"trial.issued": "2026-02-11"}, INVALID, "早于试运行结束"),
    ("trial_run_duration", {"trial": "none"}, FAILS, "没有试运行报告"),
    ("trial_run_duration", {"trial": "elsewhere"}, NOT_TESTED, "未在现场出示"),
    ("trial_run_duration", {"trial.issued": FUTURE}, INVALID, "检测日"),
    ("trial_run_duration", {"trial.begun": "昨天"}, NOT_TESTED, "昨天"),
    ("trial_run_duration", {"trial.begun": "2026-02-29"}, NOT_TESTED, "calendar"),
    ("trial_run_duration", {"trial.begun": "0226-02-01"}, NOT_TESTED, "1980"),
    ("trial_run_duration", {"trial.page": "answers.toml"}, NOT_TESTED, "photograph"),
    ("continuous_trial_run", {"continuous.ended": "2026-02-06 07:59"}, FAILS, ""),
    ("continuous_trial_run", {"continuous.breaks": "2026-02-03 25:00"}, NOT_TESTED, ""),
    ("continuous_trial_run", {"continuous.ended": "2026-01-06 07:59"}, INVALID, "先后矛盾"),
    ("continuous_trial_run", {"continuous.ended": "2126-01-06 07:59"}, INVALID, "尚未结束"),
    ("inspected_before_handover", {"acceptance.issued": "2026-03-01"}, FAILS, "早于检测"),
    ("inspected_before_handover", {"test_report": "none"}, FAILS, "没有检测"),
    ("inspected_before_handover", {"handover.done": "否"}, NOT_TESTED, "尚未交付"),
    ("inspection_groups_covered", {"group.architecture": "plan"}, FAILS, "没有此类项目"),
    ("sample_enlarged_for_risk", {"sampling.agreed": 63}, FAILS, "62.5"),
    ("sample_enlarged_for_risk", {"sampling_agreement": "none"}, NOT_TESTED, "没有见到"),
    ("hidden_works_accepted", {"hidden2.accepted": "2025-11-19"}, FAILS, "才验收"),
    ("hidden_works_accepted", {"hidden2.accepted": FUTURE, "hidden2.covered": FUTURE}, INVALID, "检测日"),
    ("hidden_works_accepted", {"hidden.designed": 0}, NOT_TESTED, "隐蔽工程"),
    ("cables_numbered", {"cables.differing": "C-03"}, FAILS, "C-03"),
    ("cables_numbered", {"cables.traced": 0}, NOT_TESTED, "没有抽查"),
    ("network_log_retention", {"network_log1.oldest": "2026-06-20"}, FAILS, "2026-06-20"),
    ("network_log_retention", {"network_log2.source": "汇聚交换机"}, NOT_TESTED, "写了两次"),
    ("network_log_retention", {"network_log2.oldest": FUTURE}, INVALID, "检测日"),
    ("maintenance_system_kept", {"rules.latest": "2026-04-14"}, FAILS, "此后没有维护记录"),
    ("maintenance_system_kept", {"rules.latest": FUTURE}, INVALID, "检测日"),
    ("built_to_national_standards", {"standards.named": "无"}, FAILS, "国家标准"),
    ("built_to_national_standards", {"standards.uncertified": "报警控制器"}, FAILS, "报警控制器"),
    ("designed_built_accepted_with_works", {"start.issued": "2025-06-09"}, FAILS, "早于设计文件"),
    ("designed_built_accepted_with_works", {"works": "none"}, NOT_APPLICABLE, ""),
    ("designed_built_accepted_with_works", {"acceptance": "none"}, FAILS, "没有验收报告"),
    ("design_reviewed", {"review.issued": "2025-08-02"}, FAILS, "早于设计方案论证"),
    ("design_reviewed", {"review.police": "否"}, FAILS, "公安机关"),
    ("design_reviewed", {"review": "none"}, FAILS, "没有设计方案论证记录"),
    ("tested_before_acceptance", {"qualification.valid_until": "2026-03-17"}, FAILS, "到期"),
    ("tested_before_acceptance", {"qualification.valid_until": "2026-03-18"}, CONFORMS, ""),
    ("tested_before_acceptance", {"qualification.valid_from": "2026-03-19"}, FAILS, "起有效"),
    ("tested_before_acceptance", {"qualification.valid_until": "2023-01-01"}, FAILS, "到期"),
    ("tested_before_acceptance", {"qualification.issued": FUTURE}, INVALID, "检测日"),
    ("tested_before_acceptance", {"test.date": "2026-01-19"}, FAILS, "早于竣工报告"),
    ("tested_before_acceptance", {"acceptance.issued": "2026-03-19"}, FAILS, "早于检测"),
    ("tested_before_acceptance", {"test.in_scope": "否"}, FAILS, "能力范围"),
    ("not_used_before_acceptance", {"use.date": "2026-04-01"}, FAILS, "早于验收报告"),
    ("not_used_before_acceptance", {"acceptance": "none"}, FAILS, "没有验收报告"),
    ("not_used_before_acceptance", {"use.begun": "否"}, INVALID, "尚未投入使用"),
    ("not_used_before_acceptance", {"handover.acceptance_passed": "否"}, FAILS, "不合格"),
    ("risk_grade_stated", {"grading.level": 3}, FAILS, "低于风险等级"),
    ("risk_grade_stated", {"grading.risk": 3}, INVALID, "工程文件为 2"),
    ("people_trained", {"design.proven": 1}, FAILS, "有培训证明者 1 人"),
    ("people_trained", {"design.proven": 3}, INVALID, "有证明者 3 人"),
    ("people_trained", {"operation.people": 0}, NOT_TESTED, "操作"),
    ("people_trained", {"repair.worked": "2024-05-09"}, FAILS, "起有效"),
    ("papers_kept", {"secrecy_rules": "none"}, FAILS, "没有安全保密制度"),
    ("papers_kept", {"secrecy_rules": "elsewhere"}, NOT_TESTED, "未在现场出示"),
    ("papers_kept", {"rules.page": "photos/SITE.drawings.page.png"}, NOT_TESTED, "photograph"),
    ("papers_kept", {"papers.safe": "否"}, FAILS, "未妥善保管"),
    ("purpose_unchanged", {"purpose.camera": 9, "change_approval": "none"}, FAILS, "批准 9 个，点位表 10 个"),
    ("purpose_unchanged", {"purpose.camera": 9, "change_approval": "elsewhere"}, FAILS, "没有变更批准"),
    ("certificates_genuine", {"certificate2.number": "CCC-演示-012"}, INVALID, "写了两次"),
    ("certificates_genuine", {"certificate1.found": "unknown"}, FAILS, "登记中没有"),
    ("certificates_genuine", {"certificate1.found": "closed"}, NOT_TESTED, "未能"),
    ("certificates_genuine", {"certificate1.model": "EMU-13"}, INVALID, "不在点位表中"),
    ("separate_earth_resistance", {"earth1": 4.2}, FAILS, "弱电间接地排"),
    ("separate_earth_resistance", {"earth2": "0.0045 kohm"}, FAILS, "监控中心接地排"),
    ("separate_earth_resistance", {"earth1": 0.001}, INVALID, "EARTH-1"),
    ("centre_video_coverage", {"centre.inside.cameras": "NVR-1"}, INVALID, "不是camera"),
    ("centre_video_coverage", {"centre.inside.covered": "否"}, FAILS, "未被完全覆盖"),
    ("centre_communication", {"centre.inward": "fails"}, FAILS, "没有应答"),
    ("centre_communication", {"centre.inward": "untried"}, NOT_TESTED, "未试"),
    ("centre_hold_up", {"centre.hold_up.devices": "Z02"}, INVALID, "不是紧急报警防区"),
    ("centre_cables_protected", {"centre.apart": "否"}, NOT_APPLICABLE, ""),
    ("centre_cables_protected", {"centre.cables": "none"}, FAILS, "没有保护"),
    ("centre_equipment_room_guarded", {"centre.equipment.zones": "无"}, FAILS, "没有入侵探测"),
    ("centre_equipment_room_guarded", {"centre.equipment.doors": "D07"}, INVALID, "D07"),
    ("centre_self_protection", {"centre.measures.missing": "视频"}, FAILS, "视频"),
    ("centre_self_protection", {"centre.measures.missing": "喷淋"}, FAILS, "不在所列措施之中"),
    ("centre_self_protection", {"centre.measures.listed": "无"}, NOT_TESTED, "未列出"),
    ("centre_temperature", {f"temperature{n}": -3 for n in (1, 2, 3)}, FAILS, ""),
    ("centre_temperature", {f"temperature{n}": 72 for n in (1, 2, 3)}, INVALID, "TEMP-1"),
    ("centre_humidity", {f"humidity{n}": "22 %RH" for n in (1, 2, 3)}, FAILS, ""),
    ("centre_illuminance", {"desk1": "0.25 klx"}, FAILS, "一号席"),
    ("centre_area", {"area1.length": "4.2 m"}, FAILS, ""),
    ("centre_area", {"area1.length": 420}, INVALID, "TAPE-1"),
]  # fmt: skip
OF_A_DEVICE = [
    ("citizen_viewing_registered", "NVR-1", {"citizen.has.consent": "否"}, FAILS, "使用单位同意"),
    ("citizen_viewing_registered", "NVR-1", {"citizen.approved": 0}, FAILS, "复制、调取 1 次"),
    ("citizen_viewing_registered", "NVR-1", {"citizen.entries": 0}, NOT_TESTED, "没有公民查看"),
    ("citizen_viewing_registered", "NVR-1", {"register": "none"}, FAILS, "登记簿"),
    ("video_emergency_supply_duration", "NVR-1",
     {"emergency.ended": "2026-11-20 09:59"}, "advice_not_followed", ""),
    ("video_emergency_supply_duration", "NVR-1",
     {"emergency.end": "restored", "emergency.ended": "2026-11-20 09:30"}, NOT_TESTED, "waited too short"),
    ("video_emergency_supply_duration", "NVR-1",
     {"emergency.end": "restored", "emergency.ended": "2026-11-20 10:30"}, CONFORMS, ""),
    ("outdoor_earth_resistance", "CAM-5", {"earth1": 10.4}, FAILS, "立杆接地端子"),
    ("insulation_resistance", "PANEL-1", {"insulation.live": "15000 kohm"}, FAILS, ""),
    ("insulation_resistance", "PANEL-1", {"insulation.live_display": "over"}, CONFORMS, "at least 1900"),
    ("insulation_resistance", "PANEL-1",
     {"insulation.live_display": "over", "insulation.live_range": "20 Mohm"}, NOT_TESTED, "within 19 Mohm"),
    ("insulation_resistance", "PANEL-1",
     {"insulation.neutral_range": "20 Mohm"}, NOT_TESTED, "within 19 Mohm"),
    ("insulation_resistance", "PANEL-1", {"insulation.neutral_range": "10 Gohm"}, INVALID, "INS"),
    ("insulation_resistance", "PANEL-1", {"insulation.voltage": 250}, "conditional_conform", "250 V"),
    ("insulation_resistance", "PANEL-1", {"insulation.cut_off": "否"}, NOT_TESTED, "was not done"),
    ("leakage_current", "PS-1", {"leakage2": "6100 uA"}, FAILS, ""),
    ("insulation_resistance_damp", "PS-1", {"type_test.damp": 4.9}, FAILS, "示范型式检验所"),
    ("insulation_resistance_damp", "PS-1", {"type_test": "none"}, NOT_TESTED, "型式检验"),
    ("insulation_resistance_damp", "PS-1", {"type_test.model": "EMU-PSV"}, NOT_TESTED, "点位表为 EMU-PSU"),
    ("insulation_resistance_damp", "PS-1", {"type_test.issued": FUTURE}, INVALID, "检测日"),
    ("withstands_1500_v", "PS-1", {"type_test.voltage": "1.2 kV"}, NOT_TESTED, "不足以说明"),
    ("withstands_1500_v", "PS-1", {"type_test.time": "1 min"}, CONFORMS, ""),
    ("withstands_1500_v", "PS-1", {"type_test.breakdown": "是"}, FAILS, "击穿"),
]  # fmt: skip


@pytest.mark.parametrize(("measurand", "otherwise", "verdict", "expected"), CASES)
def test_a_duty_of_the_site(
    bench: DutyBench, measurand: str, otherwise: dict[str, object], verdict: str, expected: str
) -> None:
    _is(bench.tell(measurand, "SITE", otherwise), verdict, expected)


@pytest.mark.parametrize(("measurand", "device", "otherwise", "verdict", "expected"), OF_A_DEVICE)
def test_a_duty_about_a_device(
    bench: DutyBench, measurand: str, device: str, otherwise: dict[str, object], verdict: str, expected: str
) -> None:
    _is(bench.tell(measurand, device, otherwise), verdict, expected)


def _is(reported: DutyResult, verdict: str, expected: str) -> None:
    assert (reported.verdict, expected in reported.why) == (verdict, True), reported


METRO = [
    ("maintenance_interval", {}, CONFORMS, "共 14 次维护"),
    ("maintenance_interval", {"maintenance.visits": "2026-01-10"}, FAILS, "至检测日"),
    ("maintenance_interval", {"maintenance.visits": "无"}, INVALID, "没有维护记录"),
    ("maintenance_interval", {"maintenance": "elsewhere"}, NOT_TESTED, "没有见到维护记录"),
    ("maintenance_interval", {"maintenance.visits": "2026-01-10 2026-13-01"}, NOT_TESTED, ""),
    ("maintenance_record_retention", {"maintenance": "none"}, FAILS, "没有维护保养记录"),
    ("maintenance_record_retention", {"maintenance.oldest": "2026-01-10"}, NOT_TESTED, "at least"),
    ("maintenance_record_retention", {"maintenance.oldest": FUTURE}, INVALID, "检测日"),
    ("joint_earth_resistance", {"earth2": "1200 mohm"}, FAILS, "设备房接地排"),
]


@pytest.mark.parametrize(("measurand", "otherwise", "verdict", "expected"), METRO)
def test_maintenance_and_joint_earth(
    metro: DutyBench, measurand: str, otherwise: dict[str, object], verdict: str, expected: str
) -> None:
    _is(metro.tell(measurand, "SITE", otherwise), verdict, expected)


def test_records_that_are_gone_break_the_duty_where_the_first_day_of_use_is_known(metro: DutyBench) -> None:
    from datetime import date

    site = metro.prepared.site
    old = replace(site, attributes=MappingProxyType({**site.attributes, "commissioned": date(2015, 1, 1)}))
    gone = {"maintenance.oldest": "2026-01-10"}
    assert metro.tell("maintenance_record_retention", otherwise=gone, site=old).verdict == FAILS
    assert metro.tell("maintenance_interval", site=old).verdict == FAILS  # from 2015 to the first visit


ARCHIVE = [
    ("filing_delay", {}, CONFORMS, "备案 2026-03-20"),
    ("filing_delay", {"filing.issued": "2026-04-15"}, FAILS, ""),
    ("filing_delay", {"filing": "none"}, FAILS, "至今未备案"),
    ("filing_delay", {"filing": "elsewhere"}, NOT_TESTED, "未在现场出示"),
    ("filing_delay", {"used": FUTURE, "filing.issued": FUTURE}, INVALID, "检测日"),
    ("retrieval_registered", {"retrieval_approval": "否"}, FAILS, "审批"),
    ("retrieval_registered", {"register": "none"}, FAILS, "没有查看、复制登记簿"),
    ("entrusted_secrecy", {"secrecy.lacking": "维护单位"}, FAILS, "维护单位"),
    ("entrusted_secrecy", {"secrecy_agreement": "elsewhere"}, NOT_TESTED, ""),
    ("capture_sign_present", {"sign.photo": "answers.toml"}, NOT_TESTED, "photograph"),
    ("neighbour_consent", {"neighbour": "missing"}, FAILS, "没有书面同意"),
    ("neighbour_consent", {"consent": "none"}, FAILS, "没有军事"),
    ("neighbour_consent", {"neighbour": "none"}, NOT_APPLICABLE, ""),
]


@pytest.mark.parametrize(("measurand", "otherwise", "verdict", "expected"), ARCHIVE)
def test_papers_of_recordings(
    archive: DutyBench, measurand: str, otherwise: dict[str, object], verdict: str, expected: str
) -> None:
    _is(archive.tell(measurand, "SITE", otherwise), verdict, expected)


def test_a_place_of_article_eight_without_any_system_does_not_conform(bench: DutyBench) -> None:
    site = bench.prepared.site
    bare = MappingProxyType({"category": 9})
    nothing = replace(site, attributes=bare, devices=MappingProxyType({}))
    _is(bench.tell("required_systems_present", site=nothing), FAILS, "没有任何技防系统")
    _is(bench.tell("required_systems_present", site=replace(site, attributes=bare)), NOT_TESTED, "required")


def test_the_worst_point_is_judged_with_the_largest_u(bench: DutyBench) -> None:
    found = bench.tell("separate_earth_resistance", otherwise={"earth1": 3.9}).finding
    assert found is not None
    assert (found.value, found.unit, found.verdict.value) == (3.9, "ohm", CONFORMS)
    assert found.U == pytest.approx(0.03 * 3.9, rel=0.01)


@pytest.mark.parametrize("display", ["value", "over"])
def test_an_overdue_tester_proves_nothing_by_what_lies_over_its_range(
    bench: DutyBench, monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    from datetime import date

    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date(2999, 1, 1)

    monkeypatch.setattr("yanshou.fixtures.devices.date", Later)
    found = bench.tell("insulation_resistance", "PANEL-1", {"insulation.live_display": display})
    _is(found, INVALID, "到期")


def test_a_system_that_consists_of_nothing_that_protects_is_missing(bench: DutyBench) -> None:
    site = bench.prepared.site
    without = {name: one for name, one in site.devices.items() if one.kind is not DeviceKind.CAMERA}
    only_a_recorder = replace(site, devices=MappingProxyType(without))
    _is(bench.tell("required_systems_present", site=only_a_recorder), FAILS, "video")


def terminal(bench: DutyBench, lines: list[str]) -> TerminalOperator:
    typed = iter(lines)

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    album = album_of(read_events(bench.prepared.run.path / "journal.jsonl"))
    shown: list[str] = []
    return TerminalOperator("张三", album=album, read=read, write=shown.append, interactive=lambda: True)


def test_nonsense_is_asked_again_and_who_leaves_comes_back_with_the_same_picture(bench: DutyBench) -> None:
    """A run that was left behind proves nothing; after it the same question gets the same photograph."""
    page = str(bench.prepared.site.folder / "photos" / "SITE.network_log.photo.png")
    answers = ["王五，保卫科", "1", "平台服务器", "去年", "2026-13-45", "2026年4月15日", "2026-04-15"]
    left = bench.tell("network_log_retention", operator=terminal(bench, answers))
    assert left.verdict == NOT_TESTED
    begun = bench.tell("network_log_retention", operator=terminal(bench, [*answers, "没有照片", page]))
    assert begun.verdict == CONFORMS
    again = bench.tell("network_log_retention", operator=terminal(bench, [*answers, page]))
    assert again.verdict == CONFORMS
    cables = ["王五，保卫科", "12", "无", "无", page]
    assert bench.tell("cables_numbered", operator=terminal(bench, cables)).verdict == NOT_TESTED


def test_a_paper_is_read_once_and_shown_for_every_duty(bench: DutyBench) -> None:
    reported = bench.tell("not_used_before_acceptance")
    assert reported.asked.count("SITE.acceptance.number") == 1
    assert reported.finding is not None
    assert len(reported.finding.evidence) == 1
