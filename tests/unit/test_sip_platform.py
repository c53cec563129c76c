# SPDX-License-Identifier: Apache-2.0
"""The bench as upper platform: devices that register rightly, and devices that only seem to."""

from __future__ import annotations

import contextlib
import re
import socket
from datetime import UTC, datetime

import pytest

from tests.support.sip_device import CODE, OTHER, PASSWORD, REALM
from tests.support.sip_device import SipTextDevice as Device
from yanshou.acquisition.sip_platform import PlatformConduct, SipDevice, SipEvent, SipPlatform
from yanshou.acquisition.sip_platform.registrar import Registrar
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.gb28181 import read_sip

CLOCK = datetime(2026, 5, 1, 9, 30, 15, 250_000, tzinfo=UTC)


class Bench:
    """A registrar without sockets and a clock that is set by hand."""

    def __init__(self):
        self.registrar = Registrar(REALM, [SipDevice("nvr", CODE, PASSWORD), SipDevice("ipc", OTHER, "x")])
        self.entries = []

    def send(self, data, moment=0.0, peer="127.0.0.1:5060"):
        answer, entry = self.registrar.take(read_sip(data), peer, Instant(moment, moment), CLOCK)
        self.entries.append(entry)
        return answer

    def registered(self, device, moment=0.0, **kw):
        answer = self.send(device.register(**kw), moment)
        assert answer.startswith(b"SIP/2.0 401 ")
        answer = self.send(device.register(answer, **kw), moment)
        assert answer.startswith(b"SIP/2.0 200 ")
        return answer

    @property
    def last(self):
        return self.entries[-1]


@pytest.fixture
def bench():
    return Bench()


def test_a_registration_is_challenged_then_taken_and_tells_the_time(bench):
    answer = bench.registered(Device())
    assert b"\r\nDate: 2026-05-01T09:30:15.250\r\n" in answer
    assert b"\r\nExpires: 3600\r\n" in answer
    assert [one["kind"] for one in bench.entries] == [SipEvent.CHALLENGED, SipEvent.REGISTERED]
    assert (bench.last["expires"], bench.last["digest"], bench.last["signed"]) == (3600, "accepted", True)


def test_what_a_device_does_not_name_is_none_and_granted_the_default(bench):
    bench.registered(Device(), expires=None)
    assert (bench.last["expires"], bench.last["granted"]) == (None, 86_400)


def test_a_nonce_made_up_by_the_device_never_registers_it(bench):
    device = Device()
    for _ in range(3):
        assert bench.send(device.register(nonce="mine")).startswith(b"SIP/2.0 401 ")
        assert (bench.last["digest"], bench.last["fits"]) == ("foreign_nonce", True)
    assert bench.send(device.keepalive()).startswith(b"SIP/2.0 403 ")


def test_a_device_that_takes_the_challenge_for_success_is_not_registered(bench):
    device = Device()
    bench.send(device.register())
    bench.send(device.keepalive(), 1.0)
    assert [one["kind"] for one in bench.entries] == [SipEvent.CHALLENGED, SipEvent.REFUSED]
    assert bench.last["why"] == "not registered"


def test_a_wrong_password_and_an_unknown_code_are_refused(bench):
    device = Device(password="wrong")
    assert bench.send(device.register(bench.send(device.register()))).startswith(b"SIP/2.0 403 ")
    assert bench.last["why"] == "wrong_response"
    stranger = Device(code="1" * 20)
    assert bench.send(stranger.register()).startswith(b"SIP/2.0 403 ")
    assert bench.last["why"] == "unknown code"


def test_a_request_sent_again_gets_the_same_answer_and_counts_once(bench):
    device = Device()
    bench.registered(device)
    data = device.keepalive()
    first = bench.send(data, 1.0)
    assert bench.send(data, 2.0) == first
    assert bench.last["kind"] == SipEvent.REPEATED
    answer = bench.send(device.register(sequence=50))
    # a device that counts CSeq not on all the same sends another request
    assert bench.send(device.register(answer, sequence=50)).startswith(b"SIP/2.0 200 ")


def test_a_logout_needs_the_digest_and_ends_the_registration(bench):
    device = Device()
    bench.registered(device)
    assert bench.send(device.register(expires="0")).startswith(b"SIP/2.0 401 ")
    assert bench.send(device.keepalive()).startswith(b"SIP/2.0 200 ")
    bench.registered(device, expires="0")
    assert bench.last["kind"] == SipEvent.UNREGISTERED
    assert bench.send(device.keepalive()).startswith(b"SIP/2.0 403 ")


def test_a_time_that_is_no_number_registers_nothing(bench):
    device = Device()
    answer = bench.send(device.register(expires="soon"))
    assert bench.send(device.register(answer, expires="soon")).startswith(b"SIP/2.0 400 ")


def test_offline_is_told_once_when_three_keepalives_are_missing(bench):
    device = Device()
    bench.registered(device, 0.0)
    bench.registrar.supervise("nvr", 60.0)
    bench.send(device.keepalive(), 60.0)
    assert bench.registrar.check(240.0) == []
    (entry,) = bench.registrar.check(240.5)
    assert (entry["kind"], entry["device"], entry["first"]) == (SipEvent.OFFLINE, "nvr", [240.0, 240.5])
    assert bench.registrar.check(300.0) == []
    bench.send(device.keepalive(), 301.0)
    assert bench.registrar.check(302.0) == []


def test_time_in_which_the_bench_did_not_run_makes_nobody_offline(bench):
    bench.registered(Device(), 0.0)
    bench.registrar.supervise("nvr", 60.0)
    bench.registrar.forgive(50.0)
    assert bench.registrar.check(229.0) == []
    assert len(bench.registrar.check(231.0)) == 1


def test_a_keepalive_in_the_name_of_another_device_is_no_sign_of_life(bench):
    device = Device()
    bench.registered(device, 0.0)
    bench.registrar.supervise("nvr", 60.0)
    assert bench.send(device.keepalive(code=OTHER), 170.0).startswith(b"SIP/2.0 400 ")
    assert len(bench.registrar.check(181.0)) == 1


def test_a_registration_that_is_not_refreshed_ends(bench):
    device = Device()
    bench.registered(device, 10.0)
    assert bench.registrar.check(3610.0) == []
    assert [one["kind"] for one in bench.registrar.check(3611.0)] == [SipEvent.EXPIRED]
    assert bench.send(device.keepalive(), 3612.0).startswith(b"SIP/2.0 403 ")


def test_a_silent_platform_answers_nothing_and_a_refusing_one_refuses(bench):
    device = Device()
    bench.registered(device)
    bench.registrar.conduct("nvr", PlatformConduct.SILENT)
    assert bench.send(device.keepalive()) == b""
    assert bench.last["kind"] == SipEvent.UNANSWERED
    bench.registrar.conduct("nvr", PlatformConduct.REFUSE)
    assert bench.send(device.register()).startswith(b"SIP/2.0 403 ")
    bench.registrar.conduct("nvr", PlatformConduct.SERVE)
    assert bench.send(device.keepalive()).startswith(b"SIP/2.0 200 ")


def test_no_entry_holds_a_password_or_a_digest(bench):
    device = Device()
    bench.registered(device)
    bench.send(device.keepalive())
    text = repr(bench.entries) + repr(SipDevice("nvr", CODE, PASSWORD))
    assert PASSWORD not in text
    assert "response" not in text
    assert not re.search(r"[0-9a-f]{32}", text)


# --- over sockets ---


@pytest.fixture(scope="module")
def platform():
    devices = [SipDevice("nvr", CODE, PASSWORD), SipDevice("ipc", OTHER, PASSWORD)]
    with SipPlatform(
        ("127.0.0.1", 0), REALM, devices, code="34020000002000000001", utc_offset_s=28_800, ordinary=True
    ) as made:
        yield made


@contextlib.contextmanager
def line(platform, kind):
    with socket.socket(socket.AF_INET, kind) as one:
        one.settimeout(20)
        one.connect(("127.0.0.1", platform.port))
        yield one


def asked(one, data):
    one.sendall(data)
    return one.recv(65536)


@pytest.mark.parametrize(
    ("kind", "code", "name", "transport"),
    [(socket.SOCK_DGRAM, CODE, "nvr", "udp"), (socket.SOCK_STREAM, OTHER, "ipc", "tcp")],
)
def test_a_device_registers_and_lives_over_its_own_connection(platform, kind, code, name, transport):
    device, mark = Device(code), platform.mark()
    with line(platform, kind) as one:
        answer = asked(one, device.register(asked(one, device.register())))
        assert answer.startswith(b"SIP/2.0 200 ")
        before = now()
        assert asked(one, device.keepalive(sn=5)).startswith(b"SIP/2.0 200 ")
        after = now()
        peer = "{}:{}".format(*one.getsockname())
    entry = platform.wait(mark, {"device": name, "kind": "keepalive"}, until=now() + 20)
    assert entry is not None
    assert (entry.peer, entry.transport, entry.status, entry.said["sn"]) == (peer, transport, 200, 5)
    assert entry.first.earliest <= after
    assert before <= entry.complete.latest <= after
    assert entry.answered is not None
    kinds = [one.kind for one in platform.received(mark, {"device": name})]
    assert kinds == [SipEvent.CHALLENGED, SipEvent.REGISTERED, SipEvent.KEEPALIVE]


def test_a_body_counted_too_short_over_tcp_is_read_and_told(platform):
    device, mark = Device(OTHER), platform.mark()
    with line(platform, socket.SOCK_STREAM) as one:
        asked(one, device.register(asked(one, device.register())))
        one.sendall(device.keepalive(length=130) + device.request("OPTIONS"))
        found = platform.wait(mark, {"device": "ipc", "method": "OPTIONS"}, until=now() + 20)
        assert found is not None
    (entry,) = platform.received(mark, {"device": "ipc", "kind": "keepalive"})
    assert entry.said["odd"] == ["the body is longer than Content-Length"]


def test_what_is_no_message_is_kept_without_its_authorization(platform):
    mark = platform.mark()
    broken = Device().register(nonce="mine").replace(b"CSeq", b"XSeq")
    with line(platform, socket.SOCK_DGRAM) as one:
        one.send(broken)
        entry = platform.wait(mark, {"kind": "unreadable"}, until=now() + 20)
    with line(platform, socket.SOCK_STREAM) as one:
        one.sendall(b"Authorization: secret\r\n\r\n")
        noise = platform.wait(mark, {"kind": "noise"}, until=now() + 20)
    assert entry is not None
    assert noise is not None
    assert "cseq" in entry.said["why"]
    assert "response" not in repr(entry)
    assert "secret" not in repr(noise)


def test_offline_is_told_by_the_process_and_a_taken_port_has_one_clear_line(platform):
    device, mark = Device(), platform.mark()
    with line(platform, socket.SOCK_DGRAM) as one:
        asked(one, device.register(asked(one, device.register())))
        platform.supervise("nvr", 0.1)
        entry = platform.wait(mark, {"device": "nvr", "kind": "offline"}, until=now() + 20)
    platform.supervise("nvr", None)
    assert entry is not None
    (registered,) = platform.received(mark, {"kind": "registered"})
    assert entry.first.earliest >= registered.complete.earliest + 0.3
    with pytest.raises(RigFault, match="cannot listen for SIP"):
        SipPlatform(
            ("127.0.0.1", platform.port),
            REALM,
            [],
            code="34020000002000000001",
            utc_offset_s=0,
            ordinary=True,
        )
