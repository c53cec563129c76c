# SPDX-License-Identifier: Apache-2.0
"""Frames of INTEGRA panels: published examples, any cut of a stream, noise, and both of our own codecs."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.emulation.messages.integra import framed, unframed
from yanshou.wires import satel
from yanshou.wires.satel import SatelFraming

PUBLISHED = {  # frames quoted with descriptions of the protocol
    "09": "FE FE 09 D7 EB FE 0D",
    "1C": "FE FE 1C D7 FE F0 FE 0D",
    "EE0101": "FE FE EE 01 01 63 08 FE 0D",
}
BODIES = st.binary(min_size=1, max_size=60)


@pytest.mark.parametrize(("body", "frame"), PUBLISHED.items())
def test_published_frames(body: str, frame: str) -> None:
    assert satel.encode(bytes.fromhex(body)) == bytes.fromhex(frame)
    (found,) = satel.FrameReader().feed(bytes.fromhex(frame))
    assert (found.body.hex().upper(), found.fault) == (body, "")


@given(st.lists(BODIES, min_size=1, max_size=6), st.data())
def test_frames_come_out_however_the_stream_is_cut(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(satel.encode(body) for body in bodies)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = satel.FrameReader()
    parts = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    found = [frame for part in parts for frame in reader.feed(part)]
    assert [frame.body for frame in found] == bodies
    assert not any(frame.fault for frame in found)
    assert not reader.pending


@given(st.binary(max_size=200), BODIES)
def test_a_good_frame_is_found_behind_any_noise(noise: bytes, body: bytes) -> None:
    """The next whole frame is read, whatever came before."""
    reader = satel.FrameReader()
    reader.feed(noise)
    reader.feed(satel.encode(body))
    found = reader.feed(satel.encode(body))
    assert found
    assert (found[-1].body, found[-1].fault) == (body, "")


@given(BODIES, st.integers(0, 1), st.integers(1, 255))
def test_a_wrong_check_byte_is_never_believed(body: bytes, place: int, change: int) -> None:
    checked = bytearray(body + satel.checksum(body).to_bytes(2, "big"))
    checked[len(body) + place] ^= change
    frame = b"\xfe\xfe" + bytes(checked).replace(b"\xfe", b"\xfe\xf0") + b"\xfe\x0d"
    (found,) = satel.FrameReader().feed(frame)
    assert "wrong checksum" in found.fault


def test_most_changed_bytes_are_found_out() -> None:
    """The protocol's check is a sum that folds: a few changed bytes pass, which nobody here can mend."""
    draw = random.Random(7)
    passed = 0
    for _ in range(5000):
        body = draw.randbytes(33)
        place, change = draw.randrange(33), draw.randrange(1, 256)
        changed = body[:place] + bytes([body[place] ^ change]) + body[place + 1 :]
        passed += satel.checksum(changed) == satel.checksum(body)
    assert passed < 50


@given(BODIES)
def test_the_emulated_panel_has_a_codec_of_its_own_that_agrees(body: bytes) -> None:
    assert framed(body) == satel.encode(body)
    assert unframed(satel.encode(body)) == ([body], b"")


def test_a_frame_without_an_end_is_given_up() -> None:
    heard = SatelFraming().feed(b"\xfe\xfe" + bytes(2000))
    assert len(heard) == 1
    assert "without an end" in heard[0].fault
