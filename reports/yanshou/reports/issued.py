# SPDX-License-Identifier: Apache-2.0
"""The issue a report belongs to, in words for its pages."""

from __future__ import annotations

from yanshou.reports.events import moment
from yanshou.reports.messages import Messages
from yanshou.reports.view import RunView


def issue_text(view: RunView, messages: Messages) -> str:
    """Number and date of the issue, and which one it replaces and why; a report of no issue says so."""
    if (one := view.issue) is None:
        return messages("issue.none")
    day = f"{view.local(moment(one.utc)):%Y-%m-%d}"
    first = messages("issue.made", number=one.number, day=day)
    if not one.replaces:
        return first
    return first + messages("issue.replaces", former=one.replaces, reason=messages.quoted(one.reason))


def issue_short(view: RunView, messages: Messages) -> str:
    """Number of the issue for the head of each page; a report of no issue is a working copy."""
    return messages("issue.short", number=view.issue.number) if view.issue else messages("issue.draft")
