# SPDX-License-Identifier: Apache-2.0
"""What a user relies on in the catalogue: its rows, its messages, its overlay and who a clause applies to."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.schemas import written
from yanshou.model import (
    Device,
    DeviceKind,
    Limit,
    LimitStatus,
    Obligation,
    Quantity,
    Requirement,
    Site,
    Statistic,
    System,
    Text,
    UsageError,
)
from yanshou.standards import (
    RANKS,
    Catalogue,
    applies,
    as_record,
    binding,
    contract_conflicts,
    is_looser,
    load,
    standard_name,
    vocabulary,
)
from yanshou.standards.names import shipped_names
from yanshou.vocabulary.site import SITE_ATTRIBUTES

PACKAGE = resources.files("yanshou.standards")
OURS = {"GB 55029", "GB 55024", "GB 50348", "GB 50394", "GB 50396", "GB 50339", "GB 51348", "GB/T 32581"} | {
    "内蒙古自治区公共安全技术防范管理条例", "EN 50131-1", "IEC 60839-11-1", "SIA DC-09", "EN 50136-1",
}  # fmt: skip


def device(name: str = "Z01", kind: str = "zone", system: str = "intrusion", **attributes: object) -> Device:
    parent = "PANEL-1" if kind == "zone" else ""
    return Device(name, DeviceKind(kind), System(system), name, parent=parent, attributes=attributes)


def site(*devices: Device, **attributes: object) -> Site:
    return Site("s", "s", Path(), "Asia/Shanghai", attributes, {}, {one.id: one for one in devices})


def as_json(value: Any) -> Any:
    """TOML dates are texts in JSON."""
    return json.loads(json.dumps(value, default=date.isoformat))


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PACKAGE / "schema" / f"{name}.schema.json").read_text("utf-8"))
    return content


class TestShippedData:
    def test_the_clause_of_two_seconds_is_as_the_standard_says(self, catalogue: Catalogue) -> None:
        row = catalogue.requirements["IAS-RT-01"]
        assert row == Requirement(
            id="IAS-RT-01",
            standard="GB 55029",
            edition="2022",
            clause="3.5.1(8)",
            system="intrusion",
            title=Text("报警控制器响应时间", "Controller response time"),
            asks=row.asks,
            measurand="alarm_response_time",
            statistic=Statistic.MAX,
            limit=Limit("s", max=2.0),
            limit_status=LimitStatus.PROVISIONAL,
            applies={"system": "intrusion"},
            population=("zone",),
            mandatory=True,
            in_force=True,
            rank=RANKS["mandatory"],
            sampling="SMP-01",
            evidence=("latency table",),
            note=row.note,
            source="gb-55029-2022.toml",
            quantity=Quantity.CONTINUOUS,
            standard_title=Text(
                "安全防范工程通用规范", "General code for security and protection engineering"
            ),
        )
        assert standard_name(row.standard, row.edition) == "GB 55029-2022"

    def test_every_row_of_both_fact_files_is_there(self, catalogue: Catalogue) -> None:
        assert len(catalogue.requirements) >= 190
        assert sum(row.standard in OURS for row in catalogue.requirements.values()) >= 120

    @pytest.mark.parametrize(
        ("row", "measurand", "limit", "status"),
        [
            ("IAS-RT-06", "alarm_response_time", Limit("s", max=5), "verified"),
            ("IAS-RT-04", "alarm_notification_time", Limit("s", max=20), "unverified"),
            ("IAS-FN-01", "missed_alarms", Limit("1", max=0), "verified"),
            ("IAS-FN-02", "hold_up_always_armed_and_latching", Limit("1", equals=True), "verified"),
            ("IAS-FN-06", "responses_when_unset", Limit("1", max=0), "verified"),
            ("IAS-PW-01", "backup_supply_duration", Limit("h", min=8), "verified"),
            ("ACS-RT-01", "credential_to_lock_time", Limit("s", max=2), "verified"),
            ("ACS-RT-02", "forced_door_alarm_time", Limit("s", max=2), "verified"),
            ("ACS-AL-01", "wrong_credentials_to_alarm", Limit("1", max=5), "verified"),
            ("ACS-CK-01", "central_clock_drift", Limit("s/d", max=5, exclusive=True), "verified"),
            ("ACS-PW-01", "lock_backup_supply_duration", Limit("h", min=48), "provisional"),
            ("SCR-RD-01", "operator_dose_rate", Limit("uSv/h", max=0.5), "provisional"),
            ("REC-V-01", "recording_retention", Limit("d", min=30), "verified"),
            ("IQ-18", "stream_pixels", Limit("px", min=704 * 576), "provisional"),
            ("CLK-07", "clock_offset", Limit("s", max=10), "unverified"),
            ("SCR-AL-01", "gate_alarm_on_test_object", Limit("1", equals=True), "unverified"),
            ("LNK-02", "command_response_time", None, "verified"),
        ],
    )
    def test_limits_and_how_sure_they_are(
        self, catalogue: Catalogue, row: str, measurand: str, limit: Limit | None, status: str
    ) -> None:
        found = catalogue.requirements[row]
        assert (found.measurand, found.limit, found.limit_status) == (measurand, limit, status)

    def test_superseded_and_foreign_standards_are_marked(self, catalogue: Catalogue) -> None:
        old = catalogue.standards["GA/T 368-2001"]
        assert not old.in_force
        assert old.superseded_by == "GB/T 32581-2016"
        assert {one.rank for one in catalogue.standards.values() if one.id.startswith("EN ")} == {
            RANKS["foreign"]
        }

    def test_the_regulation_says_that_its_amended_text_was_not_seen(self, catalogue: Catalogue) -> None:
        rows = catalogue.find("NMG-*")
        assert {"NMG-08-01", "NMG-09-01", "NMG-10-01", "NMG-16-01", "NMG-17-01", "NMG-19-01"} <= {
            row.id for row in rows
        }
        assert all(row.rank == RANKS["law"] and "修正" in row.note for row in rows)

    def test_titles_and_asks_are_written_in_both_languages(self, catalogue: Catalogue) -> None:
        for row in catalogue.requirements.values():
            assert any("一" <= letter <= "鿿" for letter in row.title.zh + row.asks.zh), row.id
            assert row.title.en.isascii() or row.title.en, row.id

    @pytest.mark.parametrize("folder", ["data", "measurands"])
    def test_every_file_follows_its_json_schema(self, folder: str) -> None:
        validator = jsonschema.Draft202012Validator(
            schema({"data": "catalogue", "measurands": "measurands"}[folder])
        )
        for entry in (PACKAGE / folder).iterdir():
            content = as_json(tomllib.loads(entry.read_text("utf-8")))
            assert [error.message for error in validator.iter_errors(content)] == [], entry.name

    def test_the_schemas_know_the_words_the_loader_knows(self) -> None:
        defs = schema("catalogue")["$defs"]
        assert set(defs["requirement"]["properties"]) == vocabulary.REQUIREMENT_KEYS
        assert set(defs["applies"]["properties"]) == set(SITE_ATTRIBUTES) | vocabulary.SPECIAL_KEYS
        assert set(defs["standard"]["properties"]) == vocabulary.STANDARD_KEYS
        assert list(defs["standard"]["properties"]["rank"]["enum"]) == list(RANKS)

    @pytest.mark.parametrize("name", written())
    def test_the_schemas_are_made_from_the_words_of_the_loader(self, name: str) -> None:
        """``python -m tests.schemas`` writes them."""
        assert (PACKAGE / "schema" / name).read_text("utf-8") == written()[name]

    def test_a_row_survives_the_way_through_json(self, catalogue: Catalogue) -> None:
        for row in catalogue.requirements.values():
            assert Requirement.from_record(json.loads(json.dumps(as_record(row)))) == row

    def test_a_row_lacks_only_what_earlier_folders_lack_or_what_was_empty(self, catalogue: Catalogue) -> None:
        """A run folder whose row lost its limit status, rank or force is damaged, and nothing is assumed."""
        record = as_record(catalogue.requirements["IAS-RT-01"])
        always = {"id", "standard", "system", "title", "asks", "measurand", "statistic", "limit_status"}
        always |= {"mandatory", "in_force", "rank"}
        assert always <= record.keys()
        for key in record:
            lacking = {name: value for name, value in record.items() if name != key}
            if key in always:
                with pytest.raises(KeyError, match=key):
                    Requirement.from_record(lacking)
            else:
                assert Requirement.from_record(lacking).id == "IAS-RT-01"
        with pytest.raises(ValueError, match="assumed"):
            Requirement.from_record({**record, "limit_status": "assumed"})

    def test_equal_content_has_an_equal_fingerprint(self, catalogue: Catalogue) -> None:
        assert catalogue.sha256 == load().sha256
        one = catalogue.requirements["IAS-RT-01"]
        changed = {**catalogue.requirements, one.id: replace(one, limit=Limit("s", max=3))}
        assert replace(catalogue, requirements=changed).sha256 != catalogue.sha256


class TestFind:
    def test_an_id_and_a_glob(self, catalogue: Catalogue) -> None:
        assert [row.id for row in catalogue.find("IAS-RT-01")] == ["IAS-RT-01"]
        assert {"ACS-AL-01", "ACS-AL-02", "ACS-AL-03"} <= {row.id for row in catalogue.find("ACS-AL-*")}

    def test_an_unknown_id_is_told_with_its_neighbours(self, catalogue: Catalogue) -> None:
        with pytest.raises(UsageError, match=r"IAS-RT-1.*Did you mean .*IAS-RT-01"):
            catalogue.find("IAS-RT-1")


FIVE_MISTAKES = """\
[standard]
id = "XX 1"
edition = "2026"
title = { zh = "试", en = "trial" }
rank = "engineering"

[[requirement]]
id = "X-1"
sytem = "intrusion"
system = "intrusion"
title = { zh = "甲", en = "a" }
asks = { zh = "甲", en = "a" }
measurand = "alarm_response_time"
limit = { min = 3.0, max = 2.0, unit = "s" }
limit_status = "provisional"
population = "zone"

[[requirement]]
id = "X-2"
system = "intrusion"
title = { zh = "乙", en = "b" }
asks = { zh = "乙", en = "b" }
measurand = "alarm_response_tme"
limit_status = "provisional"
population = ["zone", "panle"]
applies = { system = "intrusion", colour = "red" }
"""

MEASURANDS = """\
[alarm_response_time]
unit = "s"
quantity = "continuous"
zh = "报警响应时间"
en = "alarm response time"
definition = "From the loop to the indication."

[alarm_held]
unit = ""
quantity = "logical"
zh = "报警保持"
en = "alarm held"
definition = "True when it stays."
"""


def folder_of(tmp_path: Path, **files: str) -> Path:
    for name in ("data", "measurands"):
        (tmp_path / name).mkdir()
    (tmp_path / "measurands" / "m.toml").write_text(MEASURANDS, "utf-8")
    for name, text in files.items():
        (tmp_path / "data" / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def mistakes_of(tmp_path: Path, text: str) -> dict[int | None, str]:
    with pytest.raises(UsageError) as caught:
        load(folder=folder_of(tmp_path, x=text))
    return {one.line: f"{one.what} {one.remedy}" for one in caught.value.mistakes}


ROW = """\
[standard]
id = "XX 1"
edition = "2026"
title = { zh = "试", en = "trial" }
rank = "engineering"
[[requirement]]
id = "X-1"
system = "intrusion"
title = { zh = "甲", en = "a" }
asks = { zh = "甲", en = "a" }
limit_status = "provisional"
population = "zone"
"""


class TestMistakes:
    def test_five_in_one_file_are_told_at_once_with_their_lines(self, tmp_path: Path) -> None:
        found = mistakes_of(tmp_path, FIVE_MISTAKES)
        assert set(found) == {9, 14, 23, 25, 26}
        assert "system" in found[9]
        assert "min 3 is above max 2" in found[14]
        assert "Did you mean alarm_response_time" in found[23]
        assert "Did you mean panel" in found[25]
        assert "'colour'" in found[26]

    @pytest.mark.parametrize(
        ("lines", "word"),
        [
            ('measurand = "alarm_response_time"\nlimit = { max = 2.0 }', "no unit"),
            ('measurand = "alarm_response_time"\nlimit = { max = 2000, unit = "ms" }', "measured in 's'"),
            ('measurand = "alarm_response_time"\nlimit = { max = inf, unit = "s" }', "finite"),
            ('measurand = "alarm_response_time"\nlimit = { equals = true, unit = "s" }', "not logical"),
            ('measurand = "alarm_response_time"\nlimit = { unit = "s" }', "max, min or equals"),
            ('measurand = "alarm_held"\nlimit = { max = 1 }', "equals is missing"),
            ('measurand = "alarm_held"', "needs a limit"),
            ('measurand = "alarm_response_time"\nstatistic = "median"', "'median'"),
            ('measurand = "alarm_response_time"\napplies = { high_risk = 1 }', "high_risk cannot be 1"),
            ('measurand = "alarm_response_time"\napplies = { security_grade = 5 }', "cannot be 5"),
            ('measurand = "alarm_response_time"\napplies = { commissioned_before = "2026" }', "a date"),
        ],
    )
    def test_a_limit_or_condition_that_cannot_be(self, tmp_path: Path, lines: str, word: str) -> None:
        found = mistakes_of(tmp_path, f"{ROW}{lines}\n")
        assert word in " ".join(found.values())

    def test_bad_toml_is_told_with_its_line(self, tmp_path: Path) -> None:
        assert list(mistakes_of(tmp_path, "[standard]\nid = GB\n")) == [2]

    def test_an_id_used_in_two_files_is_told_with_the_other_place(self, tmp_path: Path) -> None:
        text = ROW + 'measurand = "alarm_response_time"\n'
        folder = folder_of(tmp_path, x=text, y=text.replace("XX 1", "XX 2"))
        with pytest.raises(UsageError, match=r"y\.toml:7 .*X-1 is used twice.*x\.toml:7"):
            load(folder=folder)

    def test_keys_inside_a_long_text_do_not_shift_the_lines(self, tmp_path: Path) -> None:
        text = f'{ROW}note = """\nlimit = 3\n[[requirement]]\n"""\nmeasurand = "nothing"\n'
        assert list(mistakes_of(tmp_path, text)) == [17]

    @pytest.mark.parametrize("value", ["3", "true", "{}", "[]", "[[1]]", "{ a = [1] }", '"x"', "2026-01-01"])
    @pytest.mark.parametrize("key", sorted(vocabulary.REQUIREMENT_KEYS | {"applies.sector", "limit.equals"}))
    def test_any_value_anywhere_is_told_and_never_a_traceback(
        self, tmp_path: Path, key: str, value: str
    ) -> None:
        kept = [line for line in ROW.splitlines() if not line.startswith(f"{key} ") or "rank" in line]
        text = "\n".join([*kept, *(['measurand = "alarm_held"'] if key != "measurand" else [])])
        folder = folder_of(tmp_path, x=f"{text}\n{key} = {value}\n")
        try:
            load(folder=folder)
        except UsageError as error:
            assert all(one.path.endswith("x.toml") and one.line for one in error.mistakes)  # noqa: PT017

    def test_a_folder_without_a_catalogue(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="data/ and measurands/"):
            load(folder=tmp_path)


class TestApplicability:
    def test_the_form_of_network_chooses_the_limit(self, catalogue: Catalogue) -> None:
        zone, rows = device(), catalogue.find("IAS-RT-0[234]")
        for form, expected in (
            ("controller", ["IAS-RT-02"]),
            ("local", ["IAS-RT-02", "IAS-RT-03"]),
            ("public", ["IAS-RT-04"]),
        ):
            place = site(zone, network_form=form)
            assert [row.id for row in rows if applies(row, place, zone).matches] == expected

    @pytest.mark.parametrize(
        ("form", "grade", "seconds"),
        [("controller", 1, 2), ("local", 1, 10), ("local", 3, 5), ("local", 4, 2), ("public", 2, 20)],
    )
    def test_grade_and_network_choose_exactly_one_limit(
        self, catalogue: Catalogue, form: str, grade: int, seconds: float
    ) -> None:
        zone = device()
        place = site(zone, network_form=form, security_grade=grade)
        rows = [row for row in catalogue.find("IAS-RT-05*") if row.standard == "GB/T 32581"]
        chosen = binding(rows, place, zone)
        assert [row.limit for row in chosen] == [Limit("s", max=seconds)]

    def test_what_the_site_does_not_state_is_missing_not_assumed(self, catalogue: Catalogue) -> None:
        zone = device()
        answer = applies(catalogue.requirements["IAS-RT-03"], site(zone), zone)
        assert not answer.matches
        assert answer.missing == ("network_form",)
        assert "network_form is not stated" in answer.reason

    def test_a_device_attribute_and_the_one_of_its_panel(self, catalogue: Catalogue) -> None:
        row = catalogue.requirements["IAS-LF-01"]
        zone, panel = device(), device("PANEL-1", "panel", technology="bus")
        assert applies(row, site(zone, panel), zone).matches
        assert applies(row, site(zone), zone).missing == ("Z01.technology",)
        assert not applies(row, site(zone), device(technology="radio")).matches

    def test_hold_up_and_normal_zones_are_told_apart(self, catalogue: Catalogue) -> None:
        normal, hold_up = device(type="normal"), device("Z11", type="hold_up")
        place = site(normal, hold_up)
        for row, one in (("IAS-FN-06", normal), ("IAS-FN-02", hold_up)):
            other = hold_up if one is normal else normal
            assert applies(catalogue.requirements[row], place, one).matches
            assert not applies(catalogue.requirements[row], place, other).matches

    def test_a_device_of_another_kind_is_not_meant(self, catalogue: Catalogue) -> None:
        panel = device("PANEL-1", "panel")
        answer = applies(catalogue.requirements["IAS-RT-01"], site(panel), panel)
        assert (answer.matches, answer.missing) == (False, ())

    @pytest.mark.parametrize(
        ("cited", "expected"),
        [(["GA/T 368-2001"], True), (["GA/T368—2001"], True), (["GA/T 368-2010"], False), ([], False)],
    )
    def test_a_superseded_standard_binds_only_when_cited(
        self, catalogue: Catalogue, cited: list[str], expected: bool
    ) -> None:
        zone = device(technology="wired")
        place = site(zone, contract_cites=cited)
        assert applies(catalogue.requirements["IAS-RT-07"], place, zone).matches is expected

    def test_an_old_row_without_the_condition_still_needs_the_citation(self, catalogue: Catalogue) -> None:
        zone = device()
        row = replace(catalogue.requirements["IAS-RT-01"], in_force=False)
        assert not applies(row, site(zone, contract_cites=[]), zone).matches
        assert applies(row, site(zone, contract_cites=["GB 55029-2022"]), zone).matches

    @pytest.mark.parametrize(("province", "expected"), [("内蒙古自治区", True), ("北京市", False)])
    def test_a_province_may_be_written_in_full(
        self, catalogue: Catalogue, province: str, expected: bool
    ) -> None:
        row = catalogue.requirements["NMG-08-01"]
        assert applies(row, site(province=province, category=3)).matches is expected

    def test_one_is_not_true(self, catalogue: Catalogue) -> None:
        row = catalogue.requirements["CTR-01"]
        assert applies(row, site(high_risk=True)).matches
        assert not applies(row, site(high_risk=1)).matches

    def test_a_date_divides_old_works_from_new(self, catalogue: Catalogue) -> None:
        row, zone = catalogue.requirements["IAS-RT-01"], device()
        old = replace(row, applies={"commissioned_before": date(2026, 3, 1)})
        new = replace(row, applies={"commissioned_from": date(2026, 3, 1)})
        for day, expected in ((date(2026, 2, 28), (True, False)), (date(2026, 3, 1), (False, True))):
            place = site(zone, commissioned=day)
            assert (applies(old, place, zone).matches, applies(new, place, zone).matches) == expected
        assert applies(old, site(zone), zone).missing == ("commissioned",)

    def test_a_site_row_asks_whether_the_site_has_the_system(self, catalogue: Catalogue) -> None:
        row = catalogue.requirements["IAS-CV-04"]
        assert applies(row, site(device(), sector="bank")).matches
        assert not applies(row, site(sector="bank")).matches


@pytest.mark.parametrize(
    ("limit", "than", "looser"),
    [
        (Limit("s", max=3), Limit("s", max=2), True),
        (Limit("s", max=2), Limit("s", max=2), False),
        (Limit("s", max=2), Limit("s", max=2, exclusive=True), True),
        (Limit("d", min=30), Limit("d", min=90), True),
        (Limit("d", min=90), Limit("d", min=30), False),
        (Limit("s", min=1), Limit("s", max=2), True),
        (Limit("s", min=0, max=1), Limit("s", max=2), False),
        (None, Limit("s", max=2), True),
        (Limit("s", max=2), None, False),
        (Limit(equals=False), Limit(equals=True), True),
        (Limit(equals=True), Limit(equals=True), False),
        (Limit("1", equals=3), Limit("1", max=5), False),
        (Limit("1", max=5), Limit("1", equals=3), True),
    ],
)
def test_looser_means_it_permits_more(limit: Limit | None, than: Limit | None, looser: bool) -> None:
    assert is_looser(limit, than) is looser


ONLY_A_SHALL_BESIDE = {
    "ACS-FN-04",
    "ACS-CK-03-a",
}  # 宜 in the clause; the row asks what has to be in any case


def test_a_row_that_only_advises_says_so(catalogue: Catalogue) -> None:
    for row in catalogue.requirements.values():
        said = re.search("宜|建议|推荐", f"{row.asks.zh} {row.note}")
        if said and row.id not in ONLY_A_SHALL_BESIDE:
            assert row.obligation is Obligation.ADVICE, row.id
        if row.obligation is Obligation.ADVICE:
            assert said, row.id
            assert not row.mandatory
            assert Requirement.from_record(as_record(row)) == row


def test_advice_binds_no_contract(catalogue: Catalogue) -> None:
    advice = catalogue.requirements["IAS-SO-01"]
    contract = replace(advice, id="C", rank=RANKS["contract"], limit=Limit("s", max=40.0))
    asks = replace(advice, obligation=Obligation.REQUIREMENT)
    assert contract_conflicts([contract, advice]) == ()
    assert contract_conflicts([contract, asks]) != ()


SIGNED = 'by = "张工"\ndate = 2026-11-20\ndocument = "GB 55029-2022 纸本"\n'
CONTRACT = """\
[standard]
id = "合同 2026-17"
edition = ""
title = { zh = "施工合同", en = "Works contract" }
rank = "contract"

[[requirement]]
id = "C-RT-1"
clause = "5.2"
system = "intrusion"
title = { zh = "报警响应", en = "Alarm response" }
asks = { zh = "合同约定的响应时间。", en = "The response time agreed." }
measurand = "alarm_response_time"
statistic = "max"
limit = { max = %s, unit = "s" }
limit_status = "verified"
population = "zone"
applies = { system = "intrusion" }
"""


def overlaid(tmp_path: Path, text: str) -> Catalogue:
    path = tmp_path / "lab.toml"
    path.write_text(text, "utf-8")
    jsonschema.validate(as_json(tomllib.loads(text)), schema("overlay"))
    return load([path])


class TestOverlay:
    def test_a_confirmed_limit_is_verified_and_says_by_whom(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        laid = overlaid(tmp_path, f'[[confirm]]\nid = "IAS-RT-01"\n{SIGNED}')
        row = laid.requirements["IAS-RT-01"]
        assert row.limit_status is LimitStatus.VERIFIED
        assert all(word in row.note for word in ("张工", "2026-11-20", "纸本", "lab.toml"))
        assert laid.overlays == ("lab.toml",)
        assert [(one.kind, one.requirement, one.by) for one in laid.changes] == [
            ("confirm", "IAS-RT-01", "张工")
        ]
        assert laid.sha256 != catalogue.sha256

    def test_part_of_a_row_is_replaced(self, tmp_path: Path, catalogue: Catalogue) -> None:
        change = 'limit = { max = 5.0, unit = "s" }\nlimit_status = "verified"'
        text = f'[[replace]]\nid = "CLK-07"\n{change}\n{SIGNED}'
        row = overlaid(tmp_path, text).requirements["CLK-07"]
        before = catalogue.requirements["CLK-07"]
        assert row.limit == Limit("s", max=5)
        assert "限值由 ≤ 10 s 改为 ≤ 5 s" in row.note
        assert (row.title, row.applies, row.source) == (before.title, before.applies, before.source)
        assert row.limit_status is LimitStatus.VERIFIED

    def test_a_replaced_number_does_not_keep_the_word_verified_of_the_former(self, tmp_path: Path) -> None:
        text = f'[[replace]]\nid = "IAS-PW-01"\nlimit = {{ min = 12.0, unit = "h" }}\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit_status is LimitStatus.PROVISIONAL
        text += f'[[confirm]]\nid = "IAS-PW-01"\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit_status is LimitStatus.VERIFIED

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ('limit = { max = 20.0, unit = "s" }\nlimit_status = "verified"', "looser"),
            ('limit = { max = 0.5, unit = "h" }', "looser"),
            ('limit = { max = 2.0, unit = "m" }', "looser"),
            ('limit_status = "unverified"', "cannot be called less"),
            ('statistic = "min"', "cannot be changed"),
            ('population = ["panel"]', "cannot be changed"),
            ('measurand = "alarm_notification_time"', "cannot be changed"),
            ('decision_rule = "DR-SA"', "cannot be changed"),
        ],
    )
    def test_a_provisional_row_is_judged_and_cannot_be_loosened_either(
        self, tmp_path: Path, change: str, word: str
    ) -> None:
        with pytest.raises(UsageError, match=word):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\n{change}\n{SIGNED}')

    def test_evidence_may_be_added_and_not_dropped(self, tmp_path: Path) -> None:
        more = 'evidence = ["latency table", "video of the panel"]'
        laid = overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\n{more}\n{SIGNED}')
        assert "video of the panel" in laid.requirements["IAS-RT-01"].evidence
        with pytest.raises(UsageError, match="lacks latency table"):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\nevidence = ["a photograph"]\n{SIGNED}')

    @pytest.mark.parametrize("change", ['rank = "inhouse"', 'rank = "mandatory"\nin_force = false'])
    def test_a_standard_of_the_catalogue_keeps_its_rank_and_force(self, tmp_path: Path, change: str) -> None:
        text = (
            (CONTRACT % "1.5").replace("合同 2026-17", "GB 55029").replace('edition = ""', 'edition = "2022"')
        )
        with pytest.raises(UsageError, match=r"stands in gb-55029-2022\.toml with another rank"):
            overlaid(tmp_path, text.replace('rank = "contract"', change))

    def test_nobody_has_read_a_document_tomorrow(self, tmp_path: Path) -> None:
        signed = SIGNED.replace("2026-11-20", "2099-01-01")
        with pytest.raises(UsageError, match="2099-01-01 is still to come"):
            overlaid(tmp_path, f'[[confirm]]\nid = "IAS-RT-01"\n{signed}')

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ('limit = { min = 4.0, unit = "h" }', "looser than ≥ 8 h of a verified"),
            ('limit_status = "unverified"', "cannot be called less"),
            ("applies = { high_risk = true }", "cannot be changed"),
            ("mandatory = false", "cannot be changed"),
        ],
    )
    def test_a_verified_mandatory_limit_cannot_be_loosened(
        self, tmp_path: Path, change: str, word: str
    ) -> None:
        with pytest.raises(UsageError, match=rf"lab\.toml:\d+ .*{word}"):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-PW-01"\n{change}\n{SIGNED}')

    def test_it_can_be_made_stricter(self, tmp_path: Path) -> None:
        text = f'[[replace]]\nid = "IAS-PW-01"\nlimit = {{ min = 12.0, unit = "h" }}\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit == Limit("h", min=12)

    def test_a_stricter_contract_row_is_added(self, tmp_path: Path) -> None:
        laid = overlaid(tmp_path, CONTRACT % "1.5")
        row = laid.requirements["C-RT-1"]
        assert row.rank == RANKS["contract"]
        assert "合同 2026-17" in laid.standards
        zone = device()
        first = binding(laid.measuring("alarm_response_time"), site(zone, network_form="local"), zone)[0]
        assert first.id == "IAS-RT-01"

    def test_a_looser_contract_row_is_a_mistake(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"lab\.toml:15 .*≤ 3 s.*GB 55029-2022 3\.5\.1\(8\).*≤ 2 s"):
            overlaid(tmp_path, CONTRACT % "3.0")

    def test_a_contract_is_also_held_against_what_applies_to_the_site(self, tmp_path: Path) -> None:
        text = (CONTRACT % "45.0").replace("alarm_response_time", "recording_retention").replace('"s"', '"d"')
        text = text.replace("max = 45.0", "min = 45.0").replace('"max"', '"value"')
        text = text.replace('"zone"', '"recorder"').replace("intrusion", "video")
        laid = overlaid(tmp_path, text)
        recorder = device("NVR-1", "recorder", "video")
        assert contract_conflicts(laid.requirements.values(), site(recorder)) == ()
        target = site(recorder, counter_terror_target=True)
        assert "90 d" in contract_conflicts(laid.requirements.values(), target)[0].what

    def test_every_mistake_of_an_overlay_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "lab.toml"
        path.write_text(
            '[[confirm]]\nid = "IAS-RT-1"\nby = "张工"\n[[confirm]]\nid = "LNK-02"\n'
            + SIGNED
            + "[colours]\n",
            "utf-8",
        )
        with pytest.raises(UsageError) as caught:
            load([path])
        found = "\n".join(map(str, caught.value.mistakes))
        for word in ("IAS-RT-01", "document is missing", "date is missing", "no limit to confirm", "colours"):
            assert word in found

    def test_an_overlay_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            load([tmp_path / "none.toml"])


def test_every_measurand_has_what_a_limit_needs(catalogue: Catalogue) -> None:
    used: Mapping[str, set[str]] = {
        name: {row.limit.unit for row in catalogue.measuring(name) if row.limit}
        for name in catalogue.measurands
    }
    for name, measurand in catalogue.measurands.items():
        assert used[name] <= {measurand.unit}, name
        assert measurand.unit or measurand.quantity in (Quantity.TEXT, Quantity.ORDINAL), name
        assert catalogue.measuring(name), name


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            'method.most = { value = 5.0, unit = "1", status = "verified" }',
            "most of the method is not complete",
        ),
        ('method.most = { value = "5", unit = "1", clause = "1", status = "verified" }', "not complete"),
        ('method.most = { value = 5.0, unit = "1", clause = "1", status = "sure" }', "not complete"),
        ("largest_u = -1.0", "largest_u = -1.0 is no U"),
    ],
)
def test_what_a_measurand_states_of_its_test_is_checked(tmp_path: Path, key: str, expected: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "measurands").mkdir()
    row = 'unit = "s"\nquantity = "continuous"\nzh = "甲"\nen = "a"\ndefinition = "d"\n'
    (tmp_path / "measurands" / "m.toml").write_text(f"[m]\n{row}{key}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=expected):
        load(folder=tmp_path)


def test_what_every_test_compares_with_names_its_clause(catalogue: Catalogue) -> None:
    stated = [one for measurand in catalogue.measurands.values() for one in measurand.method.values()]
    assert len(stated) >= 20
    assert all(one.clause and one.unit for one in stated)


def test_the_names_found_in_the_text_are_those_of_the_catalogue():
    names, catalogue = shipped_names(), load()
    assert list(names.requirements) == list(catalogue.requirements)
    assert sorted(names.measurands) == sorted(catalogue.measurands)
