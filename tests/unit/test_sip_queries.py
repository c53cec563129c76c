# SPDX-License-Identifier: Apache-2.0
"""What the platform asks of a device: matched by SN, gathered from parts that come as devices send them."""

from __future__ import annotations

import contextlib
import re
import socket
import threading

import pytest

from tests.support.sip_device import CODE, PASSWORD, PLATFORM, REALM, SipTextDevice
from yanshou.acquisition.sip_platform import SipDevice, SipPlatform
from yanshou.model import RigFault, now
from yanshou.protocols.gb28181 import GatheringState

KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


@pytest.fixture(scope="module")
def platform():
    known = [
        SipDevice(name, code, PASSWORD) for name, code in (("nvr", CODE), ("absent", "3" + CODE[1:-1] + "7"))
    ]
    with SipPlatform(
        ("127.0.0.1", 0), REALM, known, code=PLATFORM, utc_offset_s=28_800, ordinary=True
    ) as made:
        yield made


class Answering(SipTextDevice):
    """Registers, then answers each MESSAGE with 200 and the bodies that ``reply`` gives for its SN."""

    def __init__(self, platform, kind, reply, status="200 OK", deaf=0):
        super().__init__()
        self.reply, self.status, self.deaf = reply, status, deaf
        self.line = socket.socket(socket.AF_INET, KINDS[kind])
        self.line.settimeout(20)
        self.line.connect(("127.0.0.1", platform.port))
        self.asked = []
        self.line.sendall(self.register(self._exchange(self.register())))
        assert self.line.recv(65536).startswith(b"SIP/2.0 200 ")
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _exchange(self, data):
        self.line.sendall(data)
        return self.line.recv(65536)

    def _serve(self):
        with contextlib.suppress(OSError):
            while data := self.line.recv(65536):
                self._take(data)

    def _take(self, data):
        if not data.startswith((b"MESSAGE ", b"SUBSCRIBE ")):
            return
        self.asked.append(data)
        if self.deaf:
            self.deaf -= 1
            return
        heads = [
            one
            for one in data.split(b"\r\n\r\n")[0].split(b"\r\n")
            if re.match(rb"(Via|From|To|Call-ID|CSeq):", one)
        ]
        self.line.sendall(
            b"\r\n".join([f"SIP/2.0 {self.status}".encode(), *heads, b"Content-Length: 0", b"", b""])
        )
        sn = re.search(rb"<SN>(\d+)</SN>", data)
        for body in self.reply(int(sn[1]) if sn else 0):
            message = self.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"])
            head = message.split(b"\r\n\r\n")[0].replace(
                b"Content-Length: 0", b"Content-Length: %d" % len(body)
            )
            self.line.sendall(head + b"\r\n\r\n" + body)

    def close(self):
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()


@pytest.fixture
def device(platform):
    made = []

    def make(kind, reply, **options):
        made.append(Answering(platform, kind, reply, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def part(sn, codes, total, device=CODE, name="大厅", encoding="gb18030", command="Catalog"):
    items = "".join(f"<Item><DeviceID>{code}</DeviceID><Name>{name}</Name></Item>" for code in codes)
    text = (
        f'<?xml version="1.0" encoding="GB2312"?><Response><CmdType>{command}</CmdType><SN>{sn}</SN>'
        f"<DeviceID>{device}</DeviceID><SumNum>{total}</SumNum>"
        f'<DeviceList Num="{len(codes)}">{items}</DeviceList></Response>'
    )
    return text.encode(encoding)


def ask(platform, **times):
    wait = {"idle_s": 5.0, "total_s": 10.0, "settle_s": 0.2} | times
    return platform.ask("nvr", "Catalog", CODE, **wait)


@pytest.mark.parametrize("kind", KINDS)
def test_parts_doubled_and_out_of_order_make_one_list(platform, device, kind):
    device(kind, lambda sn: [part(sn, ["3"], 3), part(sn, ["1", "2"], 3), part(sn, ["3"], 3)])
    before = now()
    got = ask(platform)
    assert (got.state, got.whole, got.status) == (GatheringState.COMPLETE, True, 200)
    assert sorted(one["DeviceID"] for one in got.items) == ["1", "2", "3"]
    assert {one["Name"] for one in got.items} == {"大厅"}
    assert (got.totals, got.encodings, got.doubled, got.foreign) == ((3,), ("gb18030",), 1, 0)
    assert before <= got.sent.earliest <= got.first.latest <= got.complete.latest <= now()


FAULTY = {
    "another SN": (lambda sn: [part(sn + 1, ["1"], 1)], GatheringState.INCOMPLETE, "foreign"),
    "SumNum too large": (lambda sn: [part(sn, ["1"], 2)], GatheringState.INCOMPLETE, ""),
    "more than SumNum": (
        lambda sn: [part(sn, ["1"], 1), part(sn, ["2"], 1)],
        GatheringState.CONTRADICTORY,
        "",
    ),
    "one code twice with other words": (
        lambda sn: [part(sn, ["1"], 2), part(sn, ["1"], 2, name="x")],
        GatheringState.CONTRADICTORY,
        "differing",
    ),
    "nothing at all": (lambda _sn: [], GatheringState.INCOMPLETE, ""),
}


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_not_the_whole_answer_is_never_called_so(platform, device, case):
    reply, state, count = FAULTY[case]
    device("udp", reply)
    got = ask(platform, idle_s=0.3, total_s=1.5)
    assert (got.state, got.whole) == (state, False)
    assert not count or getattr(got, count) == 1


def test_an_empty_list_is_whole_and_utf8_under_another_name_is_told(platform, device):
    device("udp", lambda sn: [part(sn, [], 0)])
    assert ask(platform).whole
    device("udp", lambda sn: [part(sn, ["1"], 1, encoding="utf-8")])
    got = ask(platform)
    assert (got.encodings, got.items[0]["Name"]) == (("utf-8",), "大厅")
    assert got.odd == ("the text is encoded otherwise than its XML declaration says",)


def test_a_question_is_repeated_over_udp_until_it_is_answered_and_asked_as_one(platform, device):
    one = device("udp", lambda sn: [part(sn, ["1"], 1)], deaf=2)
    got = ask(platform)
    assert got.whole
    assert (got.again, len(set(one.asked))) == (2, 1)


def test_a_refused_question_ends_at_once(platform, device):
    device("udp", lambda _sn: [], status="403 Forbidden")
    before = now()
    got = ask(platform, total_s=60.0)
    assert (got.status, got.whole) == (403, False)
    assert now() - before < 30


def test_a_single_answer_is_taken_with_its_values(platform, device):
    body = (
        "<Response><CmdType>DeviceStatus</CmdType><SN>{}</SN><DeviceID>{}</DeviceID>"
        "<Online>ONLINE</Online></Response>"
    )
    device("tcp", lambda sn: [body.format(sn, CODE).encode()])
    got = platform.ask("nvr", "DeviceStatus", CODE, total_s=10.0)
    assert (got.whole, got.values["Online"]) == (True, "ONLINE")


def test_who_is_not_registered_or_hung_up_is_not_asked(platform, device):
    with pytest.raises(RigFault, match="is not registered"):
        platform.ask("absent", "Catalog", CODE)
    gone = device("tcp", lambda _sn: [])
    gone.close()
    with contextlib.suppress(RigFault):
        ask(platform, total_s=20.0)  # ends once the platform has seen it
    with pytest.raises(RigFault, match="closed its connection"):
        ask(platform)


def test_an_alarm_is_answered_with_its_number_device_and_result(platform, device):
    one, mark = device("udp", lambda _sn: []), platform.mark()
    body = (
        f"<Notify><CmdType>Alarm</CmdType><SN>77</SN><DeviceID>{CODE}</DeviceID><AlarmPriority>1</AlarmPriority>"
        "<AlarmMethod>2</AlarmMethod><AlarmTime>2026-05-01T08:00:00</AlarmTime></Notify>"
    )
    one.line.sendall(one.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body))
    entry = platform.wait(mark, {"kind": "message", "command": "Alarm"}, until=now() + 20)
    assert entry is not None
    assert (entry.said["sn"], entry.said["values"]["AlarmMethod"], entry.status) == (77, "2", 200)
    platform.wait(mark, {"kind": "answered"}, until=now() + 20)
    (reported,) = one.asked
    assert all(
        text in reported for text in (b"<Response>", b"<SN>77</SN>", b"<Result>OK</Result>", CODE.encode())
    )


def test_a_subscription_is_asked_and_what_it_brings_is_kept(platform, device):
    one, mark = device("udp", lambda _sn: []), platform.mark()
    answer = platform.request(
        "nvr", "SUBSCRIBE", CODE, headers=[("Event", "Catalog;id=1"), ("Expires", "60")], patience_s=10.0
    )
    assert (answer.status, answer.provisional) == (200, ())
    one.line.sendall(
        one.request("NOTIFY", [], part(1, [CODE], 1).decode("gb18030").replace("Response", "Notify"))
    )
    entry = platform.wait(mark, {"kind": "notified"}, until=now() + 20)
    assert entry is not None
    assert (entry.status, entry.said["items"], entry.said["total"]) == (
        200,
        [{"DeviceID": CODE, "Name": "大厅"}],
        1,
    )
