# SPDX-License-Identifier: Apache-2.0
"""Puts signed files beside an issue, with a line in the journal for each, and checks them again."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.evidence import Journal, RunFolder, VerifyResult
from yanshou.evidence.answer import Checked, unchecked
from yanshou.evidence.durable import write_whole
from yanshou.evidence.issues import Issue, issues_of
from yanshou.evidence.journal import Event
from yanshou.evidence.signed import (
    NOT_AGAINST,
    SIGNED,
    CheckedSignature,
    SignedFile,
    last_revisions,
    signed_files,
)
from yanshou.model import UsageError

if TYPE_CHECKING:
    from yanshou.signing.certificates import Authorities

_NOT_THE_RUN = frozenset({SIGNED, "acceptance"})
"""Lines after an issue that change nothing the issue says."""


@dataclass(frozen=True, slots=True)
class IssueToSign:
    """The issue that is signed now, its signatures so far, and the file the next one is added to."""

    run: Path
    issue: Issue
    signed: tuple[SignedFile, ...]

    @property
    def former(self) -> str:
        """The last revision, relative to the run folder."""
        return self.signed[-1].path if self.signed else self.unsigned

    @property
    def unsigned(self) -> str:
        """The issue as it was made."""
        return f"{self.issue.folder}/report.pdf"

    @property
    def next(self) -> str:
        """The file the next signature gives."""
        return f"{self.issue.folder}/report.signed-{len(self.signed) + 1}.pdf"

    def read(self) -> bytes:
        """The last revision."""
        return (self.run / self.former).read_bytes()


def require_pyhanko() -> None:
    """UsageError if the extra is not installed."""
    if importlib.util.find_spec("pyhanko") is None:
        raise UsageError("signatures need pyHanko.", "Install yanshou[sign].")


def to_sign(folder: RunFolder, events: Sequence[Event]) -> IssueToSign:
    """The last issue; UsageError if there is none, or if the run was gone on with since."""
    issues = issues_of(events)
    if not issues or not (folder.path / issues[-1].folder / "report.pdf").is_file():
        raise UsageError(
            "the report was not issued yet.", "Issue it: `yanshou report RUN`.", path=folder.path
        )
    issue = issues[-1]
    line = max(number for number, event in enumerate(events) if event["kind"] == "issue")
    if any(event["kind"] not in _NOT_THE_RUN for event in events[line + 1 :]):
        raise UsageError(
            f"the run was gone on with after issue {issue.number}: that issue is no longer what it says.",
            'Issue it again: `yanshou report RUN --reason "…"`.',
            path=folder.path,
        )
    mine = tuple(one for one in signed_files(events) if one.issue == issue.number)
    return IssueToSign(folder.path, issue, mine)


def keep_signed(
    standing: IssueToSign,
    journal: Journal,
    data: bytes,
    *,
    role: str,
    how: str,
    level: str,
    fields: Sequence[str],
    person: str = "",
    certificate: Mapping[str, str] | None = None,
) -> str:
    """Write the signed file and its line of the journal; returns its path in the run folder."""
    former = standing.read()
    if not data.startswith(former) or len(data) == len(former):
        raise UsageError(
            "it does not begin with the very bytes of the issue.",
            f"Sign {standing.former} as it is: nothing but a signature may be added.",
        )
    write_whole(standing.run / standing.next, data)
    journal.append(
        "signed",
        issue=standing.issue.number,
        role=role,
        person=person,
        how=how,
        level=level,
        file=standing.next,
        sha256=hashlib.sha256(data).hexdigest(),
        former=standing.former,
        former_sha256=hashlib.sha256(former).hexdigest(),
        fields=list(fields),
        certificate=dict(certificate or {}),
    )
    return standing.next


def checked(run: Path, result: VerifyResult, trusted: Authorities | None) -> Checked:
    """The signatures of the last revision of each issue, which holds all earlier ones."""
    if importlib.util.find_spec("pyhanko") is None:
        return unchecked(result)
    from yanshou.signing.certificates import Authorities  # noqa: PLC0415 - only with the extra
    from yanshou.signing.check import check  # noqa: PLC0415

    found: list[CheckedSignature] = []
    for number, last in last_revisions(result.signed).items():
        recorded = [one for one in result.signed if one.issue == number]
        file, unsigned = run / last.path, run / recorded[0].former
        if file.is_file() and unsigned.is_file():  # one that is lost is a problem of the folder
            found += check(
                last.path, file.read_bytes(), trusted or Authorities(), recorded, unsigned.read_bytes()
            )
    return found


def checked_alone(path: Path, trusted: Authorities | None) -> Checked:
    """The signatures of a PDF without its journal."""
    from yanshou.signing.certificates import Authorities  # noqa: PLC0415 - only with the extra
    from yanshou.signing.check import check  # noqa: PLC0415

    return check(path.name, path.read_bytes(), trusted or Authorities())


def against(signatures: Checked) -> list[CheckedSignature]:
    """The signatures that speak against a file."""
    return [one for one in signatures if one.standing not in NOT_AGAINST]
