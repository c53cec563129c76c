# SPDX-License-Identifier: Apache-2.0
"""The instruments of a run in print, with range, U and calibration, and the chain of its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yanshou.reports.messages import Messages
from yanshou.reports.messages_field import QUANTITIES
from yanshou.reports.rounding import with_unit
from yanshou.reports.view import RunView
from yanshou.reports.wording import NOTHING

_HOST = "host clock"
_BOARD = "relay_board"
_MS = 1e3


def instruments(view: RunView, messages: Messages) -> list[dict[str, Any]]:
    """The instruments used, each with its certificate, then the relay boards and the clock of the host.

    Those overdue on the last day of the tests are marked.
    """
    made = [_instrument(view, entry, messages) for entry in view.instruments]
    return [*made, *_boards(view, messages), *_host(view, messages)]


def _instrument(view: RunView, entry: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    due = str(entry.get("due") or "")
    return {
        "id": str(entry.get("id", "")),
        "name": _joined(entry, "name", "maker", "model"),
        "serial": str(entry.get("serial") or NOTHING),
        "measures": _ranges(entry, messages),
        "certificate": _joined(entry, "certificate", "calibrated_by") or NOTHING,
        "calibrated": str(entry.get("calibrated") or NOTHING)[:10],
        "due": due[:10] or NOTHING,
        "overdue": bool(due) and due[:10] < f"{view.local(view.ended):%Y-%m-%d}",
    }


def _joined(entry: Mapping[str, Any], *keys: str) -> str:
    return " ".join(str(entry[key]) for key in keys if entry.get(key))


def _ranges(entry: Mapping[str, Any], messages: Messages) -> str:
    """Each range with its U; a range without U says nothing that was not certified."""
    stated = entry.get("ranges") or ()
    return messages("semicolon").join(_range(one, messages) for one in stated) or NOTHING


def _range(one: Mapping[str, Any], messages: Messages) -> str:
    quantity, unit = QUANTITIES.get(str(one.get("quantity"))), str(one.get("unit") or "")
    what = f"{messages.pick(quantity)} " if quantity else ""
    ends = f"{what}{_ends(one, unit)}"
    if (U := _u(one, unit, messages)) == NOTHING:
        return ends
    return messages("range", ends=ends, U=U, k=one.get("k") or 2)


def _ends(one: Mapping[str, Any], unit: str) -> str:
    """The ends of a range: ``0–60 V``, ``±1000000 s``; no powers of ten as programs write them."""
    low, high = (None if one.get(end) is None else float(one[end]) for end in ("min", "max"))
    if low is not None and low < 0 and low == -(high or 0.0):
        return with_unit(f"±{high:.10g}", unit)
    first, last = (NOTHING if end is None else f"{end:.10g}" for end in (low, high))
    return f"{first}–{with_unit(last, unit)}"


def _u(one: Mapping[str, Any], unit: str, messages: Messages) -> str:
    """U of a range: in its unit, as a share of the reading, or both."""
    parts = [] if one.get("U") is None else [with_unit(f"{float(one['U']):g}", unit)]
    share = one.get("U_rel")
    parts += [] if share is None else [messages("range.share", U=float(share) * 100)]
    return " + ".join(parts) or NOTHING


def _boards(view: RunView, messages: Messages) -> Iterable[dict[str, Any]]:
    """The relay boards of the bench, with the largest u of their calibrated loops."""
    loops: dict[str, list[Any]] = {}
    for one in view.loops:
        loops.setdefault(one.loop.partition(" ")[0], []).append(one)
    boards = [device.id for device in view.site.devices.values() if device.kind == _BOARD]
    for name in dict.fromkeys([*boards, *loops]):
        found = loops.get(name, [])
        device = view.device(name)
        serials = dict.fromkeys(serial for one in found for serial in one.serials)
        least = max((float(one.delay["u"]) for one in found), default=0.0)
        yield _link(
            name,
            " ".join(filter(None, [messages("relay.name"), device.model])),
            "、".join(serials) or NOTHING,
            messages("relay.delay", u=f"{least * _MS:.2f}") if found else messages("relay.uncalibrated"),
            messages("in_this_run") if found else NOTHING,
            max((one.at[:10] for one in found), default=NOTHING),
        )


def _host(view: RunView, messages: Messages) -> Iterable[dict[str, Any]]:
    """The clock of the host, if any uncertainty has it as a component."""
    sources = {part.source for one in view.measurements.values() for part in one.budget if part.name == _HOST}
    if sources:
        known = all("ppm" in one for one in sources)
        said = messages("host.u", source=messages("host.source" if known else "host.other"))
        yield _link(NOTHING, messages("host.name"), NOTHING, said, NOTHING, NOTHING)


def _link(name: str, what: str, serial: str, measures: str, certificate: str, day: str) -> dict[str, Any]:
    """A link of the timing chain, which has no date it is due."""
    return {
        "id": name,
        "name": what,
        "serial": serial,
        "measures": measures,
        "certificate": certificate,
        "calibrated": day,
        "due": NOTHING,
        "overdue": False,
    }
