# SPDX-License-Identifier: Apache-2.0
"""Asks one camera or recorder everything a survey needs; no answer of a device stops the survey."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.fleet import pictures
from yanshou.fleet.clock import ask_clock
from yanshou.fleet.recordings import ask_recordings
from yanshou.fleet.result import Answers, Code, Record, State, not_asked
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject
from yanshou.model import Device, DeviceKind, RigFault, UsageError, now
from yanshou.protocols.onvif import AnswerUnclear, SoapFault
from yanshou.protocols.rtsp import RtspRefused
from yanshou.site import connection_secret

MOST_BYTES: Final = 4 * 1024 * 1024
"""Bounds of one answer in a survey: thousands of devices are asked, dozens at once, and some are hostile."""


def ask(subject: Subject, settings: Settings, folder: Path) -> Record:
    """The result of one device.  ``folder`` is where secrets kept in files are, on the host that asks."""
    if subject.same_as:
        answers = Answers(subject, State.NOT_ASKED, f"has the address of {subject.same_as}")
        answers.find(Code.SAME_ADDRESS, same_as=subject.same_as)
        return answers.as_record()
    if subject.connection is None:
        return not_asked(subject, "the site file gives no ONVIF connection")
    try:
        secret = connection_secret(subject.connection, folder, emulated=settings.emulated)
    except UsageError as error:
        return not_asked(subject, error.mistakes[0].what)
    answers = Answers(subject)
    began, at = now(), datetime.now(UTC)
    _ask(answers, settings, secret)
    answers.asked = {
        "utc": at.isoformat(timespec="milliseconds"),
        "seconds": round(now() - began, 3),
        "by": f"{platform.node()} {os.getpid()}",
    }
    return answers.as_record()


def _ask(answers: Answers, settings: Settings, secret: str) -> None:
    device = _bounded(answers.subject.device, settings)
    recorder = device.kind is DeviceKind.RECORDER
    with (OnvifRecorder if recorder else OnvifCamera)(device, secret) as opened:
        try:
            steps = _recorder(opened) if isinstance(opened, OnvifRecorder) else _camera(opened, settings)
            _go_through([("open", lambda *_: opened.onvif), *steps], answers, settings)
        except Exception as error:  # noqa: BLE001 - one odd device must not end the survey of all others
            place = traceback.extract_tb(error.__traceback__)[-1]
            answers.ended(
                State.UNCLEAR, f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            )
        answers.remarks += opened.remarks


_Step = tuple[str, Callable[[Answers, Settings], object]]


def _go_through(steps: list[_Step], answers: Answers, settings: Settings) -> None:
    """One step after the other.

    A refused password or a broken connection ends all, an unclear answer only its step.
    """
    answers.until = now() + settings.device_s
    for place, (name, step) in enumerate(steps):
        if now() > answers.until:
            answers.failed(name, f"not reached within {settings.device_s:g} s")
            return
        try:
            step(answers, settings)
        except (RigFault, UsageError) as fault:
            if not _goes_on(fault, name, answers, first=place == 0):
                return


def _goes_on(fault: RigFault | UsageError, step: str, answers: Answers, *, first: bool) -> bool:
    what = fault.what if isinstance(fault, RigFault) else str(fault)
    if isinstance(fault, RigFault) and fault.final:
        answers.ended(State.REFUSED, what)
        return False
    answered = isinstance(fault, SoapFault | AnswerUnclear | RtspRefused)
    if first:
        answers.ended(State.UNCLEAR if answered else State.NO_ANSWER, what)
        return False
    answers.failed(step, what)
    return answered or step == "stream"


def _bounded(device: Device, settings: Settings) -> Device:
    """The device with the survey's bounds of time and size, unless the site file gives its own."""
    link = device.connection
    assert link is not None
    bounds: dict[str, object] = {"timeout_s": settings.timeout_s, "max_answer_bytes": MOST_BYTES}
    return replace(device, connection=replace(link, options=bounds | dict(link.options)))


def _camera(camera: OnvifCamera, settings: Settings) -> Iterator[_Step]:
    yield "identity", partial(_identity, camera)
    yield "clock", lambda answers, settings: ask_clock(answers, camera, settings)
    yield "declaration", partial(_declared, camera)
    if settings.stream_s > 0:
        yield "stream", partial(_stream, camera)
    else:
        yield "snapshot", partial(_snapshot, camera)


def _recorder(recorder: OnvifRecorder) -> Iterator[_Step]:
    yield "identity", partial(_identity, recorder)
    yield "clock", lambda answers, settings: ask_clock(answers, recorder, settings)
    yield "recordings", lambda answers, settings: ask_recordings(answers, recorder, settings)


def _identity(opened: OnvifCamera | OnvifRecorder, answers: Answers, _settings: Settings) -> None:
    information = opened.identity()
    answers.identity = information
    expected = answers.subject.device.attributes
    for key, name, code in (
        ("firmware", "FirmwareVersion", Code.FIRMWARE_DIFFERS),
        ("serial", "SerialNumber", Code.SERIAL_DIFFERS),
    ):
        wanted = str(expected.get(key, ""))
        if wanted and wanted != information[name]:
            answers.find(code, inventory=wanted, device=information[name])


def _declared(camera: OnvifCamera, answers: Answers, _settings: Settings) -> None:
    stream = camera.declared_stream()
    answers.declared = {
        "profile": stream.profile,
        "codec": stream.codec,
        "width": stream.width,
        "height": stream.height,
        "frame_rate": stream.frame_rate,
        "bitrate_kbps": stream.bitrate_kbps,
    }


def _stream(camera: OnvifCamera, answers: Answers, settings: Settings) -> None:
    """A short live session: the stream is compared with its declaration, and two key frames are kept."""
    from yanshou.evaluation import frame_rate  # noqa: PLC0415 - brings 40 MiB of mathematics in

    capture = camera.capture(settings.stream_s, pictures=2)
    rate = frame_rate(answers.subject.id, capture)
    fps = rate.value if isinstance(rate.value, float) else None
    received: dict[str, Any] = {
        "codec": capture.codec,
        "width": capture.width,
        "height": capture.height,
        "frame_rate": None if fps is None else round(fps, 3),
        "frame_rate_U": None if rate.U is None else round(rate.U, 3),
        "frames": len(capture.frames),
        "lost": capture.lost,
        "doubt": rate.invalid,
    }
    answers.measured["stream"] = received
    lumas = [luma for _, luma in capture.pictures]
    figures = [pictures.examine(luma) for luma in lumas]
    answers.measured["pictures"] = {"figures": figures, "changed": pictures.changed(lumas)}
    if not lumas:
        answers.find(Code.STREAM_UNKNOWN)
        return
    if pictures.flat(figures):
        answers.find(Code.PICTURE_FLAT)
    said, came = _form(answers.declared), _form(received)
    if answers.declared and said != came:
        answers.find(Code.STREAM_DIFFERS, declared=said, received=came)
    declared = answers.declared.get("frame_rate")
    if rate.invalid or fps is None:
        answers.find(Code.STREAM_UNKNOWN)
    elif declared and fps + (rate.U or 0.0) < declared:  # stamps that agree with the arrivals do not add to U
        answers.find(Code.FRAME_RATE_LOW, declared=declared)


def _form(stream: Record) -> str:
    return f"{stream.get('codec')} {stream.get('width')}×{stream.get('height')}"


def _snapshot(camera: OnvifCamera, answers: Answers, _settings: Settings) -> None:
    """Figures of the picture without opening a stream."""
    if not answers.declared:
        return
    answer = camera.onvif.service("media").GetSnapshotUri(ProfileToken=answers.declared["profile"])
    luma = pictures.of_jpeg(camera.onvif.download(str(answer.Uri)).content, answers.subject.id)
    figures = [pictures.plain_figures(luma)]
    answers.measured["pictures"] = {"figures": figures, "changed": None}
    if pictures.flat(figures):
        answers.find(Code.PICTURE_FLAT)
