# SPDX-License-Identifier: Apache-2.0
"""Whole examples run twice, with ``--serial`` and side by side: is every verdict the same?

``python -m tests.benchmarks serial [EXAMPLE …]``; without a name all that are run, which takes hours.
The second lane is used wherever it spares anything by the estimate, so that it is tried as well. Longer waits
of an example are not shortened. Each folder stays with ``--keep DIR``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.both_ways import run_both_ways
from tests.benchmarks.figure import Figure, tell
from yanshou.cli.selftest.cases import DEFECTS

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LEAST_S = 5.0  # what lanes must spare to be used here


def main(argv: Sequence[str] = ()) -> int:
    """Compare the examples; 1 if a verdict differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("examples", nargs="*", metavar="EXAMPLE", default=run_examples())
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the runs stay")
    options = parser.parse_args(argv)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="yanshou-serial-") as temporary:
        for name in options.examples:
            figures += _compared(name, (options.keep or Path(temporary)) / name)
    return tell("serial", figures)


def run_examples() -> list[str]:
    """The names of the examples that are run: those with planted defects. Another is for plans only."""
    return sorted(path.parent.name for path in _EXAMPLES.glob(f"*/{DEFECTS}"))


def _compared(name: str, folder: Path) -> list[Figure]:
    both = run_both_ways(_EXAMPLES / name, folder, together=[f"--yanshou-spare={_LEAST_S:g}"])
    different = both.differing()
    print("\n".join(f"{name}: {line}" for line in different), end="\n" if different else "", flush=True)
    for way, ran in both.named():
        hindered = f", not done for faults of the bench: {', '.join(ran.faulty)}" if ran.faulty else ""
        print(f"{name} {way}: {ran.seconds:.0f} s{hindered}", flush=True)
    return [
        Figure(f"{name}: findings", len(both.serial.verdicts), "", at_least=1),
        Figure(f"{name}: differing verdicts", len(different), "", at_most=0),
        Figure(
            f"{name}: time, one by one over side by side", both.serial.seconds / both.together.seconds, ""
        ),
        Figure(f"{name}: U, side by side over one by one", both.u_ratio(), ""),
    ]
