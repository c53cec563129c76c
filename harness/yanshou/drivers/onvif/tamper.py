# SPDX-License-Identifier: Apache-2.0
"""Attempts to alter and to delete a recording through the ONVIF recording control service.

They are real: if the recorder permits one, it has been done. The caller decides whether that is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from yanshou.drivers.onvif.camera import OnvifEndpoint
from yanshou.model import RigFault
from yanshou.model.recording import RecordedChannel, TamperResult
from yanshou.protocols.onvif import AnswerUnclear, SoapFault

# Faults that are a clear refusal; any other may mean that the request was not understood.
_REFUSALS: Final = frozenset(
    {
        "ActionNotSupported",
        "CannotDelete",
        "NotAuthorized",
        "OperationProhibited",
        "SenderNotAuthorized",
        "ConflictingConfig",
    }
)


def tampered(endpoint: OnvifEndpoint, channel: RecordedChannel) -> dict[str, TamperResult]:
    """SetRecordingConfiguration, DeleteTrack and DeleteRecording, in this order; operation → outcome."""
    try:
        service = endpoint.onvif.service("recording")
    except RigFault as fault:
        endpoint.note(f"no recording control service: {fault.what}")
        return {}
    track = next(iter(sorted(channel.tracks)), "")
    calls: dict[str, Callable[[], Any]] = {
        "SetRecordingConfiguration": lambda: _reconfigure(service, channel.token),
        "DeleteTrack": lambda: service.DeleteTrack(RecordingToken=channel.token, TrackToken=track),
        "DeleteRecording": lambda: service.DeleteRecording(RecordingToken=channel.token),
    }
    return {name: _tried(endpoint, name, call) for name, call in calls.items()}


def _reconfigure(service: Any, token: str) -> None:
    """Shorten the retention to one second: whoever can do that can delete."""
    settings = service.GetRecordingConfiguration(RecordingToken=token)
    settings.MaximumRetentionTime = "PT1S"
    service.SetRecordingConfiguration(RecordingToken=token, RecordingConfiguration=settings)


def _tried(endpoint: OnvifEndpoint, name: str, call: Callable[[], Any]) -> TamperResult:
    try:
        call()
    except SoapFault as fault:
        if _REFUSALS & set(fault.subcodes):
            return TamperResult.REFUSED
        endpoint.note(f"{name}: {fault.what}")
        return TamperResult.UNKNOWN
    except AnswerUnclear as unclear:
        endpoint.note(f"{name}: {unclear.what}")
        return TamperResult.UNKNOWN
    return TamperResult.ACCEPTED
