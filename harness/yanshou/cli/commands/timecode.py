# SPDX-License-Identifier: Apache-2.0
"""``yanshou timecode --out FILE``: the page with the time that a screen before a camera shows."""

from __future__ import annotations

import argparse
from importlib import resources
from pathlib import Path

from yanshou.cli.words import _
from yanshou.model import UsageError

HELP = "write the page with the screen time code, to be shown before a camera"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("HTML file to write"))


def run(options: argparse.Namespace) -> int:
    """0 when the file is written."""
    if options.out.is_dir():
        raise UsageError("is a folder.", "Name the HTML file to write.", path=options.out)
    options.out.write_bytes(page())
    print(options.out)
    return 0


def page() -> bytes:
    """The page; it stands alone, without network and without this program."""
    return resources.files("yanshou.cli").joinpath("timecode.html").read_bytes()
