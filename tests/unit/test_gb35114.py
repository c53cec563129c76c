# SPDX-License-Identifier: Apache-2.0
"""GB 35114 class A at the bench's platform; the device signs and opens by gmalg, another library."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from gmalg import SM2, SM3

from tests.support.sm2_openssl import OPENSSL, OPENSSL_KEY
from yanshou.emulation.gb28181.certificate_text import certificate, demo_key, public_of
from yanshou.model import RigFault
from yanshou.protocols.gb35114 import sm2
from yanshou.protocols.gb35114.certificates import (
    UnreadableCertificateError,
    read_certificate,
    read_private_key,
)
from yanshou.protocols.gb35114.forms import USUAL, forms
from yanshou.protocols.gb35114.headers import announced_certificate, read_header
from yanshou.protocols.gb35114.registering import (
    RANDOM_S,
    ClassAAccount,
    ClassAGate,
    ClassAOutcome,
    PlatformIdentity,
)
from yanshou.protocols.gb35114.signalling import NoteOutcome, Signalled, judge_note, note

SIGNER = b"1234567812345678"
SERVER, CODE, OTHER = "15010000002000000001", "15010000001320000004", "15010000001320000005"
KEY, FOREIGN, PLATFORM = demo_key("device"), demo_key("somebody"), demo_key("platform")
ISSUER = ("demo issuer", demo_key("issuer"))
PEM = certificate(CODE, KEY, ISSUER)
DAY = datetime(2026, 11, 29, tzinfo=UTC)
ALGORITHM = "A:SM2;H:SM3;S:SM1/OFB/PKCS5,SM4/OFB/PKCS5;SI:SM3-SM2"


def number(value: bytes) -> bytes:
    bare = value.lstrip(b"\0")
    bare = b"\0" + bare if bare[0] > 127 else bare
    return bytes([2, len(bare)]) + bare


def signed(data: bytes, key: bytes = KEY) -> str:
    r, s = SM2(sk=key, uid=SIGNER).sign(data)
    inner = number(r) + number(s)
    return base64.b64encode(bytes([0x30, len(inner)]) + inner).decode()


def opened(sealed: bytes, key: bytes = KEY) -> bytes:
    """The text in an SM2 envelope of DER: two coordinates, the hash, the text."""
    fields, at = [], 2
    while at < len(sealed):
        size = sealed[at + 1]
        fields.append(sealed[at + 2 : at + 2 + size])
        at += 2 + size
    x, y = (one.lstrip(b"\0").rjust(32, b"\0") for one in fields[:2])
    return SM2(sk=key).decrypt(b"\x04" + x + y + fields[2] + fields[3])


class Device:
    """A device of class A as it should be, with parts that can be replaced."""

    def __init__(self, gate: ClassAGate, form: str = USUAL, pem: str = PEM) -> None:
        self.gate = gate
        self.account = ClassAAccount(CODE, read_certificate(pem), forms()[form])

    def capability(self, more: str = "", algorithm: str = ALGORITHM) -> ClassAOutcome:
        said = f'Capability algorithm="{algorithm}", keyversion="2026-11-29T08:00:00"{more}'
        return self.gate.judge(said, self.account, 0.0, DAY).outcome

    def challenged(self, at: float = 0.0) -> str:
        said = read_header(self.gate.challenge(CODE, at))
        assert said is not None
        assert said.scheme == self.gate.scheme
        assert "A:SM2" in said.get("algorithm")
        return said.get("random1")

    def header(self, random1: str, key: bytes = KEY, data: bytes | None = None, **said: str) -> str:
        random2 = said.pop("random2", base64.b64encode(random1.encode()[:16]).decode())
        server = said.get("serverid", SERVER)
        right = f"{random2}{random1}{server}".encode()
        values = {"random1": random1, "random2": random2, "serverid": server, "deviceid": CODE} | said
        values["sign1"] = values.get("sign1") or signed(right if data is None else data, key)
        scheme = values.pop("scheme", self.gate.scheme)
        parts = ", ".join(f'{name}="{value}"' for name, value in values.items() if value)
        return f'{scheme} {parts}, algorithm="{ALGORITHM}"'

    def judged(self, header: str, at: float = 1.0, day: datetime = DAY):
        return self.gate.judge(header, self.account, at, day)


@pytest.fixture
def device() -> Device:
    return Device(ClassAGate(SERVER, PlatformIdentity(PLATFORM, public_of(PLATFORM)[1:])))


def test_a_device_that_signs_both_randoms_and_the_code_is_accepted_and_gets_a_key(device: Device) -> None:
    assert device.capability() is ClassAOutcome.ANNOUNCED
    verdict = device.judged(device.header(device.challenged()))
    assert (verdict.outcome, verdict.form) == (ClassAOutcome.ACCEPTED, USUAL)
    assert not verdict.doubt
    info, vkek = device.gate.accept(verdict, device.account)
    said = read_header(info)
    assert said is not None
    assert (said.scheme, said.get("serverid"), said.get("deviceid")) == ("Bidirection", SERVER, CODE)
    assert opened(base64.b64decode(said.get("cryptkey"))) == vkek
    assert len(vkek) == 16
    data = f"{said.get('random1')}{said.get('random2')}{CODE}{said.get('cryptkey')}".encode()
    inner = base64.b64decode(said.get("sign2"))
    size = inner[3]
    r, s = inner[4 : 4 + size], inner[6 + size :]
    own = SM2(pk=public_of(PLATFORM), uid=SIGNER)
    assert own.verify(data, r, s)
    assert not own.verify(data + b"x", r, s)


def test_without_a_key_of_its_own_the_platform_asks_for_one_direction() -> None:
    device = Device(ClassAGate(SERVER, None))
    device.capability()
    verdict = device.judged(device.header(device.challenged(), deviceid=""))
    assert verdict.outcome is ClassAOutcome.ACCEPTED
    info, vkek = device.gate.accept(verdict, device.account)
    said = read_header(info)
    assert said is not None
    assert said.scheme == "Unidirection"
    assert "S:SM1/OFB/PKCS5;" in said.get("algorithm")  # one cipher of those the device named
    assert opened(base64.b64decode(said.get("cryptkey"))) == vkek


@pytest.mark.parametrize(
    ("outcome", "changed"),
    [
        (ClassAOutcome.FOREIGN_RANDOM, {"random1": base64.b64encode(b"made up by itself").decode()}),
        (ClassAOutcome.WRONG_SERVER, {"serverid": OTHER}),
        (ClassAOutcome.WRONG_DEVICE, {"deviceid": OTHER}),
        (ClassAOutcome.WRONG_SCHEME, {"scheme": "Unidirection"}),
        (ClassAOutcome.WRONG_SIGNATURE, {"data": b"other data"}),
        (ClassAOutcome.WRONG_SIGNATURE, {"key": FOREIGN}),
        (ClassAOutcome.WRONG_SIGNATURE, {"sign1": "MAYCAQACAQA="}),  # r = s = 0
        (ClassAOutcome.WRONG_SIGNATURE, {"sign1": "no base64!"}),
        (ClassAOutcome.UNREADABLE, {"random2": ""}),
        (ClassAOutcome.UNREADABLE, {"serverid": "", "sign1": "MAYCAQACAQA="}),
    ],
)
def test_what_does_not_prove_the_device_is_told_apart(
    device: Device, outcome: ClassAOutcome, changed: dict[str, Any]
) -> None:
    device.capability()
    given = device.challenged()
    header = device.header(changed.pop("random1", given), **changed)
    assert device.judged(header).outcome is outcome


def test_a_random_of_ours_counts_once_in_time_and_for_its_device(device: Device) -> None:
    device.capability()
    header = device.header(device.challenged())
    late = device.header(device.challenged(), random2="bGF0ZQ==")
    assert device.judged(header).outcome is ClassAOutcome.ACCEPTED
    again = device.judged(header)
    assert (again.outcome, again.again) == (ClassAOutcome.REPLAYED, True)
    assert device.judged(late, at=RANDOM_S + 1).outcome is ClassAOutcome.STALE
    of_another = read_header(device.gate.challenge(OTHER, 0.0))
    assert of_another is not None
    stolen = device.header(of_another.get("random1"), random2="c3RvbGVu")
    assert device.judged(stolen).outcome is ClassAOutcome.FOREIGN_RANDOM


def test_the_same_second_random_is_noticed_in_the_next_registration(device: Device) -> None:
    device.capability()
    verdicts = [device.judged(device.header(device.challenged(), random2="SkRfNUJIUTRn")) for _ in range(2)]
    assert [one.outcome for one in verdicts] == [ClassAOutcome.ACCEPTED] * 2
    assert [one.again for one in verdicts] == [False, True]


def test_a_password_or_nothing_in_the_place_of_the_certificate_is_told(device: Device) -> None:
    assert device.judged("").outcome is ClassAOutcome.ABSENT
    assert device.judged('Digest username="x", response="y"').outcome is ClassAOutcome.DIGEST
    assert device.judged('Basic x="y"').outcome is ClassAOutcome.UNREADABLE
    assert device.judged('Bidirection random1="a", random1="b"').outcome is ClassAOutcome.UNREADABLE
    for offered in ("A:RSA;H:SHA-1;SI:SHA-RSA", "A:SM2;H:SHA-1", "A:SM2;H:SM3;SI:RSA", "SM2 SM3", ""):
        assert device.capability(algorithm=offered) is ClassAOutcome.WRONG_ALGORITHM
    assert device.capability(algorithm="A:SM2;H:SM3") is ClassAOutcome.ANNOUNCED
    assert device.capability(algorithm="A: SM2; H: SM3; SI: SM3-SM2") is ClassAOutcome.ANNOUNCED


def announcing(pem: str) -> str:
    return f', cnonce="devicecert:{base64.b64encode(pem.encode()).decode()}"'


@pytest.mark.parametrize(
    ("sent", "key", "outcome"),
    [
        (PEM, KEY, ClassAOutcome.ACCEPTED),
        (certificate(CODE, FOREIGN, ISSUER), FOREIGN, ClassAOutcome.FOREIGN_CERTIFICATE),
        (certificate(OTHER, KEY, ISSUER), KEY, ClassAOutcome.CERTIFICATE_OF_ANOTHER),
        (certificate(CODE, KEY, ("another", FOREIGN)), KEY, ClassAOutcome.FOREIGN_CERTIFICATE),
        ("no certificate", KEY, ClassAOutcome.UNREADABLE_CERTIFICATE),
    ],
)
def test_a_certificate_sent_along_has_to_be_the_laboratorys_own(
    device: Device, sent: str, key: bytes, outcome: ClassAOutcome
) -> None:
    device.capability(announcing(sent))
    verdict = device.judged(device.header(device.challenged(), key=key))
    assert verdict.outcome is outcome
    assert verdict.announced


def test_a_certificate_of_the_site_file_that_names_another_or_has_run_out_proves_nothing() -> None:
    identity = PlatformIdentity(PLATFORM, public_of(PLATFORM)[1:])
    other = Device(ClassAGate(SERVER, identity), pem=certificate(OTHER, KEY, ISSUER))
    other.capability()
    verdict = other.judged(other.header(other.challenged()))
    assert (verdict.outcome, verdict.doubt) == (ClassAOutcome.CERTIFICATE_OF_ANOTHER, True)
    ended = datetime(2026, 6, 1, tzinfo=UTC)
    late = Device(ClassAGate(SERVER, identity), pem=certificate(CODE, KEY, ISSUER, ends=ended))
    late.capability()
    assert late.judged(late.header(late.challenged())).outcome is ClassAOutcome.CERTIFICATE_EXPIRED


def test_a_signature_in_another_reading_of_the_standard_is_neither_right_nor_wrong() -> None:
    identity = PlatformIdentity(PLATFORM, public_of(PLATFORM)[1:])
    usual = Device(ClassAGate(SERVER, identity))
    usual.capability()
    random1, random2 = usual.challenged(), base64.b64encode(b"sixteen octets..").decode()
    data = base64.b64decode(random2) + base64.b64decode(random1) + SERVER.encode()
    verdict = usual.judged(usual.header(random1, data=data, random2=random2))
    assert (verdict.outcome, verdict.form) == (ClassAOutcome.OTHER_FORM, "decoded-randoms")
    named = Device(ClassAGate(SERVER, identity), form="decoded-randoms")
    named.capability()
    random1 = named.challenged()
    data = base64.b64decode(random2) + base64.b64decode(random1) + SERVER.encode()
    verdict = named.judged(named.header(random1, data=data, random2=random2))
    assert verdict.outcome is ClassAOutcome.ACCEPTED


# -- the digest of signalling

MESSAGE = Signalled("MESSAGE", "<sip:a@1>;tag=7", "<sip:b@1>", "c@h", "2026-11-29T08:00:00", b"<Notify/>\r\n")


def sm3(data: bytes) -> bytes:
    found = SM3()
    found.update(data)
    return found.value()


def test_the_digest_is_over_the_parts_of_the_message_and_the_key() -> None:
    vkek, form = b"0123456789abcdef", forms()[USUAL]
    data = b"MESSAGE<sip:a@1>;tag=7<sip:b@1>c@h2026-11-29T08:00:000123456789abcdef<Notify/>\r\n"
    said = note(MESSAGE, vkek, form)
    assert said == f'Digest nonce="{base64.b64encode(sm3(data)).decode()}",algorithm=SM3'
    assert judge_note(said, MESSAGE, vkek, form) is NoteOutcome.FITS
    quoted = said.replace("algorithm=SM3", 'algorithm="SM3"')
    assert judge_note(quoted, MESSAGE, vkek, form) is NoteOutcome.FITS


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("", NoteOutcome.ABSENT),
        ("nothing", NoteOutcome.UNREADABLE),
        ('Digest nonce=""', NoteOutcome.UNREADABLE),
        ('Digest nonce="AAAA"', NoteOutcome.WRONG_ALGORITHM),
        ('Digest nonce="AAAA",algorithm=MD5', NoteOutcome.WRONG_ALGORITHM),
        ('Digest nonce="AAAA",algorithm=SM3', NoteOutcome.WRONG),
        ('Digest nonce="no base64",algorithm=SM3', NoteOutcome.WRONG),
    ],
)
def test_a_digest_that_is_missing_or_wrong_is_told_apart(said: str, outcome: NoteOutcome) -> None:
    assert judge_note(said, MESSAGE, b"0123456789abcdef", forms()[USUAL]) is outcome


@pytest.mark.parametrize("part", ["method", "sender", "target", "call", "date", "body", "key"])
def test_a_digest_over_anything_else_does_not_fit(part: str) -> None:
    vkek, form = b"0123456789abcdef", forms()[USUAL]
    parts = {name: getattr(MESSAGE, name) for name in ("method", "sender", "target", "call", "date", "body")}
    if part == "body":
        parts["body"] += b" "
    elif part != "key":
        parts[part] += "x"
    said = note(Signalled(**parts), b"another key 3456" if part == "key" else vkek, form)
    assert judge_note(said, MESSAGE, vkek, form) is NoteOutcome.WRONG


def test_a_digest_with_the_key_as_text_is_another_form() -> None:
    vkek = b"0123456789abcdef"
    said = note(MESSAGE, vkek, forms()["vkek-as-text"])
    assert judge_note(said, MESSAGE, vkek, forms()[USUAL]) is NoteOutcome.OTHER_FORM
    assert judge_note(said, MESSAGE, vkek, forms()["vkek-as-text"]) is NoteOutcome.FITS


# -- certificates and keys


def test_a_certificate_and_a_key_of_openssl_are_read() -> None:
    found, key = read_certificate(OPENSSL), read_private_key(OPENSSL_KEY)
    assert found.codes == (CODE,)
    assert public_of(key)[1:] == found.public
    assert found.ends == datetime(2026, 12, 29, 17, 51, 22, tzinfo=UTC)
    assert sm2.verify(found.public, b"x", sm2.sign(key, found.public, b"x"))
    assert read_private_key(key.hex()) == key


@pytest.mark.parametrize(
    "text", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", OPENSSL_KEY, "证书"]
)
def test_what_is_no_certificate_is_one_clear_error(text: str) -> None:
    with pytest.raises(UnreadableCertificateError):
        read_certificate(text)


@pytest.mark.parametrize("text", ["", "a secret", "0" * 64, "f" * 64, OPENSSL, "证书"])
def test_what_is_no_key_is_one_clear_error_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(UnreadableCertificateError) as caught:
        read_private_key(text)
    assert not text or text not in str(caught.value)


def test_a_certificate_of_another_curve_is_refused() -> None:
    whole = base64.b64decode("".join(OPENSSL.splitlines()[1:-1]))
    other = whole.replace(bytes.fromhex("06082a811ccf5501822d"), bytes.fromhex("06082a8648ce3d030107"))
    text = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(other).decode()}\n-----END CERTIFICATE-----\n"
    with pytest.raises(UnreadableCertificateError, match="another curve"):
        read_certificate(text)


def test_a_certificate_that_is_sent_along_is_found_in_the_capability() -> None:
    said = read_header(f'Capability algorithm="{ALGORITHM}"{announcing("text")}')
    assert said is not None
    assert announced_certificate(said) == "text"
    broken = read_header('Capability cnonce="devicecert:*"')
    assert broken is not None
    assert announced_certificate(broken) is None


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gmssl_pyx", None)
    with pytest.raises(RigFault, match=r"yanshou\[gm\]"):
        sm2.sm3(b"")


def test_a_wrong_signature_writes_nothing_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    found = read_certificate(PEM)
    assert not sm2.verify(found.public, b"x", base64.b64decode(signed(b"y")))
    assert capfd.readouterr().err == ""
