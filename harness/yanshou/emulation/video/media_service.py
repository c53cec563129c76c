# SPDX-License-Identifier: Apache-2.0
"""ONVIF media services, versions 1 and 2: profiles, encoder configurations, stream and snapshot addresses.

What is declared here is what a faultless camera sends; faults change what is sent, never what is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.device import Channel, EmulatedDevice
from yanshou.emulation.video.operations import channel_of, protected
from yanshou.emulation.video.soap import Call, EmulatedSoapFault, el, leaf

_PROFILE, _ENCODER, _SOURCE, _SOURCE_CONFIGURATION = (
    "PROFILE-",
    "ENCODER-",
    "SOURCE-",
    "SOURCE-CONFIGURATION-",
)
_BITRATE = 16384  # kbit/s, an upper limit: textured pictures, each a key frame, need up to 14,000
_QUALITY = 5
_NO_ADDRESS = "0.0.0.0"  # noqa: S104 - means no multicast, nothing is bound


def media_capabilities(device: EmulatedDevice) -> str:
    """Capabilities element of media version 1."""
    return el(
        "trt:Capabilities",
        el("trt:ProfileCapabilities", MaximumNumberOfProfiles=len(device.channels)),
        el("trt:StreamingCapabilities", RTPMulticast=False, RTP_TCP=False, RTP_RTSP_TCP=True),
        SnapshotUri=not device.behaviour.no_snapshot,
        Rotation=False,
    )


def media2_capabilities(device: EmulatedDevice) -> str:
    """Capabilities element of media version 2."""
    return el(
        "tr2:Capabilities",
        el("tr2:ProfileCapabilities", MaximumNumberOfProfiles=len(device.channels)),
        el("tr2:StreamingCapabilities", RTSPStreaming=True, RTPMulticast=False, RTP_RTSP_TCP=True),
        SnapshotUri=not device.behaviour.no_snapshot,
        Rotation=False,
    )


def _size(channel: Channel) -> str:
    width, height = channel.behaviour.declared or channel.size
    return el("tt:Resolution", leaf("tt:Width", width), leaf("tt:Height", height))


def _multicast() -> str:
    address = el("tt:Address", leaf("tt:Type", "IPv4"), leaf("tt:IPv4Address", _NO_ADDRESS))
    return el("tt:Multicast", address, leaf("tt:Port", 0), leaf("tt:TTL", 1), leaf("tt:AutoStart", False))


def _source_configuration(tag: str, channel: Channel) -> str:
    return el(
        tag,
        leaf("tt:Name", channel.camera.name),
        leaf("tt:UseCount", 1),
        leaf("tt:SourceToken", _SOURCE + channel.token),
        el("tt:Bounds", x=0, y=0, width=channel.size[0], height=channel.size[1]),
        token=_SOURCE_CONFIGURATION + channel.token,
    )


def _encoder(tag: str, channel: Channel) -> str:
    rate = (
        leaf("tt:FrameRateLimit", FPS),
        leaf("tt:EncodingInterval", 1),
        leaf("tt:BitrateLimit", _BITRATE),
    )
    return el(
        tag,
        leaf("tt:Name", "main"),
        leaf("tt:UseCount", 1),
        leaf("tt:Encoding", "H264"),
        _size(channel),
        leaf("tt:Quality", _QUALITY),
        el("tt:RateControl", *rate),
        el("tt:H264", leaf("tt:GovLength", channel.scene.gop), leaf("tt:H264Profile", "Main")),
        _multicast(),
        leaf("tt:SessionTimeout", "PT60S"),
        token=_ENCODER + channel.token,
    )


def _encoder2(tag: str, channel: Channel) -> str:
    rate = leaf("tt:FrameRateLimit", FPS) + leaf("tt:BitrateLimit", _BITRATE)
    # ONVIF has no word for H.265 of intra pictures alone, which is coded in the range extensions
    named = channel.codec == "h264" or channel.scene.gop > 1
    profile = {"Profile": "Main"} if named else {}
    return el(
        tag,
        leaf("tt:Name", "main"),
        leaf("tt:UseCount", 1),
        leaf("tt:Encoding", channel.codec.upper()),
        _size(channel),
        el("tt:RateControl", rate, ConstantBitRate=False),
        _multicast(),
        leaf("tt:Quality", _QUALITY),
        token=_ENCODER + channel.token,
        GovLength=channel.scene.gop,
        **profile,
    )


def _profile(tag: str, channel: Channel) -> str:
    return el(
        tag,
        leaf("tt:Name", f"main {channel.token}"),
        _source_configuration("tt:VideoSourceConfiguration", channel),
        _encoder("tt:VideoEncoderConfiguration", channel),
        token=_PROFILE + channel.token,
        fixed=True,
    )


def _profile2(channel: Channel, wanted: set[str]) -> str:
    parts = [leaf("tr2:Name", f"main {channel.token}")]
    configurations = []
    if wanted & {"All", "VideoSource"}:
        configurations.append(_source_configuration("tr2:VideoSource", channel))
    if wanted & {"All", "VideoEncoder"}:
        configurations.append(_encoder2("tr2:VideoEncoder", channel))
    parts += [el("tr2:Configurations", *configurations)] if configurations else []
    return el("tr2:Profiles", *parts, token=_PROFILE + channel.token, fixed=True)


def _each(device: EmulatedDevice, make: Callable[[Channel], str]) -> Iterable[str]:
    return (make(channel) for channel in device.channels.values())


def _profiles(device: EmulatedDevice, _call: Call) -> str:
    """Version 1 cannot declare H.265: a camera that sends it has no profile here."""
    known = [channel for channel in device.channels.values() if channel.codec == "h264"]
    rows = [_profile("trt:Profiles", channel) for channel in known]
    rows += [_jpeg("trt:Profiles", channel) for channel in device.channels.values() if _has_jpeg(channel)]
    return el("trt:GetProfilesResponse", *rows)


def _has_jpeg(channel: Channel) -> bool:
    """By the attribute ``jpeg_profile`` of the camera."""
    return bool(channel.camera.attributes.get("jpeg_profile"))


def _jpeg(tag: str, channel: Channel) -> str:
    """A second profile with a larger picture in Motion JPEG, declared and never sent."""
    size = el("tt:Resolution", leaf("tt:Width", 2 * channel.size[0]), leaf("tt:Height", 2 * channel.size[1]))
    encoder = el(
        "tt:VideoEncoderConfiguration",
        leaf("tt:Name", "jpeg"),
        leaf("tt:UseCount", 1),
        leaf("tt:Encoding", "JPEG"),
        size,
        leaf("tt:Quality", _QUALITY),
        _multicast(),
        leaf("tt:SessionTimeout", "PT60S"),
        token=f"{_ENCODER}JPEG-{channel.token}",
    )
    source = _source_configuration("tt:VideoSourceConfiguration", channel)
    return el(
        tag, leaf("tt:Name", "jpeg"), source, encoder, token=f"{_PROFILE}JPEG-{channel.token}", fixed=True
    )


def _one_profile(device: EmulatedDevice, call: Call) -> str:
    return el("trt:GetProfileResponse", _profile("trt:Profile", _by_profile(device, call)))


def _profiles2(device: EmulatedDevice, call: Call) -> str:
    token, wanted = call.text("Token"), set(call.texts("Type"))
    chosen = [channel_of(device, token, _PROFILE)] if token else device.channels.values()
    return el("tr2:GetProfilesResponse", *(_profile2(channel, wanted) for channel in chosen))


def _by_profile(device: EmulatedDevice, call: Call) -> Channel:
    return channel_of(device, call.text("ProfileToken"), _PROFILE)


def _video_sources(device: EmulatedDevice, _call: Call) -> str:
    def source(channel: Channel) -> str:
        return el(
            "trt:VideoSources", leaf("tt:Framerate", FPS), _size(channel), token=_SOURCE + channel.token
        )

    return el("trt:GetVideoSourcesResponse", *_each(device, source))


def _source_configurations(device: EmulatedDevice, _call: Call) -> str:
    rows = _each(device, lambda channel: _source_configuration("trt:Configurations", channel))
    return el("trt:GetVideoSourceConfigurationsResponse", *rows)


def _encoders(device: EmulatedDevice, _call: Call) -> str:
    rows = _each(device, lambda channel: _encoder("trt:Configurations", channel))
    return el("trt:GetVideoEncoderConfigurationsResponse", *rows)


def _one_encoder(device: EmulatedDevice, call: Call) -> str:
    channel = channel_of(device, call.text("ConfigurationToken"), _ENCODER)
    return el("trt:GetVideoEncoderConfigurationResponse", _encoder("trt:Configuration", channel))


def _encoders2(device: EmulatedDevice, call: Call) -> str:
    token = call.text("ConfigurationToken")
    chosen = [channel_of(device, token, _ENCODER)] if token else device.channels.values()
    rows = (_encoder2("tr2:Configurations", channel) for channel in chosen)
    return el("tr2:GetVideoEncoderConfigurationsResponse", *rows)


def _media_uri(address: str) -> str:
    return el(
        "trt:MediaUri",
        leaf("tt:Uri", address),
        leaf("tt:InvalidAfterConnect", False),
        leaf("tt:InvalidAfterReboot", False),
        leaf("tt:Timeout", "PT0S"),
    )


def _stream_address(device: EmulatedDevice, call: Call) -> str:
    if call.text("Stream") == "RTP-Multicast" or call.text("Protocol") == "RtspMulticast":
        raise EmulatedSoapFault("no multicast", "InvalidArgVal", "InvalidStreamSetup")
    return device.rtsp_address(f"live/{_by_profile(device, call).token}")


def _snapshot_address(device: EmulatedDevice, call: Call) -> str:
    if device.behaviour.no_snapshot:
        raise EmulatedSoapFault("no snapshots", "ActionNotSupported", code="Receiver")
    return device.http_address(f"snapshot/{_by_profile(device, call).token}.jpg")


def _stream_uri(device: EmulatedDevice, call: Call) -> str:
    return el("trt:GetStreamUriResponse", _media_uri(_stream_address(device, call)))


def _stream_uri2(device: EmulatedDevice, call: Call) -> str:
    return el("tr2:GetStreamUriResponse", leaf("tr2:Uri", _stream_address(device, call)))


def _snapshot_uri(device: EmulatedDevice, call: Call) -> str:
    return el("trt:GetSnapshotUriResponse", _media_uri(_snapshot_address(device, call)))


def _snapshot_uri2(device: EmulatedDevice, call: Call) -> str:
    return el("tr2:GetSnapshotUriResponse", leaf("tr2:Uri", _snapshot_address(device, call)))


def _capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("trt:GetServiceCapabilitiesResponse", media_capabilities(device))


def _capabilities2(device: EmulatedDevice, _call: Call) -> str:
    return el("tr2:GetServiceCapabilitiesResponse", media2_capabilities(device))


OPERATIONS = protected(
    GetServiceCapabilities=_capabilities,
    GetProfiles=_profiles,
    GetProfile=_one_profile,
    GetVideoSources=_video_sources,
    GetVideoSourceConfigurations=_source_configurations,
    GetVideoEncoderConfigurations=_encoders,
    GetVideoEncoderConfiguration=_one_encoder,
    GetStreamUri=_stream_uri,
    GetSnapshotUri=_snapshot_uri,
)
"""Operations of media version 1."""

OPERATIONS_2 = protected(
    GetServiceCapabilities=_capabilities2,
    GetProfiles=_profiles2,
    GetVideoEncoderConfigurations=_encoders2,
    GetStreamUri=_stream_uri2,
    GetSnapshotUri=_snapshot_uri2,
)
"""Operations of media version 2."""
