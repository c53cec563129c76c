# SPDX-License-Identifier: Apache-2.0
"""What an event of ONVIF means, by its topic and items: the one reading of them, for doors and for platforms.

Topics, items and values are those of the ONVIF Core, Access Control, Door Control, Imaging and Analytics
Service Specifications; none was seen from a real device.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from yanshou.protocols.onvif.pull_point import Notification


class OnvifEvent(Enum):
    """What happened. ``UNREADABLE``: the topic is known, and what it says of it is not."""

    ALARM = auto()
    DURESS = auto()
    GRANTED = auto()
    DENIED = auto()
    PASSBACK = auto()
    FORCED = auto()
    HELD = auto()
    TAMPER = auto()
    DOOR_FAULT = auto()
    DEVICE_FAULT = auto()
    BLOCKED = auto()
    DOOR_NORMAL = auto()
    UNREADABLE = auto()


_ACCESS: Final[Mapping[str, OnvifEvent]] = {
    "AccessGranted": OnvifEvent.GRANTED,
    "Denied": OnvifEvent.DENIED,
    "AccessDenied": OnvifEvent.DENIED,
    "Duress": OnvifEvent.DURESS,
}
_PASSBACK: Final = "AntipassbackViolation"
_ALARMS: Final[Mapping[str, str]] = {  # topic → the item that is true while the alarm lasts
    "Device/Trigger/DigitalInput": "LogicalState",
    "VideoSource/MotionAlarm": "State",
    "RuleEngine/CellMotionDetector/Motion": "IsMotion",
    "RuleEngine/FieldDetector/ObjectsInside": "IsInside",
}
_STATES: Final[Mapping[str, Mapping[str, OnvifEvent | None]]] = {
    "Door/State/DoorAlarm": {
        "DoorForcedOpen": OnvifEvent.FORCED,
        "DoorOpenTooLong": OnvifEvent.HELD,
        "Normal": OnvifEvent.DOOR_NORMAL,
    },
    "Door/State/DoorTamper": {
        "TamperDetected": OnvifEvent.TAMPER,
        "NotInTamper": OnvifEvent.DOOR_NORMAL,
        "Unknown": None,
    },
    "Door/State/DoorFault": {
        "FaultDetected": OnvifEvent.DOOR_FAULT,
        "NotInFault": OnvifEvent.DOOR_NORMAL,
        "Unknown": None,
    },
}
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}  # of xs:boolean


def meaning(notification: Notification) -> OnvifEvent | None:
    """What a notification says has happened.

    None for a state that is only sent anew, the end of an alarm that is none of a door, and a topic that
    concerns nobody.
    """
    if notification.is_state:
        return None
    topic, data = notification.topic, notification.data
    if (item := _ALARMS.get(topic)) is not None:
        return _while_true(data.get(item, ""), OnvifEvent.ALARM, None)
    if (states := _STATES.get(topic)) is not None:
        return states.get(data.get("State", ""), OnvifEvent.UNREADABLE)
    match topic.split("/"):
        case ["AccessControl", what, *_]:
            found = _ACCESS.get(what)
            passback = found is OnvifEvent.DENIED and data.get("Reason") == _PASSBACK
            return OnvifEvent.PASSBACK if passback else found
        case ["AccessPoint", "State", "Enabled"]:
            return _while_true(data.get("State", ""), OnvifEvent.DOOR_NORMAL, OnvifEvent.BLOCKED)
        case ["RuleEngine", "LineDetector", "Crossed"]:
            return OnvifEvent.ALARM
        case ["Device", "HardwareFailure", *_]:
            return _while_true(data.get("Failed", "true"), OnvifEvent.DEVICE_FAULT, None)
    return None


def _while_true(value: str, true: OnvifEvent, false: OnvifEvent | None) -> OnvifEvent | None:
    is_true = _TRUTH.get(value.strip().lower())
    return OnvifEvent.UNREADABLE if is_true is None else true if is_true else false


def unreadable(notification: Notification) -> str:
    """What could not be read of a notification whose meaning is ``UNREADABLE``."""
    said = ", ".join(f"{name} = {value[:40]!r}" for name, value in sorted(notification.data.items()))
    return f"{notification.topic} says {said or 'nothing'}, which the standard does not know"
