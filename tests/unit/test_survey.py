# SPDX-License-Identifier: Apache-2.0
"""A survey of a fleet: what it finds, what it bears, and that it goes on where it was stopped."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest

from tests.support import fleet_site
from tests.support.canned_fleet import FleetThread, Manner
from yanshou.fleet.settings import Settings
from yanshou.fleet.survey import Survey
from yanshou.fleet.threads import ask_all
from yanshou.model import UsageError
from yanshou.site import load_site

QUICK = "stream_s = 0\ntimeout_s = 3.0\nclock_offset_s = 2.0"


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv(fleet_site.SECRET_VARIABLE, fleet_site.SECRET)


def survey_of(folder: Path, listed, keys: str = QUICK, **more):
    site = load_site(fleet_site.site_folder(folder / "site", listed, keys, **more), same_address=True)
    return Survey.open(folder / "survey", site, Settings.of(site))


def asked(survey: Survey, stop: threading.Event | None = None, kept=None) -> dict[str, dict]:
    with survey:

        def keep(result):
            survey.keep(result)
            if kept is not None:
                kept(result)

        ask_all(survey.waiting, survey.settings, survey.site.folder, keep, stop)
    return {one["device"]: one for one in survey.results()}


def codes(result: dict) -> list[str]:
    return [one["code"] for one in result["findings"]]


def test_a_healthy_fleet_has_no_findings_and_each_camera_is_asked_eight_operations(tmp_path):
    listed = fleet_site.cameras(20)
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        results = asked(survey_of(tmp_path, listed))
    assert [codes(one) for one in results.values()] == [[]] * 20
    assert results["C0007"]["identity"]["SerialNumber"] == "SN-C0007"
    assert results["C0007"]["declared"]["width"] == 1920
    counts = fleet.counts()["C0007"]
    assert sum(counts.values()) - counts["connected"] == 8
    assert counts["connected"] == 1


@pytest.mark.parametrize(
    ("manner", "state", "expected"),
    [
        (Manner.DEAD, "no_answer", "no connection to"),
        (Manner.SILENT, "no_answer", "no answer from"),
        (Manner.GARBAGE, "no_answer", "does not speak HTTP"),
        (Manner.RESET, "no_answer", "broke off"),
        (Manner.WRONG_PASSWORD, "refused", "user name or password refused"),
        (Manner.ENTITY_BOMB, "unclear", "document type declaration"),
        (Manner.ENDLESS, "no_answer", "longer than 4194304 bytes"),
    ],
)
def test_a_bad_device_is_told_in_words_and_the_others_are_asked_all_the_same(
    tmp_path, manner, state, expected
):
    listed = fleet_site.cameras(5, {2: manner})
    with FleetThread(fleet_site.fleet(listed)):
        results = asked(survey_of(tmp_path, listed))
    bad = results.pop("C0002")
    assert (bad["state"], codes(bad)) == (state, [state])
    assert expected in bad["why"]
    assert bad["why"].isprintable()
    assert not any(one["against"] for one in bad["findings"])
    assert [one["state"] for one in results.values()] == ["asked"] * 4


def test_a_wrong_password_is_tried_once_in_all(tmp_path):
    listed = fleet_site.cameras(3, {1: Manner.WRONG_PASSWORD})
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        asked(survey_of(tmp_path, listed))
    assert fleet.counts()["C0001"]["refused"] == 1
    assert "refused" not in fleet.counts()["C0000"]


def test_silent_devices_are_waited_for_side_by_side(tmp_path):
    silent = dict.fromkeys(range(0, 120, 10), Manner.SILENT)
    listed = fleet_site.cameras(120, silent)
    keys = QUICK + "\nper_subnet = 512"
    with FleetThread(fleet_site.fleet(listed)):
        results = asked(survey_of(tmp_path, listed, keys))
    waited = [one["asked"]["seconds"] for one in results.values() if one["state"] == "no_answer"]
    assert len(waited) == 12
    first = min(one["asked"]["utc"] for one in results.values())
    last = max(one["asked"]["utc"] for one in results.values())
    spent = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    assert spent < sum(waited) * 0.8  # one after the other they alone would take their sum
    assert sum(one["state"] == "asked" for one in results.values()) == 108


def test_an_address_listed_twice_is_asked_once_and_told(tmp_path):
    listed = fleet_site.cameras(3)
    listed[2].host = listed[1].host
    with FleetThread(fleet_site.fleet(listed[:2])) as fleet:
        results = asked(survey_of(tmp_path, listed))
    assert codes(results["C0001"]) == []
    assert codes(results["C0002"]) == ["same_address"]
    assert results["C0002"]["findings"][0]["values"] == {"same_as": "C0001"}
    assert fleet.counts()["C0001"]["connected"] == 1


def test_a_survey_that_was_stopped_goes_on_and_asks_nobody_twice(tmp_path):
    listed = fleet_site.cameras(60)
    stop = threading.Event()
    seen: list[str] = []

    def after_ten(result):
        seen.append(result["device"])
        if len(seen) == 10:
            stop.set()

    with FleetThread(fleet_site.fleet(listed)) as fleet:
        first = survey_of(tmp_path, listed, QUICK + "\nat_once = 4")
        begun = asked(first, stop, after_ten)
        some = sum(one["state"] == "asked" for one in begun.values())
        assert 10 <= some <= 14
        assert sum(one["state"] == "not_asked" for one in begun.values()) == 60 - some
        site = load_site(tmp_path / "site")
        later = Survey.open(tmp_path / "survey", site, Settings.of(site))
        assert later.settings == first.settings
        results = asked(later)
    assert [one["state"] for one in results.values()] == ["asked"] * 60
    assert {count["connected"] for count in fleet.counts().values()} == {1}


def test_a_missing_password_is_told_and_no_other_is_tried(tmp_path, monkeypatch):
    monkeypatch.delenv(fleet_site.SECRET_VARIABLE)
    listed = fleet_site.cameras(2)
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        results = asked(survey_of(tmp_path, listed))
    assert results["C0000"]["state"] == "not_asked"
    assert fleet_site.SECRET_VARIABLE in results["C0000"]["why"]
    assert fleet.counts() == {}


def test_what_differs_from_the_inventory_is_found(tmp_path):
    listed = fleet_site.cameras(4, C0003=337.4)
    reported = {
        "C0001": "firmware=1.4.2; serial=SN-C0001",
        "C0002": "firmware=1.3.0; serial=SN-X",
        "C0003": "serial=SN-C0003",
    }
    with FleetThread(fleet_site.fleet(listed)):
        results = asked(survey_of(tmp_path, listed, attributes=reported))
    assert codes(results["C0001"]) == []
    assert codes(results["C0002"]) == ["firmware_differs", "serial_differs"]
    assert codes(results["C0003"]) == ["clock_off"]
    clock = results["C0003"]["measured"]["clock"]
    assert clock["low_s"] <= 337.4 <= clock["high_s"]


@pytest.mark.parametrize(("offset", "found"), [(1.5, []), (-2.5, ["clock_off"])])
def test_a_clock_near_its_tolerance_is_read_until_it_can_be_told(tmp_path, offset, found):
    listed = fleet_site.cameras(1, C0000=offset)
    with FleetThread(fleet_site.fleet(listed)):
        results = asked(survey_of(tmp_path, listed))
    assert codes(results["C0000"]) == found
    clock = results["C0000"]["measured"]["clock"]
    assert clock["low_s"] <= offset <= clock["high_s"]


def test_no_password_stands_in_a_survey_folder(tmp_path):
    listed = fleet_site.cameras(3, {1: Manner.WRONG_PASSWORD})
    with FleetThread(fleet_site.fleet(listed)):
        asked(survey_of(tmp_path, listed))
    written = b"".join(path.read_bytes() for path in (tmp_path / "survey").rglob("*") if path.is_file())
    assert b"C0001" in written
    assert fleet_site.SECRET.encode() not in written


def test_a_survey_of_another_site_is_not_gone_on_with(tmp_path):
    listed = fleet_site.cameras(2)
    survey_of(tmp_path, listed)
    with pytest.raises(UsageError, match="changed since"):
        survey_of(tmp_path, fleet_site.cameras(2))


def test_wrong_keys_are_told_with_their_line(tmp_path):
    with pytest.raises(UsageError, match=r"site.toml:8 .*per_subnet"):
        survey_of(tmp_path, fleet_site.cameras(1), "per_subnet = 0")
    with pytest.raises(UsageError, match=r"'retention' is not a key.*retention_d"):
        survey_of(tmp_path, fleet_site.cameras(1), "retention = 3")
