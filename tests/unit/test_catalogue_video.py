# SPDX-License-Identifier: Apache-2.0
"""What a user relies on in the video and laboratory rows of the shipped catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from yanshou.model import Device, DeviceKind, LimitStatus, Quantity, Requirement, Site, System
from yanshou.standards import Catalogue, applies, load, standard_name

VERIFIED, PROVISIONAL, UNVERIFIED = LimitStatus.VERIFIED, LimitStatus.PROVISIONAL, LimitStatus.UNVERIFIED


@cache
def catalogue() -> Catalogue:
    return load()


def row(requirement: str) -> Requirement:
    return catalogue().requirements[requirement]


def device(kind: DeviceKind, system: System = System.VIDEO, **attributes: object) -> Device:
    return Device("DUT", kind, system, "被测设备", attributes=attributes)


def site(*devices: Device, **attributes: object) -> Site:
    stated: Mapping[str, object] = {"contract_cites": [], "required_systems": ["video"], **attributes}
    named = {one.id: one for one in devices}
    return Site("S", "工程", Path(), "Asia/Shanghai", stated, {}, named)


def applied(requirement: str, one: Device, **attributes: object) -> bool:
    return applies(row(requirement), site(one, **attributes), one).matches


RECORDER = device(DeviceKind.RECORDER)
CAMERA = device(DeviceKind.CAMERA)


@pytest.mark.parametrize(
    ("requirement", "measurand", "limit", "status"),
    [
        ("REC-01", "recording_retention", (30, None, "d"), VERIFIED),
        ("REC-02", "recording_retention", (90, None, "d"), VERIFIED),
        ("REC-V-02", "recording_retention", (90, None, "d"), VERIFIED),
        ("REC-04", "recording_retention", (90, None, "d"), PROVISIONAL),
        ("REC-04-a", "stream_pixels", (1280 * 720, None, "px"), PROVISIONAL),
        ("REC-05-a", "access_record_retention", (180, None, "d"), PROVISIONAL),
        ("REC-05-2021", "recording_retention", (30, None, "d"), UNVERIFIED),
        ("REC-06-2022-a", "fault_repair_time", (None, 24, "h"), UNVERIFIED),
        ("REC-07-a", "recording_retention", (90, None, "d"), PROVISIONAL),
        ("REC-08", "recording_retention", (30, None, "d"), PROVISIONAL),
        ("IQ-01", "mean_opinion_score", (4, None, "1"), VERIFIED),
        ("IQ-04", "psnr", (32, None, "dB"), VERIFIED),
        ("IQ-05", "horizontal_resolution_tvl", (400, None, "TVL"), VERIFIED),
        ("IQ-06", "grey_steps", (8, None, "1"), VERIFIED),
        ("IQ-09", "low_light_snr", (25, None, "dB"), PROVISIONAL),
        ("IQ-11-b", "horizontal_resolution_tvl", (800, None, "TVL"), PROVISIONAL),
        ("IQ-12", "horizontal_resolution_tvl", (700, None, "TVL"), PROVISIONAL),
        ("IQ-SFR-01", "esfr_mtf50", (0.10, None, "cy/px"), UNVERIFIED),
        ("PPM-04", "interocular_distance", (60, None, "px"), UNVERIFIED),
        ("NET-01", "end_to_end_delay", (None, 2, "s"), PROVISIONAL),
        ("NET-03", "one_way_delay", (None, 400, "ms"), PROVISIONAL),
        ("NET-04", "delay_jitter", (None, 50, "ms"), PROVISIONAL),
        ("NET-05", "packet_loss_ratio", (None, 1e-3, "1"), PROVISIONAL),
        ("NET-06", "packet_error_ratio", (None, 1e-4, "1"), PROVISIONAL),
        ("NET-07-a", "live_frame_rate", (15, None, "fps"), PROVISIONAL),
        ("NET-08", "live_frame_rate", (25, None, "fps"), PROVISIONAL),
        ("NET-13", "alarm_video_linkage_time", (None, 4, "s"), PROVISIONAL),
        ("SIP-02-a", "sip_register_expires", (3600, None, "s"), PROVISIONAL),
        ("SIP-03", "sip_register_retry_interval", (60, None, "s"), VERIFIED),
        ("OSD-03", "clock_offset", (None, 10, "s"), UNVERIFIED),
        ("OSD-04", "preset_return_time", (90, 150, "s"), PROVISIONAL),
        ("NET-28181-02", "sip_offline_detection_time", (None, 180, "s"), VERIFIED),
    ],
)
def test_limit_and_its_standing(requirement, measurand, limit, status):
    one = row(requirement)
    assert (one.measurand, one.limit_status) == (measurand, status)
    assert (one.limit.min, one.limit.max, one.limit.unit) == limit


@pytest.mark.parametrize(("basis", "expected"), [("art7", True), ("art9", False), ("non_public", False)])
def test_thirty_days_of_order_799_bind_operators_of_article_7_only(basis, expected):
    assert applied("REC-01", RECORDER, legal_basis=basis) is expected


def test_an_unstated_legal_basis_is_named_and_not_passed_over():
    answer = applies(row("REC-01"), site(RECORDER), RECORDER)
    assert not answer.matches
    assert answer.missing == ("legal_basis",)


@pytest.mark.parametrize("target", [True, False])
def test_ninety_days_bind_counter_terrorism_targets_only(target):
    assert applied("REC-02", RECORDER, counter_terror_target=target) is target


@pytest.mark.parametrize(
    ("requirement", "one", "sector"),
    [
        ("REC-04", RECORDER, "petroleum"),
        ("REC-05-2021", RECORDER, "bank"),
        ("REC-06-2022", RECORDER, "school"),
        ("REC-07", RECORDER, "prison"),
        ("REC-08", RECORDER, "entertainment"),
        ("NET-12-a", CAMERA, "power_utility"),
    ],
)
def test_sector_rows_bind_their_sector_only(requirement, one, sector):
    assert applied(requirement, one, sector=sector)
    assert not applied(requirement, one, sector="museum")


def test_every_camera_of_a_video_system_is_held_to_25_frames():
    assert applied("NET-08", CAMERA)
    assert row("NET-08").population == ("camera",)


def test_sfr_is_asked_only_of_a_camera_that_looks_at_the_chart():
    assert applied("IQ-SFR-01", device(DeviceKind.CAMERA, chart="slanted_edge"))
    assert not applied("IQ-SFR-01", CAMERA)


SUPERSEDED = ("GB/T 28181-2016", "GA/T 1127-2013", "GA 38-2015", "GB/T 29315-2012", "IEC 62676-4:2014")


def rows_of(standard: str) -> list[Requirement]:
    return [r for r in catalogue().requirements.values() if standard_name(r.standard, r.edition) == standard]


@pytest.mark.parametrize("standard", SUPERSEDED)
def test_superseded_editions_are_marked_with_their_successor(standard):
    edition = catalogue().standards[standard]
    assert not edition.in_force
    assert edition.superseded_by in catalogue().standards
    assert rows_of(standard)


def first(wanted: object) -> object:
    return wanted[0] if isinstance(wanted, list) else wanted


def willing(one: Requirement, cited: str = "") -> tuple[Site, Device | None]:
    """A site and a device that meet every condition of the row, with what the contract cites."""
    wanted = {key: first(value) for key, value in one.applies.items() if key not in {"cites", "device"}}
    wanted |= {"contract_cites": [cited] if cited else [], "required_systems": [one.system]}
    kind = DeviceKind(one.population[0])
    if kind is DeviceKind.SITE:
        return site(**wanted), None
    attributes = {key: first(value) for key, value in one.applies.get("device", {}).items()}
    dut = device(kind, System(one.system), **attributes)
    return site(dut, **wanted), dut


@pytest.mark.parametrize(
    "standard",
    [*SUPERSEDED, "IEC 62676-4:2025", "IEC 62676-5:2018", "IEC 62676-1-1:2013", "ITU-T Y.1541"],
)
def test_superseded_and_foreign_rows_need_the_contract_to_cite_them(standard):
    for one in rows_of(standard):
        assert not applies(one, *willing(one)).matches, one.id
        assert applies(one, *willing(one, cited=standard)).matches, one.id


def test_shanghai_rows_stay_in_shanghai():
    ptz = device(DeviceKind.CAMERA, ptz=True)
    assert applied("OSD-04", ptz, province="上海")
    assert not applied("OSD-04", ptz, province="内蒙古")


def test_of_the_analogue_noise_table_only_37_db_random_is_more_than_unverified():
    standing = {r.id: r.limit_status for r in catalogue().requirements.values() if r.id.startswith("IQ-08")}
    assert len(standing) == 8
    assert standing.pop("IQ-08") is PROVISIONAL
    assert set(standing.values()) == {UNVERIFIED}
    assert row("IQ-08").measurand == "snr_random"


@pytest.mark.parametrize(
    ("prefix", "densities"),
    [("PPM-01", [12.5, 25, 62.5, 125, 250, 1000]), ("PPM-02", [20, 40, 80, 125, 250, 500, 1500])],
)
def test_both_pixel_density_ladders_are_there_by_purpose(prefix, densities):
    rows = [one for one in catalogue().measuring("pixel_density") if one.id.startswith(prefix)]
    assert sorted(one.limit.min for one in rows) == densities
    assert len({one.applies["device"]["purpose"] for one in rows}) == len(densities)


def test_the_1000_pixels_of_inspect_have_no_source():
    assert row("PPM-01-e").limit_status is UNVERIFIED


def test_the_new_camera_standard_is_known_but_gives_no_figure_yet():
    edition = catalogue().standards["GA/T 1127-2025"]
    assert edition.in_force
    assert edition.status_note
    assert not rows_of("GA/T 1127-2025")


@pytest.mark.parametrize("old", ["NET-01", "NET-02", "NET-03", "NET-04", "NET-05", "NET-06"])
def test_figures_carried_from_the_2016_edition_are_not_judged_under_2022(old):
    assert row(f"{old}-2022").limit == row(old).limit
    assert row(f"{old}-2022").limit_status is UNVERIFIED


def test_the_two_end_to_end_paths_are_never_judged_on_one_value():
    assert row("NET-01").measurand != row("NET-02").measurand


@pytest.mark.parametrize("number", range(1, 23))
def test_laboratory_rules_bind_the_report(number):
    one = row(f"LAB-{number:02d}")
    assert (one.system, one.population) == ("laboratory", ("site",))
    assert catalogue().measurands[one.measurand].quantity is Quantity.LOGICAL
    assert one.limit is not None
    assert one.limit.equals is True


@pytest.mark.parametrize("prefix", ["DIAG-01", "DIAG-02", "DIAG-04"])
def test_diagnosis_thresholds_are_monitored_not_judged(prefix):
    rows = catalogue().find(f"{prefix}*")
    assert {one.limit_status for one in rows} == {UNVERIFIED}


def test_clock_offset_is_a_magnitude():
    """A limit with max alone would let a clock that is slow by an hour pass on a signed value."""
    assert "never negative" in catalogue().measurands["clock_offset"].definition


@pytest.mark.parametrize(
    ("measurand", "unit", "quantity"),
    [
        ("stream_pixels", "px", Quantity.CONTINUOUS),
        ("record_completeness", "%", Quantity.CONTINUOUS),
        ("packet_loss_ratio", "1", Quantity.PROPORTION),
        ("pixel_density", "px/m", Quantity.CONTINUOUS),
        ("clock_offset", "s", Quantity.CONTINUOUS),
        ("esfr_mtf50", "cy/px", Quantity.CONTINUOUS),
    ],
)
def test_measurands_the_suites_are_written_against(measurand, unit, quantity):
    one = catalogue().measurands[measurand]
    assert (one.unit, one.quantity) == (unit, quantity)
