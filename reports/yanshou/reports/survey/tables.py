# SPDX-License-Identifier: Apache-2.0
"""The results of a survey as rows, and these as CSV and XLSX.

Names, models and answers come from untrusted devices, so no cell may begin a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from yanshou.model.csv_text import csv_bytes
from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.results import Record

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_DEVICE: Final = (
    *("device", "kind", "name", "place", "parent", "state", "why", "maker", "model", "firmware", "serial"),
    *("clock_low", "clock_high", "declared", "received", "declared_fps", "received_fps"),
    *("mean", "sd", "blur", "changed", "text"),
)
_SHADES: Final = ((100.0, "E3F0E3"), (99.0, "BFD8BF"), (0.001, "E0A04A"), (0.0, "303030"))

Row = list[object]


def device_rows(results: Record, messages: SurveyMessages) -> Iterator[Row]:
    """One row per device, under a head."""
    yield [messages(key) for key in _DEVICE]
    for one in results["devices"]:
        yield _device(one, messages)


def _device(one: Record, messages: SurveyMessages) -> Row:
    identity, declared = one["identity"], one["declared"]
    clock, stream = one["measured"].get("clock", {}), one["measured"].get("stream", {})
    pictures = one["measured"].get("pictures", {})
    figures = (pictures.get("figures") or [{}])[0]
    return [
        one["device"],
        messages.kind(one["kind"]),
        one["name"],
        one["location"],
        one["parent"],
        messages.state(one["state"]),
        messages.reason(one["why"]),
        identity.get("Manufacturer", ""),
        identity.get("Model", ""),
        identity.get("FirmwareVersion", ""),
        identity.get("SerialNumber", ""),
        clock.get("low_s", ""),
        clock.get("high_s", ""),
        _form(declared),
        _form(stream),
        _stated(declared.get("frame_rate")),
        _stated(stream.get("frame_rate")),
        figures.get("mean", ""),
        figures.get("sd", ""),
        figures.get("blur", ""),
        _stated(pictures.get("changed")),
        "；".join(messages.finding(found) for found in one["findings"]),
    ]


def finding_rows(results: Record, messages: SurveyMessages) -> Iterator[Row]:
    """One row per finding, those against the installation first, under a head."""
    yield [
        *(messages(key) for key in ("device", "about", "name", "place")),
        "",
        messages("code"),
        messages("text"),
    ]
    for against in (True, False):
        for one in results["devices"]:
            for found in one["findings"]:
                if found["against"] is against:
                    weight = messages("against" if against else "unknown")
                    text = messages.finding(found)
                    if found["code"] == one["state"] and one["why"]:  # as reported when it was asked
                        text += f" ({messages.reason(one['why'])})"
                    yield [
                        one["device"],
                        found["about"],
                        one["name"],
                        one["location"],
                        weight,
                        found["code"],
                        text,
                    ]


def gap_rows(results: Record, messages: SurveyMessages) -> Iterator[Row]:
    """One row per gap of any channel, under a head."""
    settings = results["settings"]
    zone = messages.zone(settings)
    yield [messages(key, zone=zone) for key in ("recorder", "camera", "start", "end", "seconds")]
    for recorder, channel in channels(results):
        for start, end in channel["gaps"]:
            length = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
            local = [messages.local(settings, at) for at in (start, end)]
            yield [recorder, channel["camera"], *local, round(length)]


def cover_rows(results: Record, messages: SurveyMessages) -> Iterator[Row]:
    """Per cent covered of each channel on each day, rounded down; empty if unknown."""
    days = all_days(results)
    yield [messages("recorder"), messages("camera"), *days]
    for recorder, channel in channels(results):
        shares = {day: covered(wanted, missing) for day, wanted, missing in channel["days"]}
        yield [recorder, channel["camera"], *(shares.get(day, "") for day in days)]


def channels(results: Record) -> Iterator[tuple[str, Record]]:
    """(recorder, channel) of every channel that was asked."""
    for one in results["devices"]:
        for channel in one["channels"]:
            yield one["device"], channel


def all_days(results: Record) -> list[str]:
    """Every day any channel was asked about, in order."""
    return sorted({day for _, channel in channels(results) for day, _, _ in channel["days"]})


def covered(wanted: int, missing: int) -> float:
    """Covered per cent of the day, rounded down to a tenth: 100 only if nothing is missing."""
    return 100.0 if not wanted else max(0, (wanted - missing) * 1000 // wanted) / 10


def csv_table(rows: Iterable[Row]) -> bytes:
    """The rows as CSV, no cell of which a spreadsheet takes for a formula."""
    return csv_bytes([_harmless(cell) for cell in row] for row in rows)


def xlsx_bytes(results: Record, messages: SurveyMessages) -> bytes:
    """The workbook: summary, devices, findings, gaps, coverage."""
    book = Workbook(write_only=True)
    _sheet(book, messages("summary"), _summary_rows(results, messages))
    _sheet(book, messages("devices"), device_rows(results, messages))
    _sheet(book, messages("findings"), finding_rows(results, messages))
    _sheet(book, messages("gap"), gap_rows(results, messages))
    _sheet(book, messages("cover"), cover_rows(results, messages), shaded=2)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary_rows(results: Record, messages: SurveyMessages) -> Iterator[Row]:
    counts, settings = results["summary"], results["settings"]
    yield [messages("title"), results["site"]["name"]]
    if settings["emulated"]:
        yield [messages("emulated")]
    yield [messages.when(settings)]
    yield [messages("screening")]
    for key in ("devices", "clean", "against", "unknown"):
        yield [messages(key), counts[key]]
    for state, count in counts["states"].items():
        yield [messages.state(state), count]


def _sheet(book: Workbook, title: str, rows: Iterable[Row], shaded: int = 0) -> None:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, row in enumerate(rows):
        cells = []
        for column, value in enumerate(row):
            cell: Any = WriteOnlyCell(sheet, value=_harmless(value))
            if place == 0:
                cell.font = Font(bold=True)
            elif shaded and column >= shaded and isinstance(value, float):
                cell.fill = PatternFill("solid", fgColor=_shade(value))
            cells.append(cell)
        sheet.append(cells)


def _shade(value: float) -> str:
    return next(colour for least, colour in _SHADES if value >= least)


def _harmless(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = "".join(one for one in value if one.isprintable() or one == "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _form(stream: Record) -> str:
    return f"{stream['codec']} {stream['width']}×{stream['height']}" if stream.get("codec") else ""


def _stated(value: Any) -> object:
    return "" if value is None else value


def lines(rows: Sequence[Row]) -> list[list[str]]:
    """Rows as printable texts."""
    return [[str(_harmless(cell)) for cell in row] for row in rows]
