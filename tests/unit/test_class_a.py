# SPDX-License-Identifier: Apache-2.0
"""Class A of GB 35114 at the registrar: devices (by gmalg) that prove themselves, or only seem to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.class_a_site import ABOVE, CODE, IDENTITY, PASSWORD, PEM, PLATFORM, REALM
from tests.support.sip_device import SipTextDevice
from yanshou.acquisition.sip_platform import SipDevice, SipEvent
from yanshou.acquisition.sip_platform.class_a import OLD_KEY_S, class_a_of
from yanshou.acquisition.sip_platform.registrar import Registrar
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.gb28181.agent import GbFaults
from yanshou.emulation.gb28181.class_a import ClassASide
from yanshou.emulation.gb28181.sip_text import heard
from yanshou.evaluation import gb35114, sip
from yanshou.model import Instant
from yanshou.protocols.gb28181 import read_sip
from yanshou.protocols.gb28181.requests import SipCall, SipEnds, request_to

CLOCK = datetime(2026, 11, 29, 18, 0, 0, tzinfo=UTC)


class Bench:
    """A registrar without sockets, one device of class A, and a clock that is set by hand."""

    def __init__(self, *faults: Fault, form: str = "usual") -> None:
        known = [SipDevice("nvr", CODE, PASSWORD, PEM, form)]
        self.class_a = class_a_of(PLATFORM, known, IDENTITY)
        self.registrar = Registrar(REALM, known, class_a=self.class_a)
        self.line = SipTextDevice(CODE, PASSWORD, REALM, f"sip:{PLATFORM}@{REALM}")
        book = GbFaults(FaultBook(faults), "nvr")
        self.clock = CLOCK
        self.device = ClassASide("nvr", CODE, PLATFORM, ABOVE, book, lambda: self.date)
        self.entries: list[dict[str, Any]] = []
        self.moment = 0.0

    @property
    def date(self) -> str:
        return self.clock.replace(tzinfo=None).isoformat(timespec="seconds")

    def send(self, data: bytes) -> bytes:
        self.moment += 0.01
        at = Instant(self.moment, self.moment)
        answer, entry = self.registrar.take(read_sip(data), "127.0.0.1:5060", at, CLOCK)
        self.entries.append(entry)
        return answer

    def register(self) -> bytes:
        """A registration by certificate; the last answer."""
        answer = self.send(self._register(self.device.capability()))
        asked = heard(answer)
        assert asked is not None
        signed = self.device.answer(asked.header("www-authenticate"))
        answer = self.send(self._register(signed))
        if answer.startswith(b"SIP/2.0 200"):
            answered = heard(answer)
            assert answered is not None
            assert self.device.taken(answered.header("securityinfo"))
        return answer

    def _register(self, authorization: str) -> bytes:
        return self.line.request("REGISTER", ["Expires: 3600", f"Authorization: {authorization}"])

    def message(self, body: str, number: int | None = None, *, proof: Any = None) -> bytes:
        """A MESSAGE with what the device puts into it, or with ``proof``."""
        kind = "Content-Type: Application/MANSCDP+xml"
        bare = heard(self.line.request("MESSAGE", [kind], body, sequence=number))
        assert bare is not None
        own, far, call = (bare.header(name) for name in ("from", "to", "call-id"))
        made = self.device.proof("MESSAGE", own, far, call, bare.body) if proof is None else proof
        extra = [kind, *(f"{name}: {value}" for name, value in made)]
        return self.line.request("MESSAGE", extra, body, sequence=bare.number)

    def alive(self, **more: Any) -> dict[str, Any]:
        """The entry of a keepalive."""
        text = "<CmdType>Keepalive</CmdType><SN>1</SN><DeviceID>{}</DeviceID><Status>OK</Status>"
        self.send(self.message(f'<?xml version="1.0"?><Notify>{text.format(CODE)}</Notify>', **more))
        return self.entries[-1]

    @property
    def sights(self) -> list[Any]:
        return [SimpleNamespace(kind=str(one["kind"]), said=one) for one in self.entries]


def test_a_device_with_its_certificate_is_registered_and_its_digest_fits() -> None:
    bench = Bench()
    assert bench.register().startswith(b"SIP/2.0 200 ")
    assert [one["class_a"] for one in bench.entries] == ["announced", "accepted"]
    assert [one["signed"] for one in bench.entries] == [False, True]
    entry = bench.alive()
    assert (entry["kind"], entry["note"], entry["date_ahead_s"]) == (SipEvent.KEEPALIVE, "fits", 0.0)
    assert bench.device.vkek.decode() not in repr(bench.entries)


def test_what_the_platform_asks_is_signed_for_the_device() -> None:
    bench = Bench()
    bench.register()
    assert bench.class_a is not None
    seal = bench.class_a.seal(bench.registrar.code_at("127.0.0.1:5060"), CLOCK)
    ends = SipEnds("sip:a@1", f"sip:{CODE}@1", f"sip:{CODE}@h", "sip:a@h", "UDP h:1", seal)
    for far_tag in ("", "abc"):
        data = request_to(ends, SipCall("c@h", "t", far_tag, 1), "MESSAGE", "b", body=b"<Query/>")
        asked = heard(data)
        assert asked is not None
        assert bench.device.proven(asked)
        changed = heard(data.replace(b"<Query/>", b"<query/>"))
        assert changed is not None
        assert not bench.device.proven(changed)
    assert bench.class_a.seal("", CLOCK) is None


@pytest.mark.parametrize(
    ("kind", "outcome", "status"),
    [
        ("gm_other_key", "wrong_signature", 403),
        ("gm_signs_less", "wrong_signature", 403),
        ("gm_wrong_server", "wrong_server", 403),
        ("gm_own_random", "foreign_random", 401),
        ("gm_foreign_certificate", "foreign_certificate", 403),
        ("gm_certificate_of_another", "certificate_of_another", 403),
        ("gm_broken_certificate", "unreadable_certificate", 403),
        ("gm_decoded_randoms", "other_form", 403),
    ],
)
def test_a_device_that_does_not_prove_itself_is_not_registered(kind: str, outcome: str, status: int) -> None:
    bench = Bench(Fault("nvr", kind))
    assert bench.register().startswith(f"SIP/2.0 {status} ".encode())
    assert (bench.entries[-1]["class_a"], bench.entries[-1]["status"]) == (outcome, status)
    found = gb35114.class_a(bench.sights)
    assert found.conforms is (None if outcome in ("unreadable_certificate", "other_form") else False)
    assert found.because


def test_how_sip_registers_is_left_to_class_a_where_the_certificate_failed() -> None:
    good = Bench()
    good.register()
    assert sip.registration(good.sights, 1.0).conforms
    bad = Bench(Fault("nvr", "gm_other_key"))
    bad.register()
    assert sip.registration(bad.sights, 1.0).conforms is None


def test_a_random_number_that_was_used_is_refused() -> None:
    bench = Bench(Fault("nvr", "gm_old_random"))
    bench.register()
    assert bench.register().startswith(b"SIP/2.0 401 ")
    assert bench.entries[-1]["class_a"] == "replayed"
    assert gb35114.class_a(bench.sights).conforms is False


def test_the_same_second_random_does_not_conform_and_one_registration_does_not_show_it() -> None:
    bench = Bench(Fault("nvr", "gm_same_random2"))
    bench.register()
    once = gb35114.class_a(bench.sights)
    assert once.conforms
    assert any("只见到一次注册" in one for one in once.reserved)
    bench.register()
    assert gb35114.class_a(bench.sights).conforms is False


def test_a_password_in_the_place_of_the_certificate_is_served_and_does_not_conform() -> None:
    bench = Bench()
    answer = bench.send(bench.line.register())
    assert bench.send(bench.line.register(answer)).startswith(b"SIP/2.0 200 ")
    assert [one["class_a"] for one in bench.entries] == ["absent", "digest"]
    assert gb35114.class_a(bench.sights).conforms is False
    assert bench.alive()["note"] == "absent"
    assert gb35114.notes(bench.sights, 600).conforms is False


def test_a_digest_without_an_agreed_key_concludes_nothing() -> None:
    bench = Bench()
    answer = bench.send(bench.line.register())
    bench.send(bench.line.register(answer))
    assert bench.alive(proof=(("Note", 'Digest nonce="AAAA",algorithm=SM3'),))["note"] == "no_key"
    assert gb35114.notes(bench.sights, 600).conforms is None


def test_a_device_that_falls_back_to_its_password_loses_its_key() -> None:
    bench = Bench()
    bench.register()
    answer = bench.send(bench.line.register())
    bench.send(bench.line.register(answer))
    assert bench.alive()["note"] == "no_key"
    assert gb35114.class_a(bench.sights).conforms is False


ANSWER = (
    '<?xml version="1.0"?><Response><CmdType>DeviceInfo</CmdType><SN>1</SN>'
    f"<DeviceID>{CODE}</DeviceID></Response>"
)


@pytest.mark.parametrize(
    ("kind", "value", "note"),
    [
        ("gm_unsigned", None, "absent"),
        ("gm_other_body", None, "wrong"),
        ("gm_no_method", None, "wrong"),
        ("gm_note_md5", None, "wrong_algorithm"),
        ("gm_no_date", None, "no_date"),
        ("gm_date_off", 1200, "fits"),
        ("gm_date_off", -601, "fits"),
    ],
)
def test_signalling_that_is_not_as_agreed_does_not_conform(kind: str, value: object, note: str) -> None:
    bench = Bench(Fault("nvr", kind, value))
    bench.register()
    assert bench.alive()["note"] == note
    bench.send(bench.message(ANSWER))
    assert gb35114.notes(bench.sights, 600).conforms is False


def test_only_keepalives_and_answers_together_show_that_signalling_is_signed() -> None:
    bench = Bench(Fault("nvr", "gm_answers_unsigned"))
    bench.register()
    bench.alive()
    assert gb35114.notes(bench.sights, 600).conforms is None
    bench.send(bench.message(ANSWER))
    assert gb35114.notes(bench.sights, 600).conforms is False
    whole = Bench()
    whole.register()
    whole.alive()
    whole.send(whole.message(ANSWER))
    found = gb35114.notes(whole.sights, 600)
    assert (found.conforms, "心跳 1 条、应答 1 条" in found.because) == (True, True)


def test_a_digest_that_comes_again_in_another_message_does_not_conform() -> None:
    bench = Bench()
    bench.register()
    bench.alive(number=20)
    assert not bench.entries[-1]["note_again"]
    assert bench.alive(number=20)["kind"] == SipEvent.REPEATED  # the same request, sent again over UDP
    assert bench.alive(number=21)["note_again"]  # Call-ID, Date and body as before, so its hash fits
    assert bench.entries[-1]["note"] == "fits"
    assert gb35114.notes(bench.sights, 600).conforms is False


def test_the_key_before_counts_a_moment_longer() -> None:
    bench = Bench()
    bench.register()
    old = bench.device.vkek
    bench.register()
    bench.device.vkek = old
    assert bench.alive()["note"] == "fits"
    bench.moment += OLD_KEY_S
    bench.clock += timedelta(seconds=1)
    assert bench.alive()["note"] == "wrong"


def test_a_header_that_is_not_utf8_makes_a_wrong_digest_unreadable() -> None:
    bench = Bench()
    bench.register()
    data = bench.message(ANSWER).replace(b"Max-Forwards", b"X-Name: \xb2\xe2\r\nMax-Forwards")
    bench.send(data.replace(b"From: <", b'From: "\xb2\xe2" <'))
    assert bench.entries[-1]["note"] == "unreadable"
    assert gb35114.notes(bench.sights, 600).conforms is None


@pytest.mark.parametrize("name", ["Note", "Date"])
def test_two_headers_that_differ_are_not_read(name: str) -> None:
    bench = Bench()
    bench.register()
    data = bench.message(ANSWER)
    bench.send(data.replace(f"{name}: ".encode(), f"{name}: 2020\r\n{name}: ".encode(), 1))
    assert bench.entries[-1]["note"] == "unreadable"
    two = 'Authorization: Digest username="x"'
    bench.send(bench.line.request("REGISTER", [f"Authorization: {bench.device.capability()}", two]))
    assert bench.entries[-1]["class_a"] == "unreadable"
    assert gb35114.class_a(bench.sights).conforms is None


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("2026-11-29T18:00:30.500", 30.5),
        ("2026-11-29 17:59:00", -60.0),
        ("yesterday", None),
        ("", ...),
    ],
)
def test_a_date_is_read_in_the_forms_of_the_field(date: str, ahead: object) -> None:
    bench = Bench()
    bench.register()
    said = bench.alive(proof=(("Date", date), ("Note", 'Digest nonce="AAAA",algorithm=SM3')))
    assert said.get("date_ahead_s", ...) == ahead


def sight(kind: str = "refused", **said: Any) -> Any:
    return SimpleNamespace(kind=kind, said=said)


@pytest.mark.parametrize(
    ("said", "conforms"),
    [
        ({"class_a": "wrong_signature", "doubt": True}, None),
        ({"class_a": "certificate_of_another", "doubt": True, "form": ""}, None),
        ({"class_a": "certificate_of_another", "doubt": True, "form": "usual"}, False),
        ({"class_a": "certificate_expired"}, None),
        ({"class_a": "certificate_expired", "announced": True}, False),
        ({"class_a": "stale"}, None),
        ({"class_a": "unreadable"}, None),
        ({"class_a": "announced"}, None),
    ],
)
def test_what_may_be_the_site_files_mistake_is_not_the_devices(said: Any, conforms: object) -> None:
    assert gb35114.class_a([sight(**said)]).conforms is conforms


def test_a_verdict_by_another_reading_or_without_a_code_is_reserved() -> None:
    said = {"class_a": "accepted", "scheme": "Unidirection", "form": "decoded-randoms", "doubt": True}
    found = gb35114.class_a([sight("registered", **said)] * 2)
    assert (found.conforms, found.n, len(found.reserved)) == (True, 2, 2)
    assert "decoded-randoms" in found.because


@pytest.mark.parametrize("outcome", ["foreign_random", "replayed", "stale"])
def test_a_device_that_begins_with_what_it_sent_before_has_to_answer_the_fresh_challenge(
    outcome: str,
) -> None:
    good = sight("registered", class_a="accepted", scheme="Bidirection", form="usual")
    old = sight("challenged", class_a=outcome)
    found = gb35114.class_a([old, good, old, good])
    assert (found.conforms, found.reserved) == (True, ("曾带着先前的认证信息注册，被拒后按新的质询认证",))
    assert gb35114.class_a([old, good, good, old]).conforms is (None if outcome == "stale" else False)


def test_a_device_that_never_answers_the_challenge_does_not_conform() -> None:
    assert gb35114.class_a([]).conforms is None
    assert gb35114.class_a([sight("challenged", class_a="announced")] * 2).conforms is False
    assert gb35114.class_a([sight("challenged", class_a="absent")] * 2).conforms is False


def test_something_unreadable_beside_a_good_registration_concludes_nothing() -> None:
    good = sight("registered", class_a="accepted", scheme="Bidirection", form="usual")
    assert gb35114.class_a([good, good]).conforms is True
    assert gb35114.class_a([sight(class_a="unreadable"), good, good]).conforms is None
    assert gb35114.class_a([sight(class_a="stale"), good, good]).conforms is True
