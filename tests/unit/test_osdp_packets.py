# SPDX-License-Identifier: Apache-2.0
"""OSDP packets out of a stream of bytes, what is heard in them, and credentials of a site file."""

from __future__ import annotations

import pytest

from yanshou.acquisition.osdp_ear import ReaderEar
from yanshou.emulation.access.osdp_crypto import PanelSession, _encrypt
from yanshou.emulation.access.osdp_panel import PUBLISHED_KEY
from yanshou.protocols.card import Bits, Keys, as_data, as_part, read_credential
from yanshou.protocols.osdp import Packet, PacketFramer, crc16, read_key

# a poll to reader 5, its ACK, and its report of 26 bits 12 34 56 80, as libosdp 3.2.9 sent them
ACK = bytes.fromhex("538508000540 3fbc")
CARD = bytes.fromhex("538510000750 00011a00 12345680 de26")


def packed(head: str, body: str = "") -> bytes:
    """A packet of head (address on, without length) and body, with its CRC."""
    address, control = bytes.fromhex(head)
    data = bytes.fromhex(body)
    raw = bytes([0x53, address]) + (7 + len(data)).to_bytes(2, "little") + bytes([control]) + data
    return raw + crc16(raw).to_bytes(2, "little")


POLL = packed("0505", "60")


def test_packets_are_cut_wherever_the_bytes_are_torn():
    framer = PacketFramer()
    stream = b"\xff" + POLL + ACK + b"\x00\x53" + POLL + CARD
    found = [one for n, byte in enumerate(stream) for one in framer.feed(bytes([byte]), float(n))]
    found += framer.silence()
    assert [one.raw for one in found if one.raw != POLL] == [ACK, CARD]
    assert not framer.pending


def test_a_packet_carries_the_receipt_of_its_first_and_last_byte():
    framer = PacketFramer()
    assert framer.feed(POLL[:3], 1.0) == []
    (found,) = framer.feed(POLL[3:] + ACK[:2], 2.0)
    assert (found.began, found.ended) == (1.0, 2.0)
    (found,) = framer.feed(ACK[2:], 3.0)
    assert (found.began, found.ended, found.is_reply, found.address) == (2.0, 3.0, True, 5)


@pytest.mark.parametrize("spoilt", range(len(CARD)))
def test_a_changed_byte_is_never_a_packet(spoilt: int):
    framer = PacketFramer()
    raw = bytearray(CARD)
    raw[spoilt] ^= 0x10
    found = framer.feed(bytes(raw), 1.0) + framer.silence()
    assert found == []
    assert framer.garbled or spoilt == 0


def test_a_head_that_lies_about_its_length_does_not_hide_what_follows():
    framer = PacketFramer()
    assert framer.feed(b"\x53\x05\xff\x04\x04" + POLL, 1.0) == []
    assert [one.raw for one in framer.silence()] == [POLL]
    assert framer.garbled == 1


def test_a_checksum_of_one_byte_is_read_too():
    raw = bytes([0x53, 0x05, 0x07, 0x00, 0x01, 0x60])
    (found,) = PacketFramer().feed(raw + bytes([-sum(raw) & 0xFF]), 1.0)
    assert (found.code, found.sequence, found.block) == (0x60, 1, b"")


def hear(*packets: bytes, ear: ReaderEar | None = None, every: float = 0.05) -> ReaderEar:
    ear = ear or ReaderEar()
    for n, raw in enumerate(packets):
        at = ear.heard + every if ear.heard else 1.0 + n * every
        ear.hear(Packet(raw, at, at), at - 0.01)
    return ear


def test_a_report_is_bracketed_from_the_idle_line_to_its_last_byte():
    ear = hear(packed("0505", "60"), ACK, packed("0506", "60"), CARD)
    ((early, late),) = [one.as_pair() for one in ear.reports]
    assert late - early == pytest.approx(0.01)
    assert (ear.facts.plain_reports, ear.facts.protected_reports, ear.facts.is_protected) == (1, 0, False)


def test_an_answer_sent_again_is_no_second_report():
    poll = packed("0507", "60")
    ear = hear(poll, CARD, poll, CARD)
    assert (len(ear.reports), ear.facts.resent) == (1, 1)


def test_the_default_key_a_new_key_and_clear_contents_are_told_apart():
    challenge, accepted = (
        packed("050d", "031100 76 0102030405060708"),
        packed("850d", "031401 78" + "00" * 16),
    )
    secret, signed = packed("850e", "0218 50" + "11" * 16), packed("850f", "0216 50 00001a00 12345680")
    ear = hear(challenge, accepted, packed("050e", "0217 75" + "22" * 20), packed("850e", "0216 40"))
    ear = hear(packed("050f", "0215 60"), secret, packed("050d", "0215 60"), signed, ear=ear)
    facts = ear.facts
    assert (facts.default_key_sessions, facts.sessions, facts.rekeyed, facts.rekeyed_in_clear) == (1, 0, 1, 0)
    assert (facts.protected_reports, facts.default_key_reports, facts.plain_reports) == (1, 1, 1)
    assert facts.is_protected is False


def test_a_reader_that_only_says_it_has_a_key_of_the_site_is_found_out():
    """Both sides say SCBK, and the cryptogram is that of the published key."""
    session = PanelSession(PUBLISHED_KEY)
    challenge = packed("050d", "031101 76" + session.random.hex())
    theirs = bytes(range(8))
    for key, default in ((PUBLISHED_KEY, 1), (bytes(range(16)), 0)):
        there = PanelSession(key)
        there.random = session.random
        cipher = there._derived(key, 0x82)
        proof = _encrypt(cipher, session.random + theirs)
        answer = packed("850d", "031201 76" + (bytes(8) + theirs + proof).hex())
        facts = hear(challenge, answer, packed("850e", "031401 78" + "00" * 16)).facts
        assert (facts.default_key_sessions, facts.sessions) == (default, 1 - default)


def test_silences_are_counted_and_a_long_one_may_have_hidden_a_report():
    ear = hear(POLL, ACK)
    hear(packed("0506", "60"), ear=ear, every=0.5)
    assert (ear.facts.silences, ear.blind) == (1, [])
    hear(packed("0507", "60"), ear=ear, every=1.5)
    assert (ear.facts.silences, len(ear.blind)) == (2, 1)
    assert ear.facts.longest_silence_s == pytest.approx(1.5)


def test_noise_without_a_packet_in_between_is_one_blind_period():
    ear = hear(POLL)
    for until in (1.2, 1.3, 1.9):
        ear.lost(until)
    assert [one.as_pair() for one in ear.blind] == [[1.0, 1.9]]
    hear(packed("0506", "60"), ear=ear)
    ear.lost(2.5)
    assert [one.as_pair() for one in ear.blind] == [[1.0, 1.9], [pytest.approx(1.95), 2.5]]


def test_credentials_are_bits_and_keys():

    (card,) = read_credential("26:123459")
    assert (card, card.left_aligned.hex()) == (Bits(26, 0x123459), "048d1640")
    assert read_credential("1A2B3C4D") == (Bits(32, 0x1A2B3C4D),)
    assert read_credential("26:1+pin:12*#") == (Bits(26, 1), Keys("12*#"))
    assert [as_part(as_data(one)) for one in read_credential("37:1F+pin:9#")] == [Bits(37, 0x1F), Keys("9#")]


@pytest.mark.parametrize(
    "text", ["", "26:", "2:F", "0:0", "pin:", "pin:12a", "12 34", "26:1++pin:1", "9999:1"]
)
def test_what_is_no_credential_is_refused_and_not_quoted(text: str):
    with pytest.raises(ValueError, match=r"^(?!.*12 34)"):
        read_credential(text)


def test_a_key_is_32_digits_and_never_quoted():
    assert read_key("00" * 16) == bytes(16)
    for text in ("", "00" * 15, "zz" * 16):
        with pytest.raises(ValueError, match=r"^its key is not 32 hexadecimal digits$"):
            read_key(text)


@pytest.mark.parametrize(
    ("block", "in_clear"), [("", 1), ("0215", 1), ("0217", 0)], ids=["plain", "signed", "ciphered"]
)
def test_a_new_key_that_is_only_signed_is_sent_in_the_clear(block: str, in_clear: int) -> None:
    control = "0d" if block else "05"
    ear = hear(packed(f"05{control}", f"{block}75 0110 {bytes(16).hex()}"))
    assert (ear.facts.rekeyed, ear.facts.rekeyed_in_clear) == (1, in_clear)


@pytest.mark.parametrize(
    ("body", "plain", "protected"),
    [
        ("57 00 00 01 50 0400 01020304", 1, 0),  # a fingerprint
        ("80 0100 0000 0100 aa", 1, 0),  # data of an identity card
        ("b1 01 01 00 01", 1, 0),  # a smart card is there
        ("b1 00 01 00 00", 0, 0),  # a setting of the reader
        ("0218 b1 01020304", 0, 1),
        ("0216 57 00 00 01 50 0400 01020304", 1, 0),  # signed, and to be read
    ],
)
def test_whatever_identifies_somebody_is_protected_or_not(body: str, plain: int, protected: int) -> None:
    """None of them is a report that stamps a card."""
    control = "0d" if body.startswith("02") else "05"
    ear = hear(POLL, packed(f"85{control}", body))
    assert (ear.facts.plain_reports, ear.facts.protected_reports) == (plain, protected)
    assert not ear.reports
