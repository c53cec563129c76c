# SPDX-License-Identifier: Apache-2.0
"""What a test may ask of a device, whatever its wire.

Suites name only these protocols. Methods that stimulate or observe return an :class:`Instant`; a wait that
ends without the event returns ``None`` and never an invented time. Every method raises ``RigFault`` if the
path to the device fails; none of them judges.
"""

from yanshou.drivers.capabilities.alarm import (
    AlarmPanel,
    AlarmReceiver,
    CircuitStimulus,
    EventLog,
    Keypad,
    ZoneStimulus,
)
from yanshou.drivers.capabilities.clock import DeviceClock
from yanshou.drivers.capabilities.doors import (
    ContactInput,
    ContactOutput,
    CredentialStimulus,
    DoorController,
    InspectionGate,
    ReaderLineWitness,
)
from yanshou.drivers.capabilities.recording import Recorder, RecordingList
from yanshou.drivers.capabilities.video import Camera, LiveView

__all__ = [
    "AlarmPanel",
    "AlarmReceiver",
    "Camera",
    "CircuitStimulus",
    "ContactInput",
    "ContactOutput",
    "CredentialStimulus",
    "DeviceClock",
    "DoorController",
    "EventLog",
    "InspectionGate",
    "Keypad",
    "LiveView",
    "ReaderLineWitness",
    "Recorder",
    "RecordingList",
    "ZoneStimulus",
]
