# SPDX-License-Identifier: Apache-2.0
"""What an ONVIF operation is to the emulator, and helpers that several services share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from yanshou.emulation.video.device import Channel, EmulatedDevice, Recording
from yanshou.emulation.video.soap import Call, EmulatedSoapFault

Answer = Callable[[EmulatedDevice, Call], str | Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is answered, and whether all may ask (access class PRE_AUTH of ONVIF Core)."""

    run: Answer
    open_to_all: bool = False


def protected(**answers: Answer) -> dict[str, Operation]:
    """Operations that want a password, by name."""
    return {name: Operation(answer) for name, answer in answers.items()}


def open_to_all(**answers: Answer) -> dict[str, Operation]:
    """Operations of access class PRE_AUTH, by name."""
    return {name: Operation(answer, open_to_all=True) for name, answer in answers.items()}


def channel_of(device: EmulatedDevice, token: str, prefix: str) -> Channel:
    """Channel whose token stands after ``prefix``; SoapFault when there is none."""
    channel = device.channels.get(token.removeprefix(prefix)) if token.startswith(prefix) else None
    if channel is None:
        raise EmulatedSoapFault(f"no item has the token {token!r}", "InvalidArgVal", "NoProfile")
    return channel


def recording_of(device: EmulatedDevice, token: str) -> Recording:
    """Recording by its token; SoapFault when there is none."""
    recording = device.recordings.get(token)
    if recording is None:
        raise EmulatedSoapFault(f"no recording has the token {token!r}", "InvalidArgVal", "NoRecording")
    return recording
