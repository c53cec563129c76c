# SPDX-License-Identifier: Apache-2.0
"""Cover and first pages: who, by what, judged against what, and with which instruments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.big_run import big_run
from tests.support.run_builder import small_run
from yanshou.model import Component, Requirement, SampleRecord, Text
from yanshou.reports import load
from yanshou.reports.calibrations import LoopLine
from yanshou.reports.document import document
from yanshou.reports.view import RunView
from yanshou.standards import Catalogue
from yanshou.standards.records import as_record

RANGES = [
    {"quantity": "frequency", "min": 45.0, "max": 65.0, "unit": "Hz", "U": 0.01, "k": 2.0},
    {"quantity": "power", "min": 0.001, "max": 5.0, "unit": "kW", "U_rel": 0.01, "k": 2.0},
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    return load(big_run(tmp_path_factory.mktemp("whole") / "run").path)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("supervisor", "监理单位"),
        ("maintainer", "维护单位"),
        ("user", "使用单位"),
        ("contact", "委托方联系人"),
    ],
)
def test_each_party_the_site_file_may_name_is_printed_as_given_by_the_client(
    whole: RunView, key: str, label: str
):
    named = replace(whole, site=replace(whole.site, parties={**whole.site.parties, key: "某单位"}))
    (fact,) = [one for one in document(named)["overview"] if one["label"] == label]
    assert (fact["text"], fact["client"]) == ("某单位", True)


def test_the_cover_has_the_kind_of_test_and_the_parties(whole: RunView):
    labels = [one["label"] for one in document(whole)["cover"]]
    assert {"检测类别", "监理单位", "维护单位", "建设单位", "施工单位"} <= set(labels)


def test_sampling_is_apart_from_what_is_judged_against_both_with_titles(whole: RunView):
    titled = {
        name: replace(row, standard_title=Text(f"{row.standard} 之名称", "title"))
        for name, row in whole.catalogue.items()
    }
    lots = (
        SampleRecord("zone/A", 9, 5, "GB 55029-2022 9.1.5; sample_all", ("Z01",)),
        SampleRecord("zone/B", 1, 1, "all (model not stated)", ("Z02",)),
    )
    content = document(replace(whole, catalogue=titled, plan=replace(whole.plan, sampling=lots)))
    assert content["methods"] == [["GB 55029-2022", "GB 55029 之名称", "抽样：9.1.5"]]
    basis = {row[0]: row for row in content["basis"]}
    assert basis["GA/T 1127-2013"][1] == "GA/T 1127 之名称"
    assert "已被替代" in basis["GA/T 1127-2013"][3]


def test_a_run_that_does_not_know_a_title_prints_none(whole: RunView):
    assert {row[1] for row in document(whole)["basis"]} == {"—"}


def test_the_catalogue_freezes_the_title_of_each_standard(catalogue: Catalogue):
    row = catalogue.requirements["REC-01"]
    assert row.standard_title is not None
    assert "公共安全视频图像信息系统管理条例" in row.standard_title.zh
    assert Requirement.from_record(as_record(row)) == row


def test_an_instrument_has_its_ranges_u_and_day_of_calibration(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event(
        "instrument", id="PWR-A", name="分析仪", calibrated="2026-05-06", due="2027-05-05", ranges=RANGES
    )
    (row,) = document(load(run.path))["instruments"]
    assert row["measures"] == ("频率 45–65 Hz：U = 0.01 Hz（k=2）；功率 0.001–5 kW：U = 1 %（相对）（k=2）")
    assert (row["calibrated"], row["due"]) == ("2026-05-06", "2027-05-05")


def test_a_range_without_u_claims_none(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("instrument", id="X", name="x", ranges=[{"quantity": "unheard_of", "min": 0.0, "unit": "m"}])
    (row,) = document(load(run.path))["instruments"]
    assert row["measures"] == "0–— m"


def test_the_timing_chain_stands_among_the_instruments(whole: RunView):
    delay = {"n": 30, "mean": 0.01, "s": 0.001, "least": 0.009, "most": 0.012, "u": 0.00112, "budget": []}
    loop = LoopLine("before", "RELAY-2 6 > 3", "operate", ("SN-7",), "2026-11-23T01:00:00Z", delay)
    timed = next(iter(whole.measurements.values()))
    clock = Component("host clock", "B", "rectangular", 1e-5, float("inf"), "100 ppm of the duration")
    view = replace(whole, loops=(loop,), measurements={"m": replace(timed, budget=(clock,))})
    board, host = document(view)["instruments"][-2:]
    assert (board["id"], board["serial"]) == ("RELAY-2", "SN-7")
    assert board["measures"] == "环回延迟 u ≤ 1.12 ms"
    assert board["calibrated"] == "2026-11-23"
    assert "100 ppm" in host["measures"]


def test_a_board_that_was_not_calibrated_says_so(whole: RunView):
    board = replace(whole.device("PANEL-1"), id="RELAY-9", kind="relay_board")
    site = replace(whole.site, devices={**whole.site.devices, "RELAY-9": board})
    (row,) = [one for one in document(replace(whole, site=site))["instruments"] if one["id"] == "RELAY-9"]
    assert row["measures"] == "本次未做环回校准"
    assert row["calibrated"] == "—"
