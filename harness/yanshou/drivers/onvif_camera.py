# SPDX-License-Identifier: Apache-2.0
"""A network camera through ONVIF Profile S and RTSP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import urlsplit, urlunsplit

import cv2
import numpy as np

from yanshou.drivers.capabilities import ClockReading, FrameStamp, StreamCapture, StreamDeclaration
from yanshou.model import Connection, Device, Instant, RigFault, now
from yanshou.protocols.onvif import AnswerUnclear, OnvifDevice, SoapFault
from yanshou.protocols.onvif.device import read_date_time
from yanshou.protocols.rtsp import AccessUnit, Decoded, RtspSession, Track, decode

RTP_UNICAST: Final[Mapping[str, Any]] = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
_CODECS: Final = {"H264": "h264", "H265": "hevc", "JPEG": "mjpeg", "MPEG4": "mpeg4"}
_IDLE_S: Final = 5.0
_SILENCE_S: Final = 2.0
_KEEP_BYTES: Final = 128 * 1024 * 1024
_SETTLE_S: Final = 0.05


class OnvifEndpoint:
    """What cameras and recorders share: the connection, opened when first needed, identity and clock.

    ``remarks`` collects, in words, what was missing or odd in the device's answers.
    """

    def __init__(self, device: Device, password: str) -> None:
        if device.connection is None:
            raise ValueError(f"{device.id} has no connection")
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
        """Close the connections; the next question opens them again."""
        with self._lock:
            if self._opened is not None:
                self.note(*self._opened.findings)
                self._opened.close()
            self._opened = None

    def note(self, *remarks: str) -> None:
        """Keep remarks, each once."""
        self.remarks += [remark for remark in dict.fromkeys(remarks) if remark not in self.remarks]

    def identity(self) -> dict[str, str]:
        """Manufacturer, model, firmware, serial number and hardware as the device tells them."""
        told = self.onvif.service("devicemgmt").GetDeviceInformation()
        names = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber", "HardwareId")
        return {name: str(getattr(told, name, None) or "") for name in names}

    def read_clock(self) -> ClockReading:
        """The device's clock, shown to whole seconds (GetSystemDateAndTime).

        RigFault when it tells no UTC and its local time cannot be converted without guessing.
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
            self.note("GetSystemDateAndTime tells no UTC; local time and time zone were used")
        return ClockReading(shown, 1.0, Instant(before, after))

    def rtsp(self, uri: str, *, require: str = "") -> RtspSession:
        """An RTSP session at an address the device named, with the connected host and our credentials."""
        options = self._connection.options
        parts = urlsplit(self.onvif.reachable(uri, keep_port=True))
        if isinstance(options.get("rtsp_port"), int):
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            parts = parts._replace(netloc=f"{host}:{options['rtsp_port']}")
        return RtspSession(
            urlunsplit(parts),
            user=self._connection.user,
            password=self._password,
            device=self._device.id,
            timeout_s=float(str(options.get("timeout_s", 5.0))),
            transport=str(options.get("transport", "auto")),
            require=require,
        )


class OnvifCamera(OnvifEndpoint):
    """One camera; implements :class:`yanshou.drivers.capabilities.Camera`.

    Options of the connection: path, tls, tls_verify, timeout_s, rtsp_port, transport (auto, tcp, udp).
    """

    def declared_stream(self) -> StreamDeclaration:
        """The media profile with the largest picture, as the camera declares it."""
        media = self.onvif.service("media")
        profiles = [profile for profile in media.GetProfiles() or [] if _encoder(profile) is not None]
        if not profiles:
            raise RigFault("the camera lists no profile with a video encoder.", device=self.device.id)
        chosen = max(profiles, key=_pixels)
        uri = media.GetStreamUri(StreamSetup=dict(RTP_UNICAST), ProfileToken=chosen.token)
        return _declaration(chosen, str(uri.Uri))

    def snapshot(self) -> bytes:
        """A JPEG of the current view; of a key frame's luma when the camera offers no snapshot."""
        try:
            uri = self.onvif.service("media").GetSnapshotUri(ProfileToken=self.declared_stream().profile)
        except SoapFault as fault:
            if fault.refused:
                raise
            self.note(f"no snapshot ({fault.what}); the luma of a key frame was taken")
            return self._snapshot_of_stream()
        picture = self.onvif.download(str(uri.Uri)).content
        if not picture.startswith(b"\xff\xd8"):
            raise RigFault("the snapshot is no JPEG.", device=self.device.id)
        return picture

    def _snapshot_of_stream(self) -> bytes:
        capture = self.capture(0.5, pictures=1)
        if not capture.pictures:
            raise RigFault("no key frame could be decoded for a snapshot.", device=self.device.id)
        done, jpeg = cv2.imencode(".jpg", np.asarray(capture.pictures[0][1]))
        if not done:
            raise RigFault("the key frame could not be written as JPEG.", device=self.device.id)
        return bytes(jpeg.tobytes())

    def capture(self, seconds: float, *, pictures: int = 0, key_frames_only: bool = True) -> StreamCapture:
        """One live session, ``seconds`` from its first frame; decoding comes after the last packet.

        ``width`` and ``height`` are the bitstream's own, 0 when nothing could be decoded (``stopped_early``
        then says so).  ``key`` means an IDR (H.264) or IRAP (H.265) picture.  RigFault when no frame came.
        """
        stream = self.declared_stream()
        with self.rtsp(stream.uri) as session:
            track = session.setup()
            before = now()
            session.play()
            started = Instant(before, now())
            taken = _Taken(max(1, pictures), key_frames_only=key_frames_only)
            stopped = taken.run(session, seconds)
            ended = Instant(taken.last_arrival, now())
            if not taken.stamps:
                raise RigFault(
                    f"the stream was opened, but no picture came ({stopped or 'nothing was sent'}).",
                    device=self.device.id,
                )
        return _capture(track, taken, started, ended, stopped, pictures)


class _Taken:
    """Stamps of all frames of a session and the access units that will be decoded, bounded in bytes."""

    def __init__(self, wanted: int, *, key_frames_only: bool) -> None:
        self.stamps: list[FrameStamp] = []
        self.units: list[tuple[int, AccessUnit]] = []
        self.last_arrival = now()
        self._wanted = wanted
        self._key_only = key_frames_only
        self._bytes = 0

    def run(self, session: RtspSession, seconds: float) -> str:
        """Receive until ``seconds`` after the first frame; why it stopped before that, in words."""
        opened = now()

        def until() -> float:
            return (self.stamps[0].arrival if self.stamps else opened + 2 * _IDLE_S) + seconds

        for unit in session.frames(until, idle_s=_IDLE_S):
            if unit.arrival <= until():
                self._take(unit)
        if not self.stamps:
            return session.ended or f"silence for {now() - opened:.1f} s"
        return self._why(session, until(), now())

    def _why(self, session: RtspSession, until: float, stopped: float) -> str:
        """A stream that is silent at the end of the session stopped, however short the silence was asked."""
        if session.ended and stopped < until - _SETTLE_S:
            return f"{session.ended}, {until - stopped:.1f} s before the asked end"
        silence = min(stopped, until) - self.last_arrival
        return f"silence for the last {silence:.1f} s" if silence >= _SILENCE_S else ""

    def _take(self, unit: AccessUnit) -> None:
        index = len(self.stamps)
        self.last_arrival = unit.arrival
        self.stamps.append(FrameStamp(unit.rtp_ticks, unit.arrival, unit.key, unit.size, unit.complete))
        following = bool(self.units) and not self._key_only
        fits = len(self.units) < self._wanted and self._bytes + unit.size <= _KEEP_BYTES
        if unit.complete and fits and (unit.key or following):
            self.units.append((index, unit))
            self._bytes += unit.size


def _capture(
    track: Track, taken: _Taken, started: Instant, ended: Instant, stopped: str, pictures: int
) -> StreamCapture:
    decoded = decode(track.codec, taken.units, parameter_sets=track.media.parameter_sets)
    if not decoded:
        stopped = "; ".join(part for part in (stopped, "no key frame could be decoded") if part)
    width, height = (decoded[0].width, decoded[0].height) if decoded else (0, 0)
    return StreamCapture(
        codec=track.codec,
        width=width,
        height=height,
        clock_rate=track.media.clock_rate,
        frames=taken.stamps,
        pictures=[(picture.index, picture.luma) for picture in decoded[:pictures]],
        packets=track.sequencer.received,
        lost=track.sequencer.lost,
        started=started,
        ended=ended,
        stopped_early=stopped,
        qp=_mean_qp(decoded),
    )


def _mean_qp(decoded: list[Decoded]) -> float | None:
    told = [picture.qp for picture in decoded if picture.qp is not None]
    return sum(told) / len(told) if told else None


def _encoder(profile: Any) -> Any:
    encoder = getattr(profile, "VideoEncoderConfiguration", None)
    return encoder if encoder is not None and encoder.Resolution is not None else None


def _pixels(profile: Any) -> int:
    size = _encoder(profile).Resolution
    return int(size.Width or 0) * int(size.Height or 0)


def _declaration(profile: Any, uri: str) -> StreamDeclaration:
    encoder = _encoder(profile)
    control = encoder.RateControl
    return StreamDeclaration(
        profile=str(profile.token),
        codec=_CODECS.get(str(encoder.Encoding), str(encoder.Encoding).lower()),
        width=int(encoder.Resolution.Width or 0),
        height=int(encoder.Resolution.Height or 0),
        frame_rate=_number(getattr(control, "FrameRateLimit", None)),
        bitrate_kbps=_number(getattr(control, "BitrateLimit", None)),
        uri=uri,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
