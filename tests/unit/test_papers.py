# SPDX-License-Identifier: Apache-2.0
"""Papers, dates and places as such: what contradicts what, how long it was, where no camera may stand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from yanshou.cli.selftest import Defect
from yanshou.cli.selftest.planting import planted
from yanshou.evaluation.ages import log_age, longest_interval, trial_days
from yanshou.evaluation.months import months_between, years_between
from yanshou.evaluation.papers import Paper, longest_stretch, out_of_order, same_model
from yanshou.evaluation.private_places import place_of
from yanshou.model import Device, DeviceKind, RigFault, System, UsageError
from yanshou.operator import PhotoQuestion, ScriptedOperator, TextQuestion
from yanshou.operator.checks import DAY, checked
from yanshou.operator.pictures import Album
from yanshou.site import load_site

TODAY = date(2026, 11, 29)
BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-01-31", "2026-04-30", 3.0),
        ("2026-01-31", "2026-02-28", 1.0),
        ("2024-02-29", "2025-02-28", 12.0),
        ("2026-08-15", "2026-11-15", 3.0),
        ("2026-08-15", "2026-11-14", 2 + 30 / 31),
        ("2026-11-15", "2026-11-15", 0.0),
        ("2025-12-31", "2026-06-30", 6.0),
    ],
)
def test_months_are_those_of_the_calendar(first: str, last: str, months: float) -> None:
    one, other = date.fromisoformat(first), date.fromisoformat(last)
    assert months_between(one, other) == pytest.approx(months, abs=1e-12)
    assert months_between(other, one) == pytest.approx(-months, abs=1e-12)
    assert years_between(one, other) == pytest.approx(months / 12)


def paper(**other: date | None) -> Paper:
    stated = {"issued": date(2026, 3, 1)} | other
    return Paper("资质证书", "C-1", issuer="某局", **stated)  # type: ignore[arg-type]


def test_a_paper_is_valid_from_its_first_day_to_its_last() -> None:
    made = paper(valid_from=date(2026, 3, 5), valid_until=date(2026, 9, 5))
    days = [date(2026, 3, 4), date(2026, 3, 5), date(2026, 9, 5), date(2026, 9, 6)]
    assert [bool(made.not_valid(day, "检测")) for day in days] == [True, False, False, True]
    assert not paper().not_valid(date(2126, 1, 1), "检测")
    assert "起有效" in paper().not_valid(date(2026, 2, 28), "检测")


def test_a_paper_cannot_be_of_a_day_to_come_or_end_before_it_begins() -> None:
    assert not paper(valid_until=date(2030, 1, 1)).doubts(TODAY)
    assert paper(issued=date(2026, 11, 30)).doubts(TODAY)
    assert paper(valid_from=date(2026, 3, 5), valid_until=date(2026, 3, 4)).doubts(TODAY)
    assert paper(valid_until=date(2026, 2, 1)).doubts(TODAY)


def test_each_step_is_compared_with_the_latest_before_it() -> None:
    steps = [("设计", date(2026, 5, 1)), ("开工", date(2026, 4, 1)), ("竣工", date(2026, 4, 20))]
    assert [one.partition("（")[0] for one in out_of_order(steps)] == ["开工", "竣工"]
    assert out_of_order([("检测", TODAY), ("验收", TODAY)]) == []


def test_the_longest_stretch_lies_between_two_breaks() -> None:
    begun, ended = datetime(2026, 2, 1, 8), datetime(2026, 2, 7, 8)  # noqa: DTZ001 - as typed
    breaks = [datetime(2026, 2, 6, 8), datetime(2026, 2, 2, 8)]  # noqa: DTZ001
    assert longest_stretch(begun, ended, breaks) == timedelta(days=4)
    assert longest_stretch(begun, ended, []) == timedelta(days=6)
    assert longest_stretch(ended, begun, []) is None
    assert longest_stretch(begun, ended, [datetime(2026, 2, 8)]) is None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("ＥＭＵ－12", "emu 12", True), ("EMU-12", "EMU-12A", False), ("", "", False), ("--", "EMU", False)],
)
def test_a_model_is_compared_by_letters_and_digits(one: str, other: str, same: bool) -> None:
    assert same_model(one, other) is same


def test_the_smaller_of_dates_and_log_is_the_trial_run() -> None:
    def days(begun: str, ended: str, logged: float) -> float | None:
        made = trial_days("m", "SITE", date.fromisoformat(begun), date.fromisoformat(ended), logged, TODAY)
        return None if made.invalid else float(str(made.value))

    assert days("2026-02-01", "2026-03-10", 38) == 37
    assert days("2026-02-01", "2026-03-10", 12) == 12
    assert days("2026-03-10", "2026-02-01", 40) is None
    assert days("2026-11-01", "2026-12-10", 39) is None


def test_the_interval_that_still_runs_is_one_of_them() -> None:
    visits = [date(2026, 3, 1), date(2026, 1, 1), date(2026, 6, 1)]
    used = date(2025, 12, 1)
    made = longest_interval("m", "SITE", visits, TODAY, commissioned=used)
    assert made.value == pytest.approx(months_between(date(2026, 6, 1), TODAY))
    first = longest_interval("m", "SITE", visits, date(2026, 6, 2), commissioned=date(2025, 1, 1))
    assert first.value == pytest.approx(12.0)
    nobody_came = longest_interval("m", "SITE", [], TODAY, commissioned=used)
    assert nobody_came.value == pytest.approx(months_between(used, TODAY))
    assert longest_interval("m", "SITE", [], TODAY, commissioned=None).invalid
    assert longest_interval("m", "SITE", [date(2027, 1, 1)], TODAY, commissioned=used).invalid
    once = longest_interval("m", "SITE", [date(2026, 11, 1)], TODAY, commissioned=None)
    assert once.at_least == once.value


def test_nothing_is_gone_where_nobody_knows_when_it_began() -> None:
    made = log_age("m", "SITE", date(2026, 8, 29), TODAY, commissioned=None, unit="month")
    assert (made.value, made.at_least, made.unit) == (3.0, 3.0, "month")
    gone = log_age("m", "SITE", date(2026, 8, 29), TODAY, commissioned=date(2026, 1, 1), unit="a")
    assert (gone.value, gone.at_least) == (0.25, None)


# -- places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "place", "kind", "forbidden"),
    [
        ("二层更衣室", "", "bathroom", True),
        ("客房 301", "", "guest_room", True),
        ("大厅", "dormitory", "dormitory", True),
        ("大厅", "", "", False),
        ("大厅", "ordinary", "ordinary", False),
        ("女更衣室门口走廊", "", "", False),
        ("女更衣室门口走廊", "ordinary", "ordinary", False),
        ("更衣室", "ordinary", "", False),
    ],
)
def test_where_no_camera_may_stand(location: str, place: str, kind: str, forbidden: bool) -> None:
    stated = {"place": place} if place else {}
    device = Device("C", DeviceKind.CAMERA, System.VIDEO, "枪机", location=location, attributes=stated)
    found = place_of(device)
    assert (found.kind, found.forbidden) == (kind, forbidden)
    assert found.because or kind == "ordinary"


def test_a_defect_of_the_inventory_is_planted(tmp_path: Path) -> None:
    bath = Defect("CAM-2", "attribute", "bathroom", ("NMG-09-01",), key="place")
    none = Defect("CAM-1", "attribute", "", (), key="place", untested=("NMG-09-01",), reason="x")
    assert planted(BRANCH, tmp_path / "copy", [bath, none]) is None
    devices = load_site(tmp_path / "copy").devices
    assert devices["CAM-2"].attributes["place"] == "bathroom"
    assert "place" not in devices["CAM-1"].attributes
    assert devices["CAM-3"].attributes == load_site(BRANCH).devices["CAM-3"].attributes


# -- answers ------------------------------------------------------------------------------------------------


def test_a_photograph_saved_anew_is_the_same_photograph(tmp_path: Path) -> None:
    picture = np.random.default_rng(7).integers(0, 255, (240, 320, 3), np.uint8)
    for name in ("a.png", "b.bmp"):
        cv2.imwrite(str(tmp_path / name), picture)
    (tmp_path / "c.png").write_bytes((tmp_path / "a.png").read_bytes() + b"more")
    cv2.imwrite(str(tmp_path / "other.png"), picture[::-1])
    album, first, second = Album(), PhotoQuestion("A.x", "x"), PhotoQuestion("B.x", "x")
    album.keep(first, tmp_path / "a.png")
    album.keep(first, tmp_path / "b.bmp")
    for name in ("a.png", "b.bmp", "c.png"):
        with pytest.raises(RigFault, match="photograph of A"):
            album.keep(second, tmp_path / name)
    album.keep(second, tmp_path / "other.png")


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "0226-11-03", "1979-12-31", "20261103", "昨天", "2026-13-01"]
)
def test_a_date_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(RigFault):
        checked(TextQuestion("S.x", "日期", DAY), typed)


def test_each_date_of_a_list_must_exist() -> None:
    question = TextQuestion("S.x", "日期", rf"{DAY}(、{DAY})*")
    assert checked(question, "2026-01-31、2026-02-28")
    with pytest.raises(RigFault, match="calendar"):
        checked(question, "2026-01-31、2026-02-30")


def test_a_number_like_a_date_is_no_date_where_none_is_asked() -> None:
    assert checked(TextQuestion("S.x", "编号", r"\S+"), "GB-2026-13-99") == "GB-2026-13-99"


def written(folder: Path, entry: str) -> ScriptedOperator:
    path = folder / "answers.toml"
    path.write_text(f'person = "张三"\n[answer."S.x"]\n{entry}\n', encoding="utf-8")
    return ScriptedOperator(path)


def test_a_written_date_may_be_so_many_days_ago(tmp_path: Path) -> None:
    question = TextQuestion("S.x", "日期", rf"{DAY}(、{DAY})*")
    today = datetime.now().astimezone().date()
    reported = str(written(tmp_path, "days_ago = [40, 0]").ask(question).value).split("、")
    assert [
        abs((today - date.fromisoformat(one)).days - ago) <= 1
        for one, ago in zip(reported, (40, 0), strict=True)
    ]
    for wrong in ('days_ago = "40"', "days_ago = -1", "days_ago = [true]", "days_ago = 1e9"):
        with pytest.raises(UsageError, match="days_ago cannot be"):
            written(tmp_path, wrong)
