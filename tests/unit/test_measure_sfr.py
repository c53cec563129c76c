# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure sfr`` on files: a colleague's edge in any common format, and what bad files say."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.slanted_edge import edge_image, true_mtf50
from yanshou.cli.main import main
from yanshou.imaging.tone import to_code

KEYS = {"mtf50", "mtf30", "mtf10", "mtf_nyquist", "peak", "angle", "U_mtf50", "gates"}
NOISE = np.random.default_rng(4).normal(0, 0.6, (80, 80))
LIGHT = edge_image(80, 80, 6, 0.7, low=40, high=160) / 255
TRUTH = true_mtf50(6, 0.7)


def measured(capsys, *arguments: str) -> object:
    code = main(["measure", "sfr", *arguments, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == (3 if isinstance(answer, dict) and answer["gates"] else 0)
    return answer


def write(path: Path, picture: np.ndarray) -> str:
    assert cv2.imwrite(str(path), picture)
    return str(path)


def eight(share: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(255 * share + NOISE), 0, 255).astype(np.uint8)


def sixteen(share: np.ndarray) -> np.ndarray:
    return np.rint(65535 * share).astype(np.uint16)


FORMS = {
    "8 bit": (eight(LIGHT), ["--linear"]),
    "16 bit": (sixteen(LIGHT), ["--linear"]),
    "sRGB 8 bit": (eight(to_code(LIGHT)), []),
    "sRGB 16 bit": (sixteen(to_code(LIGHT)), []),
    "colour": (eight(to_code(LIGHT))[:, :, None] * np.uint8([1, 1, 1]), []),
    "tinted": (sixteen(to_code(LIGHT[:, :, None] * [0.6, 0.8, 1.0])), []),
    "with alpha": (np.dstack([eight(to_code(LIGHT))] * 3 + [np.full((80, 80), 9, np.uint8)]), []),
    "falling": (eight(LIGHT)[:, ::-1], ["--linear"]),
    "lying": (eight(LIGHT).T, ["--linear"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_edge_gives_its_mtf50(form, tmp_path, capsys):
    picture, options = FORMS[form]
    answer = measured(capsys, write(tmp_path / "edge.png", picture), *options)
    assert set(answer) >= KEYS
    assert answer["gates"] == []
    assert answer["mtf50"] == pytest.approx(TRUTH, rel=0.01)
    assert abs(answer["mtf50"] - TRUTH) <= answer["U_mtf50"] + 0.003 * TRUTH
    assert answer["angle"] == pytest.approx(6, abs=0.05)


def test_an_srgb_edge_taken_as_linear_is_off(tmp_path, capsys):
    path = write(tmp_path / "edge.png", sixteen(to_code(LIGHT)))
    assert measured(capsys, path, "--linear")["mtf50"] < 0.99 * TRUTH


def test_regions_and_files_are_answered_in_order(tmp_path, capsys):
    sharp, soft = eight(LIGHT), eight(edge_image(80, 80, 6, 1.5, low=40, high=160) / 255)
    both = write(tmp_path / "both.png", np.hstack([sharp, soft]))
    one = write(tmp_path / "one.png", soft)
    rois = ["--roi", "4,8,72,64", "--roi", "84,8,72,64"]
    answers = measured(capsys, both, "--linear", *rois)
    assert [answer["roi"][0] for answer in answers] == [4, 84]
    assert answers[0]["mtf50"] > 1.5 * answers[1]["mtf50"]
    assert [Path(answer["file"]).name for answer in measured(capsys, both, one, *rois[:2], "--linear")] == [
        "both.png",
        "one.png",
    ]


def test_clipping_is_looked_for_in_every_channel(tmp_path, capsys):
    share = np.clip(to_code(LIGHT[:, :, None] * [0.6, 0.8, 1.9]), 0, 1)
    answer = measured(capsys, write(tmp_path / "hot.png", eight_colours(share)))
    assert answer["mtf50"] is None
    assert "clipped" in answer["gates"][0]


def eight_colours(share: np.ndarray) -> np.ndarray:
    return np.rint(255 * share[..., ::-1]).astype(np.uint8)


def test_a_clip_is_measured_from_its_own_pictures(tmp_path, capsys):
    """Copies of one picture are no repetition; a coarse quantiser is refused."""
    av = pytest.importorskip("av")
    seen = {}
    for qp in (4, 40):
        path = tmp_path / f"qp{qp}.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", 25, options={"qp": str(qp), "g": "1"})
            stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
            rng = np.random.default_rng(1)
            for _ in range(4):
                luma = 16 + 219 * edge_image(96, 160, 6, 0.7, low=0.2, high=0.8)
                frame = np.vstack([np.rint(luma + rng.normal(0, 1, luma.shape)), np.full((48, 160), 128)])
                packets = stream.encode(av.VideoFrame.from_ndarray(frame.astype(np.uint8), format="yuv420p"))
                container.mux(packets)
            container.mux(stream.encode(None))
        seen[qp] = measured(capsys, str(path), "--linear", "--roi", "44,8,72,80")
    assert seen[4]["pictures"] == 4
    assert seen[4]["mtf50"] == pytest.approx(TRUTH, rel=0.01)
    assert seen[40]["mtf50"] is None
    assert "quantiser" in seen[40]["gates"][0]


def test_a_coarse_picture_is_refused_whatever_coded_it(tmp_path, capsys):
    """JPEG by its table, Motion JPEG alike, H.265 by its slices."""
    av = pytest.importorskip("av")
    luma = np.rint(16 + 219 * edge_image(96, 160, 6, 0.7, low=0.2, high=0.8)).astype(np.uint8)
    clip = tmp_path / "clip.mkv"
    for quality, good in ((98, True), (40, False)):
        path = tmp_path / f"{quality}.jpg"
        path.write_bytes(cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())
        found = measured(capsys, str(path), "--linear", "--roi", "44,8,72,80")
        assert (found["mtf50"] is not None) == good, found
    for codec, options, good in (
        ("libx265", {"x265-params": "qp=12:log-level=none"}, True),
        ("libx265", {"x265-params": "qp=38:log-level=none"}, False),
        ("mjpeg", {"qmin": "31", "qmax": "31"}, False),
    ):
        with av.open(str(clip), "w") as container:
            stream = container.add_stream(codec, 25, options=options)
            stream.width, stream.height = 160, 96
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            frame = av.VideoFrame.from_ndarray(
                np.vstack([luma, np.full((48, 160), 128, np.uint8)]), "yuv420p"
            )
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        found = measured(capsys, str(clip), "--linear", "--roi", "44,8,72,80")
        assert (found["mtf50"] is not None) == good, (codec, options, found)
        assert found["qp"] is not None


BAD = {
    "missing.png": (None, [], "cannot be read"),
    "empty.png": (b"", [], "is empty"),
    "text.png": (b"no picture at all", [], "neither a picture nor a clip"),
    "cut.png": (cv2.imencode(".png", eight(LIGHT))[1].tobytes()[:60], [], "cut off or damaged"),
    "small.png": (cv2.imencode(".png", eight(LIGHT))[1].tobytes(), ["--roi", "60,0,40,40"], "not inside"),
    "odd.png": (b"x", ["--roi", "1,2,3"], "is no region"),
    "flat.png": (b"x", ["--roi", "1,2,0,9"], "is no region"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(name, tmp_path, capsys):
    data, options, text = BAD[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert main(["--lang", "en", "measure", "sfr", str(tmp_path / name), *options]) == 2
    error = capsys.readouterr().err
    assert text in error
    assert error.count("\n") <= 2


def test_a_person_is_shown_a_table(tmp_path, capsys):
    assert (
        main(["--lang", "zh", "measure", "sfr", write(tmp_path / "edge.png", eight(LIGHT)), "--linear"]) == 0
    )
    shown = capsys.readouterr().out
    assert "mtf50" in shown
    assert "量" in shown
