# SPDX-License-Identifier: Apache-2.0
"""Channels × days as one SVG: missing time is dark, so that it is readable in black and white."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.results import Record
from yanshou.reports.survey.tables import all_days, channels, covered

FILLS: Final[Mapping[str, str]] = {
    "full": "#dfeee0",
    "most": "#a9cbb0",
    "part": "#d98e32",
    "none": "#2b2b2b",
    "not_known": "url(#unknown)",
}
_LABEL, _ROW, _HEAD, _LEGEND, _WIDTH, _MARGIN = 250.0, 15.0, 22.0, 24.0, 1000.0, 24.0
_MOST_PERCENT: Final = 99.0
_TICKS: Final = 12
_UNKNOWN: Final = (
    '<defs><pattern id="unknown" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#fff"/><path d="M0 5L5 0" stroke="#888" stroke-width="1"/>'
    "</pattern></defs>"
)


@dataclass(frozen=True, slots=True)
class HeatmapLine:
    """One channel: its label, and its level on each day."""

    label: str
    levels: Sequence[tuple[str, str]]


def lines_of(results: Record) -> list[HeatmapLine]:
    """Every channel in inventory order; a day without information from the recorder is ``not_known``."""
    days = all_days(results)
    names = {one["device"]: one["name"] for one in results["devices"]}
    found = []
    for recorder, channel in channels(results):
        by_day = {day: _level(covered(wanted, missing)) for day, wanted, missing in channel["days"]}
        camera = channel["camera"]
        label = " ".join(part for part in (recorder, camera, names.get(camera, "")) if part)
        found.append(HeatmapLine(label, [(day, by_day.get(day, "not_known")) for day in days]))
    return found


def _level(percent: float) -> str:
    if percent >= 100:  # noqa: PLR2004 - per cent
        return "full"
    if percent >= _MOST_PERCENT:
        return "most"
    return "part" if percent > 0 else "none"


def svg(shown: Sequence[HeatmapLine], messages: SurveyMessages) -> str:
    """The picture; neighbouring days of one level are one rectangle with its dates as a tool tip."""
    days = [day for day, _ in shown[0].levels] if shown else []
    if not days:
        return ""
    step = (_WIDTH - _LABEL - _MARGIN) / len(days)
    height = _LEGEND + _HEAD + _ROW * len(shown) + 4
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img"'
    return "".join(
        [
            head + ' font-family="Noto Sans SC, sans-serif" font-size="10">',
            _UNKNOWN,
            *_legend(messages),
            *_heads(days, step),
            *itertools.chain.from_iterable(_row(line, place, step) for place, line in enumerate(shown)),
            "</svg>",
        ]
    )


def _legend(messages: SurveyMessages) -> Iterator[str]:
    for place, (level, fill) in enumerate(FILLS.items()):
        x = _LABEL + place * 145
        yield f'<rect x="{x:g}" y="4" width="12" height="12" fill="{fill}" stroke="#555" stroke-width=".5"/>'
        yield f'<text x="{x + 17:g}" y="14">{escape(messages(level))}</text>'


def _heads(days: Sequence[str], step: float) -> Iterator[str]:
    every = max(1, -(-len(days) // _TICKS))
    for place in range(0, len(days), every):
        x = _LABEL + place * step
        yield f'<text x="{x:g}" y="{_LEGEND + 14:g}">{days[place][5:]}</text>'
        yield (
            f'<line x1="{x:g}" x2="{x:g}" y1="{_LEGEND + 16:g}" y2="{_LEGEND + _HEAD:g}" stroke="#555555"'
            ' stroke-width=".5"/>'
        )


def _row(line: HeatmapLine, place: int, step: float) -> Iterator[str]:
    y = _LEGEND + _HEAD + place * _ROW
    yield f'<text x="{_LABEL - 6:g}" y="{y + 10.5:g}" text-anchor="end">{escape(_short(line.label))}</text>'
    at = 0
    for level, run in itertools.groupby(line.levels, key=lambda one: one[1]):
        days = [day for day, _ in run]
        title = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"
        yield (
            f'<rect x="{_LABEL + at * step:.2f}" y="{y:g}" width="{len(days) * step:.2f}"'
            f' height="{_ROW - 2:g}" fill="{FILLS[level]}"><title>{escape(line.label)} {title}</title></rect>'
        )
        at += len(days)


def _short(label: str, most: int = 36) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
