# SPDX-License-Identifier: Apache-2.0
"""The raw record: its formulas, computed by a reader of our own, give the figures of the journal."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.big_run import big_run
from tests.support.run_builder import RunBuilder, item, requirement, site_json, small_run
from yanshou.model import Component, Limit, Measurement, Plan, Quantity, Statistic, UncertaintyStatus, Verdict
from yanshou.reports import load
from yanshou.reports.raw_record import flat_csv, flat_xlsx, raw_record_xlsx
from yanshou.reports.view import RunView

RAW = (0.812, 0.9031, 0.7705, 1.0042)
FIGURES: tuple[tuple[str, tuple[object, ...], object], ...] = (
    ("max", RAW, 1.0042),
    ("min", RAW, 0.7705),
    ("mean", RAW, math.fsum(RAW) / 4),
    ("p95", tuple(float(n) for n in range(1, 21)), 19.0),
    ("proportion", (True, True, False, True), 0.75),
    ("proportion", (True, False, True, True), 0.25),
    ("count", (True, False, True), 1.0),
    ("value", (1.25,), 1.25),
    ("value", (True, True), True),
    ("value", (True, False), False),
)


class Sheet:
    """Computes the few forms of formula a raw record has; anything else is an error."""

    def __init__(self, sheet: Any) -> None:
        self.cells = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row}

    def value(self, name: str) -> Any:
        cell = self.cells[name]
        if cell.data_type != "f":
            return cell.value
        return self.formula(cell.value[1:])

    def range(self, text: str) -> list[Any]:
        first, last = text.split(":")
        column = re.match("[A-Z]+", first)[0]
        rows = range(int(first[len(column) :]), int(last[len(column) :]) + 1)
        return [self.value(f"{column}{row}") for row in rows]

    def formula(self, text: str) -> Any:
        """The formula as an expression of this module's functions over values."""
        said: list[str] = []

        def hold(match: re.Match[str]) -> str:
            said.append(match[1])
            return f"said[{len(said) - 1}]"

        text = re.sub(r'"([^"]*)"', hold, text)
        text = re.sub(r"\b([A-Z]+\d+:[A-Z]+\d+)\b", r"cells('\1')", text)
        text = re.sub(r"(?<!')\b([A-Z]{1,2}\d+)\b(?!:|')", r"cell('\1')", text)
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text)
        names = FUNCTIONS | {
            "cells": self.range,
            "cell": self.value,
            "said": said,
            "TRUE": True,
            "FALSE": False,
        }
        return eval(text, {"__builtins__": {}}, names)


def among(found: list[Any], wanted: object) -> int:
    return sum(one is wanted for one in found)


FUNCTIONS: dict[str, Any] = {
    "TRUE": True,
    "FALSE": False,
    "MAX": lambda *a: max(a[0]) if isinstance(a[0], list) else max(a),
    "MIN": min,
    "SUM": math.fsum,
    "AVERAGE": lambda a: math.fsum(a) / len(a),
    "COUNT": lambda a: sum(isinstance(one, int | float) and not isinstance(one, bool) for one in a),
    "COUNTA": len,
    "COUNTIF": among,
    "SMALL": lambda a, k: sorted(a)[int(k) - 1],
    "ROUNDUP": lambda x, _: math.ceil(x),
    "SUMSQ": lambda a: math.fsum(one * one for one in a),
    "SQRT": math.sqrt,
    "ABS": abs,
    "AND": lambda *a: all(a[0] if isinstance(a[0], list) else a),
    "OR": lambda *a: any(a[0] if isinstance(a[0], list) else a),
    "IF": lambda test, yes, no: yes if test else no,
}


def book(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def lines(sheet: Any) -> list[dict[str, str]]:
    """The coordinate of each cell of the results, by the head of its column."""
    heads = {cell.column_letter: cell.value for cell in sheet[4]}
    made = []
    for row in range(5, sheet.max_row + 1):
        if not sheet.cell(row, 1).value:
            break
        made.append({head: f"{column}{row}" for column, head in heads.items() if head})
    return made


def measured(path: Path, statistic: str, raw: tuple[object, ...], value: object, **over: Any) -> RunView:
    """A run of one measurement."""
    limit = over.pop("limit", Limit(equals=True) if isinstance(value, bool) else Limit(unit="s", max=2.0))
    one = item("alarm_response_time", "Z07", "IAS-RT-01")
    plan = Plan(site="bank-branch", seed=7, items=(one,), sha256="a" * 64)
    row = requirement("IAS-RT-01", limit=limit, statistic=Statistic(statistic))
    run = RunBuilder(path, plan, [row], site_json(**over.pop("site", {}))).begin()
    run.session()
    run.start(one)
    kind = Quantity.LOGICAL if isinstance(value, bool) else Quantity.CONTINUOUS
    unit = "" if isinstance(value, bool) else "s"
    found = run.measure(
        one, value=value, raw=raw, n=len(raw), statistic=statistic, quantity=kind, unit=unit, **over
    )
    run.judge(one, "IAS-RT-01", Verdict.CONFORM, found)
    run.finish(one)
    run.close()
    return load(path)


@pytest.mark.parametrize(("statistic", "raw", "value"), FIGURES)
def test_each_statistic_is_computed_again(
    tmp_path: Path, statistic: str, raw: tuple[object, ...], value: object
) -> None:
    view = measured(tmp_path / "run", statistic, raw, value)
    sheet = book(raw_record_xlsx(view)).worksheets[1]
    (line,) = lines(sheet)
    assert sheet[line["检测值"]].data_type == "f"
    assert Sheet(sheet).value(line["检测值"]) == pytest.approx(value, rel=1e-12)
    assert Sheet(sheet).value(line["核对"]) == "一致"


def test_U_is_computed_from_the_budget(tmp_path: Path) -> None:
    budget = (
        Component("polling interval", "B", "rectangular", 0.0003, math.inf, "bracket"),
        Component("host clock", "B", "normal", 0.0004, math.inf, "100 ppm"),
    )
    given = {"U": 0.001, "k": 2.0, "budget": budget, "uncertainty": UncertaintyStatus.EVALUATED}
    sheet = book(raw_record_xlsx(measured(tmp_path / "run", "max", RAW, 1.0042, **given))).worksheets[1]
    (line,) = lines(sheet)
    assert sheet[line["U"]].data_type == "f"
    assert Sheet(sheet).value(line["U"]) == pytest.approx(0.001, rel=1e-12)
    assert Sheet(sheet).value(line["与限值比较"]) == "在限值内"
    sheet[line["检测值（日志）"]].value = 1.0052  # a figure that was changed in the journal's column
    assert Sheet(sheet).value(line["核对"]) == "不一致"


@pytest.mark.parametrize(
    ("value", "limit", "says"),
    [
        (1.0042, Limit(unit="s", max=1.0042), "在限值内"),
        (1.0042, Limit(unit="s", max=1.0042, exclusive=True), "超出限值"),
        (1.0042, Limit(unit="s", max=1.0), "超出限值"),
        (1.0042, Limit(unit="s", min=1.1), "超出限值"),
        (1.0042, Limit(unit="s", min=0.5, max=1.5), "在限值内"),
        (1.0042, Limit(unit="ms", max=1500.0), None),
        (1.0042, Limit(unit="s"), None),
    ],
)
def test_the_limit_is_compared_in_its_own_unit(
    tmp_path: Path, value: float, limit: Limit, says: str | None
) -> None:
    sheet = book(raw_record_xlsx(measured(tmp_path / "run", "max", RAW, value, limit=limit))).worksheets[1]
    (line,) = lines(sheet)
    assert Sheet(sheet).value(line["与限值比较"]) == (says or None)


def test_a_value_from_elsewhere_has_no_formula_and_says_so(tmp_path: Path) -> None:
    sheet = book(raw_record_xlsx(measured(tmp_path / "run", "max", RAW, 0.99))).worksheets[1]
    (line,) = lines(sheet)
    assert sheet[line["检测值"]].value == 0.99
    assert sheet[line["检测值"]].data_type == "n"
    assert "不是所列观测值的单一统计量" in sheet[line["备注"]].value
    assert not sheet[line["核对"]].value


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunView, bytes]:
    view = load(big_run(tmp_path_factory.mktemp("record") / "run").path)
    return view, raw_record_xlsx(view)


def test_every_repetition_of_every_attempt_is_there(whole: tuple[RunView, bytes]) -> None:
    view, data = whole
    made = book(data)
    readings = [
        (row[1], row[2], row[3])
        for sheet in made.worksheets[1:]
        for row in sheet.iter_rows(values_only=True)
        if str(row[1]).startswith("m0") and isinstance(row[2], int)
    ]
    wanted = [
        (name, place, value)
        for name, one in view.measurements.items()
        for place, value in enumerate(one.raw, 1)
    ]
    assert [one[:2] for one in sorted(readings)] == [one[:2] for one in sorted(wanted)]
    for (*_, found), (*_, value) in zip(sorted(readings), sorted(wanted), strict=True):
        assert found == pytest.approx(value, rel=1e-15)  # a workbook holds 16 digits
    listed = [line for sheet in made.worksheets[1:] for line in lines(sheet)]
    findings = [one for tries in view.attempts.values() for attempt in tries for one in attempt.findings]
    assert len(listed) == sum(bool(one.measurement) for one in findings)
    people = {
        made[sheet.title][line["检测人 / 见证人"]].value
        for sheet in made.worksheets[1:]
        for line in lines(sheet)
    }
    assert people == {"张三 / 李四"}


def test_what_has_a_formula_agrees_with_the_journal(whole: tuple[RunView, bytes]) -> None:
    made = book(whole[1])
    agreed = [
        Sheet(sheet).value(line["核对"])
        for sheet in made.worksheets[1:]
        for line in lines(sheet)
        if sheet[line["核对"]].data_type == "f"
    ]
    assert len(agreed) > 10
    assert set(agreed) == {"一致"}


def test_the_same_run_gives_the_same_bytes(whole: tuple[RunView, bytes]) -> None:
    assert raw_record_xlsx(whole[0]) == whole[1]
    assert flat_xlsx(whole[0]) == flat_xlsx(whole[0])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path, sign: str) -> None:
    evil = f'{sign}HYPERLINK("http://x","y")\x07'
    site = site_json()
    site["devices"]["Z07"] |= {"name": evil, "model": evil}
    view = measured(tmp_path / "run", "max", RAW, 1.0042, site={"devices": site["devices"], "name": evil})
    for data in (raw_record_xlsx(view), flat_xlsx(view)):
        for sheet in book(data).worksheets:
            ours = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            assert not [cell.value for cell in ours if "HYPERLINK" in cell.value]
    table = list(csv.reader(io.StringIO(flat_csv(view).decode("utf-8-sig"))))
    assert not [cell for row in table for cell in row if cell.startswith(sign)]


def test_the_flat_table_has_a_line_for_each_result(whole: tuple[RunView, bytes]) -> None:
    view, _ = whole
    data = flat_csv(view)
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(table) == len(view.rows)
    for line, row in zip(table, view.rows, strict=True):
        assert line["项目代码"] == row.finding.requirement
        assert line["判定代码"] == row.finding.verdict.value
        assert line["值"] == ("" if row.finding.value is None else str(row.finding.value))
    z07 = next(one for one in table if one["设备编号"] == "Z07")
    assert z07["值"] == "2.412337"
    assert z07["时间"].endswith("+08:00")
    english = list(csv.reader(io.StringIO(flat_csv(view, "en").decode("utf-8-sig"))))
    assert english[0] == list(table[0])
    sheet = book(flat_xlsx(view)).active
    assert sheet.max_row == len(table) + 1


def test_long_and_alike_names_of_sheets_stay_apart(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    view = load(run.path)
    one = Measurement("a" * 40, "Z07", Quantity.CONTINUOUS, 1.0, "s", 1, raw=(1.0,))
    other = replace(one, measurand="A" * 39 + "b")
    third = replace(one, measurand="x[1]:*?/\\")
    made = book(raw_record_xlsx(replace(view, measurements={"m1": one, "m2": other, "m3": third})))
    names = [sheet.title for sheet in made.worksheets]
    assert len({name.lower() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same(whole: tuple[RunView, bytes], tmp_path: Path) -> None:
    (tmp_path / "record.xlsx").write_bytes(whole[1])
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        "out",
        "record.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    computed = load_workbook(tmp_path / "out" / "record.xlsx", data_only=True)
    formulas = book(whole[1])
    for sheet in formulas.worksheets[1:]:
        for line in lines(sheet):
            if sheet[line["核对"]].data_type == "f":
                assert computed[sheet.title][line["核对"]].value == "一致"
