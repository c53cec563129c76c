# SPDX-License-Identifier: Apache-2.0
"""``yanshou emulate SITE``: runs the emulated site until Ctrl-C."""

from __future__ import annotations

import argparse

from yanshou.cli.language import in_own_language


def run(options: argparse.Namespace) -> int:
    """Return 0 after Ctrl-C."""
    from yanshou.emulation.__main__ import main  # noqa: PLC0415 - brings the encoders in

    arguments = [str(options.site)]
    arguments += ["--faults", str(options.faults)] if options.faults else []
    arguments += ["--truth", str(options.truth)] if options.truth else []
    return main(arguments, in_own_language)
