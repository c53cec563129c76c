# SPDX-License-Identifier: Apache-2.0
"""Faults of emulated cameras and recorders: what may be planted, and how one device then behaves.

Each kind has one field of :class:`Behaviour`; a kind that may be planted more than once holds a tuple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from yanshou.emulation.video.spoil import KERNELS, SIGNALS
from yanshou.model.trouble import Mistake, UsageError

DAY_S = 86400.0
_SMALLEST_PX = 64
_COARSEST = 51
_MOST_PERCENT = 20.0


class StreamFault(Protocol):
    """One entry of the fault script: the device, the kind of :data:`FAULT_KINDS` and its value."""

    @property
    def device(self) -> str:
        """Identifier of the device in the site."""

    @property
    def kind(self) -> str:
        """One of :data:`FAULT_KINDS`."""

    @property
    def value(self) -> float | str | bool | None:
        """Severity; unit and form by kind."""


class StreamTruth(Protocol):
    """Where the emulation records what it really did; never read by the harness."""

    def write(self, device: str, what: str, value: object = None, t: float | None = None) -> None:
        """Append one line; ``t`` is perf_counter seconds, now when left out."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a device deviates from what it declares; the defaults are a faultless device.

    Seconds, pixels, days and frames per second by name; ``soap_garbage`` and ``soap_hang`` name one
    operation, or ``*`` for all.
    """

    fps: float | None = None
    drop: float = 0.0
    drop_frames: float = 0.0
    damage: float = 0.0
    garbage: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    first_picture_delay: float = 0.0
    answer_delay: float = 0.0
    rtsp_silent: bool = False
    session_limit: int = 0
    throttle: float = 0.0
    reset_timestamps: float | None = None
    change_resolution: float | None = None
    motion_jpeg: bool = False
    wrong_description: bool = False
    declared: tuple[int, int] | None = None
    led_dead: bool = False
    resolution: tuple[int, int] | None = None
    blur: float = 0.0
    distortion: float = 0.0
    sharpen: float = 0.0
    grey_crush: float = 0.0
    vignette: float = 0.0
    corner_blur: float = 0.0
    fine_sharpen: float = 0.0
    white_cut: float = 255.0
    knee: float = 1.0
    comb: int = 0
    ghost: float = 0.0
    glare: float = 0.0
    light_bands: float = 0.0
    red_cut: float = 1.0
    quantiser: int | None = None
    freeze: float | None = None
    blown_up: tuple[int, int, str] | None = None
    sent_twice: bool = False
    marked_sei: bool = False
    foreign_packets: bool = False
    second_payload: bool = False
    nominal_stamps: float | None = None
    outage: float = 0.0
    stop_stream: float | None = None
    no_sender_reports: bool = False
    no_snapshot: bool = False
    wrong_password: bool = False
    open_access: bool = False
    strict_clock: float | None = None
    clock_offset: float = 0.0
    no_utc: bool = False
    local_time_as_utc: bool = False
    soap_garbage: str | None = None
    soap_hang: str | None = None
    no_recording_service: bool = False
    retention_days: float | None = None
    gap: tuple[tuple[float, float], ...] = ()
    gap_every: tuple[float, float] | None = None
    unreadable_event: tuple[float, float] | None = None
    untold_end: tuple[float, float] | None = None
    sound_only: bool = False
    unplayable: float | None = None
    wrong_channel: str | None = None
    replay_refused: bool = False
    replay_time_shift: float = 0.0
    record_edit_allowed: bool = False
    picture_noise: float = 0.0
    picture_stripes: float = 0.0
    picture_gain: float = 1.0
    picture_cast: float = 0.0
    picture_cover: float = 0.0
    view_moved: float = 0.0
    no_signal: str = ""
    osd_name: str | None = None
    osd_clock_ahead: float = 0.0
    osd_clock_stands: float | None = None
    osd_no_clock: bool = False
    footage_osd_ahead: float = 0.0
    footage_swapped: str | None = None
    footage_repeats: float | None = None
    footage_recoded: int | None = None
    footage_damaged: float | None = None
    export_differs: bool = False
    playback_delay: float = 0.0
    recorded_fps: float | None = None
    recorded_twice: bool = False
    recorded_resolution: tuple[int, int] | None = None
    no_replay_stamps: bool = False
    label_shift: float = 0.0
    summary_days: float | None = None
    search_trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    text: str
    parse: Callable[[object], object]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a number is wanted")  # noqa: TRY004 - one kind of mistake for the user
    return float(value)


def _positive(value: object) -> float:
    number = _number(value)
    if number <= 0:
        raise ValueError("a number above zero is wanted")
    return number


def _not_negative(value: object) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError("zero or a number above it is wanted")
    return number


def _fraction(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError("a fraction from 0 to 1 is wanted")
    return number


def _quantiser(value: object) -> int:
    number = _number(value)
    if number != round(number) or not 0 < number <= _COARSEST:
        raise ValueError("a whole quantiser from 1 to 51 is wanted")
    return int(number)


def _percent(value: object) -> float:
    number = _number(value)
    if abs(number) > _MOST_PERCENT:
        raise ValueError("a percentage from -20 to 20 is wanted")
    return number / 100


def _strict_clock(value: object) -> float:
    return 300.0 if value is None or isinstance(value, bool) else _positive(value)


def _whole(value: object) -> int:
    number = _positive(value)
    if number != int(number):
        raise ValueError("a whole number is wanted")
    return int(number)


def _flag(value: object) -> bool:
    return value is None or bool(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _signal(value: object) -> str:
    if value not in SIGNALS:
        raise ValueError(f"one of {', '.join(SIGNALS)} is wanted")
    return str(value)


def _operation(value: object) -> str:
    return value if isinstance(value, str) and value else "*"


def _resolution(value: object) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)x(\d+)", str(value))
    if not found:
        raise ValueError('"WIDTHxHEIGHT" is wanted')
    width, height = int(found[1]), int(found[2])
    if width % 4 or height % 4 or min(width, height) < _SMALLEST_PX:
        raise ValueError(f"width and height must be multiples of 4, from {_SMALLEST_PX} up")
    return width, height


def _blown_up(value: object) -> tuple[int, int, str]:
    size, _, kernel = str(value).partition(" ")
    if kernel not in ("", *KERNELS):
        raise ValueError(f"one of {', '.join(KERNELS)} is wanted after the size")
    return (*_resolution(size), kernel or "cubic")


def _recorded_fps(value: object) -> float:
    number = _positive(value)
    if number > 25:  # noqa: PLR2004 - the frames of the loop
        raise ValueError("at most 25 is wanted")
    return number


def _search_trouble(value: object) -> str:
    known = ("endless", "repeats", "expires", "drops", "reboots")
    if value not in known:
        raise ValueError(f"one of {', '.join(known)} is wanted")
    return str(value)


def _gap(value: object) -> tuple[float, float]:
    found = re.fullmatch(r"([\d.]+):([\d.]+)", str(value))
    if not found:
        raise ValueError('"START_DAYS_AGO:LENGTH_S" is wanted')
    return float(found[1]), float(found[2])


_KINDS: Mapping[str, _Kind] = {
    "fps": _Kind("frames per second really sent while 25 is declared", _positive),
    "drop": _Kind("fraction of the RTP packets that is lost, UDP and interleaved", _fraction),
    "drop_frames": _Kind("fraction of the frames that is not sent", _fraction),
    "damage": _Kind("fraction of the RTP packets whose header is damaged", _fraction),
    "garbage": _Kind("fraction of the RTP packets that carry random bytes", _fraction),
    "delay": _Kind("seconds from the capture of a picture to its sending", _not_negative),
    "jitter": _Kind(
        "milliseconds by which the sending of a frame is further delayed, at most", _not_negative
    ),
    "first_picture_delay": _Kind("seconds after PLAY in which nothing is sent", _not_negative),
    "answer_delay": _Kind("seconds by which every answer of RTSP and SOAP is late", _not_negative),
    "rtsp_silent": _Kind("RTSP requests are never answered", _flag),
    "session_limit": _Kind("RTSP sessions it serves at a time; one more is refused (453)", _whole),
    "throttle": _Kind("Mbit/s that the path carries: packets beyond are lost, downloads slow", _positive),
    "reset_timestamps": _Kind("seconds after PLAY at which the RTP time stamps begin anew", _not_negative),
    "change_resolution": _Kind(
        "seconds after PLAY from which the picture is half as wide and high", _not_negative
    ),
    "motion_jpeg": _Kind("the description offers Motion JPEG", _flag),
    "wrong_description": _Kind("the description names the other one of H.264 and H.265", _flag),
    "declared": _Kind('"7680x4320": picture that ONVIF declares while another is sent', _resolution),
    "led_dead": _Kind("the LED in view does not shine", _flag),
    "resolution": _Kind('"640x360": picture really sent while 1280x720 is declared', _resolution),
    "blur": _Kind("standard deviation in px of a further Gaussian blur of the picture", _not_negative),
    "distortion": _Kind(
        "percent by which the lens moves the picture's corner, of its distance from the middle", _percent
    ),
    "sharpen": _Kind("amount of an unsharp mask with a sigma of 1.5 px (chart only)", _not_negative),
    "grey_crush": _Kind("share of the code range that is pressed into black (chart only)", _fraction),
    "vignette": _Kind("share of the light that is lost in the corners (chart only)", _fraction),
    "corner_blur": _Kind(
        "standard deviation in px of a blur that grows to this in the picture's corners (chart only)",
        _not_negative,
    ),
    "fine_sharpen": _Kind("amount of an unsharp mask with a sigma of 0.7 px (chart only)", _not_negative),
    "white_cut": _Kind("luma code at which white is cut off (chart only)", _positive),
    "knee": _Kind("slope of the tone curve above code 150 (chart only)", _fraction),
    "comb": _Kind("px by which odd rows stand aside, as of two fields (chart only)", _whole),
    "ghost": _Kind("share of a second picture 9 px aside (chart only)", _fraction),
    "glare": _Kind("light that a mirrored lamp adds over the squares on the right (chart only)", _fraction),
    "light_bands": _Kind("amplitude of bands of light, as lamps that flicker make (chart only)", _fraction),
    "red_cut": _Kind("light, as a share of white, at which red is cut off (chart only)", _fraction),
    "quantiser": _Kind("quantiser 1 to 51 of H.264 or H.265 instead of the usual one", _quantiser),
    "freeze": _Kind("seconds after PLAY from which the same picture is sent again and again", _not_negative),
    "blown_up": _Kind(
        '"320x180 cubic": picture that is blown up to the size sent: nearest, linear, cubic or lanczos',
        _blown_up,
    ),
    "sent_twice": _Kind("every second picture is the one before, sent again", _flag),
    "marked_sei": _Kind("in the place of every second picture an SEI message of its own time", _flag),
    "foreign_packets": _Kind(
        "every second picture comes from a source, and with a payload type, that nobody announced", _flag
    ),
    "second_payload": _Kind(
        "after every picture a packet of another payload type, numbered with the pictures' own; no fault",
        _flag,
    ),
    "nominal_stamps": _Kind("frames per second really sent under RTP time stamps of 25", _positive),
    "outage": _Kind("seconds, from two after PLAY, in which the path carries nothing", _not_negative),
    "stop_stream": _Kind("seconds after PLAY at which the stream falls silent", _not_negative),
    "no_sender_reports": _Kind("no RTCP sender reports", _flag),
    "no_snapshot": _Kind("GetSnapshotUri is not supported", _flag),
    "wrong_password": _Kind("the device expects another password", _flag),
    "open_access": _Kind("the device answers everybody without a password", _flag),
    "strict_clock": _Kind(
        "refuses WS-Security tokens further than this many s from its clock", _strict_clock
    ),
    "clock_offset": _Kind("seconds by which the clock of the device is ahead of UTC", _number),
    "no_utc": _Kind("GetSystemDateAndTime leaves UTCDateTime out", _flag),
    "local_time_as_utc": _Kind("GetSystemDateAndTime gives local time as UTCDateTime", _flag),
    "soap_garbage": _Kind(
        "the named operation, or every one, is answered with bytes that are no XML", _operation
    ),
    "soap_hang": _Kind("the named operation, or every one, is never answered", _operation),
    "no_recording_service": _Kind("no recording, search and replay services", _flag),
    "retention_days": _Kind("days of recordings kept, instead of 35", _not_negative),
    "gap": _Kind('"START_DAYS_AGO:LENGTH_S": a hole in the recordings; may be repeated', _gap),
    "gap_every": _Kind('"EVERY_S:LENGTH_S": a hole of that length again and again', _gap),
    "unreadable_event": _Kind(
        '"START_DAYS_AGO:LENGTH_S": a hole whose beginning is reported with an impossible time', _gap
    ),
    "untold_end": _Kind('"START_DAYS_AGO:LENGTH_S": a hole of which only the end is reported', _gap),
    "sound_only": _Kind("the recordings hold an audio track and no video", _flag),
    "unplayable": _Kind("recordings older than this many days are listed but not played", _not_negative),
    "wrong_channel": _Kind(
        "in a recorder: camera whose alarm recording starts instead; in a camera: camera that its recording"
        " really holds; empty: the next channel",
        _text,
    ),
    "replay_refused": _Kind("the replay feature is refused (RTSP 551)", _flag),
    "replay_time_shift": _Kind("seconds added to the time stamps of replayed frames", _number),
    "picture_noise": _Kind("standard deviation in codes of noise added to the luma", _not_negative),
    "picture_stripes": _Kind("amplitude in codes of horizontal stripes in the picture", _not_negative),
    "picture_gain": _Kind("factor of the luma: below 1 darker, above 1 brighter", _not_negative),
    "picture_cast": _Kind("codes added to U: a cast towards blue, or yellow when negative", _number),
    "picture_cover": _Kind("share of the picture behind something dark", _fraction),
    "view_moved": _Kind("shift of the view in % of its width", _number),
    "no_signal": _Kind('"black", "blue" or "white": a picture without a signal', _signal),
    "osd_name": _Kind("the camera's name in the picture is this one; empty: none", _text),
    "osd_clock_ahead": _Kind("seconds by which the clock in the picture is ahead of the device's", _number),
    "osd_clock_stands": _Kind("Unix time at which the clock in the picture stands still", _number),
    "osd_no_clock": _Kind("no date and time in the picture", _flag),
    "footage_osd_ahead": _Kind(
        "seconds by which the clock in replayed pictures (attribute osd) is ahead of their time stamps",
        _number,
    ),
    "record_edit_allowed": _Kind("recordings can be deleted and altered over the network", _flag),
    "footage_swapped": _Kind(
        "in a recorder: the recording of the named camera, of every one when empty, holds the next channel",
        _text,
    ),
    "footage_repeats": _Kind(
        "seconds after which the recorded pictures begin anew under later times (86400: one day for all"
        " dates; 0: one picture for ever)",
        _not_negative,
    ),
    "footage_recoded": _Kind(
        "quantiser of one day's pictures under every date, coded anew for each: with up to 2 more, and with"
        " that date in the picture",
        _quantiser,
    ),
    "footage_damaged": _Kind(
        "in recordings older than this many days the second half of every picture is zeros, as lost sectors"
        " leave it",
        _not_negative,
    ),
    "export_differs": _Kind("each replay of the same stretch brings other bytes", _flag),
    "playback_delay": _Kind("seconds from PLAY to the first replayed packet", _not_negative),
    "recorded_fps": _Kind("frames per second recorded, up to 25", _recorded_fps),
    "recorded_twice": _Kind("every second picture of the recording is the one before, kept again", _flag),
    "recorded_resolution": _Kind('"640x360": picture recorded while 1280x720 is declared', _resolution),
    "no_replay_stamps": _Kind("replayed packets carry no extension 0xABAC", _flag),
    "label_shift": _Kind(
        "seconds by which recordings are labelled ahead of the clock (28800: local time as UTC)", _number
    ),
    "summary_days": _Kind("days of recordings that the summary claims", _not_negative),
    "search_trouble": _Kind(
        "searches: endless, repeats (pages overlap), expires (token lost on the way), drops (keeps only the"
        " first events found), or reboots (connection lost on the way)",
        _search_trouble,
    ),
}

FAULT_KINDS: Mapping[str, str] = {name: kind.text for name, kind in _KINDS.items()}
"""Kind of fault -> what it does, with the unit of its value."""


def behaviour_of(devices: Sequence[str], faults: Sequence[StreamFault]) -> Behaviour:
    """Behaviour of a device from the faults planted in any of ``devices`` (itself, or it and its recorder).

    Raises UsageError for a value that the kind cannot have; a kind unknown here is another emulator's.
    """
    fields: dict[str, object] = {}
    mistakes: list[Mistake] = []
    for fault in faults:
        kind = _KINDS.get(fault.kind) if fault.device in devices else None
        if kind is None:
            continue
        try:
            value = kind.parse(fault.value)
        except ValueError as error:
            what = f"fault {fault.kind} of {fault.device} cannot have the value {fault.value!r}:"
            mistakes.append(Mistake("fault script", None, what, f"{error} ({kind.text})."))
            continue
        fields[fault.kind] = (*_pairs(fields), value) if fault.kind == "gap" else value
    if mistakes:
        raise UsageError(mistakes)
    return Behaviour(**fields)  # type: ignore[arg-type] # each parser gives the type of its field


def _pairs(fields: Mapping[str, object]) -> tuple[object, ...]:
    held = fields.get("gap", ())
    return held if isinstance(held, tuple) else ()
