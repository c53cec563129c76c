# SPDX-License-Identifier: Apache-2.0
"""One call to a channel: INVITE, its media in a reception process, control by INFO, BYE.

A 200 to INVITE proves nothing: what counts is what the reception process took and what decodes of it.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from yanshou.acquisition.media import CallOrder, StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.acquisition.sip_platform import ReceivedSip, SipAnswer, SipEvent, SipPlatform
from yanshou.drivers.gb28181.addresses import GbAddress
from yanshou.model import Instant, OwnPlatform, RigFault, now
from yanshou.model.call import CallFacts, Container, ContainerOddity, ContainerStream
from yanshou.protocols.gb28181.mansrtsp import MANSRTSP
from yanshou.protocols.gb28181.media_offer import (
    H265_TYPE,
    PS_TYPE,
    SDP,
    CallKind,
    MediaAnswer,
    MediaOffer,
    MediaWay,
    read_answer,
    ssrc_of,
)

PATIENCE_S: Final = 20.0
"""How long an answer to INVITE is waited for: recorders search their disks first."""
BYE_S: Final = 4.0
QUIET_S: Final = 1.0
"""After the answer to BYE packets may still be under way for so long."""
_POLL_S: Final = 0.05
_NUMBERS: Final = itertools.count(1)


class CallRefused(RigFault):
    """The device did not accept the call; ``status`` is that of its answer, 0 for none."""

    def __init__(self, what: str, *, device: str, status: int, answer: SipAnswer | None = None) -> None:
        super().__init__(
            what, device=device, remedy="See the answer in the journal; try the channel by hand."
        )
        self.status, self.answer = status, answer


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How a channel is called: the platform, as it names itself, and the address of the channel."""

    platform: SipPlatform
    own: OwnPlatform
    address: GbAddress

    def registered_peer(self) -> str | None:
        """The host that the registrant last registered from; None if it is not registered."""
        kinds = [SipEvent.REGISTERED.value, SipEvent.UNREGISTERED.value, SipEvent.EXPIRED.value]
        came = self.platform.received(0, {"device": self.address.registrant.id, "kind": kinds})
        if not came or came[-1].kind is not SipEvent.REGISTERED:
            return None
        return came[-1].peer.rpartition(":")[0].strip("[]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: live or a recorded time (Unix seconds), how the media comes, download speed.

    ``refuse``: the media connections of the device are reset at once. ``h265``: without a container.
    """

    kind: CallKind = CallKind.PLAY
    way: MediaWay = MediaWay.UDP
    start: int = 0
    end: int = 0
    speed: int = 0
    refuse: bool = False
    h265: bool = False


def invite(line: ChannelLine, wanted: Wanted, port: int, ssrc: int) -> tuple[SipAnswer, MediaAnswer]:
    """INVITE with media to ``port``; CallRefused if it is not accepted."""
    offer = MediaOffer(
        wanted.kind, line.address.channel, line.own.code, line.own.host, port, ssrc, wanted.way,
        wanted.start, wanted.end, wanted.speed, wanted.h265,
    )  # fmt: skip
    answer = line.platform.request(
        line.address.registrant.id,
        "INVITE",
        line.address.channel,
        body=offer.written(),
        content_type=SDP,
        headers=[("Subject", offer.subject)],
        patience_s=PATIENCE_S,
    )
    if not answer.accepted:
        said = f"{answer.status} {answer.reason}" if answer.status else f"no answer in {PATIENCE_S:g} s"
        what = f"INVITE {wanted.kind.value}: {answer.why or said}."
        raise CallRefused(what, device=line.address.device.id, status=answer.status, answer=answer)
    return answer, read_answer(answer.body)


def in_call(line: ChannelLine, answer: SipAnswer, method: str, **how: Any) -> SipAnswer:
    """A request in the call that ``answer`` accepted; RigFault if the device is not registered any more."""
    address = line.address
    return line.platform.request(
        address.registrant.id, method, address.channel, dialog=answer, patience_s=BYE_S, **how
    )


def next_ssrc(line: ChannelLine, wanted: Wanted) -> int:
    """An SSRC that no other call of this run has."""
    return ssrc_of(line.own.code, next(_NUMBERS), history=wanted.kind is not CallKind.PLAY)


class CallReceiver(StreamReceiver):
    """A stream that is opened by a call; leaving it ends the call.

    ``open`` raises CallRefused when the device does not accept.
    """

    def __init__(self, line: ChannelLine, wanted: Wanted, **order: Any) -> None:
        self._line, self._wanted = line, wanted
        self._answer: SipAnswer | None = None
        self._media = MediaAnswer()
        self._bye: SipAnswer | None = None
        self._controls = itertools.count(2)
        self._mark = line.platform.mark()
        self.ssrc = next_ssrc(line, wanted)
        call = CallOrder(
            line.own.host, wanted.way.value, PATIENCE_S + BYE_S, line.own.media_ports, wanted.refuse
        )
        super().__init__(StreamOrder("", device=line.address.device.id, call=call, **order))

    def open(self) -> dict[str, Any]:
        """Call, and wait until the media is agreed; returns what is known of the stream by then."""
        if self._answer is None:
            self._invite(self.listening())
        super().open()
        answer = self._answer
        if answer is not None and answer.answered is not None:
            sent, answered = answer.sent.earliest, answer.answered.latest
            self.opened |= {"asked": sent, "started": [sent, answered]}
            self.opened["exchanges"] = [["INVITE", answer.status, sent, answered]]
        return self.opened

    def _invite(self, port: int) -> None:
        wanted = self._wanted
        try:
            self._answer, media = invite(self._line, wanted, port, self.ssrc)
        except CallRefused as refused:
            self._answer = refused.answer
            raise
        self._media = media
        h265 = wanted.h265 and bool(media.h265_streams or not media.program_streams)
        types = media.h265_streams or (H265_TYPE,) if h265 else media.program_streams or (PS_TYPE,)
        self.agree(self._hosts(media), types, self._ssrc, self._connect(media), h265=h265)

    @property
    def _ssrc(self) -> int:
        """The agreed source: the one the device names in its answer, else the one of the offer."""
        return self.ssrc if self._media.ssrc is None else self._media.ssrc

    def _hosts(self, media: MediaAnswer) -> list[str]:
        """Where media may come from: the address in its answer, and the one it speaks SIP from."""
        speaking = self._line.registered_peer()
        return list(dict.fromkeys(one for one in (media.host, speaking, self._line.address.host) if one))

    def _connect(self, media: MediaAnswer) -> tuple[str, int] | None:
        if self._wanted.way is not MediaWay.TCP_ACTIVE:
            return None
        if not media.host or not media.port:
            raise RigFault("its answer names no port to connect to for media.", device=self.order.device)
        return media.host, media.port

    @property
    def answer(self) -> MediaAnswer:
        """What the device described in its answer to INVITE."""
        return self._media

    def control(self, body: bytes) -> SipAnswer:
        """An INFO with MANSRTSP in the call."""
        assert self._answer is not None, "open() comes first"
        return in_call(self._line, self._answer, "INFO", body=body, content_type=MANSRTSP)

    def next_control(self) -> int:
        """The CSeq of the next MANSRTSP request."""
        return next(self._controls)

    def hang_up(self) -> SipAnswer | None:
        """BYE, once, unless the device ended the call itself; returns its answer."""
        answer = self._answer
        if answer is None or not answer.accepted or self._bye is not None or self.ended_by_device:
            return self._bye
        with contextlib.suppress(RigFault):  # it is not registered any more
            self._bye = in_call(self._line, answer, "BYE")
        return self._bye

    @property
    def ended_by_device(self) -> bool:
        """Whether the device sent BYE in this call."""
        match = {"kind": SipEvent.ENDED.value, "call": self._call}
        return bool(self._line.platform.received(self._mark, match))

    def end_reported(self, *, until: float) -> Instant | None:
        """When the device told that it has sent everything (MediaStatus 121); None: not by ``until``.

        Of those within this call the first counts (GB/T 28181 9.8, 9.9). One that is sent outside of any call
        may mean a call of the channel before this one: of those the last counts. One that belongs to another
        call counts for nothing, nor does one that another device sends.
        """
        platform, after = self._line.platform, self._mark
        match = {"device": self._line.address.registrant.id, "root": "Notify", "command": "MediaStatus"}
        while True:
            notices = [one for one in platform.received(self._mark, match) if self._ends_this(one)]
            within = [one for one in notices if one.said.get("call") == self._call]
            if notices:
                return (within[0] if within else notices[-1]).complete
            more = platform.wait(after, match, until=until)
            if more is None:
                return None
            after = more.number

    @property
    def _call(self) -> str:
        return self._answer.call if self._answer is not None else ""

    def _ends_this(self, notice: ReceivedSip) -> bool:
        """Whether a MediaStatus may tell the end of this call."""
        said, answer = notice.said, self._answer
        if answer is None or said.get("values", {}).get("NotifyType") != "121":
            return False
        if said.get("begun_here"):
            return said.get("call") == answer.call
        named = said.get("target") in {self._line.address.channel, self._line.address.code}
        return named and notice.complete.latest >= answer.sent.earliest

    def close(self) -> None:
        """End the call, and the process that receives."""
        try:
            self.hang_up()
        finally:
            super().close()

    def _finish(self, longest: float) -> None:
        super()._finish(longest)
        facts = self.ended["facts"]
        self.opened["described"] = facts["mapped"] or facts["shown"]
        if self.ended_by_device:
            self.ended["stopped"] = self.ended["stopped"] or "the device ended the call (BYE)"

    def call_facts(self) -> CallFacts:
        """What the call showed beside its pictures, as far as it went."""
        answer, bye = self._answer, self._bye
        facts: Mapping[str, Any] = self.ended.get("facts") or {}
        quiet = (bye.answered or bye.sent).latest + QUIET_S if bye is not None else None
        after = int((self.packets["arrival"] > quiet).sum()) if quiet is not None else 0
        return CallFacts(
            status=answer.status if answer else 0,
            reason=answer.reason if answer else "",
            invited=answer.sent if answer else Instant(now(), now()),
            answered=answer.answered if answer else None,
            way=self._wanted.way.value,
            offered_ssrc=self.ssrc,
            answered_ssrc=self._media.ssrc,
            agreed_types=self._media.program_streams,
            flaws=self._media.flaws,
            sources={int(one): count for one, count in facts.get("sources", {}).items()},
            types={int(one): count for one, count in facts.get("types", {}).items()},
            strangers=facts.get("strangers", {}),
            set_aside=int(self.ended.get("foreign", 0)),
            container=_container(facts) if facts else None,
            bye=bye.status if bye else None,
            bye_at=bye.answered if bye else None,
            after_bye=after,
            connections=tuple(facts.get("connections", ())),
            ended_by_device=self.ended_by_device,
            media_status=self.end_reported(until=now()) is not None,
        )


class PlayedCall(CallReceiver):
    """A playback: received for some seconds, or until what is wanted has come."""

    def __init__(self, line: ChannelLine, wanted: Wanted, **order: Any) -> None:
        super().__init__(line, wanted, **order)
        self._stopped = False

    def stop_early(self) -> None:
        """End it now; what arrived is kept."""
        self._stopped = True
        self.hang_up()
        self.stop()

    def finish(self) -> None:
        """Wait until the ordered seconds are over, unless it was ended."""
        if not self._stopped:
            super().finish()


class EndedCall(CallReceiver):
    """A call that is ended by BYE after some seconds of pictures, and watched on for ``watch_s``."""

    def __init__(
        self, line: ChannelLine, wanted: Wanted, *, seconds: float, watch_s: float, **order: Any
    ) -> None:
        super().__init__(line, wanted, seconds=seconds + BYE_S + watch_s, idle_s=watch_s, **order)
        self._pictures_s, self._watch_s = seconds, watch_s

    def finish(self) -> None:
        """Wait for the pictures, say BYE, and wait until nothing more comes, or the watch is over."""
        first = None
        for frame in self.live():
            first = frame.arrival if first is None else first
            if frame.arrival > first + self._pictures_s:
                break
        self.hang_up()
        until = now() + self._watch_s
        while not self.ended and now() < until:
            time.sleep(_POLL_S)
        if self.ended:
            super().finish()
        else:
            self.stop()


def _container(facts: Mapping[str, Any]) -> Container:
    return Container(
        packs=facts["packs"],
        system_headers=facts["system_headers"],
        maps=facts["maps"],
        streams={int(one): ContainerStream(*said) for one, said in facts["streams"].items()},
        video=facts["video_stream"],
        mapped=facts["mapped"],
        shown=facts["shown"],
        stamps_judged=facts["stamps_judged"],
        oddities=tuple(ContainerOddity(*one) for one in facts["oddities"]),
    )
