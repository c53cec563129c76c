# SPDX-License-Identifier: Apache-2.0
"""The drawing of an X-ray test body: a TOML file that the register names, in the site folder.

    width = 140.0                 # mm, of the body as its picture shows it
    height = 90.0
    [[wire]]                      # name, start, end, diameter, free
    [[lines]]                     # name, area, lines, pitch, first, along
    [[step]]                      # name, area, beside

Points are [x, y] and areas [left, top, right, bottom], in mm from the upper left corner. The names are the
``objects`` of the class in the laboratory's overlay.
"""

from __future__ import annotations

from pathlib import Path

from yanshou.imaging.body_layout import Area, BodyLayout, BodyWire, Feature, LineGroup, Point, Step
from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, is_number, read_toml, root

_LONG = 2000.0
_MANY = 50


def load_layout(path: Path) -> BodyLayout:
    """The drawing in a file.  UsageError with every mistake in it."""
    layout, mistakes = read_layout(path)
    if mistakes:
        raise UsageError(mistakes)
    return layout


def read_layout(path: Path) -> tuple[BodyLayout, list[Mistake]]:
    """What can be read of a drawing, and every mistake in it, each with its line."""
    mistakes: list[Mistake] = []
    top = root(read_toml(path, mistakes), mistakes)
    top.only({"width", "height", "wire", "lines", "step"})
    size = _length(top, "width"), _length(top, "height")
    features = [
        *(_wire(one, size) for one in top.rows("wire")),
        *(_lines(one, size) for one in top.rows("lines")),
        *(_step(one, size) for one in top.rows("step")),
    ]
    names = [one.name for one in features]
    if not features or len(set(names)) < len(names):
        top.wrong("names no feature, or two of one name.", "Give each feature a name of its own.")
    return BodyLayout(*size, tuple(features)), mistakes


def _wire(table: Table, size: Point) -> Feature:
    table.only({"name", "start", "end", "diameter", "free"})
    start, end = (_numbers(table, key, size, 2) for key in ("start", "end"))
    if start[0] != end[0] and start[1] != end[1]:
        table.wrong("the wire is not parallel to a side of the body.", "Correct start or end.", "end")
    free = _area(table, "free", size)
    return BodyWire(_name(table), (start[0], start[1]), (end[0], end[1]), _length(table, "diameter"), free)


def _lines(table: Table, size: Point) -> Feature:
    table.only({"name", "area", "lines", "pitch", "first", "along"})
    along = table.choice("along", ("x", "y"))
    area, pitch, first = _area(table, "area", size), _length(table, "pitch"), _length(table, "first")
    count = table.data.get("lines")
    lines = count if isinstance(count, int) and not isinstance(count, bool) and 2 <= count <= _MANY else 2  # noqa: PLR2004
    if lines != count:
        table.wrong(f"lines = {count!r} is no number of lines.", "A group has two lines or more.", "lines")
    low, high = (area[0], area[2]) if along == "x" else (area[1], area[3])
    if not low <= first - pitch <= first + lines * pitch <= high:
        what = "the area does not hold the lines and one pitch beside them on both sides."
        table.wrong(what, "Correct area, first or pitch.", "area")
    return LineGroup(_name(table), area, lines, pitch, first, along_x=along == "x")


def _step(table: Table, size: Point) -> Feature:
    table.only({"name", "area", "beside"})
    return Step(_name(table), _area(table, "area", size), _area(table, "beside", size))


def _name(table: Table) -> str:
    return table.text("name", required=True)


def _length(table: Table, key: str) -> float:
    table.require(key)
    return table.number(key, 0.001, _LONG) or 1.0


def _area(table: Table, key: str, size: Point) -> Area:
    found = _numbers(table, key, size, 4)
    if not (found[0] < found[2] and found[1] < found[3]):
        table.wrong(f"{key} is empty.", "Write [left, top, right, bottom], in mm.", key)
    return found[0], found[1], found[2], found[3]


def _numbers(table: Table, key: str, size: Point, count: int) -> tuple[float, ...]:
    """``count`` numbers that lie on the body, x and y in turn."""
    listed = table.data.get(key)
    good = isinstance(listed, list) and len(listed) == count and all(map(is_number, listed))
    if not good or not isinstance(listed, list):
        table.wrong(f"{key} must be {count} numbers.", "Give them in mm.", key)
        return tuple(float(place) for place in range(count))
    if not all(0 <= one <= size[place % 2] for place, one in enumerate(listed)):
        table.wrong(f"{key} lies outside the body.", f"It is {size[0]:g} × {size[1]:g} mm.", key)
    return tuple(float(one) for one in listed)
