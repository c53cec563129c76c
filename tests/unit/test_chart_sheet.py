# SPDX-License-Identifier: Apache-2.0
"""``yanshou chart``: the printed sheet is found and read, and is 100 mm where it says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from yanshou.cli.main import main
from yanshou.imaging import Frame, layout, read_chart


def written(tmp_path: Path, *options: str) -> Path:
    path = tmp_path / "chart.pdf"
    assert main(["chart", "--out", str(path), *options]) == 0
    return path


def seen(picture: np.ndarray) -> list[Frame]:
    """The page through a lens, its white not clipped."""
    dimmed = np.rint(cv2.GaussianBlur(picture[..., ::-1], (0, 0), 0.8) * 0.9).astype(np.uint8)
    return [Frame(cv2.cvtColor(dimmed, cv2.COLOR_RGB2GRAY), rgb=dimmed)]


def rendered(path: Path, dpi: int) -> np.ndarray:
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", path, path.with_suffix("")], check=True
    )
    return cv2.imread(str(path.with_suffix(".png")))


@pytest.mark.parametrize("size", ["A3", "A2", "A1"])
def test_the_sheet_has_its_size_and_its_words(size, tmp_path):
    page = PdfReader(written(tmp_path, "--size", size, "--serial", "C-0042")).pages[0]
    millimetres = [float(side) / 72 * 25.4 for side in page.mediabox[2:]]
    assert millimetres == pytest.approx({"A3": [420, 297], "A2": [594, 420], "A1": [840, 594]}[size], abs=0.2)
    text = page.extract_text()
    assert "C-0042" in text
    assert "100 mm" in text
    assert "/FontFile2" in str(page["/Resources"]["/Font"]["/F2+0"].get_object()["/FontDescriptor"])


def test_the_sheet_is_read_as_it_is_drawn(tmp_path):
    picture = rendered(written(tmp_path), 110)
    found, gates = read_chart(seen(picture))
    assert gates == ()
    assert found.view.notes == ()
    assert found.density.value == pytest.approx(110 / 25.4 * 1000, rel=0.001)
    assert abs(found.distortion.percent) < 0.05
    assert found.greys.steps == 11
    assert found.colours.matched.mean() < 1.5
    assert found.colours.white_balance < 0.5
    assert len(found.edges) == 20


def test_the_scale_bar_is_100_mm_on_every_sheet(tmp_path):
    for size in ("A3", "A1"):
        picture = rendered(written(tmp_path, "--size", size), 50)
        scale = layout.SCALES[size] * 50 / 25.4
        row = picture[round((290.5 + 0.3 / layout.SCALES[size]) * scale), :, 0]
        light = np.flatnonzero(row >= 128)
        assert (np.diff(light).max() - 1) / 50 * 25.4 == pytest.approx(100, abs=1.1)


def test_a_bought_colour_chart_gets_its_frame(tmp_path):
    picture = rendered(written(tmp_path, "--colour-frame"), 60)
    found, _ = read_chart(seen(picture))
    assert found.mtf50.gates == () or found.greys.steps == 11
    middle = found.view.pixels([(90.0, 130.0)])[0].astype(int)
    assert picture[middle[1], middle[0]].tolist() == [255, 255, 255]


def test_a_folder_is_no_file(tmp_path, capsys):
    assert main(["--lang", "en", "chart", "--out", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err
