# SPDX-License-Identifier: Apache-2.0
"""One RTSP session, from DESCRIBE to TEARDOWN; every wait has a deadline."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Self

from yanshou.model import RigFault, now
from yanshou.model.newest import Newest
from yanshou.protocols.address import PORTS, NoAddress, read_address
from yanshou.protocols.credentials import Credentials
from yanshou.protocols.rtsp import sdp
from yanshou.protocols.rtsp.depacketise import Depacketiser
from yanshou.protocols.rtsp.link import Arrived, RtspLink
from yanshou.protocols.rtsp.message import (
    Interleaved,
    RtspRefused,
    RtspRequest,
    RtspResponse,
    as_text,
    request,
)
from yanshou.protocols.rtsp.place import no_video, stream_address, tls_context
from yanshou.protocols.rtsp.rtp import RtpPacket, Sequencer, parse_rtcp, parse_rtp
from yanshou.protocols.rtsp.session import RtpReception
from yanshou.protocols.rtsp.track import Track

_OK: Final = 200
_UNAUTHORIZED: Final = 401
_NO_TRANSPORT: Final = 461
_PENDING: Final = 4096
_ANSWERS: Final = 16  # those that nobody waits for
_MOST_SIGNATURES: Final = 2  # tries of one request: the first, and one for a stale nonce
_NAME_PORT: Final = (
    "Write that port as `rtsp_port` into the connection if the password may go there in clear."
)
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_MOST_MOVES: Final = 3
_DEPACKETISED: Final = frozenset({"h264", "hevc", ""})
_NO_VIDEO: Final = (
    "Set the camera's main stream to H.264 or H.265; what was measured of it cannot be another's."
)
_REMEDIES: Final = {
    401: "Check user name and password of this device in the site file.",
    453: "Close other viewers of this device and try again.",
    551: "Play it with the maker's own client and record what it shows.",
}


@dataclass(frozen=True, slots=True)
class RtspExchange:
    """One answered request: method, status, and when it was sent and answered (``model.now``)."""

    method: str
    status: int
    sent: float
    answered: float


class RtspSession(RtpReception):
    """A client session with one video stream.

    ``uri`` carries no credentials; with the scheme ``rtsps`` everything over TCP runs inside TLS, the
    device's certificate unchecked unless ``tls_verify``. The password is sent in clear (Basic) only inside
    TLS or where ``basic`` allows it. ``transport`` is ``tcp`` (interleaved), ``udp``, or ``auto``: TCP, and
    UDP when the server refuses that. Every request is answered within ``timeout_s`` or raises RigFault; a
    status other than 200 raises RtspRefused in words. A wrong password is tried once. Use as a context
    manager.
    """

    def __init__(
        self,
        uri: str,
        *,
        user: str = "",
        password: str = "",
        device: str = "",
        timeout_s: float = 5.0,
        transport: str = "auto",
        require: str = "",
        tls_verify: bool = False,
        basic: bool = False,
    ) -> None:
        super().__init__()
        self._address = stream_address(uri, device)
        self.uri = str(self._address)
        self.device = device
        self.exchanges: list[RtspExchange] = []
        self._timeout_s = timeout_s
        self._transport = transport
        self._require = {"Require": require} if require else {}
        self._credentials = Credentials(user, password, clear=basic or self._address.scheme == "rtsps")
        self._cseq = 0
        self._session = ""
        self._session_timeout = 60.0
        self._aggregate = self.uri
        self._methods = ""
        self._kept_alive = now()
        self._alive = 0  # number of the keep-alive that was not answered yet
        self._pending: deque[Arrived] = deque(maxlen=_PENDING)
        self._answers: Newest[int, RtspResponse] = Newest(_ANSWERS)
        self._answered = 0.0
        at = self._address
        self._tls_verify = tls_verify
        tls = tls_context(verify=tls_verify) if at.scheme == "rtsps" else None
        port = at.port or PORTS[at.scheme]
        self._link = RtspLink(at.host, port, timeout_s=timeout_s, device=device, tls=tls)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def _carrier(self) -> RtspLink:
        return self._link

    def close(self) -> None:
        """Close the session (a camera has few) and the sockets. Never raises."""
        if self._session and not self._link.closed:
            with suppress(RigFault, ValueError):
                self._ask("TEARDOWN", self._aggregate, {}, timeout_s=min(1.0, self._timeout_s))
        self._session = ""
        self._link.close()

    def describe(self) -> list[sdp.Media]:
        """OPTIONS and DESCRIBE: all media sections the server offers."""
        with suppress(RtspRefused):  # its answer only matters for keep-alive
            self._methods = self._ask("OPTIONS", self.uri, {}).headers.get("public", "")
        answer = self._described()
        base = answer.headers.get("content-base") or answer.headers.get("content-location") or self.uri
        try:
            base = self._own(base)
        except RigFault:  # unreadable: the requested address is the base (RFC 2326 C.1.1)
            base = self.uri
        media, self._aggregate = sdp.parse(answer.body, base)
        for section in media:
            section.control = self._own(section.control)
        self._aggregate = self._own(self._aggregate)
        return media

    def _described(self) -> RtspResponse:
        """DESCRIBE, also if the server redirects to another port of the same host."""
        for _ in range(_MOST_MOVES):
            try:
                return self._ask("DESCRIBE", self.uri, {"Accept": "application/sdp"})
            except RtspRefused as refusal:
                if refusal.status not in _MOVED or not refusal.location:
                    raise
                self._move(refusal)
        return self._ask("DESCRIBE", self.uri, {"Accept": "application/sdp"})

    def _move(self, refusal: RtspRefused) -> None:
        """Follow a redirection, on the host of the site file only."""
        place = stream_address(refusal.location, self.device)
        if place.host != self._address.host or place.scheme != self._address.scheme:
            raise RigFault(
                f"the device sends its clients to {str(place)[:120]}, which is not its address.",
                device=self.device,
                remedy="Write that address into the site file if the stream is to be measured there.",
                final=True,
            ) from refusal
        self._link.close()
        self._address, self.uri = place, str(place)
        self._aggregate = self.uri
        tls = tls_context(verify=self._tls_verify) if place.scheme == "rtsps" else None
        port = place.port or PORTS[place.scheme]
        self._link = RtspLink(place.host, port, timeout_s=self._timeout_s, device=self.device, tls=tls)

    def ping(self) -> None:
        """OPTIONS, which every server answers, even by a refusal; for measuring the time it takes."""
        with suppress(RtspRefused):
            self._ask("OPTIONS", self.uri, {})

    def setup(self, media: list[sdp.Media] | None = None) -> Track:
        """SETUP of the first video section (of ``describe()`` when none is given)."""
        sections = [section for section in (media or self.describe()) if section.kind == "video"]
        known = [section for section in sections if section.codec in _DEPACKETISED]
        if not known:
            raise RigFault(no_video(sections), device=self.device, remedy=_NO_VIDEO)
        track = Track(known[0], sequencer=Sequencer(clock_rate=known[0].clock_rate))
        donl = known[0].fmtp.get("sprop-max-don-diff", "0") not in {"", "0"}
        track.depacketiser = Depacketiser(track.described, donl=donl)
        try:
            answer = self._setup(track, udp=self._transport == "udp")
        except RtspRefused as refusal:
            if refusal.status != _NO_TRANSPORT or self._transport != "auto":
                raise
            answer = self._setup(track, udp=True)
        token, _, rest = answer.headers.get("session", "").partition(";")
        self._session = token.strip()
        self._session_timeout = _timeout(rest)
        self.track = track
        return track

    def play(self, headers: Mapping[str, str] | None = None) -> RtspResponse:
        """PLAY with ``headers`` (Range, Rate-Control ...); the stream runs when this returns."""
        asked = dict(headers) if headers is not None else {"Range": "npt=0.000-"}
        answer = self._ask("PLAY", self._aggregate, {**self._require, **asked})
        self._kept_alive = now()
        return answer

    def _setup(self, track: Track, *, udp: bool) -> RtspResponse:
        if udp:
            ports = self._link.open_udp(track.channel)
            transport = f"RTP/AVP;unicast;client_port={ports[0]}-{ports[1]}"
        else:
            transport = f"RTP/AVP/TCP;unicast;interleaved={track.channel}-{track.channel + 1}"
        answer = self._ask("SETUP", track.media.control, {**self._require, "Transport": transport})
        said = answer.headers.get("transport", "").lower()
        udp = self._granted(said, udp=udp)
        track.transport = "udp" if udp else "tcp"
        if udp and (ports_of := re.search(r"server_port=(\d{1,5})(?:-(\d{1,5}))?", said)):
            first = int(ports_of[1])
            self._link.greet((first, int(ports_of[2] or first + 1)))
        if source := re.search(r"\bssrc=([0-9a-f]{1,8})\b", said):
            track.announced = int(source[1], 16)
        given = re.search(r"interleaved=(\d{1,3})(?!\d)", said, re.ASCII)
        if not udp and given and int(given[1]) < 255:  # noqa: PLR2004 - one byte
            track.channel = int(given[1])
        return answer

    def _granted(self, said: str, *, udp: bool) -> bool:
        """Whether the server granted UDP, which is what counts; RigFault for another transport."""
        over_tcp = "/tcp" in said or "interleaved=" in said
        over_udp = not over_tcp and ("client_port=" in said or "server_port=" in said)
        if "multicast" in said or (over_udp and not udp):
            what = "multicast" if "multicast" in said else "UDP"
            raise RtspRefused(
                f"{'UDP' if udp else 'TCP'} was asked for, and {what} granted ({said[:80]}).",
                status=_NO_TRANSPORT,
                device=self.device,
                remedy="Set `transport` of its connection to what the device serves.",
            )
        return udp and not over_tcp

    def _own(self, uri: str) -> str:
        """The address with the connected host, because descriptions carry addresses from behind a NAT."""
        try:
            named = read_address(uri)
        except NoAddress as error:
            what = f"the description of the stream names {uri[:200]!r}: {error}"
            raise RigFault(what, device=self.device) from None
        return str(replace(self._address, target=named.target))

    def _ask(
        self, method: str, uri: str, headers: Mapping[str, str], *, timeout_s: float | None = None
    ) -> RtspResponse:
        """One request and its answer; a 401 is answered once with credentials."""
        for _ in range(_MOST_SIGNATURES + 1):
            answer = self._exchange(method, uri, headers, timeout_s or self._timeout_s)
            if answer.status != _UNAUTHORIZED:
                self._credentials.accepted()
                break
            if not self._credentials.answers(answer.headers.get("www-authenticate", "")):
                break
        if answer.status == _UNAUTHORIZED and self._credentials.withheld:
            raise RigFault(
                f"{method}: {self._credentials.withheld}.", device=self.device, remedy=_NAME_PORT, final=True
            )
        if answer.status != _OK:
            raise RtspRefused(
                as_text(method, answer) + ".",
                status=answer.status,
                device=self.device,
                remedy=_REMEDIES.get(answer.status, ""),
                location=answer.headers.get("location", "").strip(),
            )
        return answer

    def _exchange(self, method: str, uri: str, headers: Mapping[str, str], timeout_s: float) -> RtspResponse:
        sent = now()
        number = self._send(method, uri, headers)
        until = now() + timeout_s
        while number not in self._answers:
            if self._link.closed or now() >= until:
                raise RigFault(
                    f"{method}: {self._link.closed or f'no answer within {timeout_s:g} s'}.",
                    device=self.device,
                    remedy="Check the RTSP port, and whether the device still serves other clients.",
                )
            for arrived in self._link.receive(until):
                self._sort(arrived)
        answer = self._answers.pop(number)
        self.exchanges.append(RtspExchange(method, answer.status, sent, self._answered))
        return answer

    def _send(self, method: str, uri: str, headers: Mapping[str, str]) -> int:
        self._cseq += 1
        lines = {"CSeq": str(self._cseq), "User-Agent": "yanshou", **headers}
        if self._session:
            lines["Session"] = self._session
        signed = self._credentials.authorization(method, uri)
        if signed:
            lines["Authorization"] = signed
        self._link.send(request(method, uri, lines))
        return self._cseq

    def _sort(self, arrived: Arrived) -> None:
        """Sort messages: answers by number, media for later; answer the server's own requests with 200."""
        message = arrived.message
        if isinstance(message, RtspResponse):
            # If a server omits CSeq, it can only mean the last request.
            number = message.cseq or self._cseq
            if number == self._alive:
                self._alive_answered(message)
                return
            self._answers[number] = message
            self._answered = arrived.at
        elif isinstance(message, RtspRequest):
            self._reply(message)
        else:
            self._pending.append(arrived)

    def _reply(self, message: RtspRequest) -> None:
        number = message.headers.get("cseq", "0").split("\n")[0][:10]
        with suppress(RigFault):
            self._link.send(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n\r\n".encode())
        if message.method == "TEARDOWN":
            self._link.closed = self._link.closed or "the device ended the session"

    def _has_more(self) -> bool:
        return not self.ended or bool(self._pending)

    def _wake_at(self) -> float:
        return now() + self._keep_alive_in()

    def _incoming(self, until: float) -> Iterator[RtpPacket]:
        self._keep_alive()
        if not self._pending:
            for arrived in self._link.receive(until):
                self._sort(arrived)
                while self._pending:
                    yield from self._media(self._pending.popleft())
        while self._pending:
            yield from self._media(self._pending.popleft())

    def _media(self, arrived: Arrived) -> list[RtpPacket]:
        """The RTP packet a frame of our channel brings; reports are kept, everything else ignored."""
        frame, track = arrived.message, self.track
        assert isinstance(frame, Interleaved)
        assert track is not None
        if frame.channel == track.channel + 1:
            track.report(*parse_rtcp(frame.payload, arrived.at))
            return []
        if frame.channel != track.channel or not frame.payload:
            return []
        packet = parse_rtp(frame.payload, arrived.at)
        track.damaged += packet is None
        return [] if packet is None else [packet]

    def _keep_alive_in(self) -> float:
        return max(0.0, self._kept_alive + self._session_timeout / 2 - now())

    def _keep_alive(self) -> None:
        """Send a keep-alive; its answer is read when it arrives."""
        if self._keep_alive_in() > 0 or self._link.closed:
            return
        self._kept_alive = now()
        self._say_alive()

    def _say_alive(self) -> None:
        method = "GET_PARAMETER" if "GET_PARAMETER" in self._methods.upper() else "OPTIONS"
        with suppress(RigFault):  # a broken connection shows as the end of the stream
            self._alive = self._send(method, self._aggregate, {})

    def _alive_answered(self, message: RtspResponse) -> None:
        """A keep-alive answered with a fresh nonce is sent again with it, or the session would end."""
        self._alive = 0
        if message.status == _UNAUTHORIZED:
            if self._credentials.answers(message.headers.get("www-authenticate", "")):
                self._say_alive()
        else:
            self._credentials.accepted()


def _timeout(rest: str) -> float:
    """Seconds of ``timeout=`` in a Session header, 60 if absent (RFC 2326 §12.37)."""
    found = re.search(r"timeout\s*=\s*\"?(\d{1,6})(?!\d)", rest.lower(), re.ASCII)
    return max(2.0, float(found[1])) if found else 60.0
