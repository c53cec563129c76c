# SPDX-License-Identifier: Apache-2.0
"""Pictures that FFmpeg fills up where their data is damaged: they are counted and never measured."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from yanshou.cli import main
from yanshou.drivers.stream.looked import seen_of
from yanshou.drivers.stream.taken import TakenFrames
from yanshou.protocols.rtsp import AccessUnit
from yanshou.protocols.rtsp.bitstream import nal_units
from yanshou.protocols.rtsp.damage import Damage
from yanshou.protocols.rtsp.decode import decode
from yanshou.protocols.rtsp.depacketise import Depacketiser
from yanshou.protocols.rtsp.rtp import RtpPacket

_CODERS = {
    "h264": ("libx264", {"preset": "veryfast", "g": "8", "bf": "0"}),
    "h264 B": ("libx264", {"preset": "veryfast", "g": "8", "bf": "2"}),
    "h264 slices": ("libx264", {"preset": "veryfast", "g": "8", "x264-params": "slices=4:bframes=0"}),
    "h264 open": ("libx264", {"preset": "veryfast", "g": "8", "x264-params": "open-gop=1:bframes=3"}),
    "hevc": ("libx265", {"preset": "ultrafast", "x265-params": "keyint=8:bframes=0:log-level=none"}),
    "hevc open": ("libx265", {"preset": "ultrafast", "x265-params": "keyint=8:bframes=3:log-level=none"}),
    "mjpeg": ("mjpeg", {}),
}
_COUNT = 24
_STILLS = 12  # each a key frame: a command reads sixteen at most


def clip(path: Path, coder: str, size: tuple[int, int] = (320, 192)) -> Path:
    """A drifting, noisy pattern of 24 pictures, twelve in Motion JPEG."""
    chance = np.random.default_rng(3)
    name, options = _CODERS[coder]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(name, rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if name == "mjpeg" else "yuv420p"
        stream.options = options
        for number in range(_STILLS if coder == "mjpeg" else _COUNT):
            ramp = (np.indices(size[::-1]).sum(0) * 3 + 7 * number) % 180 + 30
            luma = np.clip(ramp + chance.normal(0, 3, ramp.shape), 0, 255).astype(np.uint8)
            grey = np.vstack((luma, np.full((size[1] // 2, size[0]), 128, np.uint8)))
            frame = av.VideoFrame.from_ndarray(grey, format="yuv420p").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def units_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def overwritten(path: Path, place: int) -> Path:
    """The clip with the second half of one packet set to zero, as a lost sector leaves it."""
    data, unit = bytearray(path.read_bytes()), units_of(path)[place]
    at = data.index(unit)
    data[at + len(unit) // 2 : at + len(unit)] = bytes(len(unit) - len(unit) // 2)
    damaged = path.with_stem("damaged")
    damaged.write_bytes(data)
    return damaged


def answer(capsys: pytest.CaptureFixture[str], path: Path):
    """What the command answers and what it says beside it."""
    assert main(["measure", "health", str(path), "--json"]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


@pytest.mark.parametrize("coder", _CODERS)
def test_a_sound_clip_is_not_called_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str], coder: str):
    _, said = answer(capsys, clip(tmp_path / "clip.mkv", coder))
    assert said == ""


@pytest.mark.parametrize("coder", _CODERS)
@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_damaged_pictures_of_a_clip_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], coder: str, suffix: str
):
    whole, _ = answer(capsys, clip(tmp_path / f"clip.{suffix}", coder))
    key = overwritten(tmp_path / f"clip.{suffix}", 0)
    found, said = answer(capsys, key)
    assert "damaged.mkv" in said or "damaged.mp4" in said
    assert "损坏" in said or "damaged" in said
    assert found["pictures"] < whole["pictures"]


@pytest.mark.parametrize("coder", ["h264", "h264 slices"])
def test_changed_bytes_that_no_rule_forbids_are_recognised_by_the_decoder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], coder: str
):
    path = clip(tmp_path / "clip.mkv", coder)
    data, unit = bytearray(path.read_bytes()), units_of(path)[0]
    middle = data.index(unit) + len(unit) // 3
    data[middle : middle + 8] = b"\xa5" * 8
    path.write_bytes(data)
    _, said = answer(capsys, path)
    assert "clip.mkv" in said


def test_a_clip_of_damaged_pictures_alone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    clip(tmp_path / "clip.mkv", "h264")
    data = bytearray((tmp_path / "clip.mkv").read_bytes())
    for unit in units_of(tmp_path / "clip.mkv"):
        at = data.index(unit)
        data[at + len(unit) // 3 : at + len(unit)] = bytes(len(unit) - len(unit) // 3)
    (tmp_path / "clip.mkv").write_bytes(data)
    assert main(["--lang", "en", "measure", "health", str(tmp_path / "clip.mkv")]) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert "free of damage" in said


def access_units(tmp_path: Path, coder: str) -> list[AccessUnit]:
    """The pictures of a transport stream in Annex B; a key frame every eight pictures, the first one."""
    found = units_of(clip(tmp_path / "clip.ts", coder))
    return [
        AccessUnit(data, 3600 * place, 0.04 * place, place % 8 == 0, len(data), complete=True)
        for place, data in enumerate(found)
    ]


def cut(unit: AccessUnit) -> AccessUnit:
    """The unit without some bytes in the middle of its slice."""
    middle = len(unit.data) // 2
    data = unit.data[:middle] + bytes(64) + unit.data[middle + 64 :]
    return AccessUnit(data, unit.rtp_ticks, unit.arrival, unit.key, len(data), complete=True)


@pytest.mark.parametrize("coder", ["h264", "hevc"])
def test_what_refers_to_a_damaged_picture_is_left_out_up_to_the_next_key_frame(tmp_path: Path, coder: str):
    units = access_units(tmp_path, coder)
    assert len(units) == _COUNT
    units[10] = cut(units[10])
    damage = Damage(coder)
    made = decode(coder, list(enumerate(units)), damage=damage)
    assert [one.index for one in made] == [*range(10), *range(16, _COUNT)]
    assert [one.index for one in made if one.after_damage] == [16]
    assert damage.pictures == 6


@pytest.mark.parametrize("coder", ["h264", "hevc"])
def test_pictures_beside_damaged_ones_are_not_compared(tmp_path: Path, coder: str):
    """A filled-up picture repeats the one before, and one after a gap is no successor."""
    units = access_units(tmp_path, coder)
    sound = seen_of(coder, units, 100, 90_000)
    assert sound.damaged == 0
    assert sound.distinct is not None
    assert sound.distinct.decoded == _COUNT
    units[10] = cut(units[10])
    seen = seen_of(coder, units, 100, 90_000)
    assert seen.damaged == 6
    assert seen.distinct is not None
    assert seen.distinct.decoded == _COUNT - 6 - 1
    assert seen.distinct.distinct == seen.distinct.decoded


@pytest.mark.parametrize("coder", ["h264", "hevc"])
def test_what_a_recorder_plays_damaged_is_counted_whatever_was_asked_for(tmp_path: Path, coder: str):
    """Of key frames alone, as retention asks for, and of all; where all are damaged there is no picture."""
    for intra in (True, False):
        units = access_units(tmp_path, coder)
        units = units[::8] if intra else units
        for broken, whole in (((0,), len(units) - (1 if intra else 8)), (range(len(units)), 0)):
            taken = TakenFrames[AccessUnit]()
            for place, unit in enumerate(units):
                taken.take(cut(unit) if place in broken else unit)
            seen = taken.seen(coder, 90_000, intra=intra)
            assert (seen.decoded, seen.damaged) == (whole, len(units) - whole)
            assert (seen.first is None) is (whole == 0)


@pytest.mark.parametrize("coder", ["h264", "hevc"])
def test_what_precedes_the_first_key_picture_is_not_damaged(tmp_path: Path, coder: str):
    units = access_units(tmp_path, coder)[3:]
    damage = Damage(coder)
    made = decode(coder, list(enumerate(units)), damage=damage)
    assert len(made) >= _COUNT - 8
    assert damage.pictures == 0


def test_malformed_supplemental_information_does_not_damage_its_picture(tmp_path: Path):
    """A length beyond its end: the picture is whole, and the decoder, asked to refuse errors, refuses it."""
    units = access_units(tmp_path, "hevc")
    sei = b"\x00\x00\x00\x01\x4e\x01\x05\xff\xff\x03abc\x80"
    odd = [
        AccessUnit(sei + one.data, one.rtp_ticks, one.arrival, one.key, one.size, complete=True)
        for one in units
    ]
    assert len(decode("hevc", list(enumerate(odd)))) == _COUNT


@pytest.mark.parametrize("missing", [0, 1])
def test_a_marker_on_the_first_slice_of_the_first_picture_does_not_cut_it(tmp_path: Path, missing: int):
    """Only what follows shows that the marker ends no picture: half of it was measured as a picture.

    Where the packet that would show it is missing, the next picture shows it.
    """
    units = access_units(tmp_path, "h264 slices")
    maker, made, gap = Depacketiser("h264"), [], False
    for place, unit in enumerate(units):
        left_out = missing if place == 0 else 0
        for kind, nal in nal_units("h264", unit.data):
            begins = kind == 5 and nal[1] & 0x80
            if kind == 5 and not begins and left_out:
                left_out, gap = left_out - 1, True
                continue
            made += maker.push(RtpPacket(0, 3600 * place, True, 96, 1, nal, 100 + place / 25), gap=gap)
            gap = False
    made += maker.flush()
    assert [one.rtp_ticks for one in made] == [3600 * place for place in range(_COUNT)]
    assert all(one.complete for one in made)
    damage = Damage("h264")
    decode("h264", list(enumerate(made)), damage=damage)
    assert (damage.pictures > 0) == bool(missing)
    assert missing or made[0].data.count(b"\x00\x00\x01") == units[0].data.count(b"\x00\x00\x01")


def test_a_picture_that_is_the_only_one_is_whole_with_its_marker():
    """Of a stream that sends one picture, nothing follows; of a playback its last one says that it is."""
    for marked in (True, False):
        maker = Depacketiser("h264")
        assert maker.push(RtpPacket(0, 0, marked, 96, 1, b"\x65\x88abc", 100.0)) == []
        assert [one.complete for one in maker.flush()] == [marked]
    stamp = bytes(8) + b"\x90\x00"
    last = RtpPacket(0, 0, True, 96, 1, b"\x65\x88abc", 100.0, 0xABAC, stamp)
    assert [one.complete for one in Depacketiser("h264").push(last)] == [True]
