# SPDX-License-Identifier: Apache-2.0
"""``yanshou report RUN``: issues the report of a run folder, made from its journal.

Other formats than the PDF are made anew without an issue.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from yanshou.cli.issuing import issue, keep
from yanshou.cli.language import _, spoken
from yanshou.cli.other_retests import tell_of_unnamed
from yanshou.evidence import RunFolder, go_on_although, reports_as_found, seal
from yanshou.evidence.durable import write_whole
from yanshou.model.printable import tell
from yanshou.reports import console_summary, load, render


def run(options: argparse.Namespace) -> int:
    """Return the exit code of the run's findings."""
    only = options.only.split(",") if options.only else None
    accept_damage(options.path, options.not_intact)
    tell_of_unnamed(options.path)
    if options.docx is not None:
        _require_template(options.path, options.docx, options.report_lang)
    issued = only is None or {"pdf", "laboratory"} & set(only)
    reason = options.reason if issued else None
    return write_reports(options.path, only, options.report_lang, options.docx, reason=reason)


def accept_damage(path: Path, reason: str | None) -> None:
    """If the folder is not intact and a reason was given: write both to the journal and tell the person."""
    if reason is None or not path.is_dir():
        return
    for problem in go_on_although(path, reason):
        said = _("was not intact: %(path)s (%(kind)s)") % {"path": problem.path, "kind": problem.kind}
        tell(said, file=sys.stderr)


def write_reports(
    path: Path,
    only: list[str] | None,
    language: str,
    template: Path | None = None,
    *,
    reason: str | None = None,
) -> int:
    """Write the reports, seal the folder and print how the run ended; returns the run's exit code.

    With a ``reason`` ("" for the first) they are issued. The folder is held meanwhile: another command can
    neither issue them under the same number nor go on with the run while it is sealed.
    """
    folder = RunFolder.existing(path)
    with folder.held() as journal:
        found = reports_as_found(path)
        if journal is not None and reason is not None:
            issue(folder, journal, reason, language)
        try:
            made = render(
                folder.path,
                only,
                language,
                progress=lambda name: print(f"{_('writing')} {name} …", flush=True),
            )
            if template is not None:
                made["docx"] = _filled(folder.path, template, language)
            keep(folder.path, made)
        finally:
            sealed = seal(path, found)
    view = load(folder.path)
    tell(*console_summary(view, spoken(), made))
    noted = {"head": view.head, "seal": sealed}
    print(_("note these outside the folder: journal %(head)s, seal %(seal)s") % noted)
    return view.exit_code


def _require_template(run: Path, template: Path, language: str) -> None:
    """Fill the template once before anything is issued, so that a mistake in it issues nothing."""
    from yanshou.reports.word import docx_report  # noqa: PLC0415

    docx_report(load(run), template, language)


def _filled(run: Path, template: Path, language: str) -> Path:
    """Write ``report.docx`` from the laboratory's template, and tell what that leaves out."""
    from yanshou.reports.word import docx_report  # noqa: PLC0415 - only with --docx

    print(f"{_('writing')} docx …", flush=True)
    made = docx_report(load(run), template, language)
    if made.left_out:
        tell(
            _("the template does not print: %(names)s") % {"names": "、".join(made.left_out)}, file=sys.stderr
        )
    target = run / "report" / "report.docx"
    write_whole(target, made.data)
    return target
