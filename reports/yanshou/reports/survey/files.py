# SPDX-License-Identifier: Apache-2.0
"""Writes the files of a survey into its ``report/``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.page import page
from yanshou.reports.survey.pdf import pdf_bytes
from yanshou.reports.survey.results import Record, results_bytes
from yanshou.reports.survey.tables import csv_table, device_rows, finding_rows, gap_rows, xlsx_bytes


def write_files(results: Record, folder: Path, language: str = "zh") -> dict[str, Path]:
    """All files of a survey; gives their paths by name."""
    messages = SurveyMessages(language)
    made: dict[str, Callable[[], bytes]] = {
        "results.json": lambda: results_bytes(results),
        "devices.csv": lambda: csv_table(device_rows(results, messages)),
        "findings.csv": lambda: csv_table(finding_rows(results, messages)),
        "gaps.csv": lambda: csv_table(gap_rows(results, messages)),
        "survey.xlsx": lambda: xlsx_bytes(results, messages),
        "survey.html": lambda: page(results, messages).encode(),
        "survey.pdf": lambda: pdf_bytes(results, messages),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in made.items():
        (folder / name).write_bytes(make())
    return {name: folder / name for name in made}
