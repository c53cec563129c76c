# SPDX-License-Identifier: Apache-2.0
"""``yanshou rectify RUN``: the rectification notice; with ``--mended`` journals what was mended."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from yanshou.cli.commands.report import write_reports
from yanshou.cli.language import _
from yanshou.cli.rectifying import journal_mended, known_of, mended_in
from yanshou.evidence import RunFolder, reports_as_found, seal
from yanshou.evidence.durable import write_whole
from yanshou.model import UsageError
from yanshou.model.printable import tell
from yanshou.reports import load
from yanshou.reports.events import moment

NOTICE, FORM = "rectification", "rectification.toml"


def run(options: argparse.Namespace) -> int:
    """0 if the notice was written; with ``--mended`` the exit code of the run's findings."""
    folder = RunFolder.existing(options.path)
    if options.mended is not None:
        _record(options.path, options.mended)
        return write_reports(options.path, None, options.report_lang)
    return _notice(folder, options.report_lang, _until(options.until))


def _until(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--until {text!r} is no day.", "Write it as 2026-12-31.") from None


def _record(path: Path, file: Path) -> None:
    view = load(path)
    known = known_of(view)
    assert view.first is not None
    journal_mended(path, file, mended_in(file, known, moment(view.first.started), view.zone))


def _notice(folder: RunFolder, language: str, until: date | None) -> int:
    """Write the notice, and the form in which its repair is told, beside the reports; seal the folder."""
    from yanshou.reports.rectification import form_toml, notice_pdf  # noqa: PLC0415 - brings typst in

    view = load(folder.path)
    data, form = notice_pdf(view, language, until), form_toml(view, language).encode()
    into = folder.path / "report"
    notice = into / f"{NOTICE}{'' if language == 'zh' else '-en'}.pdf"
    with folder.held():
        found = reports_as_found(folder.path)
        into.mkdir(exist_ok=True)
        try:
            write_whole(notice, data)
            write_whole(into / FORM, form)
        finally:
            seal(folder.path, found)
    tell(f"{_('notice'):<12}{notice}", f"{_('form'):<12}{into / FORM}")
    return 0
