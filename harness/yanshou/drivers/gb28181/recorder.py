# SPDX-License-Identifier: Apache-2.0
"""A recorder or sub-platform by GB/T 28181: what it lists by RecordInfo, and what it plays (9.7, 9.8)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Final

from yanshou.acquisition.media import KEEP_ALL
from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.acquisition.sip_platform import SipGathered
from yanshou.drivers.gb28181.addresses import GbAddress, is_gb28181
from yanshou.drivers.gb28181.call import CallRefused, ChannelLine, PlayedCall, Wanted
from yanshou.drivers.gb28181.camera import WAYS, GbEndpoint
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.drivers.rest_of_list import Span, ask_for_rest
from yanshou.drivers.stream.taken import TakenFrames
from yanshou.evaluation.gb_records import RecordList, read_records
from yanshou.metrology.own_loss import own_loss
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.recording import Playback, RecordedChannel, RecordingSummary, TamperResult
from yanshou.protocols.gb28181.media_offer import CallKind, MediaWay

QUERY_D: Final = 31.0
"""Days of one RecordInfo: a list of a year is more than recorders answer at once."""
_IDLE_S: Final = 2.0
_FIRST_S: Final = 10.0
_NOT_FOUND: Final = 404
_ENOUGH_KEYS: Final = 2
_KEEP_BYTES: Final = 256 * 1024 * 1024
_UDP: Final = '用空闲的计算机再测，或在其连接中写 transport = "tcp"。'
_TOO_MANY_PAGES: Final = "录像检索每次只列出一部分，分段过多"
_NO_CODE: Final = "工程文件没有它的通道编码，未查询"


class GbRecorder(GbEndpoint):
    """One recorder; implements :class:`yanshou.drivers.capabilities.Recorder`.

    Listed are the cameras that the site file has behind it. Its frames carry no UTC: only the clock in the
    picture proves their time. ``without_segments`` stays empty.
    """

    without_segments: set[str]

    def __init__(self, platform: SitePlatform, device: Device) -> None:
        super().__init__(platform, device)
        self.without_segments = set()

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        """The recordings of each camera behind it in [start, end); what cannot be read makes it unclear."""
        found = []
        for camera in self._cameras():
            if is_gb28181(camera):
                found.append(self._listed(self._site.address(camera), start, end))
            else:
                found.append(RecordedChannel("", camera.id, camera.name, (), None, None, unclear=_NO_CODE))
        return found

    def _cameras(self) -> list[Device]:
        return [one for one in self._site.site.devices.values() if one.parent == self.device.id]

    def address_of(self, camera: Device) -> GbAddress:
        """How a camera behind it is asked about."""
        return self._site.address(camera)

    def query(self, address: GbAddress, start: datetime, end: datetime, kind: str = "all") -> SipGathered:
        """One RecordInfo of a channel, in the recorder's local time to whole seconds."""
        fields = {
            "StartTime": self._local(start),
            "EndTime": self._local(end),
            "Secrecy": "0",
            "Type": kind,  # some recorders answer nothing without it
        }
        self.await_line()
        return self._line.platform.ask(
            address.registrant.id,
            "RecordInfo",
            address.channel,
            fields,
            idle_s=self._site.idle_s,
            total_s=self._site.query_s,
        )

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).replace(tzinfo=None).isoformat(timespec="seconds")

    def _listed(self, address: GbAddress, start: datetime, end: datetime) -> RecordedChannel:
        """All pieces of the range, each asked for by itself."""
        whole = RecordList()
        at = start
        while at < end and not whole.unclear:
            until = min(end, at + timedelta(days=QUERY_D))
            whole = whole.joined(self._pages(address, at, until))
            at = until
        if whole.unclear:
            self.note(f"{address.device.id}：{whole.unclear}")
        segments, seams = whole.held(start, end)
        return RecordedChannel(
            address.channel,
            address.device.id,
            address.device.name,
            segments,
            segments[0].start if segments else None,
            segments[-1].end if segments else None,
            unclear=whole.unclear,
            seams=seams,
        )

    def _pages(self, address: GbAddress, start: datetime, end: datetime) -> RecordList:
        """What it lists of [start, end), asked again for the time beside that while this brings more.

        Some recorders list so many files at the most, and state the number of these as that of all.
        """
        found = RecordList()

        def ask(span: Span) -> Span | None:
            nonlocal found
            more = read_records(self.query(address, *span), address.channel, self.zone)
            new = set(more.periods) - set(found.periods)
            found = found.joined(more)
            return more.extent(*span) if new else None

        if not ask_for_rest(ask, [(start, end)]):
            return RecordList(unclear=_TOO_MANY_PAGES)
        return found

    def summary(self) -> RecordingSummary | None:
        """None: GB/T 28181 has no summary of recordings."""
        return None

    def play(
        self,
        channel: RecordedChannel,
        at: datetime,
        seconds: float = 2.0,
        *,
        intra: bool = True,
        paced: bool = False,  # noqa: ARG002 - a playback comes at the recorded speed
    ) -> Playback:
        """Play [at, at + seconds) by INVITE Playback and decode it; ``intra``: two key frames are enough.

        ``refused`` says in words that nothing is there. Raises RigFault if the recorder cannot be asked, or
        if this computer threw packets away itself and that may change the result.
        """
        commanded = now()
        with self.playback(channel, at, at + timedelta(seconds=seconds), seconds=seconds) as call:
            try:
                call.open()
            except CallRefused as refusal:
                if refusal.status != _NOT_FOUND:
                    raise
                return Playback(at, 0, 0, None, None, refused=refusal.what)
            if intra:
                _two_keys(call)
            call.finish()
        return _played(call, at, commanded, intra=intra)

    def playback(
        self,
        channel: RecordedChannel,
        start: datetime,
        end: datetime,
        *,
        seconds: float,
        idle_s: float = _IDLE_S,
    ) -> PlayedCall:
        """A playback of [start, end), received for ``seconds``; not opened yet."""
        return self._called(channel, (start, end), 0, seconds=seconds, idle_s=idle_s)

    def download(
        self,
        channel: RecordedChannel,
        start: datetime,
        end: datetime,
        *,
        speed: int,
        seconds: float,
        idle_s: float = _IDLE_S,
    ) -> PlayedCall:
        """A download of [start, end) at ``speed``, received for ``seconds``; not opened yet."""
        return self._called(channel, (start, end), speed, seconds=seconds, idle_s=idle_s)

    def _called(
        self,
        channel: RecordedChannel,
        span: tuple[datetime, datetime],
        speed: int,
        *,
        seconds: float,
        idle_s: float,
    ) -> PlayedCall:
        """A playback, or with a ``speed`` a download."""
        self.await_line()
        camera = next((one for one in self._cameras() if one.id == channel.source), self.device)
        address = self._site.address(camera)
        wanted = Wanted(
            CallKind.DOWNLOAD if speed else CallKind.PLAYBACK,
            WAYS.get(address.transport, MediaWay.UDP),
            math.floor(span[0].timestamp()),
            math.ceil(span[1].timestamp()),
            speed,
        )
        line = ChannelLine(self._line.platform, self._line.own, address)
        return PlayedCall(
            line,
            wanted,
            seconds=seconds,
            first_s=_FIRST_S,
            idle_s=idle_s,
            keep=KEEP_ALL,
            keep_bytes=_KEEP_BYTES,
        )

    def tamper(self, channel: RecordedChannel) -> dict[str, TamperResult]:  # noqa: ARG002 - as a recorder has it
        """Nothing: GB/T 28181 has no command that alters or deletes a recording."""
        return {}

    def is_recording(self, source: str) -> bool:
        """RigFault: over this wire a recording that an alarm began cannot be told from any other."""
        raise RigFault(
            f"GB/T 28181 does not tell whether an alarm recording of {source} is active.",
            device=self.device.id,
            remedy="Let a person watch the recording (observed_by=person).",
            final=True,
        )

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None:  # noqa: ARG002
        """RigFault, as ``is_recording``."""
        self.is_recording(source)
        return None


def _two_keys(call: PlayedCall) -> None:
    """Wait until two whole key frames have come, or the call is over; then end it."""
    keys = 0
    for frame in call.live():
        keys += frame.key and frame.complete
        if keys >= _ENOUGH_KEYS:
            call.stop_early()
            return


def _played(call: PlayedCall, at: datetime, commanded: float, *, intra: bool) -> Playback:
    taken, ended = TakenFrames[ReceivedFrame](), call.ended
    codec = str(ended["codec"])
    for frame in call.frames:
        taken.take(frame)
    begun, clock_rate = now(), int(call.opened["clock_rate"])
    seen = taken.seen(codec, clock_rate, intra=intra)
    first, last = seen.first, seen.last
    transport = str(call.opened["transport"])
    lost = own_loss(transport, int(ended["lost"]), ended["dropped_here"], int(ended["missed_here"]))
    if lost and not (first and intra):
        raise RigFault(f"{lost}。", device=call.order.device, remedy=_UDP)
    why = ended["stopped"] or "no packet came"
    spent = (now() - begun) / max(1, seen.decoded)
    return Playback(
        asked=at.astimezone(UTC),
        frames=taken.count,
        decoded=seen.decoded,
        first=None,
        last=None,
        picture=first.luma if first else None,
        refused="" if taken.count else f"INVITE Playback was accepted, but no picture came ({why}).",
        frames_played=tuple(taken.frames_played),
        clock_rate=clock_rate,
        commanded=Instant(commanded, commanded),
        shown=taken.shown(first, spent, float(ended["late"])),
        sha256=taken.sha256,
        qp=first.qp if first else None,
        distinct=seen.distinct,
        between=seen.between,
        later=last.luma if last else None,
        damaged=seen.damaged,
    )
