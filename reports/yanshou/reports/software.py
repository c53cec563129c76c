# SPDX-License-Identifier: Apache-2.0
"""The software of a run in print: version, build, and the selftest record that validated the build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanshou.model import Verdict
from yanshou.reports.messages import Messages
from yanshou.reports.view import RunView

_SHOWN = 16


def software_text(view: RunView, messages: Messages) -> str:
    """Name and version, with the digest of each build that measured."""
    builds = _builds(view)
    if not builds:
        return messages("build.unknown", software=view.software)
    return messages("build", software=view.software, build=messages("and").join(builds))


def is_validated(view: RunView) -> bool:
    """Whether every build that measured has a selftest record without a false pass or a false fail."""
    builds = _builds(view)
    return bool(builds) and all(_sound(view.validations.get(build, {})) for build in builds)


def _builds(view: RunView) -> list[str]:
    """The builds of all sessions; empty if any session does not say which build it was."""
    builds = [one.build for one in view.sessions]
    return list(dict.fromkeys(builds)) if all(builds) else []


def _sound(record: Mapping[str, Any]) -> bool:
    wrong = record.get("false_pass"), record.get("false_fail")
    return bool(record) and wrong == (0, 0) and not record.get("unreadable") and bool(record.get("cases"))


def validated_text(view: RunView, messages: Messages) -> str:
    """The record of each build, or plainly that there is none."""
    said = [_of_build(view, view.validations.get(build, {}), messages) for build in _builds(view)]
    return " ".join(said) or messages("validated.no")


def _of_build(view: RunView, record: Mapping[str, Any], messages: Messages) -> str:
    if not record:
        return messages("validated.no")
    if names := record.get("unreadable"):
        return messages("validated.unreadable", names=messages("and").join(str(one) for one in names))
    when = str(record.get("utc", ""))[:10]
    if not _sound(record):
        wrong = {"passed": record.get("false_pass"), "failed": record.get("false_fail")}
        return messages("validated.failed", when=when, **wrong)
    planted = set(record.get("requirements", ()))
    names = {
        row.finding.requirement for row in view.rows if row.finding.verdict is not Verdict.NOT_APPLICABLE
    }
    found = record["records"]
    return messages(
        "validated.yes",
        when=when,
        sites=messages("and").join(str(one["site"]) for one in found),
        cases=record["cases"],
        n=len(names),
        k=len(names & planted),
        records=messages("and").join(str(one["sha256"])[:_SHOWN] for one in found),
    )
