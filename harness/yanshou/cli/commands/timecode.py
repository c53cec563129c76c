# SPDX-License-Identifier: Apache-2.0
"""``yanshou timecode --out FILE``: writes the page that shows the time on a screen in front of a camera."""

from __future__ import annotations

import argparse
from importlib import resources

from yanshou.model import UsageError


def run(options: argparse.Namespace) -> int:
    """Return 0 when the file is written."""
    if options.out.is_dir():
        raise UsageError("is a folder.", "Name the HTML file to write.", path=options.out)
    options.out.write_bytes(page())
    print(options.out)
    return 0


def page() -> bytes:
    """Return the page; it needs neither network nor this program."""
    return resources.files("yanshou.cli").joinpath("timecode.html").read_bytes()
