# SPDX-License-Identifier: Apache-2.0
"""Which clauses apply to a site and its devices, and which limit is the looser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.catalogue_files import device, site
from yanshou.model import (
    Limit,
)
from yanshou.standards import (
    Catalogue,
    applies,
    binding,
    is_looser,
    undated,
)


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
        [
            (["GA/T 368-2001"], True),
            (["GA/T368—2001"], True),
            (["《GA/T 368-2001》"], True),
            (["ＧＡ／Ｔ　３６８－２００１"], True),
            (["GA/T 368‑2001 入侵报警系统技术要求"], True),
            (["《GA/T 368-2001 入侵报警系统技术要求》"], True),
            (["GA/T 368-2001（入侵报警系统）"], True),
            (["GA/T 368-2010"], False),
            (["GA/T 368-20011"], False),
            (["GA/T 3680-2001"], False),
            ([], False),
        ],
    )
    def test_a_superseded_standard_binds_only_when_cited(
        self, catalogue: Catalogue, cited: list[str], expected: bool
    ) -> None:
        zone = device(technology="wired")
        place = site(zone, contract_cites=cited)
        assert applies(catalogue.requirements["IAS-RT-07"], place, zone).matches is expected

    @pytest.mark.parametrize("cited", ["GA/T 368", "《GA/T 368》", "GA/T 368 入侵报警系统", "ga/t368（旧）"])
    def test_a_citation_without_the_edition_names_the_editions_there_are(
        self, catalogue: Catalogue, cited: str
    ) -> None:
        assert undated(catalogue.requirements.values(), [cited]) == {cited: ["GA/T 368-2001"]}

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
