# SPDX-License-Identifier: Apache-2.0
"""What a test may ask of a device, whatever the wire.

A suite names these protocols only.  Methods that stimulate or observe return an :class:`Instant`; a wait that
ends without the event returns ``None`` and never an invented time.  Every method raises ``RigFault`` when the
path to the device fails; none of them judges.
"""

from yanshou.drivers.capabilities.alarm import (
    AlarmPanel,
    AlarmReceiver,
    CircuitStimulus,
    EventLog,
    Keypad,
    LogEntry,
    PanelSignal,
    Signal,
    Watched,
    ZoneSignal,
    ZoneStimulus,
)
from yanshou.drivers.capabilities.clock import (
    ClockReading,
    DeviceClock,
    Reading,
)
from yanshou.drivers.capabilities.doors import (
    ContactInput,
    ContactOutput,
    CredentialStimulus,
    DoorController,
    DoorSignal,
    InspectionGate,
)
from yanshou.drivers.capabilities.recording import (
    Playback,
    PlayedFrame,
    RecordedChannel,
    Recorder,
    RecordingList,
    RecordingSummary,
    Segment,
    TamperResult,
)
from yanshou.drivers.capabilities.video import (
    Bitstream,
    Camera,
    Distinct,
    FrameStamp,
    LiveView,
    Luma,
    Reception,
    SecondReading,
    SeenFrame,
    StreamCapture,
    StreamDeclaration,
)

__all__ = [
    "AlarmPanel",
    "AlarmReceiver",
    "Bitstream",
    "Camera",
    "CircuitStimulus",
    "ClockReading",
    "ContactInput",
    "ContactOutput",
    "CredentialStimulus",
    "DeviceClock",
    "Distinct",
    "DoorController",
    "DoorSignal",
    "EventLog",
    "FrameStamp",
    "InspectionGate",
    "Keypad",
    "LiveView",
    "LogEntry",
    "Luma",
    "PanelSignal",
    "Playback",
    "PlayedFrame",
    "Reading",
    "Reception",
    "RecordedChannel",
    "Recorder",
    "RecordingList",
    "RecordingSummary",
    "SecondReading",
    "SeenFrame",
    "Segment",
    "Signal",
    "StreamCapture",
    "StreamDeclaration",
    "TamperResult",
    "Watched",
    "ZoneSignal",
    "ZoneStimulus",
]
