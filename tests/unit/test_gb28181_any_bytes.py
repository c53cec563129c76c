# SPDX-License-Identifier: Apache-2.0
"""No bytes of a device break the platform: registrar, answers, descriptions, and the second reader's packets.

``YANSHOU_FUZZ_CASES`` says how many mutated messages are tried (1,000); a release is tried with 100,000.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from tests.support.sip_device import CODE, PASSWORD, PLATFORM, REALM, SipTextDevice
from yanshou.acquisition.sip_platform.outgoing import Outgoing, OwnEnd, SipOrder
from yanshou.acquisition.sip_platform.ports import SipWay
from yanshou.acquisition.sip_platform.registrar import Registrar, SipDevice
from yanshou.drivers.gb28181.second_reader import demuxed
from yanshou.model import Instant
from yanshou.protocols.gb28181 import UnreadableSip, read_sip
from yanshou.protocols.gb28181.media_offer import read_answer
from yanshou.protocols.gb28181.stated_stream import of_description

CASES = int(os.environ.get("YANSHOU_FUZZ_CASES", "1000"))
CLOCK = datetime(2026, 11, 29, tzinfo=UTC)
NOTIFY = (
    "<?xml version='1.0' encoding='GB2312'?>\r\n<Notify>\r\n<CmdType>Catalog</CmdType><SN>7</SN>"
    f"<DeviceID>{CODE}</DeviceID><SumNum>1</SumNum>\r\n<DeviceList Num='1'><Item><DeviceID>{CODE}</DeviceID>"
    "<Event>OFF</Event></Item></DeviceList>\r\n</Notify>\r\n"
)
SDP = (
    b"v=0\r\ns=Download\r\nc=IN IP4 10.0.0.9\r\nt=1 2\r\nm=video 6000 TCP/RTP/AVP 96 100\r\n"
    b"a=rtpmap:96 PS/90000\r\n"
    b"a=setup:active\r\na=downloadspeed:4\r\na=filesize:1234\r\ny=0100000001\r\nf=v/2/5/25/1/4096a/1/8/1\r\n"
)
PIECES = [
    b"\r\n",
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b'"',
    b":",
    b";",
    b"@",
    b"=",
    b",",
    b"%",
    b"\n\n",
    b"-1",
    b"9" * 30,
]


def mutated(rng: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        place, choice = rng.randrange(len(made) + 1), rng.randrange(4)
        if choice == 0 and place < len(made):
            made[place] = rng.randrange(256)
        elif choice == 1:
            made[place:place] = rng.choice(PIECES)
        elif choice == 2:
            del made[place : place + rng.randint(1, 40)]
        else:
            made[place:place] = made[place : place + rng.randint(1, 60)]
    return bytes(made)


def requests(device: SipTextDevice) -> Iterator[bytes]:
    """One request of each kind that a device sends."""
    for method, extra, body in (
        (
            "REGISTER",
            (
                "Expires: 3600",
                'Authorization: Digest username="x", realm="y", nonce="z", response="' + "0a" * 16 + '"',
            ),
            "",
        ),
        ("MESSAGE", ("Content-Type: Application/MANSCDP+xml",), NOTIFY),
        ("NOTIFY", ("Event: Catalog;id=1", "Subscription-State: active;expires=9"), NOTIFY),
        ("BYE", (), ""),
        ("INFO", ("Content-Type: Application/MANSRTSP",), "PLAY RTSP/1.0\r\n\r\n"),
    ):
        yield device.request(method, extra, body)


def test_no_request_breaks_the_registrar_and_it_tells_no_password() -> None:
    rng, at = random.Random(1), Instant(1.0, 1.0)
    registrar = Registrar(REALM, [SipDevice("nvr", CODE, PASSWORD)])
    link = registrar._links[CODE]
    kinds, reported = list(requests(SipTextDevice())), 0
    for n in range(CASES):
        link.until = 1e9  # registered, so that bodies are read
        if n % 3 == 0:
            registrar.called("1@192.168.3.99", "nvr")
        with suppress(UnreadableSip):
            answer, entry = registrar.take(
                read_sip(mutated(rng, rng.choice(kinds))), "10.0.0.9:5060", at, CLOCK
            )
            reported += 1
            assert PASSWORD not in repr(entry)
            assert PASSWORD.encode() not in answer
            assert not re.search(r"(?i)authorization\s*:|response\s*=", repr(entry))
            assert answer == b"" or answer.startswith(b"SIP/2.0 ")
    assert reported > CASES // 3
    assert (len(link.answered) <= 16, len(registrar._calls) <= 1024) == (True, True)


def test_a_digest_that_a_broken_line_end_puts_into_another_header_is_not_kept() -> None:
    registrar = Registrar(REALM, [SipDevice("nvr", CODE, PASSWORD)])
    whole = next(requests(SipTextDevice()))
    for name in (b"Call-ID", b"Contact", b"From"):
        line = re.search(rb"\r\n" + name + rb": [^\r]*", whole)
        signed = re.search(rb"\r\nAuthorization: [^\r]*", whole)
        assert line is not None
        assert signed is not None
        merged = whole.replace(signed[0], b"").replace(line[0], line[0] + signed[0][2:])
        _, entry = registrar.take(read_sip(merged), "10.0.0.9:5060", Instant(1.0, 1.0), CLOCK)
        assert "0a0a0a0a" not in repr(entry)


async def answered_by_any_bytes() -> None:
    outgoing, rng = Outgoing(OwnEnd(PLATFORM, REALM, "127.0.0.1", 5060)), random.Random(2)
    sent: list[bytes] = []
    order = SipOrder("INVITE", CODE, SDP, "APPLICATION/SDP", patience_s=5.0)
    for _ in range(max(1, CASES // 20)):
        sent.clear()
        asking = asyncio.ensure_future(outgoing.send(SipWay("udp", "10.0.0.9:5060", sent.append), order))
        await asyncio.sleep(0)
        head = dict(line.split(b": ", 1) for line in sent[0].split(b"\r\n\r\n")[0].split(b"\r\n")[1:])
        lines = [
            b"SIP/2.0 200 OK",
            *(name + b": " + head[name] for name in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")),
        ]
        good = b"\r\n".join([*lines, b"Expires: 60", b"Content-Length: %d" % len(SDP), b"", SDP])
        for data in (*(mutated(rng, good) for _ in range(20)), good):
            with suppress(UnreadableSip):
                outgoing.take(read_sip(data), Instant(1.0, 1.0))
        said = await asking
        assert isinstance(said["status"], int)
        assert said["expires"] is None or said["expires"] >= 0


def test_no_answer_breaks_a_request() -> None:
    asyncio.run(answered_by_any_bytes())


def test_no_description_breaks_its_reader() -> None:
    rng = random.Random(3)
    for _ in range(CASES):
        read = read_answer(mutated(rng, SDP))
        stated = of_description(read.format)
        assert read.port is None or 0 <= read.port <= 0xFFFF
        assert stated.width >= 0


def test_no_packets_break_the_second_reader() -> None:
    rng = random.Random(4)
    for _ in range(max(5, CASES // 100)):
        packets = [rng.randbytes(rng.randint(0, 300)) for _ in range(20)]
        packets += [b"\x80\x60" + rng.randbytes(10) + b"\0\0\1\xba" + rng.randbytes(200) for _ in range(20)]
        assert demuxed(packets).why
