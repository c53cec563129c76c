# SPDX-License-Identifier: Apache-2.0
"""INVITE, ACK, INFO and BYE at an emulated device, and the media they start (GB/T 28181 9.2, 9.8)."""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
from dataclasses import dataclass, field

from yanshou.emulation.gb28181.agent import T1_S, T2_S, Dialogue, SipAgent, answering
from yanshou.emulation.gb28181.answers import QueryAnswers
from yanshou.emulation.gb28181.channels import GbChannel, GbState, stream_numbers
from yanshou.emulation.gb28181.manscdp_text import MANSCDP
from yanshou.emulation.gb28181.media_out import RECONNECT_S, DatagramMedia, FramedMedia, open_datagrams
from yanshou.emulation.gb28181.offer import SDP, InviteAnswer, InviteOffer, read_offer, written_answer
from yanshou.emulation.gb28181.packing import VIDEO, PackingDefects, PsPacking
from yanshou.emulation.gb28181.playback import GbPlayback
from yanshou.emulation.gb28181.sip_text import HeardSip, answered, tag_of, token
from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.faults import Behaviour
from yanshou.emulation.video.rtp import RtpSource
from yanshou.emulation.video.sending import ElementaryPacking, Packing, send_live
from yanshou.emulation.video.streaming import Outlet
from yanshou.emulation.video.transports import PlantedLoss

ENDED = "121"
"""NotifyType of MediaStatus: the recording is sent to its end."""
_ACK_S = 32.0
_OTHER_CARD = "127.0.0.2"
_TS_TYPE, _ODD_TYPE = 33, 100


class PairedStamps(RtpSource):
    """A source that gives two frames in a row the same time stamp."""

    def timestamp(self, media_s: float) -> int:
        """The time stamp of the frame, or of the one before."""
        pair = 2 / FPS
        return RtpSource.timestamp(self, math.floor(media_s / pair + 1e-6) * pair)


@dataclass(slots=True)
class GbCall:
    """One call: what was agreed, and the media while it runs."""

    dialogue: Dialogue
    channel: GbChannel
    offer: InviteOffer
    media: DatagramMedia | FramedMedia
    answer: bytes
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    playback: GbPlayback | None = None
    task: asyncio.Task[None] | None = None


class GbCalls:
    """The calls of one device, by their Call-ID."""

    def __init__(self, agent: SipAgent, state: GbState, answers: QueryAnswers) -> None:
        self._agent, self._state, self._faults = agent, state, state.faults
        self._answers = answers
        self._calls: dict[str, GbCall] = {}
        self._closed = False

    async def close(self) -> None:
        """End every call without a word."""
        self._closed = True
        ended, self._calls = list(self._calls.values()), {}
        tasks = [call.task for call in ended if call.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for call in ended:
            call.media.close()

    async def invited(self, asked: HeardSip) -> None:
        """Answer INVITE; one that comes again gets the same answer again."""
        known = self._calls.get(asked.header("call-id"))
        if known is not None:
            self._agent.send(known.answer)
            return
        tag = token()
        self._agent.send(answered(asked, 100, "Trying", tag))
        offer, channel = read_offer(asked.body), self._state.channels.get(asked.target)
        status, reason = self._ruling(offer, channel)
        if status:
            self._agent.send(answered(asked, status, reason, tag))
            return
        assert offer is not None
        assert channel is not None
        media = await self._open(offer, channel)
        if media is None:
            self._agent.send(answered(asked, 488, "Not Acceptable Here", tag))
            return
        if self._closed:  # it ended while the ports were opened
            media.close()
            return
        sdp = written_answer(offer, self._answer(channel, media))
        body = b"" if self._faults.habit("no_description", channel.device) else sdp
        extra = [self._agent.contact_header(channel.code), *([SDP] if body else [])]
        data = answered(asked, 200, "OK", tag, extra, body)
        call = GbCall(answering(asked, tag), channel, offer, media, data)
        self._calls[call.dialogue.call] = call
        call.task = asyncio.ensure_future(self._serve(call))

    def _ruling(self, offer: InviteOffer | None, channel: GbChannel | None) -> tuple[int, str]:
        """Status and reason of a refusal; 0 for none."""
        if offer is None:
            return 400, "Bad Request"
        if channel is None:
            return 404, "Not Found"
        if self._faults.habit("wants_ssrc_last", channel.device) and not offer.orderly:
            return 415, "Unsupported Media Type"
        if channel.code in self._state.off or self._faults.has("gb_says_online", channel.device):
            return 480, "Temporarily Unavailable"
        other = channel.channel.codec != "h265" or self._faults.habit("program_streams_only", channel.device)
        if offer.h265 is not None and other:
            return 488, "Not Acceptable Here"
        if offer.kind != "Play":
            kept, span = channel.recording, (offer.start, offer.end)
            if kept is None or not kept.line.playable(*span, self._state.now()):
                return 404, "Not Found"
        return 0, ""

    def _answer(self, channel: GbChannel, media: DatagramMedia | FramedMedia) -> InviteAnswer:
        host, port = self._agent.contact[0], media.own[1]
        return InviteAnswer(
            channel.code,
            host,
            port or 9,
            with_ssrc=not self._faults.habit("no_ssrc", channel.device),
            ssrc_in_front=self._faults.habit("ssrc_in_front", channel.device),
            format=f"v/{'/'.join(stream_numbers(channel, self._faults))}/2/a///",
        )

    async def _open(self, offer: InviteOffer, channel: GbChannel) -> DatagramMedia | FramedMedia | None:
        behaviour = channel.channel.behaviour
        loss = _loss(behaviour)
        own = _OTHER_CARD if self._faults.habit("other_card", channel.device) else self._agent.own_host
        if not offer.tcp:
            with contextlib.suppress(OSError):
                return await open_datagrams(own, (offer.host, offer.port), loss)
            return None
        again = self._faults.number("gb_reconnect", RECONNECT_S, channel.device)
        never = self._faults.has("gb_no_reconnect", channel.device)

        def report(what: str) -> None:
            self._state.truth.write(channel.device, what)

        media = FramedMedia(loss, None if never else again, report)
        if offer.active:
            await media.listen(own)
        return media

    # -- a call -------------------------------------------------------------------------------------------

    async def _serve(self, call: GbCall) -> None:
        if not await self._acknowledged(call):
            self._forget(call)
            return
        if isinstance(call.media, FramedMedia):
            if not call.offer.active:
                call.media.call((call.offer.host, call.offer.port))
            if not await call.media.ready():
                await self._hang_up(call)
                return
        outlet = Outlet(self._source(call), call.media, lambda: not _given_up(call))
        packing: Packing = self._packing(call.channel)
        if call.offer.h265 is not None:
            packing = ElementaryPacking(call.channel.channel.largest_payload)
        await asyncio.sleep(call.channel.channel.behaviour.answer_delay)
        if call.offer.kind == "Play":
            await send_live(self._state, call.channel.channel, outlet, packing)
        else:
            span = (call.offer.start, call.offer.end - self._short(call))
            call.playback = GbPlayback(self._state, call.channel, span, outlet, self._packing(call.channel))
            if call.offer.kind == "Download":
                self._hasten(call.playback, call)
            await call.playback.run()
            await self._tell_end(call)
        if _given_up(call):
            await self._hang_up(call)

    def _short(self, call: GbCall) -> float:
        """The seconds that a download leaves out at its end."""
        if call.offer.kind != "Download":
            return 0.0
        return self._faults.number("gb_download_short", 0.0, call.channel.device)

    def _hasten(self, playback: GbPlayback, call: GbCall) -> None:
        name = call.channel.device
        ignored = self._faults.has("gb_download_speed_ignored", name)
        playback.scale = 1.0 if ignored else call.offer.speed
        playback.keys_only = self._faults.has("gb_download_keys_only", name)  # else it has every frame

    async def _acknowledged(self, call: GbCall) -> bool:
        """Send the 200 until ACK comes; False if none does."""
        clock = asyncio.get_running_loop()
        until, every = clock.time() + _ACK_S, T1_S
        while clock.time() < until and not call.acknowledged.is_set():
            self._agent.send(call.answer)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(call.acknowledged.wait(), every)
            every = min(2 * every, T2_S) if self._agent.identity.transport == "udp" else _ACK_S
        return call.acknowledged.is_set()

    def _source(self, call: GbCall) -> RtpSource:
        name = call.channel.device
        offered = int(call.offer.ssrc) if call.offer.ssrc.isdecimal() else secrets.randbits(31)
        ssrc = secrets.randbits(31) if self._faults.has("gb_foreign_ssrc", name) else offered & 0xFFFFFFFF
        kind = 96 if call.offer.h265 is None else int(self._faults.number("gb_h265_type", 100, name))
        if self._faults.has("gb_transport_stream", name):
            kind = _TS_TYPE
        elif self._faults.habit("payload_type_100", name):
            kind = _ODD_TYPE
        made = PairedStamps if self._faults.has("gb_stamp_shared", name) else RtpSource
        return made(ssrc=ssrc, payload_type=kind)

    def _packing(self, channel: GbChannel) -> PsPacking:
        name = channel.device
        defects = PackingDefects(
            wrong_type=self._faults.has("gb_stream_type", name),
            main_10=self._faults.has("gb_profile", name),
            stream=int(self._faults.number("gb_stream_id", VIDEO, name)),
            map_crc=self._faults.habit("map_crc", name),
            no_map=self._faults.habit("no_map", name),
            transport_stream=self._faults.has("gb_transport_stream", name),
        )
        return PsPacking(channel.channel.largest_payload, defects)

    async def _tell_end(self, call: GbCall) -> None:
        name, code = call.channel.device, call.channel.code
        if self._faults.has("gb_no_media_status", name):
            return
        lines = [("CmdType", "MediaStatus"), ("SN", str(self._agent.number())), ("DeviceID", code)]
        body = self._answers.notice([*lines, ("NotifyType", ENDED)])
        dialogue = call.dialogue
        if not self._faults.habit("other_sender", name):
            dialogue.own = self._agent.own_header(tag_of(dialogue.own))
        self._state.truth.write(name, "media_status")
        await self._agent.ask("MESSAGE", [MANSCDP], body, within=dialogue)

    async def _hang_up(self, call: GbCall) -> None:
        self._state.truth.write(call.channel.device, "hung_up")
        self._forget(call)
        await self._agent.ask("BYE", within=call.dialogue)

    def _forget(self, call: GbCall) -> None:
        call.media.close()
        self._calls.pop(call.dialogue.call, None)

    # -- requests within a call ---------------------------------------------------------------------------

    def acknowledged(self, asked: HeardSip) -> None:
        """Take the ACK."""
        if (call := self._calls.get(asked.header("call-id"))) is not None:
            call.acknowledged.set()

    def informed(self, asked: HeardSip) -> None:
        """Carry out the MANSRTSP command of an INFO."""
        call = self._calls.get(asked.header("call-id"))
        if call is None or call.playback is None:
            self._agent.send(answered(asked, 481, "Call/Transaction Does Not Exist", token()))
            return
        self._agent.send(answered(asked, 200, "OK", token()))
        call.playback.command(asked.body.decode("utf-8", "replace"))

    def ended(self, asked: HeardSip) -> None:
        """End the call that a BYE names."""
        call = self._calls.get(asked.header("call-id"))
        if call is None:
            self._agent.send(answered(asked, 481, "Call/Transaction Does Not Exist", token()))
            return
        if self._faults.has("gb_bye_ignored", call.channel.device):
            return
        self._agent.send(answered(asked, 200, "OK", token()))
        if call.task is not None:
            call.task.cancel()
        self._forget(call)


def _given_up(call: GbCall) -> bool:
    return isinstance(call.media, FramedMedia) and call.media.given_up


def _loss(behaviour: Behaviour) -> PlantedLoss:
    return PlantedLoss(behaviour.drop, behaviour.damage, behaviour.garbage, behaviour.throttle)
