# SPDX-License-Identifier: Apache-2.0
"""A camera by GB/T 28181: its live stream by INVITE, its identity and clock by queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from zoneinfo import ZoneInfo

from yanshou.acquisition.media import KEEP_ALL
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.acquisition.sip_platform import SipGathered
from yanshou.drivers.gb28181.call import CallReceiver, ChannelLine, EndedCall, Wanted
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.drivers.stream.camera import StreamingCamera
from yanshou.evaluation.sip import device_time
from yanshou.model import Device, Instant, RigFault
from yanshou.model.reading import ClockReading
from yanshou.model.stream import SecondReading, StreamDeclaration
from yanshou.protocols.gb28181.media_offer import MediaWay
from yanshou.protocols.gb28181.stated_stream import StatedStream, of_description, of_settings

_ASK_S = 10.0
_IDENTITY = {
    "Manufacturer": "Manufacturer",
    "Model": "Model",
    "Firmware": "FirmwareVersion",
    "DeviceName": "HardwareId",
}
WAYS = {"udp": MediaWay.UDP, "auto": MediaWay.UDP, "tcp": MediaWay.TCP_PASSIVE}


class GbEndpoint:
    """What cameras and recorders share: the line they are called over, identity and clock.

    ``remarks`` collects, in words, what was missing or odd in the device's answers.
    """

    def __init__(self, platform: SitePlatform, device: Device) -> None:
        own = platform.site.own_platform
        assert own is not None, "the platform would not have opened"
        self._device, self._site = device, platform
        self._address = platform.address(device)
        self._line = ChannelLine(platform.inner, own, self._address)
        self.remarks: list[str] = []

    @property
    def device(self) -> Device:
        """The inventory line."""
        return self._device

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held open between calls."""

    def note(self, *remarks: str) -> None:
        """Note remarks, each once."""
        self.remarks += [remark for remark in dict.fromkeys(remarks) if remark not in self.remarks]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the times a device states: local time of the site."""
        return ZoneInfo(self._site.site.time_zone)

    def _ask(self, command: str, fields: dict[str, str] | None = None, **how: Any) -> SipGathered:
        address = self._address
        said = self._line.platform.ask(address.registrant.id, command, address.channel, fields, **how)
        if said.odd:
            self.note(f"{command}：{'、'.join(said.odd)}")
        return said

    def await_line(self) -> None:
        """RigFault unless what it is behind is registered."""
        registrant = self._address.registrant.id
        if self._line.registered_peer() is None:
            what = "is not registered at the bench's platform."
            raise RigFault(what, device=registrant, remedy="See its registration first.")

    def replies(self) -> bool:
        """Whether it answers a message, be it with a refusal."""
        return self._ask("DeviceStatus", total_s=_ASK_S).answered is not None

    def identity(self) -> dict[str, str]:
        """Manufacturer, model and firmware as DeviceInfo has them; empty where it does not say."""
        values = self._ask("DeviceInfo", total_s=_ASK_S).values
        said = {name: values.get(key, "") for key, name in _IDENTITY.items()}
        return {**said, "SerialNumber": self._address.channel}

    def configuration(self, kind: str) -> Mapping[str, str]:
        """What ConfigDownload says of one ConfigType, by ``group/name``; empty where it does not answer."""
        return self._ask("ConfigDownload", {"ConfigType": kind}, total_s=_ASK_S).values

    def read_clock(self) -> ClockReading:
        """DeviceTime of DeviceStatus, to whole seconds; RigFault if it states none that can be read."""
        said = self._ask("DeviceStatus", total_s=_ASK_S)
        shown = device_time(said.values.get("DeviceTime", ""), self.zone)
        if shown is None or said.first is None:
            raise RigFault(
                "its DeviceStatus states no time that can be read.",
                device=self._device.id,
                remedy="Read its clock from the picture instead.",
            )
        return ClockReading(shown, 1.0, Instant(said.sent.earliest, said.first.latest))


class GbCamera(GbEndpoint, StreamingCamera):
    """One camera; implements :class:`yanshou.drivers.capabilities.Camera`.

    It has to be registered, itself or what it is behind. ``transport`` of its connection: udp or tcp, which
    the platform then listens for.
    """

    def __init__(self, platform: SitePlatform, device: Device) -> None:
        super().__init__(platform, device)
        self._last: CallReceiver | None = None

    def declared_stream(self) -> StreamDeclaration:
        """What it states of its stream: f= of its last answer to INVITE, else VideoParamAttribute.

        Nothing where it does neither. VideoParamAttribute is asked for where the edition of 2022 is spoken.
        """
        found = of_description(self._last.answer.format if self._last is not None else "")
        if self._address.names_version:
            said = self._ask("ConfigDownload", {"ConfigType": "VideoParamAttribute"}, total_s=_ASK_S)
            main = next((one for one in said.items if one.get("StreamNumber", "0") == "0"), {})
            found = found.completed(of_settings(main))
        return StreamDeclaration(
            self._address.channel,
            found.codec,
            found.width,
            found.height,
            found.frame_rate,
            found.bitrate_kbps,
            "",
            service="GB/T 28181",
            remark="" if found != StatedStream() else "设备未声明码流参数（SDP f=、VideoParamAttribute）",
            at_least=found.at_least,
        )

    def snapshot(self) -> bytes:
        """A JPEG from the luma of a key frame."""
        return self._snapshot_of_stream()

    def second_reading(self, seconds: float) -> SecondReading:
        """A call of its own, read by FFmpeg."""
        from yanshou.drivers.gb28181.second_reader import read_by_ffmpeg  # noqa: PLC0415 - for few cameras

        self.await_line()
        return read_by_ffmpeg(self._line, WAYS.get(self._address.transport, MediaWay.UDP), seconds)

    def exchange_times(self, count: int) -> list[Instant]:
        """Sending and 200 of ``count`` DeviceStatus messages, one after the other."""
        times = []
        for _ in range(count):
            said = self._ask("DeviceStatus", total_s=_ASK_S)
            if said.answered is None:
                raise RigFault("does not answer a message.", device=self._device.id)
            times.append(Instant(said.sent.earliest, said.answered.latest))
        return times

    def throughput(self, seconds: float) -> tuple[float, int] | None:  # noqa: ARG002 - the shape of a camera
        """None: nothing can be fetched from a camera over this wire."""
        return None

    def ended_call(
        self,
        way: MediaWay,
        seconds: float,
        *,
        watch_s: float = 3.0,
        first_s: float = 10.0,
        h265: bool = False,
    ) -> EndedCall:
        """A live call of ``seconds``, ended and watched on for ``watch_s``; not opened yet.

        ``h265``: H.265 without a container is offered.
        """
        self.await_line()
        wanted = Wanted(way=way, h265=h265)
        return EndedCall(self._line, wanted, seconds=seconds, watch_s=watch_s, first_s=first_s, keep=KEEP_ALL)

    def refused_call(self, watch_s: float) -> CallReceiver:
        """A live call whose media connections are reset for ``watch_s``; not opened yet."""
        self.await_line()
        wanted = Wanted(way=MediaWay.TCP_PASSIVE, refuse=True)
        return CallReceiver(self._line, wanted, seconds=watch_s, first_s=watch_s)

    def _reception(self, *, transport: str = "", **how: Any) -> StreamReceiver:
        self.await_line()
        wanted = Wanted(way=WAYS.get(transport or self._address.transport, MediaWay.UDP))
        self._last = CallReceiver(self._line, wanted, **how)
        return self._last
