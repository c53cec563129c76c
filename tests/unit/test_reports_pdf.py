# SPDX-License-Identifier: Apache-2.0
"""The formal report: complete, in Chinese, marked where it must be, the same bytes every time."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest

from tests.support.big_run import big_run
from tests.support.run_builder import png, small_run
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.document import document
from yanshou.reports.glyphs import Printer
from yanshou.reports.pdf import pdf_bytes
from yanshou.reports.photos import photos
from yanshou.reports.results import results_json


def pages(data: bytes) -> list[str]:
    return [page.extract_text().replace("\n", "") for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def reader(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    run = big_run(tmp_path_factory.mktemp("whole") / "run")
    return run.path, pdf_bytes(load(run.path))


def test_it_is_pdf_a_3_with_results_json_inside(whole: tuple[Path, bytes]):
    path, data = whole
    assert b"pdfaid:part>3<" in data
    attached = reader(data).attachments["results.json"]
    assert attached == [results_json(load(path))]


def test_the_same_run_gives_the_same_bytes(whole: tuple[Path, bytes]):
    path, data = whole
    assert pdf_bytes(load(path)) == data


def test_every_page_of_an_emulated_run_says_so_and_is_numbered(whole: tuple[Path, bytes]):
    texts = pages(whole[1])
    for number, text in enumerate(texts, start=1):
        assert "本报告由仿真设备产生" in text
        assert "报告编号" in text
        assert f"第 {number} 页 共 {len(texts)} 页" in text


def test_a_real_run_is_not_called_emulated(tmp_path: Path):
    run = small_run(tmp_path / "run", emulated=False)
    text = "".join(pages(pdf_bytes(load(run.path))))
    assert "仿真" not in text


def test_every_part_and_every_planned_item_is_there(whole: tuple[Path, bytes]):
    path, data = whole
    text = "".join(pages(data))
    parts = (
        "检测报告 声明 判定用语 限值状态 判定规则 工程概况 检测结果汇总 检测依据 抽样 主要仪器 "
        "检测结果 不符合项 未检项目及原因 无效结果及原因 依据待核项目 不适用项目 方法偏离 人工步骤 "
        "断点与重试记录 图表与照片 证据清单 签署 以下空白 检测专用章 主检 审核 批准"
    )
    assert [part for part in parts.split() if part not in text.replace(" ", "")] == []
    view = load(path)
    assert [row.finding.requirement for row in view.rows if row.finding.requirement not in text] == []
    assert [note.sha256 for note in view.evidence if note.sha256 not in text] == []
    assert "2.4123 s" in text
    assert "20261123" in text
    assert view.head in text


def test_what_only_the_laboratory_can_give_is_listed_not_invented(tmp_path: Path):
    run = small_run(tmp_path / "run")
    content = document(load(run.path))
    assert "报告编号" in content["missing"]
    assert "签发日期" in content["missing"]
    given = {
        "report_no": "AF-2026-0042",
        "name": "检测中心",
        "address": "示范路 2 号",
        "category": "委托检测",
        "received": "2026-11-20",
        "environment": "室内 21 ℃，45 %RH",
        "state": "试运行满 30 天",
        "issued": "2026-11-30",
        "client_contact": "赵六",
    }
    run = small_run(tmp_path / "given", laboratory=given)
    content = document(load(run.path))
    assert content["missing"] == []
    assert content["report_no"] == "AF-2026-0042"


def test_the_largest_U_that_was_agreed_is_printed(tmp_path: Path):
    agreed = {
        "largest_u": 0.25,
        "largest_u_of": {"alarm_response_time": {"share": 0.1}, "temporal_snr": {"U": 2.0, "unit": "dB"}},
    }
    run = small_run(tmp_path / "run", plan={"parameters": agreed})
    rule = " ".join(document(load(run.path))["rule"])
    assert "25%" in rule
    assert "0.1 倍" in rule
    assert "temporal_snr 2 dB" in rule


def test_each_verdict_stands_in_its_own_part(whole: tuple[Path, bytes]):
    content = document(load(whole[0]))
    assert [row["title"].split()[0] for row in content["nonconform"]] == ["IAS-RT-01", "IAS-TA-01"]
    assert [row[0] for row in content["untested"]] == ["IAS-RT-01", "LNK-01", "NMG-10-01"]
    assert content["untested"][0][4].startswith("检测装置故障")
    assert [row[0] for row in content["unjudged"]] == ["IQ-SFR-01"]
    assert [row[0] for row in content["invalid"]] == ["IAS-PW-01"]
    shown = [row for system in content["systems"] for row in system["rows"]]
    assert [row["no"] for row in shown] == [str(n) for n in range(1, 14)]
    each = [row for part in content["annex"] for row in part["rows"]]
    assert len(each) == 43
    untested = [row for row in each if row["verdict"] == "未检"]
    assert {row["result"] for row in untested} == {"—"}
    assert {row["U"] for row in untested} == {"—"}


def test_superseded_standards_are_marked(whole: tuple[Path, bytes]):
    basis = {row[0]: row[3] for row in document(load(whole[0]))["basis"]}
    assert "已被替代" in basis["GA/T 1127-2013"]
    assert basis["GB 55029-2022"] == "现行"


def test_an_overdue_instrument_is_marked(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("instrument", id="DMM-2", name="x", due="2026-11-01")
    assert document(load(run.path))["instruments"][0]["overdue"] is True


def test_a_missing_character_is_named_and_does_not_stop_the_report(tmp_path: Path):
    run = small_run(tmp_path / "run", name="𠮷祥银行 🙂")
    text = "".join(pages(pdf_bytes(load(run.path))))
    assert "〓祥银行" in text
    assert "U+20BB7" in text
    assert "U+1F642" in text


def test_typst_markup_in_texts_is_printed_as_it_is(tmp_path: Path):
    run = small_run(tmp_path / "run", name='#panic("x") $a_b$ *c* <d> @e \\ [f]')
    text = "".join(pages(pdf_bytes(load(run.path))))
    assert '#panic("x") $a_b$ *c* <d> @e' in text


def test_printer_keeps_meaning():
    printer = Printer()
    assert printer.text("10⁻⁵ x² ≤ ± µSv/h ℃\u200b 堃") == "10^-5 x² ≤ ± µSv/h ℃ 堃"
    assert printer.missing == {}


def test_only_pictures_known_to_be_harmless_are_shown(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0].id
    run.blob(png(seed=2), one, "CAM-1 snapshot", "image/png", "scene")
    run.blob(png(seed=3), one, "CAM-1 snapshot", "image/png", "original, not blurred")
    run.blob(png(seed=4), one, "CAM-1 snapshot", "image/png", "blurred")
    run.blob(b"no picture", one, "reading photo", "image/jpeg", "")
    shown = photos(load(run.path))
    assert [photo.note.note for photo in shown] == ["blurred"]
    assert "图表与照片" in "".join(pages(pdf_bytes(load(run.path))))


def test_a_blob_that_is_gone_leaves_its_hash(tmp_path: Path):
    run = small_run(tmp_path / "run")
    digest = run.blob(png(seed=4), run.plan.items[0].id, "CAM-1", "image/png", "blurred")
    load(run.path).blob(digest).unlink()
    assert digest in "".join(pages(pdf_bytes(load(run.path))))


def test_english(tmp_path: Path):
    run = small_run(tmp_path / "run", name="Branch")
    run.latency(run.plan.items[0], [2.4], Verdict.NON_CONFORM)
    text = "".join(pages(pdf_bytes(load(run.path), "en")))
    assert "Test report" in text
    assert "Non-conformities" in text
    assert "Page 1 of" in text
    assert "EMULATED" in text


def test_the_document_is_plain_json(whole: tuple[Path, bytes]):
    assert json.dumps(document(load(whole[0])), ensure_ascii=False)
