# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure grey|noise|colour|geometry`` on files; colour and PSNR against oracles."""

from __future__ import annotations

import json
from pathlib import Path

import colour
import cv2
import numpy as np
import pytest
from skimage.color import deltaE_ciede2000
from skimage.metrics import peak_signal_noise_ratio

from tests.support.chart_pictures import drawn
from yanshou.cli.main import main
from yanshou.cli.sequence_file import write_sequence
from yanshou.imaging.colour import ciede2000, lab_of
from yanshou.imaging.psnr import psnr


def answer(capsys, *arguments: str, code: int = 0) -> dict:
    assert main(["measure", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def bgr(noise: float = 1.0, seed: int = 1) -> np.ndarray:
    y, u, v = np.moveaxis(drawn(), -1, 0)
    blue, red = y + 1.8556 * (u - 128), y + 1.5748 * (v - 128)
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    light = np.dstack((blue, green, red)) + np.random.default_rng(seed).normal(0, noise, y.shape)[..., None]
    return np.clip(np.rint(light), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def stills(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("stills")
    paths = [folder / f"{number}.png" for number in range(8)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), bgr(seed=number))
    return [str(path) for path in paths]


def test_grey(stills, capsys):
    found = answer(capsys, "grey", stills[0])
    assert (found["grey_steps"], found["gates"]) == (11, [])
    assert found["codes"] == sorted(found["codes"], reverse=True)
    assert 30 < found["dynamic_range_at_least_db"] < 45


def test_colour_and_white_balance(stills, capsys):
    found = answer(capsys, "colour", stills[0])
    assert found["delta_e00_exposure_matched"] < 0.6
    assert found["white_balance_error"] < 0.3
    assert len(found["patches"]) == 24


def test_geometry(stills, capsys):
    found = answer(capsys, "geometry", stills[0])
    assert abs(found["distortion_percent"]) < 0.1
    assert found["px_per_m_a3"] == pytest.approx(1000 * 720 * 0.96 / 297, rel=0.001)
    assert (found["dori_2014"], found["oodpcvs_2025"]) == ("inspect", "scrutinise")


def test_two_looks_with_the_chart_turned_part_light_and_camera(tmp_path, capsys):
    """The light loses 30 % to the right of the sheet, the camera nothing; turned, it is upside down."""
    y = drawn()[..., 0]
    slope = (1 - 0.3 * np.linspace(0, 1, y.shape[1]))[None, :]
    dimmed = np.clip(np.rint(y * slope ** (1 / 2.3)), 0, 255).astype(np.uint8)
    paths = [str(tmp_path / f"{name}.png") for name in ("upright", "turned")]
    cv2.imwrite(paths[0], dimmed)
    cv2.imwrite(paths[1], np.ascontiguousarray(dimmed[::-1, ::-1]))
    found = answer(capsys, "geometry", *paths)
    assert all(one["evenness_percent"] < 85 for one in found)
    assert found[0]["evenness_camera_percent"] > 98.5
    assert found[0]["evenness_light_percent"] < 85
    same = answer(capsys, "geometry", paths[0], paths[0])
    assert same[0]["evenness_camera_percent"] is None


def test_noise_wants_eight_pictures(stills, capsys):
    alone = answer(capsys, "noise", stills[0], code=3)
    assert alone["snr_iso15739_db"] is None
    assert "pictures" in alone["gates"][0]
    found = answer(capsys, "noise", *stills)
    assert found["temporal_codes"] == pytest.approx(1.0, rel=0.06)
    copies = answer(capsys, "noise", *[stills[0]] * 9, code=3)
    assert copies["pictures"] == 1


@pytest.mark.parametrize(("apart", "code"), [(0.03, 0), (0.25, 3)])
def test_light_of_two_colours_on_the_chart_closes_colour_alone(
    apart: float, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Red of the light grows from left to right, blue shrinks, by this part over the picture."""
    slope = np.linspace(1 - apart / 2, 1 + apart / 2, 1280)[None, :, None]
    light = np.dstack((slope[..., 0][:, ::-1], np.ones((1, 1280)), slope[..., 0]))
    path = str(tmp_path / "mixed.png")
    cv2.imwrite(path, np.clip(np.rint(0.9 * bgr() * light ** (1 / 2.3)), 0, 255).astype(np.uint8))
    found = answer(capsys, "colour", path, code=code)
    assert (found["white_balance_error"] is None) == bool(code)
    assert all("several colours" in one for one in found["gates"])
    assert answer(capsys, "grey", path)["grey_steps"] == 11


def checker() -> np.ndarray:
    """The 24 patches alone, on black, without a marker of ours."""
    board = np.zeros((420, 600, 3), np.uint8)
    table = colour.CCS_COLOURCHECKERS["ColorChecker24 - After November 2014"]
    for number, xyy in enumerate(table.data.values()):
        rgb = colour.XYZ_to_sRGB(colour.xyY_to_XYZ(xyy), table.illuminant)
        row, column = divmod(number, 6)
        board[12 + 100 * row : 98 + 100 * row, 12 + 98 * column : 98 + 98 * column] = np.rint(
            255 * np.clip(rgb[::-1], 0, 1)
        )
    return board


@pytest.mark.parametrize(
    ("places", "gloss", "gate"),
    [((180,), False, ""), ((180,), True, "not even"), ((30, 680), False, "more than one")],
)
def test_a_bare_colorchecker_is_found(
    places: tuple[int, ...], gloss: bool, gate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    picture = np.full((720, 1310, 3), 120, np.uint8)
    for left in places:
        picture[150:570, left : left + 600] = checker()
    if gloss:
        cv2.circle(picture, (435, 305), 12, (250, 250, 250), -1)  # on the ninth patch
    path = tmp_path / "checker.png"
    cv2.imwrite(str(path), cv2.GaussianBlur(picture, (0, 0), 0.8))
    found = answer(capsys, "colour", str(path), code=3 if gate else 0)
    if gate:
        assert gate in found["gates"][0]
        assert found["white_balance_error"] is None
    else:
        assert found["gates"] == []
        assert found["delta_e00_mean"] < 1.0


def test_without_a_chart_the_reason_is_told(tmp_path, capsys):
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((480, 640, 3), 128, np.uint8))
    for what in ("grey", "noise", "colour", "geometry"):
        assert "markers" in answer(capsys, what, str(path), code=3)["gates"][0]


# --- oracles

SHARMA = [  # of the data of Sharma, Wu and Dalal (2005)
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "two", "wanted"), SHARMA)
def test_ciede2000_of_the_published_pairs(one, two, wanted):
    assert ciede2000(one, two) == pytest.approx(wanted, abs=5e-5)
    assert ciede2000(two, one) == pytest.approx(wanted, abs=5e-5)


def test_ciede2000_agrees_with_two_libraries():
    rng = np.random.default_rng(2)
    one, two = rng.uniform([0, -100, -100], [100, 100, 100], (2, 5000, 3))
    two[:2500] = one[:2500] + rng.normal(0, 2, (2500, 3))
    found = ciede2000(one, two)
    assert found == pytest.approx(deltaE_ciede2000(one, two), abs=1e-9)
    assert found == pytest.approx(colour.difference.delta_E_CIE2000(one, two), abs=1e-9)


def test_lab_agrees_with_a_library():
    rgb = np.random.default_rng(3).uniform(0, 1, (500, 3))
    xyz = colour.RGB_to_XYZ(rgb, "sRGB", apply_cctf_decoding=False)
    d65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    d50 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D50"]
    adapted = colour.adaptation.chromatic_adaptation(
        xyz, colour.xy_to_XYZ(d65), colour.xy_to_XYZ(d50), transform="Bradford"
    )
    assert lab_of(rgb) == pytest.approx(colour.XYZ_to_Lab(adapted, d50), abs=0.02)


def clip(count: int = 6) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    base = cv2.GaussianBlur(rng.uniform(0, 255, (144, 192)).astype(np.float32), (0, 0), 6)
    base = (base - base.min()) / np.ptp(base) * 255
    return [np.roll(base, 8 * number, axis=1).astype(np.uint8) for number in range(count)]


def test_psnr_finds_the_pictures_and_agrees_with_a_library():
    reference = clip()
    rng = np.random.default_rng(6)
    received = [
        np.clip(np.rint(one + rng.normal(0, 5, one.shape)), 0, 255).astype(np.uint8) for one in reference[2:]
    ]
    found = psnr(reference, received)
    assert found.aligned == (2, 3, 4, 5)
    assert found.pictures[0] == pytest.approx(peak_signal_noise_ratio(reference[2], received[0]), abs=0.01)
    assert found.value == pytest.approx(34.2, abs=0.3)


def test_psnr_refuses_what_is_not_the_sequence():
    reference = clip()
    assert psnr(reference, []).gates
    for other in ([one[:100] for one in reference], reference[::-1], [255 - one for one in reference]):
        found = psnr(reference, other)
        assert found.value is None
        assert found.gates
    assert psnr(reference, reference).value == float("inf")
    assert psnr(reference, [*reference[3:], *reference[:3]]).aligned == (3, 4, 5, 0, 1, 2)  # played round


def test_psnr_moves_back_what_the_path_moved():
    reference = clip()
    moved = [np.roll(one, (2, -3), (0, 1)) for one in reference]
    found = psnr(reference, moved)
    assert found.shift == (-3, 2)
    assert found.value > 60
    dimmed = psnr(reference, [np.rint(0.8 * one).astype(np.uint8) for one in reference])
    assert dimmed.value < 25  # gain counts; beside it stands what it does not explain
    assert dimmed.evened > 45


def test_psnr_of_clips_and_the_sequence_for_a_player(tmp_path, capsys):
    reference, received = tmp_path / "ref.mkv", tmp_path / "clip.mkv"
    assert main(["chart", "--sequence", "192x96", "--out", str(reference)]) == 0
    write_sequence(received, 192, 96)
    capsys.readouterr()
    assert main(["measure", "psnr", str(reference), str(received), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["identical"]
    assert answer["aligned"] == list(range(50))
    assert main(["measure", "psnr", str(reference)]) == 2
    assert main(["chart", "--sequence", "191x96", "--out", str(reference)]) == 2
    assert "even pixels" in capsys.readouterr().err
