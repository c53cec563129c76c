# SPDX-License-Identifier: Apache-2.0
"""The signatures by hand under the sessions of a run, as report and raw record print them."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.reports.messages import Messages
from yanshou.reports.naming import day_and_time
from yanshou.reports.photos import jpeg_of
from yanshou.reports.records import HandSignature
from yanshou.reports.view import RunView

ROLES = ("tester", "witness")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line for a signature: of whom, in words, and the picture; without one the text says that it lacks."""

    role: str
    text: str
    name: str
    picture: bytes | None


def signature_lines(view: RunView, messages: Messages) -> list[SignatureLine]:
    """A line for each signature of each session; none where nobody was asked to sign in this run."""
    if not any(one.signatures for one in view.sessions):
        return []
    found = []
    for number, session in enumerate(view.sessions, start=1):
        signed = {one.role: one for one in session.signatures}
        people = {"tester": session.operator, "witness": session.witness}
        for role in ROLES:
            if (one := signed.get(role)) is not None:
                found.append(_line(view, messages, number, one))
            elif people[role]:
                said = messages("hand.none", no=number, person=people[role], why=messages("hand.not_asked"))
                found.append(SignatureLine(role, said, "", None))
    return found


def _line(view: RunView, messages: Messages, number: int, one: HandSignature) -> SignatureLine:
    if not one.sha256:
        said = messages("hand.none", no=number, person=one.person, why=one.unable)
        return SignatureLine(one.role, said, "", None)
    at, picture = day_and_time(view, one.at), jpeg_of(view, one.sha256)
    said = messages("hand.signed", no=number, person=one.person, at=at, sha=one.sha256[:16])
    if one.given_by != one.person:
        said += messages("hand.on_phone_of", person=one.given_by)
    if picture is None:
        said += messages("hand.missing")
    return SignatureLine(one.role, said, f"signature-{one.sha256[:16]}.jpg", picture)


def printed_signatures(view: RunView, messages: Messages) -> list[dict[str, str]]:
    """The lines as the report's template has them; ``name`` is the file of the picture, or empty."""
    return [
        {
            "who": messages(f"rec.hand.{one.role}"),
            "words": one.text,
            "name": one.name if one.picture is not None else "",
        }
        for one in signature_lines(view, messages)
    ]
