# SPDX-License-Identifier: Apache-2.0
"""The plan: what is tested on what, in which order, what is not and why; frozen."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yanshou.instruments.register_check import register_mistakes
from yanshou.instruments.registry import InstrumentRegistry, load_instruments
from yanshou.model import (
    DecisionRule,
    Device,
    DeviceKind,
    Limit,
    LimitStatus,
    Plan,
    Quantity,
    Requirement,
    Site,
    Statistic,
    System,
    Text,
    UsageError,
)
from yanshou.model.demand import ClassDemand
from yanshou.planning import (
    CoveredMeasurand,
    Phase,
    Together,
    as_answer,
    check_site,
    from_json,
    make_plan,
    to_json,
)
from yanshou.site import load_site
from yanshou.standards import Catalogue, Measurand

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
DAY = date(2026, 11, 23)
BRANCH_SITE = load_site(BRANCH)
REGISTRY = load_instruments(BRANCH)
PLAN = {
    "seed": 20261123,
    "sampling": "GB 50348-2018 9.1.5",
    "decision_rule": "DR-SA",
    "repetitions": 3,
    "hold_s": 2.0,
}


def row(id: str, measurand: str = "alarm_response_time", **changes: object) -> Requirement:  # noqa: A002
    fields: dict[str, object] = {
        "id": id, "standard": "GB 1", "edition": "2026", "clause": "1", "system": "intrusion",
        "title": Text("题", "title"), "asks": Text("问", "asks"), "measurand": measurand,
        "statistic": Statistic.MAX, "limit": Limit("s", max=2.0), "limit_status": LimitStatus.VERIFIED,
        "applies": {"system": "intrusion"}, "population": ("zone",), "mandatory": True, "in_force": True,
        "rank": 2,
    }  # fmt: skip
    return Requirement(**{**fields, **changes})  # type: ignore[arg-type]


def catalogue(*rows: Requirement) -> Catalogue:
    measurands = {one.measurand for one in rows}
    known = {name: Measurand(name, "s", Quantity.CONTINUOUS, name, name, "") for name in measurands}
    return Catalogue({one.id: one for one in rows}, known, {})


def site(**changes: object) -> Site:
    return replace(BRANCH_SITE, **{"scope": (), "plan": PLAN, **changes})  # type: ignore[arg-type]


def many_zones(N: int) -> Mapping[str, Device]:
    zones = [
        Device(
            f"Q{number}",
            DeviceKind.ZONE,
            System.INTRUSION,
            "探测器",
            model="M",
            parent="PANEL-1",
            number=number,
        )
        for number in range(1, N + 1)
    ]
    return {one.id: one for one in (BRANCH_SITE.devices["PANEL-1"], *zones)}


def covers(**needs: tuple[str, ...]) -> CoveredMeasurand:
    return CoveredMeasurand("alarm_response_time", **needs)  # type: ignore[arg-type]


def plan(rows: list[Requirement], covered: list[CoveredMeasurand] | None = None, **changes: object) -> Plan:
    able = [CoveredMeasurand("alarm_response_time", repetitions=10)] if covered is None else covered
    by_name = {one.measurand: one for one in able}
    return make_plan(site(**changes), catalogue(*rows), REGISTRY, covered=by_name, on=DAY)


def test_the_largest_U_of_each_measurand_stands_in_the_plan():
    rows = [row("A"), row("B", measurand="siren_level_indoor")]
    known = catalogue(*rows)
    loud = replace(known.measurands["siren_level_indoor"], largest_u=3.0)
    known = replace(known, measurands={**known.measurands, loud.id: loud})
    covered = {one.measurand: CoveredMeasurand(one.measurand) for one in rows}

    def made(**agreed: object) -> Mapping[str, object]:
        return make_plan(site(plan=PLAN | agreed), known, REGISTRY, covered=covered, on=DAY).parameters

    usual = made()
    assert usual["largest_u"] == pytest.approx(1 / 3)
    assert usual["largest_u_of"] == {"siren_level_indoor": {"U": 3.0, "unit": "s"}}
    own = made(largest_u_of={"siren_level_indoor": 0.2, "alarm_response_time": {"U": 0.1}})
    assert own["largest_u_of"] == {
        "siren_level_indoor": {"share": 0.2},
        "alarm_response_time": {"U": 0.1, "unit": "s"},
    }
    with pytest.raises(UsageError, match="sirene"):
        made(largest_u_of={"sirene": 0.2})


def test_one_item_for_each_measurand_and_device_with_all_its_requirements_by_rank():
    made = plan([row("B", rank=4), row("A", rank=2), row("H", applies={"device": {"type": "hold_up"}})])
    items = {item.id: item for item in made.items}
    assert items["alarm_response_time[Z01]"].requirements == ("A", "B")
    assert items["alarm_response_time[Z11]"].requirements == ("A", "H", "B")
    assert len(made.items) == 14
    assert made.untestable == ()


def test_what_a_device_is_asked_itself_needs_a_connection_to_it():
    covered = [replace(covers(), connected=True)]
    made = plan([row("A")], covered, devices=many_zones(2))
    assert made.items == ()
    assert {(one.device, one.reason.partition(" / ")[0]) for one in made.untestable} == {
        ("Q1", "工程文件未写它的连接"),
        ("Q2", "工程文件未写它的连接"),
    }


@pytest.mark.parametrize(
    ("wanted", "lacking"),
    [
        (("loop|reader_line",), ""),
        (("reader_line|loop", "loop"), ""),
        (("reader|reader_line",), "reader / reader_line"),
        (("loop", "mains"), "mains"),
    ],
)
def test_of_several_wires_one_is_enough_and_what_lacks_is_named(wanted: tuple[str, ...], lacking: str):
    zones = {name: replace(one, wiring={"loop": "R/0"}) for name, one in many_zones(1).items()}
    made = plan([row("A")], [covers(wires=wanted)], devices=zones)
    assert [item.device for item in made.items] == ([] if lacking else ["Q1"])
    assert [lacking in one.reason for one in made.untestable] == ([True] if lacking else [])


def test_the_sample_is_drawn_by_kind_and_model_and_said():
    made = plan([row("A")], devices=many_zones(120))
    (record,) = made.sampling
    assert (record.population, record.N, record.n) == ("zone/M", 120, 8)
    assert {item.device for item in made.items} == set(record.drawn)
    assert made.seed == 20261123


def test_devices_whose_model_is_not_stated_are_all_tested():
    unknown = {name: replace(one, model="") for name, one in many_zones(30).items()}
    (record,) = plan([row("A")], devices=unknown).sampling
    assert (record.N, record.n, record.rule) == (30, 30, "all (model not stated)")


def test_a_clause_on_each_device_is_tested_on_each_and_leaves_the_samples_of_others_as_they_are():
    """A sample of the cameras says nothing of the view of those that were not drawn."""
    sampled = plan([row("A")], devices=many_zones(60))
    each = row("EACH", measurand="privacy_of_view", sampling="all")
    able = [CoveredMeasurand(one) for one in ("alarm_response_time", "privacy_of_view")]
    made = plan([each, row("A")], able, devices=many_zones(60))
    tested = {item.device for item in made.items if item.measurand == "privacy_of_view"}
    assert len(tested) == 60
    assert made.sampling == sampled.sampling
    assert {item.device for item in made.items if item.measurand == "alarm_response_time"} == set(
        sampled.sampling[0].drawn
    )


def test_the_plan_may_ask_for_all_of_a_kind_or_type():
    devices = dict(many_zones(30))
    for name in ("Q3", "Q17"):
        devices[name] = replace(devices[name], attributes={"type": "hold_up"})
    made = plan([row("A")], devices=devices, plan={**PLAN, "sample_all": ["zone:hold_up"]})
    assert {"Q3", "Q17"} <= set(made.sampling[0].drawn)
    assert len(plan([row("A")], devices=devices, plan={**PLAN, "sample_all": ["zone"]}).items) == 30


def test_the_draw_depends_on_the_seed_and_on_nothing_else():
    zones = many_zones(200)
    names = list(zones)
    random.Random(3).shuffle(names)
    first = plan([row("A")], devices=zones)
    assert plan([row("A")], devices={name: zones[name] for name in names}) == first
    other_kind = {**zones, "CAM-1": BRANCH_SITE.devices["CAM-1"]}
    assert plan([row("A")], devices=other_kind).sampling[0] == first.sampling[0]
    reseeded = plan([row("A")], devices=zones, plan={**PLAN, "seed": 2})
    assert reseeded.sampling[0].drawn != first.sampling[0].drawn


def test_requirements_on_one_population_share_their_devices():
    able = [CoveredMeasurand("alarm_response_time"), CoveredMeasurand("missed_alarms")]
    made = plan([row("A"), row("B", "missed_alarms")], able, devices=many_zones(120))
    drawn = {
        name: {item.device for item in made.items if item.measurand == name}
        for name in ("alarm_response_time", "missed_alarms")
    }
    assert drawn["alarm_response_time"] == drawn["missed_alarms"]
    assert len(made.sampling) == 1


def test_a_requirement_that_applies_but_was_not_agreed_is_out_of_scope():
    made = plan([row("A"), row("B-1"), row("B-2")], scope=("B-*",))
    assert made.out_of_scope == ("A",)
    assert made.items[0].requirements == ("B-1", "B-2")


def test_rules_of_the_laboratory_are_no_part_of_the_plan():
    made = plan([row("A"), row("LAB-01", system="laboratory", applies={"system": "laboratory"})])
    assert [one.requirements for one in made.items] == [("A",)] * len(made.items)
    assert not {one.requirement for one in made.untestable} | {one.requirement for one in made.not_applicable}


def test_an_unknown_id_in_the_scope_is_told_with_its_line_and_the_nearest():
    with pytest.raises(UsageError) as caught:
        plan([row("IAS-RT-01"), row("IAS-FN-01")], scope=("IAS-RT-01", "IAS-FN-02", "NET-08"))
    first, second = caught.value.mistakes
    assert first.path == "site.toml"
    line = (BRANCH / "site.toml").read_text(encoding="utf-8").splitlines()[first.line - 1]
    assert '"IAS-FN-02"' in line
    assert "IAS-FN-01" in first.remedy
    assert "NET-08" in second.what


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"applies": {"sector": "museum"}}, "sector is bank"),
        ({"population": ("power_supply",)}, "the site has no power_supply"),
        ({"in_force": False}, "does not cite"),
        ({"applies": {"device": {"type": "fire"}}}, "type is normal"),
    ],
)
def test_a_requirement_of_the_scope_that_does_not_apply_says_why(changed: dict[str, object], reason: str):
    made = plan([row("A", **changed)], scope=("A",))
    (reported,) = made.not_applicable
    assert reason in reported.reason
    assert (made.items, made.untestable) == ((), ())


def test_a_superseded_standard_counts_when_the_contract_cites_it():
    cited = {**BRANCH_SITE.attributes, "contract_cites": ["GB 1-2026"]}
    assert plan([row("A", in_force=False)], attributes=cited).items


@pytest.mark.parametrize(
    ("rows", "covered", "reason"),
    [
        ([row("A")], [], "no suite measures alarm_response_time"),
        ([row("A")], [covers(intrusive=("power_cut",))], "does not allow power_cut"),
        ([row("A")], [covers(instruments=("sound_meter",))], "no sound_meter"),
        ([row("A")], [covers(populations=("door",))], "no suite measures it on a zone"),
        ([row("A", applies={"key_area": True})], None, "the site does not state key_area"),
        ([row("A", applies={"device": {"perimeter": True}})], None, "perimeter not stated for Z01, Z02"),
    ],
)  # fmt: skip
def test_what_cannot_be_tested_says_why(
    rows: list[Requirement], covered: list[CoveredMeasurand] | None, reason: str
):
    made = plan(rows, covered)
    assert made.items == ()
    assert made.untestable
    assert all(reason in one.reason for one in made.untestable)


def test_an_attribute_nobody_stated_does_not_matter_when_another_condition_fails_anyway():
    made = plan([row("A", applies={"sector": "museum", "key_area": True})], scope=("A",))
    assert made.untestable == ()
    assert made.not_applicable


def test_an_instrument_out_of_calibration_leaves_the_item_untested_with_the_date():
    covers = {"standby": CoveredMeasurand("standby", instruments=("multimeter",))}
    rows = catalogue(row("PW", "standby", population=("panel",)))
    late = make_plan(site(), rows, REGISTRY, covered=covers, on=date(2027, 8, 17))
    assert late.items == ()
    assert {one.device for one in late.untestable} == {"PANEL-1", "PANEL-2"}
    assert all("DMM-1 校准证书已于 2027-08-16 到期" in one.reason for one in late.untestable)
    now = make_plan(site(), rows, REGISTRY, covered=covers, on=DAY)
    assert [item.instruments for item in now.items] == [("DMM-1",), ("DMM-1",)]


@pytest.mark.parametrize("through", ["", "MM-2"])
def test_of_two_meters_each_panel_is_read_by_the_one_in_its_lead(through: str):
    second = replace(REGISTRY.instruments["DMM-1"], id="DMM-2", serial="2", uses=through)
    two = InstrumentRegistry({**REGISTRY.instruments, "DMM-2": second})
    panel = replace(BRANCH_SITE.devices["PANEL-2"], wiring={"supply_current": through or "DMM-2"})
    crossed = site(devices={**BRANCH_SITE.devices, "PANEL-2": panel})
    covers = {"standby": CoveredMeasurand("standby", instruments=("multimeter",))}
    rows = catalogue(row("PW", "standby", population=("panel",)))
    made = make_plan(crossed, rows, two, covered=covers, on=DAY)
    assert {item.device: item.instruments for item in made.items} == {
        "PANEL-1": ("DMM-1",),
        "PANEL-2": ("DMM-2",),
    }
    overdue = replace(second, due=date(2026, 1, 1), calibrated=date(2025, 1, 1))
    late = InstrumentRegistry({**REGISTRY.instruments, "DMM-2": overdue})
    left = make_plan(crossed, rows, late, covered=covers, on=DAY)
    assert [item.device for item in left.items] == ["PANEL-1"]  # no other meter stands in for it


def test_a_requirement_on_the_whole_site_is_one_item():
    papers = row("NMG-1", "required_systems", system="site", applies={"category": 3}, population=("site",))
    made = plan([papers], [CoveredMeasurand("required_systems", operator=True)])
    assert [item.id for item in made.items] == ["required_systems[SITE]"]
    assert made.sampling == ()


def test_the_order_spares_the_site():
    able = [
        CoveredMeasurand("siren_level", intrusive=("siren",)),
        CoveredMeasurand("alarm_response_time"),
        CoveredMeasurand("responses_when_unset"),
        CoveredMeasurand("wiring_check", phase=Phase.VISUAL),
        CoveredMeasurand("frame_rate"),
        CoveredMeasurand("clock_offset"),
        CoveredMeasurand("camera_view", operator=True),
        CoveredMeasurand("papers", operator=True),
    ]
    video = {"population": ("camera",), "applies": {"system": "video"}}
    rows = [
        row("1", "siren_level", population=("panel",)), row("2"), row("3", "responses_when_unset"),
        row("4", "frame_rate", **video), row("5", "clock_offset", **video), row("6", "camera_view", **video),
        row("7", "papers", applies={}, population=("site",)), row("8", "wiring_check", population=("panel",)),
    ]  # fmt: skip
    made = plan(rows, able)
    order = list(dict.fromkeys(item.measurand for item in made.items))
    assert order == [
        "papers", "camera_view", "wiring_check", "clock_offset", "frame_rate", "responses_when_unset",
        "alarm_response_time", "siren_level",
    ]  # fmt: skip
    armed = [item.device for item in made.items if item.measurand == "alarm_response_time"]
    assert armed == [*(f"Z{number:02}" for number in range(1, 13)), "V01", "V02"]


def test_streams_of_all_cameras_come_after_what_each_camera_is_asked() -> None:
    able = [CoveredMeasurand("frame_rate", together=Together.STREAMS), CoveredMeasurand("stream_pixels")]
    video = {"population": ("camera",), "applies": {"system": "video"}}
    made = plan([row("1", "frame_rate", **video), row("2", "stream_pixels", **video)], able)
    order = [item.measurand for item in made.items]
    assert order.count("frame_rate") > 1
    assert order == sorted(order, reverse=True)


def test_repetitions_of_the_site_hold_where_a_stimulus_can_be_repeated():
    able = [CoveredMeasurand("alarm_response_time", repetitions=10), CoveredMeasurand("papers")]
    made = plan([row("A"), row("B", "papers", population=("site",), applies={})], able)
    assert {item.measurand: item.repetitions for item in made.items} == {
        "alarm_response_time": 3,
        "papers": 1,
    }
    assert made.parameters["hold_s"] == 2.0
    assert made.parameters["estimate_s"]["total"] == 14 * 3 * 10 + 10


def test_a_rule_the_clause_fixes_wins():
    guarded = row("A", decision_rule=DecisionRule.GUARD_BAND)
    assert plan([guarded]).items[0].decision_rule is DecisionRule.GUARD_BAND
    assert plan([guarded, row("B")]).items[0].decision_rule is DecisionRule.SIMPLE


def test_the_plan_goes_through_json_and_any_change_is_noticed():
    made = plan([row("A"), row("C", "unknown_measurand")])
    record = json.loads(json.dumps(to_json(made), ensure_ascii=False))
    assert from_json(record) == made
    assert {"seed", "items", "untestable", "sampling"} <= record.keys()
    record["items"][0]["repetitions"] = 1
    with pytest.raises(UsageError, match="changed after it was frozen"):
        from_json(record)
    with pytest.raises(UsageError, match="not a plan of this version"):
        from_json({"schema": "yanshou-plan/1"})


def test_the_check_of_a_site_tells_files_secrets_calibration_and_wiring_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("YANSHOU_CAMERA_PASSWORD", raising=False)
    text = (BRANCH / "site.toml").read_text(encoding="utf-8")
    text = text.replace('rig = "emulated"', 'rig = "real"').replace(
        'backend = "scripted"', 'backend = "terminal"'
    )
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    (tmp_path / "inventory.csv").write_bytes((BRANCH / "inventory.csv").read_bytes())
    wiring = load_site(BRANCH).devices["Z01"].wiring

    def hook(checked: Site) -> list:
        assert checked.devices["Z01"].wiring == wiring
        return []

    found = check_site(tmp_path, date(2027, 5, 1), register=register_mistakes, hooks=[hook])
    reported = "\n".join(map(str, found))
    assert "answers.toml" in reported
    assert "YANSHOU_CAMERA_PASSWORD" in reported
    assert "2027-04-30" in reported
    answer = as_answer(found)
    assert not answer["ok"]
    assert set(answer["problems"][0]) == {"file", "line", "what", "remedy"}
    assert all(problem["line"] for problem in answer["problems"])


def test_a_mistake_both_readers_meet_is_told_once(tmp_path: Path):
    (tmp_path / "site.toml").write_text("[site\n", encoding="utf-8")
    found = check_site(tmp_path, DAY, register=register_mistakes)
    assert sum("not valid TOML" in one.what for one in found) == 1


def test_without_what_its_class_demands_a_device_is_not_tested():
    able = CoveredMeasurand("gate_detection_class_met", classed=True)
    rows = [row("A", able.measurand, population=("gate",), system="security_inspection", applies={})]
    demand = ClassDemand(able.measurand, "2", ("OT-1",))

    def made(name: str | None, *stated: ClassDemand) -> Plan:
        gate = BRANCH_SITE.devices["GATE-1"]
        gate = replace(gate, attributes={} if name is None else {"class": name})
        known = replace(catalogue(*rows), classes=stated)
        return make_plan(
            site(devices={gate.id: gate}), known, REGISTRY, covered={able.measurand: able}, on=DAY
        )

    assert [one.device for one in made("2", demand).items] == ["GATE-1"]
    for refused, reported in (
        (made(None, demand), "class"),
        (made("2"), "[[class]]"),
        (made("3", demand), "3"),
    ):
        assert refused.items == ()
        assert reported in refused.untestable[0].reason
