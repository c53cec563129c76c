# SPDX-License-Identifier: Apache-2.0
"""ONVIF recording control service: what is recorded, and the jobs that record on alarm.

Nothing can be altered or deleted over the network, unless that fault is planted.
"""

from __future__ import annotations

from dataclasses import replace

from yanshou.emulation.video.archive import RETENTION_DAYS
from yanshou.emulation.video.device import EmulatedDevice, Recording
from yanshou.emulation.video.operations import Operation, protected, recording_of
from yanshou.emulation.video.soap import Call, EmulatedSoapFault, el, leaf

PROFILE_SOURCE = "http://www.onvif.org/ver10/schema/Profile"
"""Type of a source that is a camera's own stream."""


def recording_capabilities(device: EmulatedDevice) -> str:
    """Capabilities element of this service."""
    count = len(device.recordings)
    return el(
        "trc:Capabilities",
        DynamicRecordings=device.behaviour.record_edit_allowed,
        DynamicTracks=False,
        Encoding="H264",
        MaxRecordings=count,
        MaxRecordingJobs=count,
    )


def source_information(recording: Recording) -> str:
    """Where a recording comes from; SourceId is the camera's identifier."""
    camera = recording.channel.camera
    return el(
        "tt:Source",
        leaf("tt:SourceId", camera.id),
        leaf("tt:Name", camera.name),
        leaf("tt:Location", camera.location),
        leaf("tt:Description", camera.model),
        leaf("tt:Address", f"urn:device:{camera.id}"),
    )


def _configuration(tag: str, recording: Recording) -> str:
    days = recording.behaviour.retention_days
    seconds = round((RETENTION_DAYS if days is None else days) * 86400)
    return el(
        tag,
        source_information(recording),
        leaf("tt:Content", recording.channel.camera.name),
        leaf("tt:MaximumRetentionTime", f"PT{seconds}S"),
    )


def _tracks(recording: Recording) -> str:
    configuration = leaf("tt:TrackType", recording.track_type) + leaf("tt:Description", "main")
    track = el("tt:Track", leaf("tt:TrackToken", recording.track), el("tt:Configuration", configuration))
    return el("tt:Tracks", track)


def _recordings(device: EmulatedDevice, _call: Call) -> str:
    rows = (
        el(
            "trc:RecordingItem",
            leaf("tt:RecordingToken", recording.token),
            _configuration("tt:Configuration", recording),
            _tracks(recording),
        )
        for recording in device.recordings.values()
    )
    return el("trc:GetRecordingsResponse", *rows)


def _one_configuration(device: EmulatedDevice, call: Call) -> str:
    recording = recording_of(device, call.text("RecordingToken"))
    return el(
        "trc:GetRecordingConfigurationResponse", _configuration("trc:RecordingConfiguration", recording)
    )


def _job_of(device: EmulatedDevice, call: Call) -> Recording:
    wanted = call.text("JobToken")
    found = next((recording for recording in device.recordings.values() if recording.job == wanted), None)
    if found is None:
        raise EmulatedSoapFault(f"no job has the token {wanted!r}", "InvalidArgVal", "NoRecordingJob")
    return found


def _state(device: EmulatedDevice, recording: Recording) -> str:
    return "Active" if device.job_active(recording.channel.token) else "Idle"


def _source_token(recording: Recording) -> str:
    return el("tt:SourceToken", leaf("tt:Token", recording.channel.token), Type=PROFILE_SOURCE)


def _job_configuration(tag: str, device: EmulatedDevice, recording: Recording) -> str:
    track = el("tt:Tracks", leaf("tt:SourceTag", "Video"), leaf("tt:Destination", recording.track))
    return el(
        tag,
        leaf("tt:RecordingToken", recording.token),
        leaf("tt:Mode", _state(device, recording)),
        leaf("tt:Priority", 10),
        el("tt:Source", _source_token(recording), track),
    )


def _jobs(device: EmulatedDevice, _call: Call) -> str:
    rows = (
        el(
            "trc:JobItem",
            leaf("tt:JobToken", recording.job),
            _job_configuration("tt:JobConfiguration", device, recording),
        )
        for recording in device.recordings.values()
    )
    return el("trc:GetRecordingJobsResponse", *rows)


def _one_job(device: EmulatedDevice, call: Call) -> str:
    recording = _job_of(device, call)
    configuration = _job_configuration("trc:JobConfiguration", device, recording)
    return el("trc:GetRecordingJobConfigurationResponse", configuration)


def _job_state(device: EmulatedDevice, call: Call) -> str:
    recording = _job_of(device, call)
    state = leaf("tt:State", _state(device, recording))
    track = el("tt:Track", leaf("tt:SourceTag", "Video"), leaf("tt:Destination", recording.track), state)
    source = el("tt:Sources", _source_token(recording), state, el("tt:Tracks", track))
    whole = el("trc:State", leaf("tt:RecordingToken", recording.token), state, source)
    return el("trc:GetRecordingJobStateResponse", whole)


def _refuse_unless_planted(device: EmulatedDevice, call: Call) -> Recording:
    recording = recording_of(device, call.text("RecordingToken"))
    allowed = device.behaviour.record_edit_allowed
    device.truth.write(device.id, "record_edited" if allowed else "record_edit_refused", call.operation)
    if not allowed:
        raise EmulatedSoapFault("recordings cannot be altered", "Action", "CannotDelete", code="Receiver")
    return recording


def _delete(device: EmulatedDevice, call: Call) -> str:
    recording = _refuse_unless_planted(device, call)
    del device.recordings[recording.token]
    return el("trc:DeleteRecordingResponse")


def _delete_data(device: EmulatedDevice, call: Call) -> str:
    recording = _refuse_unless_planted(device, call)
    recording.line = replace(recording.line, closed=(), open_from=float(int(device.now())))
    return el(f"trc:{call.operation}Response")


def _configure(device: EmulatedDevice, call: Call) -> str:
    _refuse_unless_planted(device, call)
    return el("trc:SetRecordingConfigurationResponse")


def _capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("trc:GetServiceCapabilitiesResponse", recording_capabilities(device))


OPERATIONS: dict[str, Operation] = protected(
    GetServiceCapabilities=_capabilities,
    GetRecordings=_recordings,
    GetRecordingConfiguration=_one_configuration,
    GetRecordingJobs=_jobs,
    GetRecordingJobConfiguration=_one_job,
    GetRecordingJobState=_job_state,
    DeleteRecording=_delete,
    DeleteTrackData=_delete_data,
    DeleteTrack=_delete_data,
    SetRecordingConfiguration=_configure,
)
"""Operations of the recording control service."""
