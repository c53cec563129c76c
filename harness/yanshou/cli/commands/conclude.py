# SPDX-License-Identifier: Apache-2.0
"""``yanshou conclude RUN FILE``: journals the meeting of an acceptance group and writes its page."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json
from yanshou.evidence import BlobStore, RunFolder, reports_as_found, seal
from yanshou.model import Text, UsageError
from yanshou.model.acceptance import AcceptanceMeeting, AcceptanceTerm, last_meeting
from yanshou.model.limited import parse_json
from yanshou.model.printable import tell
from yanshou.reports import load, render
from yanshou.reports.acceptance.conclusion import Conclusion, conclude
from yanshou.site.acceptance import read_acceptance


def run(options: argparse.Namespace) -> int:
    """0 when the group may pass the work and did, 1 when it may not, 3 when matters are open."""
    meeting = read_acceptance(options.file)
    folder = RunFolder.existing(options.path)
    if not folder.started:
        raise UsageError(
            f"nothing was tested in {options.path} yet.", "Go on with `yanshou run SITE --run RUN`."
        )
    with folder.journal() as journal:
        reports = reports_as_found(folder.path)
        if last_meeting(folder.events()) != meeting:  # the same file twice is one meeting
            digest = BlobStore(folder.path / "blobs").put(options.file.read_bytes())
            journal.append("acceptance", meeting=meeting, file=options.file.name, sha256=digest)
        try:
            made = render(folder.path, ["acceptance"], options.report_lang)
        finally:
            seal(folder.path, reports)
    found = conclude(meeting, load(folder.path))
    if options.json:
        print_json(parse_json((folder.path / "report" / "acceptance.json").read_bytes()))
    else:
        _show(found, made["acceptance"])
    return _code(found, meeting)


def _code(found: Conclusion, meeting: AcceptanceMeeting) -> int:
    if found.proposed is AcceptanceTerm.FAILED or found.against:
        return 1
    settled = found.proposed is AcceptanceTerm.PASSED and meeting.conclusion is found.proposed
    return 0 if settled and not found.group_wrong and not found.wording_wrong else 3


def _show(found: Conclusion, page: Path) -> None:
    from yanshou.reports.acceptance.page import TERMS  # noqa: PLC0415 - brings the typesetter in

    for title, lines in (
        (_("still open"), found.open),
        (_("against it"), found.against),
        (_("group"), found.group_wrong),
        (_("conclusion"), found.wording_wrong),
    ):
        for line in lines:
            tell(f"{title:<12}{_said(line)}")
    term = _said(TERMS[found.proposed]) if found.proposed else _("none yet")
    tell(f"{_('proposed'):<12}{term}", f"{_('page'):<12}{page}")


def _said(text: Text) -> str:
    return text.zh if spoken() == "zh" else text.en
