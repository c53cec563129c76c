# SPDX-License-Identifier: Apache-2.0
"""``yanshou chart --size A3 --out FILE``: the laboratory's test chart as a PDF to print."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.words import _
from yanshou.imaging.layout import SCALES
from yanshou.model import UsageError

HELP = "write the test chart as a PDF to print"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Size, colour frame, serial number and the file."""
    parser.add_argument("--size", choices=tuple(SCALES), default="A3", help=_("paper size"))
    parser.add_argument(
        "--colour-frame", action="store_true", help=_("leave a place for a bought ColorChecker")
    )
    parser.add_argument("--serial", default="", metavar="N", help=_("serial number printed on it"))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("PDF file to write"))


def run(options: argparse.Namespace) -> int:
    """0 when the file is written."""
    from yanshou.cli.chart_sheet import chart_pdf  # noqa: PLC0415 - brings the PDF library in

    if options.out.is_dir():
        raise UsageError("is a folder.", "Name the PDF file to write.", path=options.out)
    data = chart_pdf(options.size, serial=options.serial, colour_frame=options.colour_frame)
    options.out.write_bytes(data)
    print(options.out)
    return 0
