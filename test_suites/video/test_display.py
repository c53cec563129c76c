# SPDX-License-Identifier: Apache-2.0
"""画面字符 — date, time and name of the camera on the picture, and whether its clock is right."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Display, Record, TimeReference, evaluate, measures, rectangular


@measures("osd_complete", seconds=8)
def test_osd_complete(display: Display, record: Record) -> None:
    """The picture shows date, time and the camera's name; what cannot be read for sure is said so."""
    record.measurement(evaluate.osd_complete(display))


@measures("osd_clock_offset", instruments=("time_reference",))
def test_osd_clock_offset(display: Display, time_reference: TimeReference, record: Record) -> None:
    """The frames at which the shown second changes are held against the time reference."""
    age = record.parameter("picture_age_s", 0.5)
    record.measurement(evaluate.osd_clock_offset(display, time_reference.known(), age))


@measures("osd_layout", operator=True, seconds=30)
def test_osd_layout(ask: Ask, record: Record) -> None:
    """A person holds the characters of the picture against the layout that is asked for, paper in hand."""
    document = ask.text("layout_document", pattern=r"\S+.*")
    follows = ask.yes("layout", document=document)
    record.logical(conforms=follows, because="" if follows else f"字符布局不符合 {document}")


@measures("preset_return_time", operator=True, seconds=180)
def test_preset_return_time(ask: Ask, record: Record) -> None:
    """The head is moved off its preset and left alone; by stopwatch until it stands there again."""
    seconds = ask.number("preset_return", unit="s", low=0.0, high=3600.0)
    record.values([seconds], "s", [rectangular("reaction of a person", 0.5, "stopwatch, two presses")])
    record.seen_in_passing(f"本机回预置位时 {one} 也动作" for one in ask.names("preset_return.others"))


@measures("camera_horizontal_angle", operator=True, seconds=30)
def test_camera_horizontal_angle(ask: Ask, record: Record) -> None:
    """From the drawing or by compass: the optical axis against the direction in which targets move."""
    degrees = ask.number("horizontal_angle", unit="deg", low=0.0, high=180.0)
    record.values([degrees], "deg", [rectangular("read from the drawing", 2.0, "judgement")])
