# SPDX-License-Identifier: Apache-2.0
"""Answers of instruments as they really spell them: numbers with unit, overload, and "no error".

SCPI-1999 prescribes bare numbers and ``0,"No error"``; bench meters add units, quote, pad and translate.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)\s*(?P<unit>\D*)", re.ASCII | re.DOTALL
)
_OVERLOAD = re.compile(
    r"[+-]?\s*(?:O\.?L\.?D?|OVLD|OVER(?:[ -]?LOAD|[ -]?RANGE)?|INF(?:INITY)?)", re.IGNORECASE
)
_NO_READING = re.compile(r"[+-]?NAN", re.IGNORECASE)
_NO_ERROR = re.compile(
    r"[\"'\s]*(?:[+-]?0+(?:$|[,;:\"'\s]|[^\x00-\x7f])\D*$|no[\s_-]*errors?[.\"'\s]*$)", re.IGNORECASE
)
_INFINITY, _NOT_A_NUMBER = "9.9E37", "NAN"  # SCPI-1999 vol. 1, 7.2.1.4

_BASES = {"V": "V", "VOLT": "V", "A": "A", "AMP": "A", "OHM": "Ohm", "Ω": "Ohm", "\u2126": "Ohm"}
_PREFIXES = {"": 1.0, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "k": 1e3}
_MEGA = 1e6
_KINDS = ("DC", "AC")


class NoNumber(ValueError):
    """The answer is not a number in the unit asked for; the message says why."""


def means_no_error(entry: str) -> bool:
    """Whether an entry of the error queue says that there is no error (SCPI-1999 21.8)."""
    return _NO_ERROR.match(entry) is not None


def plain(answer: bytes) -> str | None:
    """The text of an answer: ASCII, else an encoding the instrument's language may use; None for neither."""
    for coding in ("ascii", "utf-8", "gb18030"):
        try:
            text = answer.decode(coding)
        except UnicodeDecodeError:
            continue
        return text.strip() if coding == "ascii" or text.strip().isprintable() else None
    return None


def value_of(answer: str, unit: str, kind: str = "") -> float:
    """The number in an answer, in ``unit``; ``kind`` is DC or AC where the query asks for one.

    Returns infinity for an overload and not-a-number if there is no reading, as SCPI defines them. Raises
    ``NoNumber``.
    """
    first, *others = answer.strip().strip("\"'").split(",")
    if _OVERLOAD.fullmatch(first.strip()):
        return float(_INFINITY)
    if _NO_READING.fullmatch(first.strip()):
        return float(_NOT_A_NUMBER)
    found = _NUMBER.fullmatch(first.strip())
    if found is None:
        raise NoNumber("no number")
    written = found["unit"].strip()
    if not written and others and _scale(others[0].strip(), unit, kind):
        written = others.pop(0).strip()
    if not all(_stands_beside(one, unit, bool(written)) for one in others):
        raise NoNumber("no number alone")
    scale = _scale(written, unit, kind) if written else 1.0
    if not scale:
        raise NoNumber(f"no number in {unit}{f' {kind}' if kind else ''}")
    return float(found["number"]) * scale


def _stands_beside(field: str, unit: str, has_unit: bool) -> bool:  # noqa: FBT001
    """Whether ``field`` is a number of another unit (time, count) beside a reading that has its own.

    Anything else makes the answer doubtful: a decimal comma (12,5 V), a word (HOLD), an entry of the error
    queue (0,"No error").
    """
    found = _NUMBER.fullmatch(field.strip())
    other = found["unit"].strip() if found else ""
    return has_unit and bool(other) and not _scale(other, unit, "")


def _scale(written: str, unit: str, kind: str) -> float:
    """The factor from the unit ``written`` to ``unit``; 0 if that is another quantity."""
    word = written.replace(" ", "").replace("_", "")
    for name in _KINDS:
        if word.upper().endswith(name):
            if kind and name != kind:
                return 0.0
            word = word[: -len(name)]
            break
    for base, means in _BASES.items():
        if means != unit:
            continue
        for ending in (base, f"{base}s"):
            if word.upper().endswith(ending.upper()):
                return _prefix(word[: -len(ending)], unit)
    return 0.0


def _prefix(text: str, unit: str) -> float:
    if text in ("M", "Meg", "MEG"):  # SCPI writes milli as M, except for ohms, where M is mega
        return _MEGA if unit == "Ohm" else 0.0
    return _PREFIXES.get(text, _PREFIXES.get(text.lower(), 0.0) if text in "KU" else 0.0)
