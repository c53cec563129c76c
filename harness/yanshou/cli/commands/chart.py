# SPDX-License-Identifier: Apache-2.0
"""``yanshou chart --size A3 --out FILE``: the laboratory's test chart as a PDF to print.

``--sequence 1920x1080`` writes the reference sequence for a player instead.
"""

from __future__ import annotations

import argparse
import re
from typing import Final

from yanshou.model import UsageError

_LEAST_PX: Final = 64
_MOST_PX: Final = 8192


def run(options: argparse.Namespace) -> int:
    """Return 0 when the file is written."""
    if options.out.is_dir():
        raise UsageError("is a folder.", "Name the file to write.", path=options.out)
    if options.sequence is not None:
        from yanshou.cli.sequence_file import write_sequence  # noqa: PLC0415 - brings the codecs in

        write_sequence(options.out, *_size(options.sequence))
        print(options.out)
        return 0
    from yanshou.cli.chart_sheet import chart_pdf  # noqa: PLC0415 - brings the PDF library in

    data = chart_pdf(options.size, serial=options.serial, colour_frame=options.colour_frame)
    options.out.write_bytes(data)
    print(options.out)
    return 0


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)x(\d+)", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if min(size) < _LEAST_PX or max(size) > _MOST_PX or size[0] % 2 or size[1] % 2:
        what = f"--sequence {text} is no picture size."
        raise UsageError(what, f"Write WIDTHxHEIGHT in even pixels, {_LEAST_PX} to {_MOST_PX}.")
    return size
