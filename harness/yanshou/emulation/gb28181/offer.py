# SPDX-License-Identifier: Apache-2.0
"""The SDP of an INVITE as an emulated device reads and answers it (GB/T 28181 annex F, 2022 annex G)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SDP = ("Content-Type", "APPLICATION/SDP")


@dataclass(frozen=True, slots=True)
class InviteOffer:
    """What the platform wants: where to, how, which time; ``ssrc`` as its ten digits."""

    kind: str  # Play | Playback | Download
    host: str
    port: int
    tcp: bool
    active: bool  # the platform connects, and the device listens
    ssrc: str
    start: float
    end: float
    speed: float
    orderly: bool  # y= and f= are the last lines
    h265: int | None = None  # the payload type of H.265 where no program stream is offered


def read_offer(body: bytes) -> InviteOffer | None:
    """Read an offer; None if it has no media line or no address."""
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines() if "=" in line]
    said = {key: value for key, _, value in (line.partition("=") for line in reversed(lines))}
    media = re.match(r"video (\d+) (\S+)", next((one[2:] for one in lines if one.startswith("m=")), ""))
    host = re.match(r"IN IP4 (\S+)", said.get("c", ""))
    if media is None or host is None:
        return None
    times = said.get("t", "0 0").split()
    tags = {line[2:] for line in lines if line.startswith("a=")}
    speed = next((tag.partition(":")[2] for tag in tags if tag.startswith("downloadspeed:")), "1")
    rest = [line[0] for line in lines]
    last = rest[rest.index("y") :] if "y" in rest else []
    return InviteOffer(
        kind=said.get("s", "Play"),
        host=host[1],
        port=int(media[1]),
        tcp="TCP" in media[2],
        active="setup:active" in tags,
        ssrc=said.get("y", ""),
        start=_number(times[0]),
        end=_number(times[-1]),
        speed=_number(speed) or 1.0,
        orderly=bool(last) and set(last) <= {"y", "f"},
        h265=None if any(" PS/" in tag for tag in tags) else _h265(tags),
    )


def _h265(tags: Iterable[str]) -> int | None:
    found = (re.match(r"rtpmap:\s*(\d+) H265/", tag) for tag in tags)
    return next((int(one[1]) for one in found if one), None)


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d+)?", text) else 0.0


@dataclass(frozen=True, slots=True)
class InviteAnswer:
    """What the device says to an offer: where it sends from, and the habits of its maker."""

    code: str
    host: str
    port: int
    with_ssrc: bool = True
    ssrc_in_front: bool = False
    format: str = ""


def written_answer(offer: InviteOffer, answer: InviteAnswer) -> bytes:
    """The SDP of the 200."""
    proto = "TCP/RTP/AVP" if offer.tcp else "RTP/AVP"
    lines = [
        "v=0",
        f"o={answer.code} 0 0 IN IP4 {answer.host}",
        f"s={offer.kind}",
        f"c=IN IP4 {answer.host}",
        f"t={offer.start:.0f} {offer.end:.0f}",
    ]
    kind, encoding = (96, "PS") if offer.h265 is None else (offer.h265, "H265")
    media = [f"m=video {answer.port} {proto} {kind}", "a=sendonly", f"a=rtpmap:{kind} {encoding}/90000"]
    if offer.tcp:
        media += [f"a=setup:{'passive' if offer.active else 'active'}", "a=connection:new"]
    if offer.kind == "Download":
        media.append(f"a=downloadspeed:{offer.speed:.0f}")
    ssrc = [f"y={offer.ssrc}"] if answer.with_ssrc else []
    body = [*ssrc, *media] if answer.ssrc_in_front else [*media, *ssrc]
    return "\r\n".join([*lines, *body, f"f={answer.format}", ""]).encode()
