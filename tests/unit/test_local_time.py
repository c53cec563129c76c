# SPDX-License-Identifier: Apache-2.0
"""The hour that comes twice as summer time ends, and the one that is skipped as it begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from yanshou.drivers.clock.field import IsapiClock, ProfileClock
from yanshou.drivers.field.log import ProfileLog
from yanshou.drivers.field.points import TIME_FIELDS, FieldAnswer
from yanshou.drivers.platform.events import _time
from yanshou.model import Instant, RigFault
from yanshou.model.local_time import UnclearTimeError, latest_of, moment_of, moments_of
from yanshou.model.trouble import Mistake
from yanshou.site.maintenance import read_maintenance
from yanshou.toml import root
from yanshou.toml.text import TomlText

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
TWICE = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
NEVER = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
ONCE = datetime(2026, 11, 29, 2, 30)  # noqa: DTZ001


def test_an_hour_that_comes_twice_is_two_moments_and_a_skipped_one_is_none() -> None:
    assert moments_of(TWICE, BERLIN) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    assert moments_of(NEVER, BERLIN) == ()
    assert moment_of(ONCE, BERLIN) == datetime(2026, 11, 29, 1, 30, tzinfo=UTC)
    for local in (TWICE, NEVER, ONCE):
        assert moment_of(local, SHANGHAI) == local.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("local", "expected"), [(TWICE, "comes twice"), (NEVER, "is skipped")])
def test_what_means_no_one_moment_is_refused_in_words(local: datetime, expected: str) -> None:
    with pytest.raises(UnclearTimeError, match=expected):
        moment_of(local, BERLIN)


def test_china_had_summer_time_until_1991() -> None:
    assert len(moments_of(datetime(1991, 9, 15, 1, 30), SHANGHAI)) == 2  # noqa: DTZ001


def answering(local: datetime) -> Any:
    values = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    answer = FieldAnswer({**dict(zip(TIME_FIELDS, values, strict=True)), "number": 7}, "alarm", Instant(1, 1))
    return SimpleNamespace(
        fields=lambda *_: answer, fault=lambda what, remedy="": RigFault(what, device="P", remedy=remedy)
    )


@pytest.mark.parametrize("local", [TWICE, NEVER])
def test_a_clock_is_not_judged_in_that_hour_since_one_that_is_an_hour_off_would_look_right(
    local: datetime,
) -> None:
    with pytest.raises(RigFault, match="its clock shows 2026") as fault:
        ProfileClock(answering(local), "Europe/Berlin").read_clock()
    assert "hour is over" in fault.value.remedy
    assert ProfileClock(answering(local), "Asia/Shanghai").read_clock().shown_utc.tzinfo is UTC
    clock: Any = object.__new__(IsapiClock)
    clock._device, clock._zone = "P", BERLIN
    with pytest.raises(RigFault, match="its clock shows 2026"):
        clock._shown(f"<Time><localTime>{local:%Y-%m-%dT%H:%M:%S}</localTime></Time>".encode())
    reported = clock._shown(f"<Time><localTime>{local:%Y-%m-%dT%H:%M:%S}+02:00</localTime></Time>".encode())
    assert reported == local.replace(tzinfo=UTC) - timedelta(hours=2)


@pytest.mark.parametrize("local", [TWICE, NEVER])
def test_a_record_of_that_hour_is_as_old_as_it_surely_is(local: datetime) -> None:
    entry = ProfileLog(answering(local), "Europe/Berlin").read(7)
    assert entry is not None
    assert entry.at == latest_of(local, BERLIN) == local.replace(tzinfo=UTC) - timedelta(hours=1)


def test_an_event_of_a_platform_has_no_time_then() -> None:
    assert _time("2026-10-25T02:30:00", "iso", BERLIN)[0] is None
    assert "comes twice" in _time("2026-10-25T02:30:00", "iso", BERLIN)[1]
    assert _time("2026-10-25T02:30:00+01:00", "iso", BERLIN)[0] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_declared_maintenance_names_its_offset_then() -> None:
    mistakes: list[Mistake] = []
    data = {
        "maintenance": [
            {"devices": ["NVR-1"], "from": TWICE, "until": ONCE, "reason": "r", "document": "d"},
        ]
    }
    top = root(TomlText("site.toml", "", data), mistakes)
    assert read_maintenance(top, ["NVR-1"], "Europe/Berlin") == ()
    assert "comes twice" in mistakes[0].what
    assert "2026-10-25 02:30:00+01:00" in mistakes[0].remedy
