# SPDX-License-Identifier: Apache-2.0
"""The files of a survey: schema, tables, page and PDF, also with hostile names in them."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import jsonschema
import openpyxl
import pytest
from pypdf import PdfReader

from yanshou.fleet.result import AGAINST, Answers, Code, State
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject
from yanshou.model import Device, DeviceKind, System
from yanshou.reports.survey import document, results_schema, write_files
from yanshou.reports.survey.heatmap import lines_of, svg
from yanshou.reports.survey.messages import FINDINGS, STATES, SurveyMessages
from yanshou.reports.survey.tables import covered, finding_rows

HOSTILE = '=HYPERLINK("http://x.invalid","<script>alert(1)</script>")'
DAYS = [["2026-11-22", 86400, 0], ["2026-11-23", 86400, 1], ["2026-11-24", 43200, 43200]]
VALUES = {
    Code.CLOCK_OFF: {"tolerance_s": 2.0},
    Code.CLOCK_UNKNOWN: {"tolerance_s": 2.0},
    Code.STREAM_DIFFERS: {"declared": "h264 1280×720", "received": "h264 640×360"},
    Code.FRAME_RATE_LOW: {"declared": 25.0},
    Code.RETENTION_SHORT: {"days": 12.5, "asked_d": 30},
    Code.TOO_YOUNG: {"days": 12.5, "asked_d": 30},
    Code.GAPS: {"count": 2, "total_s": 7200.0, "longest_s": 7000.0},
    Code.UNPLAYABLE: {"instants": ["2026-11-01T00:00:00Z"]},
    Code.FIRMWARE_DIFFERS: {"inventory": "1", "device": "2"},
    Code.SERIAL_DIFFERS: {"inventory": "1", "device": "2"},
    Code.CATALOGUE_INCOMPLETE: {"why": "SumNum 2, 1 items came"},
    Code.NOT_IN_CATALOGUE: {"parent": "SUB", "channel": "15010000001320000001"},
    Code.NOT_IN_INVENTORY: {"count": 1, "codes": "15010000001320000001"},
    Code.CHANNEL_OFF: {"parent": "SUB", "status": "OFF"},
    Code.SAME_ADDRESS: {"same_as": "C1"},
    Code.STEP_FAILED: {"step": "stream"},
}


def results():
    camera = Answers(Subject(Device("CAM-1", DeviceKind.CAMERA, System.VIDEO, HOSTILE, location="门口")))
    for code in Code:
        camera.find(code, **VALUES.get(code, {}))
    camera.identity = {
        "Manufacturer": "+cmd",
        "Model": "\x1b[31mX",
        "FirmwareVersion": "1",
        "SerialNumber": "-2",
    }
    recorder = Answers(Subject(Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "录像机")))
    gaps = [["2026-11-24T00:00:00Z", "2026-11-24T12:00:00Z"]]
    recorder.channels = [
        {
            "camera": "CAM-1",
            "known": True,
            "oldest": "",
            "days": DAYS,
            "gaps": gaps,
            "gap_count": 1,
            "plays": [],
        },
        {"camera": "CAM-2", "known": False, "days": [], "gaps": [], "plays": []},
    ]
    dead = Answers(Subject(Device("CAM-3", DeviceKind.CAMERA, System.VIDEO, "死机")))
    dead.ended(State.NO_ANSWER, "no connection")
    settings = Settings("2026-11-24T04:00:00+00:00", "1", "Asia/Shanghai", emulated=True).as_record()
    site = {"id": "s", "name": "工程", "sha256": "0" * 64}
    return document(site, settings, "yanshou test", [one.as_record() for one in (camera, recorder, dead)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    return {name: path.read_bytes() for name, path in write_files(results(), folder).items()}


def test_results_keep_their_schema(made):
    answer = json.loads(made["results.json"])
    jsonschema.validate(answer, results_schema(), cls=jsonschema.Draft202012Validator)
    assert answer["summary"]["against"] == len(AGAINST)
    assert answer["summary"]["states"] == {"asked": 2, "no_answer": 1}


def test_every_state_and_finding_has_its_words_and_no_other():
    assert set(FINDINGS) == {code.value for code in Code}
    assert set(STATES) == {state.value for state in State}


def test_no_cell_begins_a_formula(made):
    book = openpyxl.load_workbook(io.BytesIO(made["survey.xlsx"]))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    for name in ("devices.csv", "findings.csv", "gaps.csv"):
        cells += [cell for row in csv.reader(io.StringIO(made[name].decode("utf-8-sig"))) for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert f"'{HOSTILE}" in texts
    assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    assert not any("\x1b" in cell for cell in texts)


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_the_page_asks_for_nothing_and_runs_nothing(made):
    text = made["survey.html"].decode()
    tags = _Tags()
    tags.feed(text)
    assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in tags.tags}
    attributes = {name for _, attrs in tags.tags for name in attrs}
    assert not {"src", "href", "srcset"} & attributes
    assert not any(name.startswith("on") for name in attributes)
    policy = next(attrs["content"] for tag, attrs in tags.tags if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"url\((?!#unknown)", text)
    assert "对安装不利" in text


def test_the_pdf_holds_every_finding_and_is_the_same_each_time(made, tmp_path):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made["survey.pdf"])).pages)
    assert "缺录 2 段" in text
    assert "仿真演示数据" in text
    again = write_files(results(), tmp_path)
    assert {name: path.read_bytes() for name, path in again.items() if name != "survey.xlsx"} == {
        name: data for name, data in made.items() if name != "survey.xlsx"
    }


@pytest.mark.parametrize(
    ("wanted", "missing", "shown"), [(86400, 0, 100.0), (86400, 1, 99.9), (86400, 86400, 0.0), (10, 20, 0.0)]
)
def test_a_day_is_whole_only_where_nothing_is_missing(wanted, missing, shown):
    assert covered(wanted, missing) == shown


def test_the_heat_map_tells_missing_from_unknown():
    lines = lines_of(results())
    assert [level for _, level in lines[0].levels] == ["full", "most", "none"]
    assert [level for _, level in lines[1].levels] == ["not_known"] * 3
    drawn = svg(lines, SurveyMessages("en"))
    assert "<script>" not in drawn
    assert "2026-11-22 – 2026-11-24" in drawn  # three unknown days are one rectangle


def test_the_table_says_why_a_device_gave_no_answer():
    silent = Answers(Subject(Device("CAM-2", DeviceKind.CAMERA, System.VIDEO, "后门")))
    silent.ended(State.NO_ANSWER, "no connection to 192.0.2.7")
    reported = {"devices": [silent.as_record()]}
    _, row = finding_rows(reported, SurveyMessages("en"))
    assert row[-1] == "gave no usable answer (no connection to 192.0.2.7)"
