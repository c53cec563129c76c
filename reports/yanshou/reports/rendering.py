# SPDX-License-Identifier: Apache-2.0
"""Writes the reports of a run folder into its ``report/``."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Collection
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from yanshou.model import UsageError
from yanshou.reports.messages import LANGUAGES
from yanshou.reports.view import RunView, load

Progress = Callable[[str], None]
_ALLURE = "allure"
_Maker = Callable[[RunView, Path, str], Path]


def render(
    run: Path,
    only: Collection[str] | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> dict[str, Path]:
    """Write all reports, or those in ``only`` (names in ``FORMATS``), and return their paths.

    ``acceptance`` is written by default once the meeting of an acceptance group was recorded.

    ``json`` means ``results``; ``laboratory``, the check sheet, reads the PDF and makes it, too. ``progress``
    is called with each name before it is made; Allure's generator works while the others are. Raises RigFault
    if Allure is not installed, after the others are written; UsageError if the run folder or a name is wrong.
    """
    if language not in LANGUAGES:
        raise UsageError(f"no reports in language {language!r}.", f"Choose one of {', '.join(LANGUAGES)}.")
    view = load(run)
    wanted = _wanted(only, view)
    folder = run / "report"
    folder.mkdir(exist_ok=True)
    made = {}
    with ThreadPoolExecutor(1) as pool:
        page = None
        if _ALLURE in wanted:
            if progress:
                progress(_ALLURE)
            page = _allure(view, folder, language, pool)
        for name in wanted:
            if name != _ALLURE:
                if progress:
                    progress(name)
                made[name] = _MAKERS[name](view, folder, language)
        return made if page is None else made | {_ALLURE: page()}


def load_makers() -> None:
    """Load what the usual reports are made with: a second, for which a person need not wait at the end."""
    for name in ("allure_page", "pdf", "raw_record", "self_check"):
        importlib.import_module(f"yanshou.reports.{name}")


def _wanted(only: Collection[str] | None, view: RunView) -> list[str]:
    usual = [name for name in FORMATS if name != "acceptance" or view.meeting]
    names = {"results" if name == "json" else name for name in only or usual}
    if unknown := sorted(names - set(FORMATS)):
        raise UsageError(f"no report is called {', '.join(unknown)}.", f"There are {', '.join(FORMATS)}.")
    names |= {_NEEDS[name] for name in names & set(_NEEDS)}
    return [name for name in FORMATS if name in names]


def _results(view: RunView, folder: Path, language: str) -> Path:
    del language
    from yanshou.reports.results import results_json  # noqa: PLC0415 - a renderer is loaded when asked for

    return _write(folder / "results.json", results_json(view))


def _junit(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.junit import junit_xml  # noqa: PLC0415

    return _write(folder / "junit.xml", junit_xml(view, language))


def _pdf(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.pdf import pdf_bytes  # noqa: PLC0415

    return _write(folder / "report.pdf", pdf_bytes(view, language))


def _laboratory(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.self_check import check_sheet, sheet_json, sheet_pdf  # noqa: PLC0415

    lines = check_sheet(view, (folder / "report.pdf").read_bytes(), language)
    _write(folder / "laboratory-check.json", sheet_json(lines, view))
    return _write(folder / "laboratory-check.pdf", sheet_pdf(lines, view, language))


def _acceptance(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.acceptance import acceptance_json, acceptance_pdf  # noqa: PLC0415

    if view.meeting is None:
        raise UsageError(
            "no acceptance was recorded for this run.", "Record it with `yanshou conclude RUN FILE`."
        )
    _write(folder / "acceptance.json", acceptance_json(view.meeting, view))
    return _write(folder / "acceptance.pdf", acceptance_pdf(view.meeting, view, language))


def _record(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.raw_record import raw_record_xlsx  # noqa: PLC0415

    return _write(folder / "record.xlsx", raw_record_xlsx(view, language))


def _csv(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.raw_record import flat_csv  # noqa: PLC0415

    return _write(folder / "results.csv", flat_csv(view, language))


def _xlsx(view: RunView, folder: Path, language: str) -> Path:
    from yanshou.reports.raw_record import flat_xlsx  # noqa: PLC0415

    return _write(folder / "results.xlsx", flat_xlsx(view, language))


def _allure(view: RunView, folder: Path, language: str, pool: Executor) -> Callable[[], Path]:
    from yanshou.reports.allure_page import allure_page  # noqa: PLC0415

    return allure_page(view, folder, language, pool)


_MAKERS: dict[str, _Maker] = {
    "results": _results,
    "junit": _junit,
    "csv": _csv,
    "xlsx": _xlsx,
    "record": _record,
    "pdf": _pdf,
    "laboratory": _laboratory,
    "acceptance": _acceptance,
}
_NEEDS = {"laboratory": "pdf"}
"""A report that is made from another one, and which."""

FORMATS = (*_MAKERS, _ALLURE)


def _write(path: Path, data: bytes) -> Path:
    """Replace the file in one step, so that a report is complete or absent."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)  # noqa: PTH105 - Path.replace says the same less plainly
    except PermissionError:
        raise UsageError(
            f"{path} cannot be written.", "Close it in the program that shows it.", path=path
        ) from None
    return path
