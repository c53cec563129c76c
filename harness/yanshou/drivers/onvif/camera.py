# SPDX-License-Identifier: Apache-2.0
"""A network camera through ONVIF Profile S and RTSP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Self
from urllib.parse import quote

from yanshou.acquisition.media import StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.drivers.stream.camera import StreamingCamera
from yanshou.model import Connection, Device, Instant, RigFault, now
from yanshou.model.reading import ClockReading
from yanshou.model.stream import SecondReading, StreamDeclaration
from yanshou.protocols.onvif import AnswerUnclear, OnvifDevice, SoapFault, media2
from yanshou.protocols.onvif.clock import read_date_time, reported_zones
from yanshou.protocols.rtsp import RtspSession

RTP_UNICAST: Final[Mapping[str, Any]] = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
_CODECS: Final = {"H264": "h264", "H265": "hevc", "JPEG": "mjpeg", "MPEG4": "mpeg4"}
_RECEIVED: Final = ("h264", "hevc")
_PICTURE_S: Final = 15.0  # a camera that encodes a large picture only when asked is silent for seconds
_PASSED_OVER: Final = (
    "最大的配置为 {0.codec} {0.width}×{0.height}，本机不接收；所测为 {1.codec} {1.width}×{1.height} 的配置"
)


class OnvifEndpoint:
    """The part cameras and recorders share: the connection, opened on first use, identity and clock.

    ``remarks`` collects, in words, what was missing or odd in the device's answers.
    """

    def __init__(self, device: Device, password: str) -> None:
        if device.connection is None:
            raise RigFault(
                "has no connection in the site file.",
                device=device.id,
                remedy="Give it one, and plan anew.",
                final=True,
            )
        self._device = device
        self._connection: Connection = device.connection
        self._password = password
        self._opened: OnvifDevice | None = None
        self._lock = threading.Lock()
        self.remarks: list[str] = []

    @property
    def device(self) -> Device:
        """The inventory line."""
        return self._device

    @property
    def onvif(self) -> OnvifDevice:
        """The open ONVIF connection; opened at the first use."""
        with self._lock:
            if self._opened is None:
                self._opened = OnvifDevice(self._connection, self._password, self._device.id)
            return self._opened

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the next request opens them again."""
        with self._lock:
            if self._opened is not None:
                self.note(*self._opened.findings)
                self._opened.close()
            self._opened = None

    def note(self, *remarks: str) -> None:
        """Note remarks, each once."""
        self.remarks += [remark for remark in dict.fromkeys(remarks) if remark not in self.remarks]

    def identity(self) -> dict[str, str]:
        """Manufacturer, model, firmware, serial number and hardware as the device reports them."""
        information = self.onvif.service("devicemgmt").GetDeviceInformation()
        names = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber", "HardwareId")
        return {name: str(getattr(information, name, None) or "") for name in names}

    def read_clock(self) -> ClockReading:
        """The device's clock, shown to whole seconds (GetSystemDateAndTime).

        Raises RigFault if it gives no UTC and its local time cannot be converted without guessing.
        """
        service = self.onvif.service("devicemgmt")
        before = now()
        answer = service.GetSystemDateAndTime()
        after = now()
        try:
            shown = read_date_time(answer)
        except AnswerUnclear as unclear:
            raise RigFault(
                unclear.what, device=self._device.id, remedy="Read its clock from the picture instead."
            ) from None
        if answer.UTCDateTime is None:
            self.note("GetSystemDateAndTime states no UTC; local time and time zone were used")
        return ClockReading(shown, 1.0, Instant(before, after), reported_zones(answer))

    def replies(self) -> bool:
        """Whether it answers, be it with a refusal or with what nobody understands."""
        try:
            self.read_clock()
        except (SoapFault, AnswerUnclear):
            return True
        except RigFault as fault:
            return isinstance(fault.__context__, AnswerUnclear)
        return True

    def media_order(self, uri: str) -> dict[str, Any]:
        """The order for a stream at an address the device reported: connected host, our credentials."""
        options = self._connection.options
        at = self.onvif.reachable(uri, keep_port=True)
        port = options.get("rtsp_port")
        if isinstance(port, int):
            at = replace(at, port=port)
        return {
            "uri": str(at),
            "user": self._connection.user,
            "password": self._password,
            "device": self._device.id,
            "timeout_s": float(str(options.get("timeout_s", 5.0))),
            "transport": str(options.get("transport", "auto")),
            "tls_verify": bool(options.get("tls_verify", False)),
            "basic": isinstance(port, int),
        }

    def rtsp(self, uri: str, *, require: str = "") -> RtspSession:
        """An RTSP session at an address the device reported."""
        return RtspSession(**self.media_order(uri), require=require)


class OnvifCamera(OnvifEndpoint, StreamingCamera):
    """One camera; implements :class:`yanshou.drivers.capabilities.Camera`.

    Options of the connection: path, tls, tls_verify, timeout_s, rtsp_port, transport (auto, tcp, udp),
    profile (the token of the profile that is measured).
    """

    def declared_stream(self) -> StreamDeclaration:
        """The media profile that the connection names, else the one with the largest picture.

        Only version 2 of the media service can declare H.265. It is asked as well if offered, and used if it
        declares a larger picture, or one of the same size in H.265.
        """
        declared = [*self._media_profiles(), *self._media2_profiles()]
        wanted = str(self._connection.options.get("profile", ""))
        if wanted:
            declared = [one for one in declared if one.profile == wanted]
        if not declared:
            named = f"profile {wanted!r}" if wanted else "profile"
            raise RigFault(f"the camera lists no {named} with a video encoder.", device=self.device.id)
        if unsized := next((one for one in declared if not one.width or not one.height), None):
            raise RigFault(
                f"the picture size of its profile {unsized.profile!r} is not stated or cannot be read.",
                device=self.device.id,
                remedy="Name the one to be measured: profile = TOKEN in its connection.",
            )
        if wanted:  # whichever service declares it last: only version 2 can declare H.265
            return replace(declared[-1], uri=self._stream_uri(declared[-1]))
        # RFC 2435 and MPEG-4 part 2 are not received: another profile is used, and that is reported
        received = [one for one in declared if one.codec in _RECEIVED] or declared
        chosen = max(received, key=lambda one: (one.width * one.height, one.codec == "hevc"))
        largest = max(declared, key=lambda one: one.width * one.height)
        larger = largest.width * largest.height > chosen.width * chosen.height
        remark = _PASSED_OVER.format(largest, chosen) if larger else ""
        return replace(chosen, uri=self._stream_uri(chosen), remark=remark)

    def _media_profiles(self) -> list[StreamDeclaration]:
        if not self.onvif.has("media"):
            return []
        profiles = self.onvif.service("media").GetProfiles() or []
        return [_declaration(profile) for profile in profiles if _encoder(profile) is not None]

    def _media2_profiles(self) -> list[StreamDeclaration]:
        """The profiles of version 2.

        If the device lists the service but does not answer, those of version 1.
        """
        if not self.onvif.offers(media2.NAMESPACE):
            return []
        try:
            profiles = media2.profiles(self.onvif)
        except (SoapFault, AnswerUnclear) as fault:
            self.note(f"media2: {fault.what}")
            return []
        return [
            StreamDeclaration(
                profile=one.token,
                codec=_codec(one.encoding),
                width=one.width,
                height=one.height,
                frame_rate=one.frame_rate,
                bitrate_kbps=one.bitrate_kbps,
                uri="",
                coding_profile=one.profile,
                gop=one.gop,
                service="media2",
            )
            for one in profiles
        ]

    def _stream_uri(self, chosen: StreamDeclaration) -> str:
        if chosen.service == "media2":
            return media2.stream_uri(self.onvif, chosen.profile)
        media = self.onvif.service("media")
        return str(media.GetStreamUri(StreamSetup=dict(RTP_UNICAST), ProfileToken=chosen.profile).Uri)

    def snapshot(self) -> bytes:
        """A JPEG of the current view; from the luma of a key frame if the camera offers no snapshot."""
        try:
            uri = self._snapshot_uri()
        except SoapFault as fault:
            if fault.refused:
                raise
            self.note(f"no snapshot ({fault.what}); the luma of a key frame was taken")
            return self._snapshot_of_stream()
        picture = self.onvif.download(uri, silence_s=_PICTURE_S).content
        if not picture.startswith(b"\xff\xd8"):
            raise RigFault("the snapshot is no JPEG.", device=self.device.id)
        return picture

    def _snapshot_uri(self) -> str:
        chosen = self.declared_stream()
        if chosen.service == "media2":
            return media2.snapshot_uri(self.onvif, chosen.profile)
        return str(self.onvif.service("media").GetSnapshotUri(ProfileToken=chosen.profile).Uri)

    def second_reading(self, seconds: float) -> SecondReading:
        """Let OpenCV receive the same stream; it needs a session of its own, so ours must be closed."""
        from yanshou.drivers.stream import live  # noqa: PLC0415 - brings OpenCV in

        order = self._live_order()
        uri = order["uri"]
        if order["user"]:
            secret = f"{quote(order['user'], safe='')}:{quote(order['password'], safe='')}@"
            uri = uri.replace("://", f"://{secret}", 1)
        return live.read_by_opencv(uri, seconds)

    def exchange_times(self, count: int) -> list[Instant]:
        """Sending and answer of ``count`` OPTIONS requests, one after the other, on one connection."""
        with self.rtsp(self.declared_stream().uri) as session:
            for _ in range(count):
                session.ping()
            return [Instant(one.sent, one.answered) for one in session.exchanges]

    def throughput(self, seconds: float) -> tuple[float, int] | None:
        """Mbit/s and bytes of snapshots fetched for ``seconds``; None if the camera offers none."""
        try:
            uri = self._snapshot_uri()
        except SoapFault as fault:
            if fault.refused:
                raise
            return None
        begun, total = now(), 0
        while now() < begun + seconds:
            total += len(self.onvif.download(uri, silence_s=_PICTURE_S).content)
        return 8e-6 * total / (now() - begun), total

    def _reception(self, *, transport: str = "", **how: Any) -> StreamReceiver:
        return StreamReceiver(StreamOrder(**self._live_order(transport), **how))

    def _live_order(self, transport: str = "") -> dict[str, Any]:
        order = self.media_order(self.declared_stream().uri)
        return {**order, "transport": transport} if transport else order


def _encoder(profile: Any) -> Any:
    return getattr(profile, "VideoEncoderConfiguration", None)


def _declaration(profile: Any) -> StreamDeclaration:
    encoder = _encoder(profile)
    control = encoder.RateControl
    coding = getattr(encoder, "H264", None)
    gop = getattr(coding, "GovLength", None)
    return StreamDeclaration(
        profile=str(profile.token),
        codec=_codec(str(encoder.Encoding)),
        width=int(getattr(encoder.Resolution, "Width", None) or 0),
        height=int(getattr(encoder.Resolution, "Height", None) or 0),
        frame_rate=_number(getattr(control, "FrameRateLimit", None)),
        bitrate_kbps=_number(getattr(control, "BitrateLimit", None)),
        uri="",
        coding_profile=str(getattr(coding, "H264Profile", None) or ""),
        gop=int(gop) if isinstance(gop, int) else None,
    )


def _codec(encoding: str) -> str:
    return _CODECS.get(encoding.upper(), encoding.lower())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
