# SPDX-License-Identifier: Apache-2.0
"""A topic of ONVIF has one meaning, whoever reports it: a door controller or a platform."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.drivers.onvif.access import EventReader
from yanshou.drivers.onvif.events import PulledEvent
from yanshou.drivers.onvif.topics import OnvifEvent, meaning
from yanshou.drivers.platform.onvif_link import OnvifLink, kind_of
from yanshou.model import Instant, RigFault
from yanshou.protocols.onvif.pull_point import Notification

WHEN = datetime(2026, 11, 29, 2, tzinfo=UTC)
DOOR = {"DoorToken": "D-2"}
READER = EventReader("ACS-1", {"D-2": 2}, {}, SimpleNamespace())  # type: ignore[arg-type]
ALARM, TAMPER, FAULT = (f"Door/State/Door{what}" for what in ("Alarm", "Tamper", "Fault"))
ENABLED = "AccessPoint/State/Enabled"


def sent(topic: str, operation: str = "Changed", **data: str) -> Notification:
    return Notification(topic, operation, WHEN, DOOR, data)


@pytest.mark.parametrize(
    ("topic", "data", "record", "kind"),
    [
        (ALARM, {"State": "DoorForcedOpen"}, "forced", "forced"),
        (ALARM, {"State": "DoorOpenTooLong"}, "held", "held"),
        (ALARM, {"State": "Normal"}, "restore", ""),
        (TAMPER, {"State": "TamperDetected"}, "tamper", "tamper"),
        (TAMPER, {"State": "NotInTamper"}, "restore", ""),
        (TAMPER, {"State": "Unknown"}, "", ""),  # the device does not know: neither tampered nor restored
        (FAULT, {"State": "FaultDetected"}, "fault", "fault"),
        (FAULT, {"State": "NotInFault"}, "restore", ""),
        (ENABLED, {"State": "false"}, "bypass", ""),
        (ENABLED, {"State": "0"}, "bypass", ""),
        (ENABLED, {"State": "1"}, "restore", ""),
        ("AccessControl/AccessGranted/Credential", {}, "granted", "granted"),
        ("AccessControl/Denied/Credential", {"Reason": "AntipassbackViolation"}, "passback", "denied"),
        ("AccessControl/Duress", {}, "duress", "alarm"),
        ("AccessControl/AccessTaken/Anonymous", {}, "", ""),
        ("Device/HardwareFailure/FanFailure", {"Failed": "true"}, "", "fault"),  # of no door
        ("Door/State/DoorPhysicalState", {"State": "Open"}, "", ""),
    ],
)
def test_a_topic_has_one_meaning(topic: str, data: dict[str, str], record: str, kind: str) -> None:
    assert READER.entry(1, sent(topic, **data)).kind == record
    assert kind_of(sent(topic, **data)) == kind
    for anew in ("Initialized", "Deleted"):  # how things are, or that a state is gone: nothing happened
        assert meaning(sent(topic, anew, **data)) is None


@pytest.mark.parametrize(
    ("topic", "data"),
    [
        (ALARM, {"State": "DoorForcedOpened"}),
        (ALARM, {"Alarm": "DoorForcedOpen"}),
        (TAMPER, {"State": "Tampered"}),
        (FAULT, {}),
        (ENABLED, {"State": "disabled"}),
        ("Device/Trigger/DigitalInput", {"LogicalState": "active"}),
    ],
)
def test_what_the_standard_does_not_know_is_unknown_to_both(topic: str, data: dict[str, str]) -> None:
    """Neither may the log make another event of it, nor the platform drop what may be the awaited one."""
    strange = sent(topic, **data)
    assert meaning(strange) is OnvifEvent.UNREADABLE
    assert READER.keeps(strange)
    with pytest.raises(RigFault, match="which the standard does not know"):
        READER.entry(1, strange)
    pulled: Any = SimpleNamespace(event=lambda n: PulledEvent(strange, Instant(1, 2)) if n == 1 else None)
    link = OnvifLink(SimpleNamespace(id="PLAT-1"), {}, pulled)  # type: ignore[arg-type]
    link.poll()
    assert [topic in one for one in link.unread] == [True]
