# SPDX-License-Identifier: Apache-2.0
"""The observations of a measurand with the limit and U: SVG for the PDF, PNG for Allure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from yanshou.model import Limit, Measurement, Quantity
from yanshou.reports.by_requirement import room
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.plots.style import BAD, INK, LIMIT, FigureFile, saved, style
from yanshou.reports.records import ReportRow
from yanshou.reports.rounding import number, uncertainty, unit_text, with_unit
from yanshou.reports.view import RunView
from yanshou.reports.wording import title

_FEW = 8
_FEW_DEVICES = 4
_MANY_DEVICES = 24
_BINS = 24
_REACH = 3
"""How many times the spread of the observations their histogram may be wide on either side."""
_HATCHES = ("", "////", "....", "xxxx", "", "\\\\", "ooo", "++")


@dataclass(frozen=True, slots=True)
class _Series:
    """The data of one figure: a measurand's rows, every raw value, and their common limit."""

    title: str
    unit: str
    rows: tuple[ReportRow, ...]
    raw: tuple[float, ...]
    limit: Limit | None


def figures(view: RunView, language: str = "zh") -> list[FigureFile]:
    """Draw each continuous measurand observed often enough: histogram, and value ± U by device (SVG)."""
    messages = Messages(language)
    return [_figure(index, series, messages) for index, series in enumerate(_series(view, messages), start=1)]


def item_figure(row: ReportRow, language: str = "zh") -> bytes | None:
    """Draw the observations behind one row, with limit and U, as PNG at 150 dpi; None without any."""
    measurement = row.measurement
    if measurement is None or not _drawable(measurement):
        return None
    raw = _numbers(measurement)
    if len(raw) < 2:  # noqa: PLR2004 - one observation is no picture
        return None
    messages = Messages(language)
    with style():
        figure = Figure(figsize=(4.6, 2.3))
        # placed by hand: a layout engine takes twice as long
        axes = figure.add_axes((0.14, 0.19, 0.83, 0.69))
        axes.plot(range(1, len(raw) + 1), raw, "o", color=INK, markersize=4)
        _band(axes, measurement, messages)
        _limit(axes, row.requirement.limit if row.requirement else None, messages, upright=False)
        axes.set_xlabel(messages("fig.raw"))
        axes.set_ylabel(unit_text(measurement.unit))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_title(Printer().text(f"{measurement.device} {title(row, messages)}"), fontsize=9)
        axes.legend(fontsize=7, frameon=False)
        return saved(figure, "png")


def _series(view: RunView, messages: Messages) -> list[_Series]:
    groups: dict[str, list[ReportRow]] = {}
    for row in view.rows:
        if row.measurement is not None and _drawable(row.measurement):
            groups.setdefault(row.finding.requirement, []).append(row)
    drawn: dict[str, _Series] = {}
    for rows in groups.values():
        raw = tuple(value for row in rows for value in _numbers(row.measurement))
        if len(raw) >= _FEW:
            drawn.setdefault(rows[0].finding.measurand, _made(rows, raw, messages))
    return list(drawn.values())


def _made(rows: list[ReportRow], raw: tuple[float, ...], messages: Messages) -> _Series:
    limit = rows[0].requirement.limit if rows[0].requirement else None
    return _Series(title(rows[0], messages), rows[0].finding.unit, tuple(rows), raw, limit)


def _drawable(measurement: Measurement) -> bool:
    return measurement.quantity is Quantity.CONTINUOUS and not measurement.invalid


def _numbers(measurement: Measurement | None) -> list[float]:
    raw = measurement.raw if measurement else ()
    return [float(value) for value in raw if isinstance(value, float | int) and not isinstance(value, bool)]


def _figure(index: int, series: _Series, messages: Messages) -> FigureFile:
    with style():
        figure = Figure(figsize=(6.7, 2.4), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
        _histogram(left, series, messages)
        _devices(right, series, messages)
        data = saved(figure, "svg")
    return FigureFile(f"figure-{index}.svg", data, _caption(series, messages))


def _caption(series: _Series, messages: Messages) -> str:
    """Of few devices the figure of each; of many the worst and its device: no maximum over unlike devices."""
    rows = (
        series.rows if len(series.rows) <= _FEW_DEVICES else (max(series.rows, key=lambda row: -room(row)),)
    )
    said = [
        messages("fig.of_device", device=row.finding.device, value=with_unit(_with_U(row), series.unit))
        for row in rows
    ]
    key = "fig.caption" if len(rows) == len(series.rows) else "fig.caption.worst"
    return messages(key, title=series.title, n=len(series.raw), said=messages("semicolon").join(said))


def _histogram(axes: Axes, series: _Series, messages: Messages) -> None:
    bins = min(_BINS, max(6, round(len(series.raw) ** 0.5 * 2)))
    groups = _groups(series)
    if len(groups) > 1:
        _stacked(axes, groups, bins, series.unit, messages)
    else:
        axes.hist(series.raw, bins=bins, color=INK, alpha=0.75, edgecolor="white", linewidth=0.4)
    near = _near(series)
    if near:
        _limit(axes, series.limit, messages, upright=True)
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.set_title(messages("fig.hist" if near else "fig.hist.beyond"), fontsize=8)
    axes.set_xlabel(unit_text(series.unit))
    axes.set_ylabel(messages("fig.count"))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _near(series: _Series) -> bool:
    """Whether the limit can stand in the histogram and leave room to see the observations."""
    low, high = min(series.raw), max(series.raw)
    reach = _REACH * (high - low)
    limits = (series.limit.min, series.limit.max) if series.limit else ()
    return all(one is None or low - reach <= one <= high + reach for one in limits)


def _groups(series: _Series) -> dict[str, list[ReportRow]]:
    """The rows by class of device, as named by the measuring side (type and technology of a zone).

    Without classes, few devices stand apart.
    """
    groups: dict[str, list[ReportRow]] = {}
    for row in series.rows:
        named = str(row.measurement.details.get("group", "")) if row.measurement else ""
        groups.setdefault(named, []).append(row)
    if len(groups) == 1 and 1 < len(series.rows) <= _FEW_DEVICES:
        return {row.finding.device: [row] for row in series.rows}
    return dict(sorted(groups.items()))


def _stacked(
    axes: Axes, groups: dict[str, list[ReportRow]], bins: int, unit: str, messages: Messages
) -> None:
    """One hatch for each class, distinguishable without colour; the legend gives its largest value with U."""
    raw = [[value for row in rows for value in _numbers(row.measurement)] for rows in groups.values()]
    _, _, bars = axes.hist(
        raw, bins=bins, stacked=True, color=["white"] * len(raw), edgecolor=INK, linewidth=0.5
    )
    for place, (name, rows) in enumerate(groups.items()):
        worst = max(rows, key=lambda row: _value(row) or 0.0)
        most = with_unit(_with_U(worst), unit)
        drawn = cast("list[BarContainer]", bars)[place]
        label = messages("fig.group", group=Printer().text(messages.said(name)), n=len(raw[place]), most=most)
        if len(rows) == 1:
            label = messages("fig.of_device", device=Printer().text(name), value=most)
        drawn.set_label(label)
        for patch in drawn:
            patch.set_hatch(_HATCHES[place % len(_HATCHES)])
            if place == 0:
                patch.set_facecolor(INK)
    axes.legend(fontsize=6, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.32))


def _devices(axes: Axes, series: _Series, messages: Messages) -> None:
    rows = [row for row in series.rows if _value(row) is not None][:_MANY_DEVICES]
    names = [Printer().text(row.finding.device) for row in rows]
    for place, row in enumerate(rows):
        bad = row.finding.verdict.value.endswith("non_conform")
        axes.errorbar(
            place,
            _value(row) or 0.0,
            yerr=row.finding.U or None,
            fmt="D" if bad else "o",
            color=BAD if bad else INK,
            markersize=3.5,
            capsize=2,
            linewidth=0.8,
        )
    _limit(axes, series.limit, messages, upright=False)
    axes.set_title(messages("fig.devices"), fontsize=8)
    if series.limit and not isinstance(series.limit.equals, bool | str):
        axes.legend(fontsize=7, frameon=False, loc="best")
    axes.set_xticks(range(len(names)), names, rotation=90 if len(names) > _FEW else 0, fontsize=7)
    axes.set_ylabel(unit_text(series.unit))


def _with_U(row: ReportRow) -> str:
    value, U = _value(row) or 0.0, row.finding.U
    return f"{number(value, U)} ± {uncertainty(U)}" if U else number(value)


def _value(row: ReportRow) -> float | None:
    value = row.finding.value
    return None if value is None or isinstance(value, bool | str) else float(value)


def _band(axes: Axes, measurement: Measurement, messages: Messages) -> None:
    value, U = measurement.value, measurement.U
    if U is not None and isinstance(value, float | int):
        axes.axhspan(value - U, value + U, color=INK, alpha=0.15, label=messages("fig.value"))


def _limit(axes: Axes, limit: Limit | None, messages: Messages, *, upright: bool) -> None:
    """Draw the limit as a dashed line, so that it is readable in black and white too."""
    for value in (limit.min, limit.max) if limit else ():
        if value is not None:
            draw = axes.axvline if upright else axes.axhline
            draw(
                value, color=LIMIT, linestyle="--", linewidth=1.1, label=f"{messages('fig.limit')} {value:g}"
            )
