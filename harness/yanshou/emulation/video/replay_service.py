# SPDX-License-Identifier: Apache-2.0
"""ONVIF replay control service: where a recording can be replayed."""

from __future__ import annotations

from yanshou.emulation.video.device import EmulatedDevice
from yanshou.emulation.video.operations import protected, recording_of
from yanshou.emulation.video.soap import Call, el, leaf


def replay_capabilities(_device: EmulatedDevice) -> str:
    """Capabilities element of this service."""
    return el("trp:Capabilities", ReversePlayback=True, SessionTimeoutRange="10 300", RTP_RTSP_TCP=True)


def _uri(device: EmulatedDevice, call: Call) -> str:
    recording = recording_of(device, call.text("RecordingToken"))
    return el("trp:GetReplayUriResponse", leaf("trp:Uri", device.rtsp_address(f"replay/{recording.token}")))


def _configuration(_device: EmulatedDevice, _call: Call) -> str:
    configuration = el("trp:Configuration", leaf("tt:SessionTimeout", "PT60S"))
    return el("trp:GetReplayConfigurationResponse", configuration)


def _capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("trp:GetServiceCapabilitiesResponse", replay_capabilities(device))


OPERATIONS = protected(
    GetServiceCapabilities=_capabilities,
    GetReplayUri=_uri,
    GetReplayConfiguration=_configuration,
)
"""Operations of the replay control service."""
