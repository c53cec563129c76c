# SPDX-License-Identifier: Apache-2.0
"""Hours that nobody types: they follow from moments written down, or there is no value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.duty_bench import NOT_APPLICABLE, NOT_TESTED, DutyBench, DutyResult
from yanshou.evaluation import LocalStorage, Repair, hours_between, longest_repair, stored_without_network
from yanshou.model import Measurement

NINE = datetime.fromisoformat("2026-11-02 09:00")
NOW = datetime.fromisoformat("2026-11-03 08:00")


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


@pytest.fixture(scope="module")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., DutyResult]]:
    made = DutyBench("archive-school", Path(tmp_path_factory.mktemp("run")) / "run")
    yield made.tell
    made.close()


@pytest.mark.parametrize(
    ("otherwise", "verdict"),
    [
        ({}, "conform"),
        ({"repair2.mended": "2026-09-04 07:55"}, "non_conform"),
        ({"repair1.mended": "2026-05-12 08:40"}, "non_conform"),  # not the last one of the record
        ({"repair1.mended": "无"}, "non_conform"),  # it lasts since May
        ({"repair1.mended": "2026-05-11 08:10"}, "invalid"),
        ({"repair1.reported": "2999-05-11 08:10", "repair1.mended": "2999-05-11 09:10"}, "invalid"),
        ({"maintenance": "none"}, NOT_TESTED),
        ({"maintenance": "elsewhere"}, NOT_TESTED),
        ({"repair.faults": "无"}, NOT_APPLICABLE),
    ],
)
def test_the_time_to_repair_follows_from_the_maintenance_record(
    tell: Callable[..., DutyResult], otherwise: Mapping[str, object], verdict: str
) -> None:
    assert tell("fault_repair_time", otherwise=otherwise).verdict == verdict


@pytest.mark.parametrize(
    ("otherwise", "verdict"),
    [
        ({}, "conform"),
        ({"emergency.ended": "2026-11-02 09:40"}, "non_conform"),
        ({"emergency.ended": "2026-11-02 09:40", "emergency.end": "restored"}, NOT_TESTED),
        ({"emergency.end": "restored"}, "conform"),
        ({"emergency.ended": "2026-11-02 08:40"}, "invalid"),
        ({"emergency.cut": "2999-11-02 08:40", "emergency.ended": "2999-11-02 12:40"}, "invalid"),
    ],
)
def test_the_time_without_mains_follows_from_two_moments(
    tell: Callable[..., DutyResult], otherwise: Mapping[str, object], verdict: str
) -> None:
    assert tell("video_backup_supply", "PS-2", otherwise).verdict == verdict


def figures(found: Measurement) -> tuple[object, object, bool]:
    value = found.value if found.value is None else round(float(found.value), 3)
    return value, found.at_least, bool(found.invalid)


STORED = LocalStorage(at(0), at(4), at(0), at(3.5))


@pytest.mark.parametrize(
    ("changed", "value", "at_least", "invalid"),
    [
        ({}, 3.5, None, False),
        ({"last": at(4)}, 4.0, 4.0, False),  # it still recorded when the network came back
        ({"last": at(9)}, 4.0, 4.0, False),  # what came later was recorded with the network
        ({"first": at(-5)}, 3.5, None, False),
        ({"first": at(1)}, 2.5, None, False),
        ({"last": at(4), "breaks": [at(1.5)]}, 2.5, None, False),
        ({"breaks": [at(-1), at(7)]}, 3.5, None, False),  # outside of the cut
        ({"first": at(5), "last": at(8)}, None, None, True),  # a clock that is hours off
        ({"first": at(3), "last": at(2)}, None, None, True),
        ({"restored": at(-1)}, None, None, True),
        ({"restored": NOW + timedelta(hours=1)}, None, None, True),
    ],
)
def test_local_storage_counts_only_what_was_recorded_without_the_network(
    changed: Mapping[str, object], value: float | None, at_least: float | None, invalid: bool
) -> None:
    found = stored_without_network("CAM-1", replace(STORED, **changed), NOW)  # type: ignore[arg-type]
    assert figures(found) == (value, at_least, invalid)


def test_a_fault_that_lasts_makes_the_longest_repair_a_lower_bound() -> None:
    done, lasts = Repair("1", at(0), at(9)), Repair("2", at(20), None)
    assert figures(longest_repair("SITE", [done], NOW)) == (9.0, None, False)
    assert figures(longest_repair("SITE", [done, lasts], NOW)) == (9.0, 9.0, False)
    assert figures(longest_repair("SITE", [replace(done, mended=None)], NOW)) == (23.0, 23.0, False)


def test_hours_state_the_moments_and_their_resolution() -> None:
    found = hours_between("video_backup_supply", "PS-1", at(0), at(1.5), NOW)
    assert found.U is not None
    assert 1 / 60 < found.U < 3 / 60
    assert "2026-11-02 09:00 至 2026-11-02 10:30" in str(found.details["because"])
