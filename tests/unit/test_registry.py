# SPDX-License-Identifier: Apache-2.0
"""An instrument without a valid certificate, or outside its range, is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yanshou.imaging import layout
from yanshou.instruments.register_check import register_mistakes
from yanshou.instruments.registry import load_instruments, read_instruments
from yanshou.model import UsageError
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
DAY = date(2026, 11, 23)
SITE = load_site(BRANCH)
REGISTRY = load_instruments(BRANCH)

GOOD = """
[[instrument]]
id = "DMM-9"
kind = "multimeter"
name = "万用表"
serial = "1"
certificate = "C-1"
calibrated = 2026-01-01
due = 2026-12-31
ranges = [
  { quantity = "dc_current", min = 0.0, max = 0.3, unit = "A", U = 0.0002, k = 2.0 },
  { quantity = "dc_current", min = 0.0, max = 3.0, unit = "A", U = 0.002, k = 2.1 },
]
"""


def register(folder: Path, text: str) -> Path:
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_reading_inside_the_range_brings_its_uncertainty():
    gate = REGISTRY.gate("DMM-1", "dc_current", 0.42, "A", DAY)
    assert (gate.ok, gate.U, gate.k) == (True, 0.002, 2.0)
    dose = REGISTRY.gate("DOSE-1", "dose_rate", 0.5, "µSv/h", DAY)
    assert dose.U == pytest.approx(0.06)


@pytest.mark.parametrize(
    ("reading", "on", "reason"),
    [
        (("DMM-2", "dc_current", 0.4, "A"), DAY, "not in the register"),
        (("DMM-1", "dc_current", 0.4, "A"), date(2027, 8, 17), "到期"),
        (("DMM-1", "dc_current", 0.4, "A"), date(2026, 8, 16), "calibrated only from 2026-08-17"),
        (("DMM-1", "resistance", 0.4, "Ohm"), DAY, "not calibrated for resistance"),
        (("DMM-1", "dc_current", 400.0, "mA"), DAY, "reads A, not mA"),
        (("DMM-1", "dc_current", 3.01, "A"), DAY, "out of DMM-1's range"),
        (("DMM-1", "dc_current", float("nan"), "A"), DAY, "out of DMM-1's range"),
    ],
)
def test_what_closes_the_gate(reading: tuple[str, str, float, str], on: date, reason: str):
    gate = REGISTRY.gate(*reading, on)
    assert not gate.ok
    assert reason in gate.reason
    assert gate.U is None


def test_the_last_day_and_both_ends_of_a_range_are_good():
    assert REGISTRY.gate("DMM-1", "dc_current", 3.0, "A", date(2027, 8, 16)).ok
    assert REGISTRY.gate("DMM-1", "dc_current", 0.0, "A", date(2026, 8, 17)).ok


@pytest.mark.parametrize("value", [0.2, 2.0, None])
def test_of_ranges_that_overlap_the_less_certain_counts(tmp_path: Path, value: float | None):
    """The reading does not say to which range the meter was set."""
    gate = load_instruments(register(tmp_path, GOOD)).gate("DMM-9", "dc_current", value, "A", DAY)
    assert (gate.U, gate.k) == (0.002, 2.1)


def test_the_less_certain_range_is_that_of_the_larger_standard_uncertainty(tmp_path: Path):
    """U = 0.003 with k = 3 is 0.0010, U = 0.0025 with k = 2 is 0.00125."""
    text = GOOD.replace("U = 0.0002, k = 2.0", "U = 0.0025, k = 2").replace(
        "U = 0.002, k = 2.1", "U = 0.003, k = 3"
    )
    registry = load_instruments(register(tmp_path, text))
    assert registry.gate("DMM-9", "dc_current", 0.2, "A", DAY).U == 0.0025
    relative = load_instruments(register(tmp_path, GOOD.replace("U = 0.0002,", "U_rel = 0.02,")))
    assert relative.gate("DMM-9", "dc_current", 0.25, "A", DAY).U == pytest.approx(0.005)
    assert relative.gate("DMM-9", "dc_current", 0.02, "A", DAY).U == 0.002
    assert relative.gate("DMM-9", "dc_current", None, "A", DAY).U is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('certificate = "C-1"\n', "", "has no calibration certificate"),
        ('certificate = "C-1"\n', 'certificate = "—"\n', "has no calibration certificate"),
        ('certificate = "C-1"\n', 'certificate = "无"\n', "has no calibration certificate"),
        ('certificate = "C-1"\n', 'certificate = "N/A"\n', "has no calibration certificate"),
        ("due = 2026-12-31\n", "", "not stated"),
    ],
)
def test_without_certificate_or_dates_nothing_is_relied_on(tmp_path: Path, old: str, new: str, reason: str):
    registry = load_instruments(register(tmp_path, GOOD.replace(old, new)))
    assert reason in registry.gate("DMM-9", "dc_current", 0.2, "A", DAY).reason


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('serial = "1"\n', "", "serial is missing"),
        ("kind =", "kin =", "'kin' is not a key"),
        ("due = 2026-12-31", 'due = "2026-12-31"', "due must be a date"),
        ("due = 2026-12-31", "due = 2025-12-31", "lies before calibrated"),
        ("due = 2026-12-31", "due = 2206-12-31", "more than ten years after calibrated"),
        ("max = 0.3", "max = -0.3", "min 0 is not below max -0.3"),
        ("U = 0.0002, ", "", "either U or U_rel"),
        ("U = 0.0002", "U = 0.0", "never zero"),
        ("k = 2.1", "k = 0.5", "k = 0.5"),
        ("k = 2.1", "k = 2.1, U_rel = inf", "U_rel = inf"),
        ('serial = "1"', 'serial = "1"\ndensities = [0.1, nan]', "densities must rise"),
        ('serial = "1"', 'serial = "1"\nlab = [[50.0, nan, 0.0]]', "lab must be"),
        ('serial = "1"', 'serial = "1"\ndensities = [0.1, 0.2]', "densities has 2 values; the chart has 11"),
        ('serial = "1"', 'serial = "1"\nlab = [[50.0, 1.0, 0.0]]', "lab has 1 patches; the chart has 24"),
        ('serial = "1"', 'serial = "1"\nlab = [[500.0, 1.0, 0.0]]', "is no colour of a print"),
        ("[[instrument]]", "[instrument]", "must be a list of tables"),
    ],
)
def test_each_mistake_in_the_register_is_told(tmp_path: Path, old: str, new: str, expected: str):
    folder = register(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UsageError, match=expected) as caught:
        load_instruments(folder)
    assert caught.value.mistakes[0].line


def test_an_id_used_twice_is_told(tmp_path: Path):
    _, found = read_instruments(register(tmp_path, GOOD + GOOD))
    assert ["stands in site.toml:2 too" in one.what for one in found] == [True]
    _, found = read_instruments(register(tmp_path, GOOD + GOOD.replace('"DMM-9"', '"dmm-9"')))
    assert ["stands in site.toml:2 too" in one.what for one in found] == [True]


def test_the_greys_and_patches_of_a_certificate_are_those_of_the_chart(tmp_path: Path):
    whole = f"densities = {[0.1 + 0.15 * step for step in range(layout.GREYS)]}"
    whole += f"\nlab = {[[50.0, 1.0, 2.0]] * len(layout.COLOURS)}"
    _, found = read_instruments(register(tmp_path, GOOD.replace('serial = "1"', f'serial = "1"\n{whole}')))
    assert found == []


def test_an_instrument_is_not_read_at_a_device_under_test(tmp_path: Path):
    """A camera whose clock is the reference of the cameras' clocks would be compared with itself."""
    found = register_mistakes(register(tmp_path, GOOD + 'uses = "CAM-1"'), load_site(BRANCH), DAY)
    assert any("DMM-9 is read at CAM-1, a camera of the system under test" in one.what for one in found)
    found = register_mistakes(register(tmp_path, GOOD + 'uses = "NTP-1"'), load_site(BRANCH), DAY)
    assert not any("of the system under test" in one.what for one in found)
    assert any("DMM-9 is read at NTP-1, which only gives the time" in one.what for one in found)
    for name, wrong in (
        ("PANEL-1", True),
        ("NTP-1", True),
        ("DMM-1", False),
    ):  # without ``uses`` it is read there
        named = register(tmp_path, GOOD.replace("DMM-9", name))
        found = register_mistakes(named, load_site(BRANCH), DAY)
        assert any(f"{name} is read at {name}" in one.what for one in found) is wrong


@pytest.mark.parametrize(
    ("uses", "wrong"), [('uses = "NTP-1"', 0), ("", 1), ('uses = "DMM-1"', 1), ('uses = "NTP-7"', 0)]
)
def test_a_time_reference_is_read_at_a_time_server(tmp_path: Path, uses: str, wrong: int):
    """A run reads it there and nowhere else; an id that is not there is told by itself."""
    text = (BRANCH / "site.toml").read_text("utf-8")
    entry = text[text.rindex("[[instrument]]", 0, text.index('kind = "time_reference"')) :].split("[[", 2)[1]
    assert 'uses = "NTP-1"' in entry
    folder = register(tmp_path, "[[" + entry.replace('uses = "NTP-1"', uses))
    found = register_mistakes(folder, load_site(BRANCH), DAY)
    assert sum("at no time server" in one.what for one in found) == wrong


def test_the_register_of_a_site_is_checked_against_day_and_inventory(tmp_path: Path):
    site = load_site(BRANCH)
    assert register_mistakes(BRANCH, site, DAY) == []
    late = register_mistakes(BRANCH, site, date(2027, 5, 1))
    assert [one.what.partition(" ")[0] for one in late] == ["仪器"]
    assert "2027-04-30" in late[0].what
    found = register_mistakes(register(tmp_path, GOOD + 'uses = "NTP-7"'), site, DAY)
    assert any("NTP-7, which is not in the inventory" in one.what for one in found)
    assert any("DMM-1 is not in the register" in one.what for one in found)


def test_a_supply_lead_wired_to_no_multimeter_is_told():
    panel = replace(SITE.devices["PANEL-2"], wiring={"supply_current": "NTP-1"})
    crossed = replace(SITE, devices={**SITE.devices, "PANEL-2": panel})
    (found,) = register_mistakes(BRANCH, crossed, DAY)
    assert "supply_current of PANEL-2 is wired to NTP-1, which is no multimeter" in found.what
    assert "DMM-1" in found.remedy


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("dc_current", "uSv/h"),
        ("dose_rate", "uGy/h"),
        ("power", "VA"),
        ("illuminance", "fc"),
        ("length", "s"),
    ],
)
def test_a_range_in_a_unit_that_no_measurand_of_it_has_is_refused(tmp_path: Path, quantity: str, unit: str):
    changed = GOOD.replace('"dc_current"', f'"{quantity}"').replace('"A"', f'"{unit}"')
    with pytest.raises(UsageError, match=f"{unit}.* is none of {quantity}"):
        load_instruments(register(tmp_path, changed))


def test_the_record_of_an_instrument_is_plain_json():
    record = REGISTRY.instruments["TIME-1"].record()
    assert record["due"] == "2027-04-30"
    assert record["uses"] == "NTP-1"
    assert record["ranges"][0] == {
        "quantity": "utc_offset",
        "min": -1e6,
        "max": 1e6,
        "unit": "s",
        "U": 0.02,
        "k": 2.0,
    }


def test_bare_paper_is_lighter_than_every_printed_grey(tmp_path):
    greys = [0.11 + 0.15 * step for step in range(layout.GREYS)]
    chart = GOOD.replace('"multimeter"', '"test_chart"') + f"densities = {greys}\npaper_density = "
    found, mistakes = read_instruments(register(tmp_path, chart + "0.055"))
    assert (found.instruments["DMM-9"].paper_density, mistakes) == (0.055, [])
    with pytest.raises(UsageError, match="lightest of densities"):
        load_instruments(register(tmp_path, chart + "0.2"))
