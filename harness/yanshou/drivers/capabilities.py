# SPDX-License-Identifier: Apache-2.0
"""What a test may ask of a device, whatever the wire.

A suite names these protocols only.  Methods that stimulate or observe return an :class:`Instant`; a wait that
ends without the event returns ``None`` and never an invented time.  Every method raises ``RigFault`` when the
path to the device fails; none of them judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from yanshou.acquisition.centre import Answer, Received
from yanshou.model import Device, Instant
from yanshou.protocols.dc09 import EventClass, Qualifier

Luma = npt.NDArray[np.uint8]


class ZoneSignal(StrEnum):
    """What a panel can show for a zone (GB 55029-2022 3.5.1: the class of the alarm is told apart)."""

    ALARM = "zone_alarm"
    HOLD_UP = "zone_hold_up"
    TAMPER = "zone_tamper"
    FAULT = "zone_fault"
    OPEN = "zone_open"
    BYPASS = "zone_bypass"


class PanelSignal(StrEnum):
    """What a panel can show of itself; number 1, but for entry and exit, which are a partition's."""

    MAINS = "ac_loss"
    BATTERY = "battery_fault"
    BATTERY_LOW = "battery_low"
    LID = "cover_tamper"
    COMMUNICATION = "comm_fault"
    SUBSTITUTION = "substitution"
    ENTRY = "entry"
    EXIT = "exit"


Signal = ZoneSignal | PanelSignal


class DoorSignal(StrEnum):
    """What a door controller can show for a door."""

    FORCED = "door_forced"
    HELD = "door_held"
    WRONG_CREDENTIAL = "wrong_credential"
    GRANTED = "access_granted"
    DENIED = "access_denied"


@dataclass(frozen=True, slots=True)
class Watched:
    """The result of watching that a state stays: how long, in how many looks, the longest time unwatched."""

    held: bool
    seconds: float
    looks: int
    longest_gap_s: float
    changed: Instant | None = None


@runtime_checkable
class CircuitStimulus(Protocol):
    """The bench's relays in the circuits of one device, by their role in the wiring; rest is the original.

    A zone has loop, tamper, short, eol_low, eol_high, supply, mask, range; a panel has lid, mains, battery,
    battery_weak, substitute.
    """

    @property
    def device(self) -> Device: ...
    def has(self, role: str) -> bool:
        """Whether a relay of the bench sits in this circuit."""
        ...

    def disturb(self, role: str) -> Instant: ...
    def restore(self, role: str) -> Instant: ...


@runtime_checkable
class ZoneStimulus(CircuitStimulus, Protocol):
    """The circuits of one zone."""

    def open_loop(self) -> Instant: ...
    def close_loop(self) -> Instant: ...
    def open_tamper(self) -> Instant: ...
    def close_tamper(self) -> Instant: ...


@runtime_checkable
class AlarmPanel(Protocol):
    """A control and indicating equipment (CIE).  Zones and partitions are counted from 1."""

    @property
    def device(self) -> Device: ...
    def arm(self, partition: int = 1) -> None: ...
    def try_arm(self, partition: int, *, within: float) -> bool:
        """Ask for setting, once; whether it was accepted (set, or leaving) within ``within`` seconds."""
        ...

    def disarm(self, partition: int = 1) -> None: ...
    def reset(self) -> None: ...
    def is_armed(self, partition: int = 1) -> bool: ...
    def tells(self, signal: Signal) -> bool:
        """Whether the panel's interface shows ``signal`` at all."""
        ...

    def shows(self, number: int, signal: Signal) -> bool: ...
    def shown(self, signal: Signal) -> frozenset[int]:
        """The numbers of all zones (partitions …) that show ``signal`` now."""
        ...

    def wait_for(self, number: int, signal: Signal, *, since: Instant, within: float) -> Instant | None:
        """When ``number`` came to show ``signal`` after ``since``; None when not in ``within`` seconds."""
        ...

    def watch(self, number: int, signal: Signal, *, shown: bool, seconds: float) -> Watched:
        """Watch for ``seconds`` that the signal stays ``shown`` (True) or stays away (False)."""
        ...


@runtime_checkable
class Keypad(Protocol):
    """Users of a panel, counted from 1: what is asked for while one is logged in, is asked for by him."""

    def can(self, function: str) -> bool:
        """Whether the interface knows it: arm, disarm, bypass, reset, erase_log, duress."""
        ...

    def log_in(self, user: int) -> None: ...
    def log_out(self, user: int) -> None: ...
    def ask_for(self, function: str, number: int = 1) -> None:
        """Give a command once, whatever comes of it; ``number`` is the partition or zone."""
        ...

    def take_back(self, function: str, number: int = 1) -> None:
        """The opposite of a command that stays, such as a bypass."""
        ...


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One record of a panel's event log: running number, class, zone or partition, user, its own time."""

    number: int
    kind: str
    target: int
    user: int
    at: datetime


@runtime_checkable
class EventLog(Protocol):
    """The event log of a panel, read record by record."""

    def bounds(self) -> tuple[int, int]:
        """Running numbers of the oldest and the newest record that are kept; (0, n) when none is."""
        ...

    def read(self, number: int) -> LogEntry | None:
        """The record, None when it is not kept."""
        ...


@runtime_checkable
class AlarmReceiver(Protocol):
    """The receiving centre of the bench, as one alarm link reports to it.

    Entries are numbered; ``after`` is the number of the last one that is old (``mark``).  ``paths`` are the
    receiver's addresses the link reports to, by number, the first path first.
    """

    @property
    def device(self) -> Device: ...
    @property
    def paths(self) -> tuple[int, ...]: ...
    def mark(self) -> int: ...
    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> Received | None:
        """The first entry that matches; None when none had come by ``until``, in seconds of ``now``."""
        ...

    def wait_event(
        self,
        event_class: EventClass,
        zone: int | None,
        *,
        qualifier: Qualifier,
        after: int,
        since: Instant,
        within: float,
    ) -> Received | None:
        """The first arrival of such an event; None when not within ``within`` seconds after ``since``."""
        ...

    def received(self, after: int) -> list[Received]: ...
    def answer(
        self,
        answer: Answer | None,
        *,
        count: int | None = None,
        events_only: bool = False,
        paths: Sequence[int] = (),
        cut: bool = False,
    ) -> None:
        """Answer otherwise than by the rules: ``count`` times, on ``paths`` (all); by the rules when None."""
        ...

    def supervise(self, limit_s: float | None) -> None:
        """Note when a path is silent for longer than ``limit_s``; None: no more."""
        ...


@runtime_checkable
class ContactInput(Protocol):
    """A contact of the system wired to an input of the bench (siren, lock coil, gate alarm)."""

    @property
    def name(self) -> str: ...
    def is_active(self) -> bool: ...
    def wait_active(self, *, since: Instant, within: float) -> Instant | None: ...
    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None: ...


@runtime_checkable
class ContactOutput(Protocol):
    """A relay of the bench; ``operate`` energises it, ``release`` restores the original circuit."""

    @property
    def name(self) -> str: ...
    def operate(self) -> Instant: ...
    def release(self) -> Instant: ...


@runtime_checkable
class CredentialStimulus(Protocol):
    """Presents credentials at one reader; the Instant is that of the complete credential."""

    def present_authorised(self) -> Instant: ...
    def present_unauthorised(self) -> Instant: ...


@runtime_checkable
class DoorController(Protocol):
    """An access controller.  Doors are counted from 1."""

    @property
    def device(self) -> Device: ...
    def reset(self) -> None: ...
    def shows(self, door: int, signal: DoorSignal) -> bool: ...
    def wait_for(self, door: int, signal: DoorSignal, *, since: Instant, within: float) -> Instant | None: ...


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One reading of a device's clock: its UTC, the resolution of the display, and when it was asked.

    ``asked`` spans from the sending of the question to the receipt of the answer.
    """

    shown_utc: datetime
    resolution_s: float
    asked: Instant


@runtime_checkable
class DeviceClock(Protocol):
    """Anything that tells its time when asked."""

    def read_clock(self) -> ClockReading: ...


@dataclass(frozen=True, slots=True)
class StreamDeclaration:
    """What a camera says of its main stream (ONVIF)."""

    profile: str
    codec: str
    width: int
    height: int
    frame_rate: float | None
    bitrate_kbps: float | None
    uri: str
    coding_profile: str = ""  # Baseline, Main, High ...
    gop: int | None = None  # pictures from one key frame to the next
    service: str = "media"  # the ONVIF service that declared it: media or media2


@dataclass(frozen=True, slots=True)
class FrameStamp:
    """One frame of a stream: RTP time in ticks (unwrapped), arrival of its last packet, its size in bytes."""

    rtp_ticks: int
    arrival: float
    key: bool
    size: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reception:
    """How the packets of a session came: the basis of loss, jitter and age.

    ``packets`` is a structured array in the order of arrival (arrival s, timestamp, ssrc, sequence, bytes,
    marker); ``reports`` are sender reports as (UTC Unix s, RTP time, packets sent, arrival s); ``exchanges``
    the requests as (method, status, sent s, answered s).
    """

    transport: str
    asked: float
    packets: npt.NDArray[np.void]
    reports: Sequence[tuple[float, int, int, float]] = ()
    exchanges: Sequence[tuple[str, int, float, float]] = ()
    reordered: int = 0
    duplicates: int = 0
    restarts: int = 0
    damaged: int = 0  # came on the stream's channel and was no RTP packet
    garbage: int = 0  # NAL units and fragments that were none
    stopped: str = ""  # why packets ended before the asked time, in words; says nothing of decoding


@dataclass(frozen=True, slots=True)
class Distinct:
    """Of so many decoded frames in a row: how many differ from the one before, and the longest repetition."""

    decoded: int
    distinct: int
    longest_repeat_s: float


@dataclass(frozen=True, slots=True)
class Bitstream:
    """What the coded stream itself says: profile and level by its parameter sets, sizes by the decoder.

    ``sizes`` are the (width, height) that were decoded, in their order; ``slices`` the most of one frame.
    """

    profile: str
    level: str
    sizes: tuple[tuple[int, int], ...]
    slices: int
    described: str  # the codec by the session description


@dataclass(frozen=True, slots=True, eq=False)
class StreamCapture:
    """What one RTSP session brought: stamps of all frames, some decoded luma planes, losses.

    ``pictures`` are (index into ``frames``, luma plane height × width uint8), ``chroma`` the U and V planes
    of those that are key frames, by the same index; the resolution is the bitstream's own.
    """

    codec: str
    width: int
    height: int
    clock_rate: int
    frames: Sequence[FrameStamp]
    pictures: Sequence[tuple[int, Luma]]
    packets: int
    lost: int
    started: Instant
    ended: Instant
    stopped_early: str = ""  # why the stream ended before the asked time, in words
    qp: float | None = None  # mean quantiser of the decoded pictures, when the codec tells
    chroma: Mapping[int, tuple[Luma, Luma]] = field(default_factory=dict)
    full_range: bool = False  # luma 0…255 as the stream states; else 16…235
    matrix: str = ""  # bt709 or bt601 as the stream states
    reception: Reception | None = None
    bitstream: Bitstream | None = None
    first_picture: Instant | None = None  # when the first whole key frame was decoded
    distinct: Distinct | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SeenFrame:
    """One decoded frame of a watched view.

    ``arrival``: its last packet; ``decode_s``: what the decoder took; ``blocks``: mean luma of blocks of
    BLOCK × BLOCK px, float32 rows × columns.
    """

    rtp_ticks: int
    arrival: float
    decode_s: float
    blocks: npt.NDArray[np.float32]


class LiveView(Protocol):
    """A stream that is being received while something is done before the camera.  A context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def wait_running(self) -> None:
        """Return once frames come."""
        ...

    def finish(self) -> Iterator[SeenFrame]:
        """End the session and decode what came, in order."""
        ...


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What an independent reader (OpenCV with FFmpeg) got of the same stream, our session being over."""

    frames: int
    fps: float | None
    width: int
    height: int
    why: str = ""  # why it got nothing


@runtime_checkable
class Camera(DeviceClock, Protocol):
    """A network camera (ONVIF Profile S/T)."""

    @property
    def device(self) -> Device: ...
    def identity(self) -> dict[str, str]: ...
    def declared_stream(self) -> StreamDeclaration: ...
    def snapshot(self) -> bytes:
        """A JPEG of the current view."""
        ...

    def capture(
        self,
        seconds: float,
        *,
        pictures: int = 0,
        key_frames_only: bool = True,
        transport: str = "",
        first_s: float = 10.0,
        distinct_of: int = 0,
    ) -> StreamCapture:
        """One live RTSP session of ``seconds``; at most ``pictures`` frames are decoded.

        ``transport`` (udp, tcp) overrides that of the site file; ``first_s`` is waited for the first frame;
        ``distinct_of``: so many frames are decoded to see how many differ.
        """
        ...

    def view(self, at_most_s: float) -> LiveView:
        """Begin a session that lasts until it is finished, at most ``at_most_s`` seconds."""
        ...

    def second_reading(self, seconds: float) -> SecondReading:
        """Let another reader see the same stream, before the camera is blamed for what ours saw."""
        ...

    def first_picture(self, within: float) -> tuple[Instant, Instant | None]:
        """When live video was asked for, and when its first picture was decoded; None: not ``within`` s."""
        ...

    def exchange_times(self, count: int) -> list[Instant]:
        """Sending and answer of ``count`` requests to its RTSP server (OPTIONS)."""
        ...

    def throughput(self, seconds: float) -> tuple[float, int] | None:
        """Mbit/s and bytes of downloads (snapshots) for ``seconds``; None when it offers none."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of recording, [start, end) in UTC of the recorder's clock."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class RecordedChannel:
    """One recording of a recorder: its token, the camera it belongs to, and what the recorder lists.

    ``tracks`` are the tokens of its video tracks, ``keeps`` how long the recorder says that it keeps it.
    """

    token: str
    source: str
    name: str
    segments: tuple[Segment, ...]
    earliest: datetime | None
    latest: datetime | None
    tracks: frozenset[str] = frozenset()
    keeps: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """What a recorder says of all its recordings at once; None where it does not tell."""

    earliest: datetime | None
    latest: datetime | None
    recordings: int | None


@dataclass(frozen=True, slots=True)
class PlayedFrame:
    """One replayed frame: RTP time in ticks, its UTC and flags by the replay extension, its size in bytes.

    ``flags`` are the letters of ONVIF: C clean point, E end of a contiguous section, D after a
    discontinuity, T terminal frame.
    """

    rtp_ticks: int
    utc: datetime | None
    flags: str
    size: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Playback:
    """What playing from ``asked`` really gave: frames, their UTC from 0xABAC, one decoded luma plane.

    ``refused`` holds the recorder's words when nothing came.  ``trail`` are the frames in the order they
    came; ``commanded`` and ``shown`` when the command went out and the first decoded picture had come;
    ``sha256`` is over all coded frames, empty when any was incomplete; ``track`` as the description names it.
    """

    asked: datetime
    frames: int
    decoded: int
    first: datetime | None
    last: datetime | None
    picture: Luma | None = None
    refused: str = ""
    trail: tuple[PlayedFrame, ...] = ()
    clock_rate: int = 90_000
    commanded: Instant | None = None
    shown: Instant | None = None
    sha256: str = ""
    track: str = ""


class Attempt(StrEnum):
    """What came of an attempt to alter or delete a recording."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # refused for another reason, or not offered: nothing is proved


@runtime_checkable
class RecordingList(Protocol):
    """Whatever lists recordings: a recorder by ONVIF Profile G; GB/T 28181 RecordInfo can join here.

    ``without_segments`` are the tokens of recordings whose stretches are not told: unknown, which is not the
    same as no recording.  ``remarks`` says in words what was missing or contradictory.
    """

    without_segments: set[str]
    remarks: list[str]

    @property
    def device(self) -> Device: ...
    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        """All recordings with their segments in [start, end)."""
        ...


@runtime_checkable
class Recorder(RecordingList, DeviceClock, Protocol):
    """A recorder: it lists, plays, and records on alarm (ONVIF Profile G)."""

    def identity(self) -> dict[str, str]: ...
    def summary(self) -> RecordingSummary | None: ...
    def play(
        self,
        channel: RecordedChannel,
        at: datetime,
        seconds: float = 2.0,
        *,
        intra: bool = True,
        paced: bool = False,
    ) -> Playback:
        """Play [at, at + seconds): key frames only, unless ``intra`` is False; ``paced``: as recorded."""
        ...

    def tamper(self, channel: RecordedChannel) -> dict[str, Attempt]:
        """Try to alter and to delete the recording; operation → what came of it.  Destroys when it can."""
        ...

    def is_recording(self, source: str) -> bool:
        """Whether an alarm recording job of the camera ``source`` (its device id) is active."""
        ...

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None: ...


@runtime_checkable
class InspectionGate(Protocol):
    """A walk-through gate with its alarm contact; the pass relay presents the test object."""

    def pass_object(self) -> Instant: ...
    def end_pass(self) -> Instant: ...
    def wait_alarm(self, *, since: Instant, within: float) -> Instant | None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an instrument with the calibration's own U, and who or what gave it."""

    value: float
    unit: str
    U: float | None
    k: float | None
    instrument: str
    asked: Instant
    raw: str = ""
    person: str = ""
    evidence: tuple[str, ...] = field(default=())
