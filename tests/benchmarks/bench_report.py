# SPDX-License-Identifier: Apache-2.0
"""How long the reports of 1,200 results take: PDF at most 2 s, Allure page at most 6 s, of processor time.

A run folder of 400 zones is built, each tested by three requirements: timed with three repetitions, latching
and tamper.  The time is that of this process and its children, after one small report has loaded the code.

    python -m tests.benchmarks report [--zones 400]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from tests.support.big_run import ROWS
from tests.support.run_builder import RunBuilder, item, site_json, small_run
from yanshou.model import Plan, SampleRecord, Verdict
from yanshou.reports import load, render
from yanshou.reports.view import RunView

BARS_S = {"pdf": 2.0, "allure": 6.0}
NAMES = ("IAS-RT-01", "IAS-FN-03", "IAS-TA-01")


def many(path: Path, zones: int) -> RunBuilder:
    """A run of so many zones, three results each."""
    names = [f"Z{n:04d}" for n in range(1, zones + 1)]
    site = site_json(report_no="2026-1200")
    site["devices"] = {
        name: {
            "name": "双鉴探测器",
            "kind": "zone",
            "model": "DT-7225",
            "location": f"{place % 9 + 1} 层",
            "parent": "",
        }
        for place, name in enumerate(names)
    }
    measurands = ("alarm_response_time", "ias_fn_03", "ias_ta_01")
    items = [
        item(measurand, name, row) for measurand, row in zip(measurands, NAMES, strict=True) for name in names
    ]
    plan = Plan(
        site="bank-branch",
        seed=1,
        items=tuple(items),
        sampling=(SampleRecord("zone DT-7225", zones, zones, "GB 50348-2018 9.1.5", tuple(names)),),
        sha256="a" * 64,
    )
    rows = [row for row in ROWS if row.id in NAMES]
    run = RunBuilder(path, plan, rows, site, at_once=False).begin()
    run.session()
    for place, one in enumerate(items):
        if one.measurand == measurands[0]:
            late = place % 200 == 7
            values = [0.35 + 0.001 * (place % 500), 0.4, 2.4123 if late else 0.5]
            run.latency(one, values, Verdict.NON_CONFORM if late else Verdict.CONFORM)
            continue
        run.start(one)
        run.judge(one, one.requirements[0], Verdict.CONFORM, run.measure(one, value=True, n=1))
        run.finish(one)
    run.close()
    return run


def spent(work: Callable[[], object]) -> float:
    """The processor time of some work, of this process and the children it waited for."""
    before = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - before


def main(argv: Sequence[str]) -> int:
    """Print what each report took; 1 when one took longer than its bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks report")
    parser.add_argument("--zones", type=int, default=400)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-") as folder:
        render(small_run(Path(folder) / "warm").path, ["pdf", "record"])
        run = many(Path(folder) / "run", options.zones)
        view: list[RunView] = []
        figures = [Figure("reading the run folder", spent(lambda: view.append(load(run.path))), "s")]
        figures.append(Figure("results", len(view[0].rows), "rows", at_least=3 * options.zones))
        for name in ("pdf", "allure", "record", "csv", "junit", "results"):
            took = spent(lambda name=name: render(run.path, [name]))  # type: ignore[misc]
            figures.append(Figure(name, took, "s", at_most=BARS_S.get(name)))
    return tell("report", figures)
