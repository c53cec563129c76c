# SPDX-License-Identifier: Apache-2.0
"""Events at the receiving centre in the roles of a profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.acquisition.centre import ReceivedMessage
from yanshou.drivers.field.reported import reports_of, text_of
from yanshou.drivers.profile import load_profile
from yanshou.protocols.speech import Report

PROFILE = load_profile("dc09-contact-id", Path(__file__).parent)


def received(code: str, qualifier: str, zone: int | None = None, kind: str = "message") -> ReceivedMessage:
    entry = {
        "n": 1,
        "kind": kind,
        "account": "LINK-1",
        "path": 1,
        "first": [1.0, 1.1],
        "complete": [1.1, 1.2],
    }
    return ReceivedMessage.of({**entry, "code": code, "qualifier": qualifier, "partition": 1, "zone": zone})


@pytest.mark.parametrize(
    ("event", "text", "reported"),
    [
        (received("130", "new", 7), "1130 01 007", Report("zone_alarm", 7, 1)),
        (received("130", "restored", 7), "3130 01 007", Report("zone_alarm", 7, 0)),
        (received("120", "new", 112), "1120 01 112", Report("zone_alarm", 112, 1)),
        (received("144", "new", 3), "1144 01 003", Report("zone_tamper", 3, 1)),
        (received("401", "restored", 1), "3401 01 001", Report("partition_armed", 1, 1)),
        (received("401", "new", 1), "1401 01 001", Report("partition_armed", 1, 0)),
        (received("301", "new"), "1301 01 000", Report("ac_loss", 1, 1)),
    ],
)
def test_a_reported_code_is_a_role(event: ReceivedMessage, text: str, reported: Report) -> None:
    assert text_of(event) == text
    assert reports_of(PROFILE, event) == [reported]


@pytest.mark.parametrize(
    "event",
    [
        received("130", "still", 7),
        received("602", "new", 0),
        received("130", "new", 7, "refused"),
        received("130", "old", 7),
    ],
)
def test_what_the_profile_does_not_know_tells_nothing(event: ReceivedMessage) -> None:
    assert reports_of(PROFILE, event) == []


def test_letters_of_sia_stand_for_themselves() -> None:
    assert text_of(received("BA", "new", 7)) == "BA 01 007"
