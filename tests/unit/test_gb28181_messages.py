# SPDX-License-Identifier: Apache-2.0
"""SIP, digest and MANSCDP of GB/T 28181: what is read, what is told, and what is never taken for right."""

from __future__ import annotations

import contextlib
import hashlib
import random

import pytest

from yanshou.model import Instant
from yanshou.protocols.credentials import Credentials
from yanshou.protocols.gb28181 import (
    DigestGate,
    DigestOutcome,
    GatheringState,
    PartGathering,
    PartOutcome,
    SipFrame,
    SipFramer,
    SipNoise,
    SipOddity,
    UnreadableSip,
    UnreadableXml,
    XmlOddity,
    read_manscdp,
    read_sip,
    reply_to,
)
from yanshou.protocols.gb28181.digest import MOST_NONCES, NONCE_S
from yanshou.protocols.gb28181.sip import LONGEST_BODY, LONGEST_HEAD

DEVICE = "34020000001320000001"
SERVER = "34020000002000000001"
URI = f"sip:{SERVER}@3402000000"
PASSWORD = "12345678"


def sip(method="REGISTER", body=b"", length=None, extra=(), cseq=None):
    lines = [
        f"{method} {URI} SIP/2.0",
        "Via: SIP/2.0/UDP 192.168.3.99:5060;rport;branch=z9hG4bK1",
        f"From: <sip:{DEVICE}@3402000000>;tag=1",
        f"To: <sip:{DEVICE}@3402000000>",
        "Call-ID: 1@192.168.3.99",
        f"CSeq: {cseq or '1 ' + method}",
        *extra,
    ]
    if length != "":
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def catalogue(sn=17, total=2, items=(1, 2), encoding="GB2312", bytes_as="gb18030", num=None, name="大门"):
    listed = "".join(
        f"<Item><DeviceID>{DEVICE[:-2]}{n:02}</DeviceID><Name>{name}</Name></Item>" for n in items
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\r\n<Response><CmdType>Catalog</CmdType><SN>{sn}</SN>'
        f"<DeviceID>{DEVICE}</DeviceID><SumNum>{total}</SumNum>"
        f'<DeviceList Num="{len(items) if num is None else num}">{listed}</DeviceList></Response>'
    )
    return text.encode(bytes_as)


# --- SIP ---


def test_a_message_as_it_should_be_is_read_without_a_word():
    read = read_sip(sip("MESSAGE", b"<a/>", extra=("X-GB-Ver: 3.0",)))
    assert (read.method, read.sequence, read.sender, read.body, read.oddities) == (
        "MESSAGE",
        1,
        DEVICE,
        b"<a/>",
        (),
    )
    assert read.header("x-gb-ver") == "3.0"


def test_a_body_longer_than_its_length_is_read_whole_and_told():
    body = catalogue()
    read = read_sip(sip("MESSAGE", body, length=len(body) - 3))
    assert read.body == body
    assert read.oddities == (SipOddity.LENGTH_SHORT,)


@pytest.mark.parametrize(
    ("data", "odd"),
    [
        (sip(body=b"x", length="5"), SipOddity.LENGTH_LONG),
        (sip(body=b"x", length="many"), SipOddity.BAD_LENGTH),
        (sip(body=b"x", length="-1"), SipOddity.BAD_LENGTH),
        (sip(body=b"x", length=""), SipOddity.NO_LENGTH),
        (sip().replace(b"\r\n", b"\n"), SipOddity.BARE_LINE_ENDS),
        (sip(extra=("no colon here",)), SipOddity.NO_COLON),
        (sip(extra=("X-Name: \u00ff",)).replace(b"\xc3\xbf", b"\xff"), SipOddity.NOT_UTF8),
        (sip(extra=("Expires: 60", "Expires: 60")), SipOddity.TWICE),
    ],
)
def test_what_is_odd_in_the_form_is_told(data, odd):
    assert read_sip(data).oddities == (odd,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        sip().replace(b"SIP/2.0\r\n", b"SIP/3.0\r\n", 1),
        sip(cseq="1 INVITE"),
        sip(cseq="x REGISTER"),
        sip(cseq=f"{2**31} REGISTER"),
        sip(extra=("Call-ID: another",)),
        sip(extra=("Expires: 60", "Expires: 3600")),
        sip().replace(b"Call-ID", b"Call-Name"),
        sip(extra=("X: " + "x" * LONGEST_HEAD,)),
        sip(body=b"x" * (LONGEST_BODY + 1)),
        b"SIP/2.0 999 Odd\r\n\r\n",
    ],
)
def test_what_leaves_a_doubt_about_the_answer_is_no_message(data):
    with pytest.raises(UnreadableSip):
        read_sip(data)


def test_an_answer_carries_the_headers_of_its_request_and_a_tag():
    answer = read_sip(reply_to(read_sip(sip()), 401, "Unauthorized", tag="t9", headers=(("Expires", "0"),)))
    assert answer.head.status_code == 401
    assert answer.header("to").endswith(";tag=t9")
    assert (answer.call_id, answer.sequence, answer.method) == ("1@192.168.3.99", 1, "REGISTER")
    assert answer.header("via").startswith("SIP/2.0/UDP 192.168.3.99:5060")


def at(moment):
    return Instant(moment, moment + 0.001)


def test_a_stream_is_cut_into_messages_wherever_it_is_split():
    whole = b"\r\n\r\n" + sip("MESSAGE", b"<a>1</a>") + sip("MESSAGE", b"<b/>") + sip()
    for size in (1, 2, 7, 100, len(whole)):
        framer = SipFramer()
        found = []
        for place in range(0, len(whole), size):
            found += framer.feed(whole[place : place + size], at(place))
        assert [read_sip(one.data, stream=True).body for one in found] == [b"<a>1</a>", b"<b/>", b""]
        assert all(isinstance(one, SipFrame) and not one.tail for one in found)
        assert framer.end(at(9)) is None
        assert found[0].first.earliest <= found[0].complete.earliest


def test_the_rest_of_a_body_that_was_counted_too_short_is_a_tail_and_hides_no_message():
    body = catalogue()
    framer = SipFramer()
    first, second = framer.feed(sip("MESSAGE", body, length=len(body) - 9) + sip(), at(0))
    assert first.tail == body[-9:]
    assert read_sip(first.data + first.tail, stream=True).oddities == (SipOddity.LENGTH_SHORT,)
    assert read_sip(second.data, stream=True).method == "REGISTER"


def test_a_message_that_begins_at_the_end_of_a_read_is_kept_after_noise():
    framer = SipFramer()
    found = framer.feed(b"garbage\r\nREGIS", at(0)) + framer.feed(sip()[5:], at(1))
    assert [type(one) for one in found] == [SipNoise, SipFrame]


def test_noise_on_a_stream_is_told_and_hides_no_message():
    noise, message = SipFramer().feed(b"garbage\r\nmore\r\n" + sip(), at(0))
    assert isinstance(noise, SipNoise)
    assert noise.count == len(b"garbage\r\nmore\r\n")
    assert read_sip(message.data, stream=True).method == "REGISTER"


def test_a_stream_without_length_says_so():
    (one,) = SipFramer().feed(sip("MESSAGE", b"", length=""), at(0))
    assert read_sip(one.data, stream=True).oddities == (SipOddity.NO_LENGTH,)


# --- digest ---


def answered(gate, challenge, user=DEVICE, password=PASSWORD, uri=URI):
    client = Credentials(user, password)
    assert client.learn(challenge)
    return client.authorization("REGISTER", uri)


def judged(gate, header, moment=1.0):
    return gate.judge(header, "REGISTER", URI, DEVICE, PASSWORD, moment)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("qop", [True, False])
def test_the_right_password_over_our_nonce_is_accepted(algorithm, qop):
    gate = DigestGate("3402000000", algorithm, qop=qop)
    verdict = judged(gate, answered(gate, gate.challenge(0.0)))
    assert verdict.outcome is DigestOutcome.ACCEPTED
    assert verdict.fits
    assert not verdict.reused


def test_a_nonce_the_device_made_up_is_refused_though_its_hash_is_right():
    def md5(text):
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    response = md5(f"{md5(f'{DEVICE}:3402000000:{PASSWORD}')}:mine:{md5(f'REGISTER:{URI}')}")
    header = (
        f'Digest username="{DEVICE}", realm="3402000000", nonce="mine", uri="{URI}", '
        f'response="{response}", algorithm=MD5'
    )
    gate = DigestGate("3402000000")
    gate.challenge(0.0)
    verdict = judged(gate, header)
    assert verdict.outcome is DigestOutcome.FOREIGN_NONCE
    assert verdict.fits


def test_each_other_fault_of_an_authorization_has_its_name():
    gate = DigestGate("3402000000")
    fresh = lambda **kw: answered(gate, gate.challenge(0.0), **kw)  # noqa: E731
    once = fresh()
    other = DigestGate("4400000000")
    cases = {
        "": DigestOutcome.ABSENT,
        "Basic YTpi": DigestOutcome.UNREADABLE,
        "Digest": DigestOutcome.UNREADABLE,
        fresh().replace("nc=00000001", "nc=zz"): DigestOutcome.UNREADABLE,
        answered(other, other.challenge(0.0)): DigestOutcome.WRONG_REALM,
        fresh(user=SERVER): DigestOutcome.WRONG_USER,
        fresh(password="wrong"): DigestOutcome.WRONG_RESPONSE,
        fresh().replace("algorithm=MD5", "algorithm=SHA-256"): DigestOutcome.WRONG_ALGORITHM,
    }
    for header, outcome in cases.items():
        assert judged(gate, header).outcome is outcome, header
    assert judged(gate, once).outcome is DigestOutcome.ACCEPTED
    assert judged(gate, once).outcome is DigestOutcome.REPLAYED
    assert judged(gate, fresh(), NONCE_S + 1).outcome is DigestOutcome.STALE
    assert judged(gate, fresh(uri=f"sip:{SERVER}@10.0.0.1:5060")).other_uri


def test_a_storm_of_registrations_holds_no_more_than_the_newest_nonces():
    gate = DigestGate("3402000000")
    old = gate.challenge(0.0)
    for _ in range(MOST_NONCES):
        new = gate.challenge(0.0)
    assert judged(gate, answered(gate, old)).outcome is DigestOutcome.FOREIGN_NONCE
    assert judged(gate, answered(gate, new)).outcome is DigestOutcome.ACCEPTED


# --- MANSCDP ---


def test_a_body_in_gb18030_is_read_also_outside_gb2312():
    read = read_manscdp(catalogue(name="萳䶮"))
    assert (read.root, read.command, read.sn, read.total, read.encoding) == (
        "Response",
        "Catalog",
        17,
        2,
        "gb18030",
    )
    assert read.items[0]["Name"] == "萳䶮"
    assert read.oddities == ()


@pytest.mark.parametrize(("declared", "really"), [("GB2312", "utf-8"), ("UTF-8", "gb18030")])
def test_an_encoding_that_is_not_the_declared_one_is_read_and_told(declared, really):
    read = read_manscdp(catalogue(encoding=declared, bytes_as=really))
    assert (read.items[0]["Name"], read.encoding) == ("大门", really)
    assert read.oddities == (XmlOddity.WRONG_ENCODING,)


def test_xml_that_is_not_well_formed_is_told_and_marked():
    read = read_manscdp(catalogue(name="a & b <c"))
    assert read.recovered
    assert XmlOddity.BROKEN in read.oddities


@pytest.mark.parametrize(
    ("body", "odd"),
    [
        (catalogue(num=5), XmlOddity.ITEM_COUNT),
        (catalogue(total="two"), XmlOddity.BAD_SUM),
        (catalogue(sn="x"), XmlOddity.NO_SN),
        (catalogue().replace(b"<SN>", b"<SN>18</SN><SN>"), XmlOddity.NO_SN),
        (catalogue().replace(f"<DeviceID>{DEVICE}</DeviceID>".encode(), b"", 1), XmlOddity.NO_DEVICE),
        (catalogue() + b"\0", XmlOddity.NUL),
    ],
)
def test_what_is_odd_in_a_body_is_told(body, odd):
    assert odd in read_manscdp(body).oddities


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<html/>",
        b"\xff\xff<Response/>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Response><SN>&b;</SN></Response>',
        b"<Response>" + b"x" * LONGEST_BODY + b"</Response>",
    ],
)
def test_what_is_no_manscdp_is_refused(body):
    with pytest.raises(UnreadableXml):
        read_manscdp(body)


def gathering():
    return PartGathering("Catalog", 17, DEVICE, asked=0.0)


def test_parts_in_any_order_and_twice_make_one_answer():
    whole = gathering()
    for n in (2, 1, 2):
        assert whole.take(read_manscdp(catalogue(items=(n,))), 1.0) is PartOutcome.TAKEN
    assert whole.state(1.0) is GatheringState.COMPLETE
    assert (whole.doubled, whole.missing) == (1, 0)


def test_an_answer_to_another_question_counts_for_nothing():
    whole = gathering()
    assert whole.take(read_manscdp(catalogue(sn=18)), 1.0) is PartOutcome.FOREIGN
    assert whole.state(1.0) is GatheringState.WAITING
    assert whole.state(61.0) is GatheringState.INCOMPLETE
    assert not whole.items


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([{"total": 3}], GatheringState.INCOMPLETE),
        ([{"total": 1}], GatheringState.CONTRADICTORY),
        ([{"items": (1,)}, {"items": (2,), "total": 3}], GatheringState.CONTRADICTORY),
        ([{"items": (1,)}, {"items": (1,), "name": "后门"}], GatheringState.CONTRADICTORY),
        ([{"total": ""}], GatheringState.INCOMPLETE),
        ([{"name": "a & b"}], GatheringState.INCOMPLETE),
        ([{"items": (), "total": 0}], GatheringState.COMPLETE),
    ],
)
def test_only_what_adds_up_is_complete(parts, state):
    whole = gathering()
    for part in parts:
        whole.take(read_manscdp(catalogue(**part)), 1.0)
    assert whole.state(12.0) is state


def test_a_late_first_part_is_waited_for():
    whole = gathering()
    assert whole.state(50.0) is GatheringState.WAITING
    whole.take(read_manscdp(catalogue()), 55.0)
    assert whole.state(55.0) is GatheringState.COMPLETE


# --- any bytes ---


def mutated(rng, data):
    made = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(made)) if made else 0
        choice = rng.randrange(4)
        if choice == 0 and made:
            made[place] = rng.randrange(256)
        elif choice == 1:
            made[place:place] = rng.choice(
                [b"\r\n", b"\0", b"\xff", b"<", b"&", b'"', b":", b"\n\n", b";tag"]
            )
        elif choice == 2:
            del made[place : place + rng.randint(1, 40)]
        else:
            made[place:place] = made[place : place + rng.randint(1, 60)]
    return bytes(made)


def test_no_bytes_break_the_readers():
    rng = random.Random(28181)
    gate = DigestGate("3402000000")
    good = answered(gate, gate.challenge(0.0))
    register = sip(extra=(f"Authorization: {good}",))
    message = sip("MESSAGE", catalogue())
    for _ in range(2500):
        data = mutated(rng, rng.choice([register, message]))
        framer = SipFramer()
        for place in range(0, len(data), 97):
            framer.feed(data[place : place + 97], at(0))
        assert framer.held <= LONGEST_HEAD + LONGEST_BODY
        try:
            read = read_sip(data)
            read_sip(reply_to(read, 200, "OK", tag="t"))
            gate.judge(read.header("authorization"), "REGISTER", URI, DEVICE, "other", 1.0)
        except UnreadableSip:
            pass
        with contextlib.suppress(UnreadableXml):
            read_manscdp(mutated(rng, catalogue()))


def test_no_mutated_authorization_is_accepted_unless_its_digest_is_whole():
    rng = random.Random(9)
    gate = DigestGate("3402000000")
    good = answered(gate, gate.challenge(0.0))
    response = good.split('response="')[1][:32]
    for _ in range(1000):
        header = mutated(rng, good.encode()).decode("latin-1")
        if judged(gate, header).outcome is DigestOutcome.ACCEPTED:
            assert response in header.lower()
            gate = DigestGate("3402000000")
            good = answered(gate, gate.challenge(0.0))
            response = good.split('response="')[1][:32]
