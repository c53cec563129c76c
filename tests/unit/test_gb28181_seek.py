# SPDX-License-Identifier: Apache-2.0
"""A seek in a playback of GB/T 28181: which picture after it says where the playback went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Self

import pytest

from yanshou.equipment import gb_calls
from yanshou.equipment.gb_calls import sought
from yanshou.evaluation import gb_media
from yanshou.model import Instant
from yanshou.model.recording import RecordedChannel, Segment

START = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
BEGUN = 100.0
SENT, ANSWERED = BEGUN + 3.0, BEGUN + 3.4
CHANNEL = RecordedChannel("1", "CAM-1", "", (), None, None)
KEPT = Segment(START, START + timedelta(minutes=10))


@dataclass
class Key:
    """A key frame: when it came, the second of the playback its clock shows (None: it cannot be read)."""

    arrival: float
    shows: float | None
    key: bool = True
    complete: bool = True


@dataclass
class Call:
    """A playback of such frames; the seek is sent 3 s after its begin and answered 0.4 s later."""

    frames: Sequence[Key]
    status: int = 200
    ended: dict[str, str] = field(default_factory=lambda: {"codec": "h264"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        return

    def open(self) -> None:
        return

    def stop_early(self) -> None:
        return

    def live(self) -> Iterator[Key]:
        return iter(self.frames)

    def next_control(self) -> int:
        return 2

    def control(self, _body: bytes) -> Any:
        return SimpleNamespace(status=self.status, answered=Instant(SENT, ANSWERED), sent=Instant(SENT, SENT))


def seek(
    monkeypatch: pytest.MonkeyPatch, *after: Key, status: int = 200, begun: float | None = 0.0
) -> gb_calls.Sought:
    monkeypatch.setattr(gb_calls, "time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr(
        gb_calls, "decode", lambda _codec, units, at_most: [SimpleNamespace(luma=units[0][1])]
    )
    call = Call([Key(BEGUN, begun), Key(BEGUN + 2.0, 2.0), *after], status)
    recorder = SimpleNamespace(playback=lambda *_asked, **_how: call)

    def read(key: Any) -> datetime | None:
        return None if key.shows is None else START + timedelta(seconds=key.shows)

    return sought(recorder, CHANNEL, KEPT, read)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "shown_s"),
    [
        ((Key(103.8, 30.0), Key(105.8, 32.0)), 30.0),
        ((Key(103.2, 30.0), Key(105.2, 32.0)), 30.0),  # it moved before it answered
        ((Key(103.1, 3.1), Key(103.9, 30.0)), 30.0),  # the first one was under way
        ((Key(104.0, 4.0), Key(104.5, 30.0)), 30.0),  # it sends what it had read of the old place first
        ((Key(103.8, 36.0), Key(105.8, 38.0)), 36.0),
        ((Key(103.8, 22.0), Key(105.8, 24.0)), 22.0),
        ((Key(103.8, 9.0), Key(105.8, 11.0)), 9.0),  # nearer to the old place than to the new one
        ((Key(104.0, 4.0), Key(106.0, 6.0)), 4.0),  # it did not move at all
    ],
)
def test_the_first_picture_at_another_place_says_where_a_seek_went(
    monkeypatch: pytest.MonkeyPatch, after: tuple[Key, ...], shown_s: float
):
    found = seek(monkeypatch, *after)
    assert found.asked == START + timedelta(seconds=30)
    assert found.shown == START + timedelta(seconds=shown_s)


def test_a_seek_that_nothing_shows_has_no_error(monkeypatch: pytest.MonkeyPatch):
    assert seek(monkeypatch).why == "定位后没有可解码的画面"
    assert "501" in seek(monkeypatch, Key(104.0, 30.0), status=501).why
    unread = seek(monkeypatch, Key(103.8, None), Key(105.8, None))
    assert (unread.shown, unread.error_s) == (None, None)
    assert "无法读出" in unread.why


@pytest.mark.parametrize(
    ("first", "why"), [(Key(103.8, None), "无法读出"), (Key(103.8, 24.0, complete=False), "损坏")]
)
def test_a_later_picture_does_not_stand_for_one_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, first: Key, why: str
):
    """A seek 6 s too early passes the place asked for by itself, some key frames later."""
    found = seek(monkeypatch, first, Key(109.8, 30.0))
    assert found.shown is None
    assert why in found.why


@pytest.mark.parametrize(
    ("begun", "doubt"),
    [(0.0, ""), (-2.0, ""), (5.0, "相差 +5 s"), (-28800.0, "相差 -28800 s"), (None, "无法读出")],
)
def test_a_clock_that_is_off_from_the_begin_is_said_beside_the_error(
    monkeypatch: pytest.MonkeyPatch, begun: float | None, doubt: str
) -> None:
    """A camera 5 s ahead of its recorder, or a recorder that takes local time for UTC."""
    moved = 30.0 + (begun or 0.0)
    found = seek(monkeypatch, Key(103.8, moved), Key(105.8, moved + 2), begun=begun)
    assert found.error_s is not None
    said = gb_media.seek_doubts(found)
    assert [doubt in one for one in said] == ([True] if doubt else [])
