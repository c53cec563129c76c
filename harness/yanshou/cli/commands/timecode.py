# SPDX-License-Identifier: Apache-2.0
"""``yanshou timecode --out FILE``: the page with the time that a screen before a camera shows."""

from __future__ import annotations

import argparse
from importlib import resources

from yanshou.model import UsageError


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
