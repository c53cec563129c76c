# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure WHAT FILE…``: measures pictures and clips from files, without a site."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, cast

from yanshou.cli.language import _
from yanshou.cli.output import print_json, print_table
from yanshou.imaging import check_opencv
from yanshou.model import UsageError

INCONCLUSIVE: Final = 3

Roi = tuple[int, int, int, int]


class Measuring(Protocol):
    """A module of ``yanshou.cli.measuring``: answers for one file, one dictionary per region.

    ``gates`` of an answer lists why it holds no figure; every answer also names its ``file``.  A module with
    ``together(paths, rois, options)`` takes several files as pictures of one view.
    """

    def measure(self, path: Path, rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
        """Measure one file."""


def run(options: argparse.Namespace) -> int:
    """Return 0 if everything was measured, 3 if a validity gate is closed somewhere."""
    check_opencv()
    rois = [_roi(text) for text in options.roi]
    module = cast("Measuring", importlib.import_module(f"yanshou.cli.measuring.{options.what}"))
    together = getattr(module, "together", None)
    if together is not None and len(options.files) > 1:
        answers = together(options.files, rois, options)
    else:
        answers = [answer for path in options.files for answer in module.measure(path, rois, options)]
    if options.json:
        print_json(answers[0] if len(answers) == 1 else answers)
    else:
        for answer in answers:
            _show(answer)
    return INCONCLUSIVE if any(answer["gates"] for answer in answers) else 0


def _roi(text: str) -> Roi:
    found = re.fullmatch(r"(\d+),(\d+),(\d+),(\d+)", text.replace(" ", ""))
    if not found or 0 in (int(found[3]), int(found[4])):
        raise UsageError(
            f"--roi {text} is no region.", "Write --roi X,Y,W,H in whole pixels, W and H above 0."
        )
    return int(found[1]), int(found[2]), int(found[3]), int(found[4])


def _show(answer: Mapping[str, Any]) -> None:
    rows = [(key, _plain(value)) for key, value in answer.items() if key != "file"]
    print_table((_("quantity"), _("value")), rows, title=str(answer["file"]))


def _plain(value: object) -> str:
    match value:
        case float():
            return f"{value:.5g}"
        case None | [] | "":
            return "—"
        case dict():
            return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
        case list():
            return "\n".join(_plain(item) for item in value)
    return str(value)
