# SPDX-License-Identifier: Apache-2.0
"""What a user relies on in the catalogue: its rows, and how they are found."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.schemas import written
from tests.support.catalogue_files import PACKAGE, as_json, schema
from yanshou.model import (
    Limit,
    LimitStatus,
    Obligation,
    Quantity,
    Requirement,
    Statistic,
    Text,
    UsageError,
)
from yanshou.standards import (
    RANKS,
    Catalogue,
    as_record,
    load,
    looser_rows,
    standard_name,
    vocabulary,
)
from yanshou.standards.names import shipped_names
from yanshou.vocabulary.site import SITE_ATTRIBUTES

OURS = {"GB 55029", "GB 55024", "GB 50348", "GB 50394", "GB 50396", "GB 50339", "GB 51348", "GB/T 32581"} | {
    "内蒙古自治区公共安全技术防范管理条例", "EN 50131-1", "IEC 60839-11-1", "SIA DC-09", "EN 50136-1",
}  # fmt: skip


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
        again = load(folder=Path(str(PACKAGE)))  # read anew, where the shipped one is read once
        assert again is not catalogue
        assert catalogue.sha256 == again.sha256
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
    assert looser_rows([contract, advice]) == ()
    assert looser_rows([contract, asks]) != ()


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


@pytest.mark.parametrize(
    ("limit", "printed"),
    [
        (Limit("s", max=2.0), "≤ 2 s"),
        (Limit("s", max=1.9999999), "≤ 1.9999999 s"),
        (Limit("bit", min=1_234_567.0), "≥ 1234567 bit"),
        (Limit("s", min=0.1, max=2.0), "0.1…2 s"),
        (Limit("s", min=0.1, max=2.0, exclusive=True), "> 0.1, < 2 s"),
        (Limit("1", equals=12_345_678.0), "= 12345678"),
    ],
)
def test_a_limit_is_printed_as_it_is_compared(limit: Limit, printed: str) -> None:
    assert str(limit) == printed
