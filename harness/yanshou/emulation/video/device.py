# SPDX-License-Identifier: Apache-2.0
"""One emulated camera or recorder: what it is, what it shows, and its clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from yanshou.emulation.video.archive import FootageLine
from yanshou.emulation.video.chart import Optics
from yanshou.emulation.video.coding import FPS, GOP, CodedLoop, ParameterSets, coded_loop, snapshot
from yanshou.emulation.video.digest import DigestAccount
from yanshou.emulation.video.faults import DAY_S, Behaviour, StreamTruth
from yanshou.emulation.video.grain import Grain
from yanshou.emulation.video.live import LivePictures, parameter_sets
from yanshou.emulation.video.osd import OsdStyle
from yanshou.emulation.video.pan_head import PanHead
from yanshou.emulation.video.rtp import LARGEST
from yanshou.emulation.video.scene import Scene
from yanshou.emulation.video.spoil import Spoil
from yanshou.emulation.video.timecode import CodeScreen
from yanshou.model.site import Device, DeviceKind

if TYPE_CHECKING:
    from yanshou.emulation.video.pull_points import PullPoint
    from yanshou.emulation.video.searches import ArchiveSearch

DECLARED_SIZE = (1280, 720)
"""Width and height in px that a camera declares, but for one of ``picture_format = CIF``."""

_CIF = (352, 288)


class Lamp:
    """An LED in view of a camera, switched by a relay of the bench from another thread."""

    def __init__(self) -> None:
        self._changes: list[tuple[float, bool]] = [(float("-inf"), False)]

    def switched(self, energised: bool, t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        """Note that the relay changed at ``t``."""
        self._changes.append((t, energised))

    def lit(self, t: float) -> bool:
        """Whether it was lit at ``t``."""
        return next(on for since, on in reversed(self._changes) if since <= t)


@dataclass(frozen=True, slots=True)
class Channel:
    """A camera as seen by a device that streams it: by itself, or by its recorder.

    ``head``: what turns its live view, of a camera that can be commanded.
    """

    camera: Device
    behaviour: Behaviour
    time_zone: str = "UTC"
    lamp: Lamp | None = None
    head: PanHead | None = None

    @property
    def token(self) -> str:
        """The camera's identifier, also its token in ONVIF."""
        return self.camera.id

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px of what a faultless one sends."""
        return _CIF if self.camera.attributes.get("picture_format") == "CIF" else DECLARED_SIZE

    @property
    def scene(self) -> Scene:
        """What is really seen, faults included."""
        behaviour, attributes = self.behaviour, self.camera.attributes
        spoil = Spoil(
            noise=behaviour.picture_noise,
            stripes=behaviour.picture_stripes,
            gain=behaviour.picture_gain,
            cast=behaviour.picture_cast,
            cover=behaviour.picture_cover,
            moved=behaviour.view_moved,
            no_signal=behaviour.no_signal,
        )
        optics = Optics(
            distortion=behaviour.distortion,
            sharpen=behaviour.sharpen,
            crush=behaviour.grey_crush,
            vignette=behaviour.vignette,
            corner_blur_px=behaviour.corner_blur,
            fine_sharpen=behaviour.fine_sharpen,
            white_cut=behaviour.white_cut,
            knee=behaviour.knee,
            comb=behaviour.comb,
            ghost=behaviour.ghost,
            glare=behaviour.glare,
            light_bands=behaviour.light_bands,
            red_cut=behaviour.red_cut,
        )
        scene = Scene(
            self.camera.id,
            attributes.get("chart") == "slanted_edge",
            *self.size,
            behaviour.blur,
            spoil,
            noise=float(str(attributes.get("sensor_noise", 0.0))),
            optics=optics,
            # if a lamp may change at any time, every picture is coded by itself
            gop=int(str(attributes.get("gop", GOP))) if self.lamp is None else 1,
            qp=behaviour.quantiser,
            blown_up=behaviour.blown_up,
            twice=behaviour.sent_twice,
            lamp=None if self.lamp is None else False,
            fed=attributes.get("encoder_input") is True,
        )
        return scene.sized(behaviour.resolution)

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """All possible views: the scene, and its variants by a lamp or a change of size."""
        found = [self.scene]
        if self.lamp is not None:
            found.append(replace(self.scene, lamp=True))
        if self.behaviour.change_resolution is not None:
            found.append(self.halved)
        return tuple(found)

    @property
    def halved(self) -> Scene:
        """The scene in half its width and height."""
        return self.scene.sized((self.scene.width // 2, self.scene.height // 2))

    @property
    def codec(self) -> str:
        """``h264``, or ``h265`` by the attribute of the camera."""
        return str(self.camera.attributes.get("codec", "H.264")).lower().replace(".", "")

    @property
    def largest_payload(self) -> int:
        """Bytes of an RTP payload at most, by the attribute ``packet_bytes`` of the camera."""
        stated = self.camera.attributes.get("packet_bytes")
        return stated if isinstance(stated, int) else LARGEST

    @property
    def loop(self) -> CodedLoop:
        """The coded pictures; coded at the first call."""
        return coded_loop(self.scene, self.codec)

    def seen(self, t: float) -> CodedLoop:
        """The coded pictures of what was in view at ``t`` (perf_counter)."""
        if self.lamp is None or self.behaviour.led_dead:
            return self.loop
        return coded_loop(replace(self.scene, lamp=self.lamp.lit(t)), self.codec)

    @property
    def sets(self) -> ParameterSets:
        """Parameter sets of what is sent live."""
        if self.head is not None:
            return parameter_sets(self.scene, self.codec)
        return parameter_sets(self.scene) if self.display or self.screen else self.loop.sets

    @property
    def display(self) -> OsdStyle | None:
        """The text written into the picture; None without the attribute ``osd`` (the camera's shown name)."""
        name = self.camera.attributes.get("osd")
        if name is None:
            return None
        behaviour = self.behaviour
        return OsdStyle(
            name=behaviour.osd_name if behaviour.osd_name is not None else str(name),
            time_zone=self.time_zone,
            ahead=behaviour.osd_clock_ahead,
            with_clock=not behaviour.osd_no_clock,
            stands=behaviour.osd_clock_stands,
        )

    @property
    def screen(self) -> CodeScreen | None:
        """The laptop with the time code in view; None without the attribute ``timecode``."""
        there = self.camera.attributes.get("timecode")
        return CodeScreen(self.behaviour.clock_offset) if there else None

    def live(self) -> LivePictures | None:
        """The pictures of one live session, where they tell the time or can be turned."""
        display, screen = self.display, self.screen
        if self.head is not None:
            return LivePictures(self.scene, display, screen, head=self.head, codec=self.codec)
        return LivePictures(self.scene, display, screen) if display or screen else None

    def snapshot(self, utc: float) -> bytes:
        """A JPEG of what is seen at ``utc`` of the device's clock."""
        live = self.live()
        return live.snapshot(utc) if live else snapshot(self.scene)

    @property
    def fps(self) -> float:
        """Frames per second really sent."""
        return self.behaviour.fps or self.behaviour.nominal_stamps or float(FPS)


@dataclass(slots=True)
class Recording:
    """What a recorder keeps of one camera.  ``footage`` is the channel whose pictures are replayed."""

    channel: Channel
    line: FootageLine
    behaviour: Behaviour
    footage: Channel

    @property
    def token(self) -> str:
        """Recording token."""
        return f"REC-{self.channel.token}"

    @property
    def track(self) -> str:
        """Track token."""
        return f"VIDEO-{self.channel.token}"

    @property
    def track_type(self) -> str:
        """What its track holds, in the words of ONVIF."""
        return "Audio" if self.behaviour.sound_only else "Video"

    @property
    def sets(self) -> ParameterSets:
        """Parameter sets of what is replayed, as the session is described."""
        return parameter_sets(self.footage.scene, self.footage.codec)

    @property
    def grain(self) -> Grain:
        """The noise in the recorded pictures, by which one day differs from another."""
        one_day = self.behaviour.footage_recoded is not None
        return Grain(self.footage.token, DAY_S if one_day else self.behaviour.footage_repeats)

    def pictures(self, labelled_ahead: float, begin: float) -> LivePictures:
        """The pictures of one replay from Unix time ``begin``: the camera's own, of when it was recorded.

        ``labelled_ahead`` is by how many seconds the recorder labels ahead of UTC.  A clock that stands in
        the live picture went when this was recorded.
        """
        display, footage = self.footage.display, self.footage
        if display is not None:
            ahead = display.ahead + footage.behaviour.clock_offset - labelled_ahead
            display = replace(display, ahead=ahead + self.behaviour.footage_osd_ahead, stands=None)
        again = self.behaviour.footage_recoded
        quantiser = None if again is None else again + int(begin // DAY_S) % 3
        return LivePictures(
            footage.scene, display, grain=self.grain, codec=footage.codec, quantiser=quantiser
        )

    @property
    def job(self) -> str:
        """Token of the job that records on alarm."""
        return f"JOB-ALARM-{self.channel.token}"


@dataclass(slots=True)
class EmulatedDevice:
    """State of one device while it runs.  Ports are those really bound."""

    device: Device
    behaviour: Behaviour
    credentials: DigestAccount
    channels: Mapping[str, Channel]
    recordings: dict[str, Recording]
    truth: StreamTruth
    alarm_recording: Callable[[str], bool]
    time_zone: str
    host: str = "127.0.0.1"
    http_port: int = 0
    rtsp_port: int = 0
    searches: dict[str, ArchiveSearch] = field(default_factory=dict)
    pull_points: dict[str, PullPoint] = field(default_factory=dict)
    search_expired: bool = False
    replays: int = 0
    sessions: int = 0  # RTSP sessions that are set up
    stopped: Callable[[], bool] = lambda: False

    @property
    def id(self) -> str:
        """Identifier in the site."""
        return self.device.id

    @property
    def is_recorder(self) -> bool:
        """Whether it is a recorder with recording services that answer."""
        return self.device.kind is DeviceKind.RECORDER and not self.behaviour.no_recording_service

    @property
    def serial(self) -> str:
        """Serial number, the same in every run."""
        return uuid.uuid5(uuid.NAMESPACE_DNS, self.id).hex[:12].upper()

    def now(self) -> float:
        """Unix seconds by the device's own clock."""
        return time.time() + self.behaviour.clock_offset

    def recorded_now(self) -> float:
        """Unix seconds with which the device labels what it records now."""
        return time.time() + self.labelled_ahead

    @property
    def labelled_ahead(self) -> float:
        """Seconds by which the time on its recordings is ahead of UTC."""
        return self.behaviour.clock_offset + self.behaviour.label_shift

    def http_address(self, path: str) -> str:
        """URL of a path of the SOAP and snapshot server."""
        return f"http://{self.host}:{self.http_port}/{quote(path)}"

    def rtsp_address(self, path: str) -> str:
        """URL of a path of the RTSP server."""
        return f"rtsp://{self.host}:{self.rtsp_port}/{quote(path)}"

    def job_active(self, camera: str) -> bool:
        """Whether the alarm recording of a camera is active; with a wrong channel, that of another camera."""
        if self.behaviour.wrong_channel is None:
            return self.alarm_recording(camera)
        return any(
            self.alarm_recording(asked) for asked in self.channels if self._started_for(asked) == camera
        )

    def _started_for(self, asked: str) -> str:
        """The camera that is really recorded when ``asked`` is wanted."""
        order = list(self.channels)
        named = self.behaviour.wrong_channel
        return named if named in order else order[(order.index(asked) + 1) % len(order)]
