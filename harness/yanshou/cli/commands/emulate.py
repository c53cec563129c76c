# SPDX-License-Identifier: Apache-2.0
"""``yanshou emulate SITE``: the emulated site until Ctrl-C."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.words import _

HELP = "speak as the devices of an emulated site until Ctrl-C"


def arguments(parser: argparse.ArgumentParser) -> None:
    """SITE, the fault script and the truth log."""
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--faults", type=Path, metavar="FILE", help=_("fault script"))
    parser.add_argument("--truth", type=Path, metavar="FILE", help=_("log of what really happened"))


def run(options: argparse.Namespace) -> int:
    """0 after Ctrl-C."""
    from yanshou.emulation.__main__ import main  # noqa: PLC0415 - brings the encoders in

    words = [str(options.site)]
    words += ["--faults", str(options.faults)] if options.faults else []
    words += ["--truth", str(options.truth)] if options.truth else []
    return main(words)
