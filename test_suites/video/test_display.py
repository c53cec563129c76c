# SPDX-License-Identifier: Apache-2.0
"""画面字符 — date, time and name of the camera on the picture, and whether its clock is right."""

from __future__ import annotations

from yanshou.fixtures.api import Display, Record, TimeReference, evaluate, measures


@measures("osd_complete", seconds=8)
def test_osd_complete(display: Display, record: Record) -> None:
    """The picture shows date, time and the camera's name; what cannot be read for sure is said so."""
    record.measurement(evaluate.osd_complete(display))


@measures("osd_clock_offset", instruments=("time_reference",))
def test_osd_clock_offset(display: Display, time_reference: TimeReference, record: Record) -> None:
    """The frames at which the shown second changes are held against the time reference."""
    age = record.parameter("picture_age_s", 0.5)
    record.measurement(evaluate.osd_clock_offset(display, time_reference, age))
