# SPDX-License-Identifier: Apache-2.0
"""How fast evidence is: durable journal lines a second, and the check of 100 MB of evidence.

Every line is on the disk before the next is written, so the figure is the disk's as much as ours: beside it
stands what bare appends with the same flush reach there.  ``--folder`` names the disk, by default that of
temporary files.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from io import FileIO
from pathlib import Path
from time import perf_counter

from tests.benchmarks.figure import Figure, tell
from yanshou.evidence import BlobStore, Journal, seal, verify
from yanshou.evidence.durable import sync
from yanshou.model import Instant

LINES = 5000
TURNS = 10
BYTES = 100_000_000
BLOBS = 240  # most evidence of a run are pictures and tables of some hundred kilobytes
RECORDS_PER_S = 1000.0
VERIFY_S = 2.0
SHARE = 0.85
_ROUNDS = 3
_LINE = b"x" * 300 + b"\n"


def main(argv: Sequence[str] = ()) -> int:
    """Both figures; 1 when one misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-", dir=options.folder) as name:
        run = Path(name) / "run"
        run.mkdir()
        journal, bare = rates(run, Path(name) / "bare")
        fill(run)
        seal(run)
        result = verify(run)
        seconds = sorted(timed(lambda: verify(run)) for _ in range(_ROUNDS))[_ROUNDS // 2]
        changed = next((run / "blobs").glob("*/*"))
        changed.write_bytes(b"x" + changed.read_bytes()[1:])
        found = {problem.path for problem in verify(run).problems}
    assert result.intact
    assert found == {f"blobs/{changed.parent.name}/{changed.name}"}
    return tell(
        "evidence",
        [
            Figure("durable journal records", journal, "1/s", at_least=RECORDS_PER_S),
            Figure("bare appends with the same flush", bare, "1/s"),
            Figure("journal over bare appends", journal / bare, "1", at_least=SHARE),
            Figure("evidence verified", result.bytes / 1e6, "MB", at_least=BYTES / 1e6),
            Figure("files verified", result.files, ""),
            Figure("verify, median of 3", seconds, "s", at_most=VERIFY_S),
        ],
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def rates(run: Path, beside: Path) -> tuple[float, float]:
    """Lines a second of the journal and of bare appends: medians over turns, since a disk has its moods."""
    journal_s, bare_s = [], []
    with Journal(run / "journal.jsonl") as journal, beside.open("ab", buffering=0) as file:
        for _ in range(TURNS):
            journal_s.append(timed(lambda: write_journal(journal)))
            bare_s.append(timed(lambda: append_barely(file)))
    lines = LINES / TURNS
    return lines / statistics.median(journal_s), lines / statistics.median(bare_s)


def write_journal(journal: Journal) -> None:
    """Stimuli as a run writes them, every line durable before the next."""
    for number in range(LINES // TURNS):
        instant = Instant(1000.0 + number, 1000.0003 + number)
        journal.append(
            "stimulus", item="alarm_response_time[Z07]", what="open_loop", via="Z07", instant=instant
        )


def append_barely(file: FileIO) -> None:
    """As many bytes without chain, hash or JSON."""
    for _ in range(LINES // TURNS):
        file.write(_LINE)
        sync(file.fileno())


def fill(run: Path) -> None:
    """Evidence of ``BYTES`` in files of different sizes, as pictures and tables are."""
    draw = random.Random(20261123)
    shares = [draw.uniform(0.1, 1.9) for _ in range(BLOBS)]
    store = BlobStore(run / "blobs")
    for share in shares:
        store.put(draw.randbytes(round(share / sum(shares) * BYTES)))


if __name__ == "__main__":
    raise SystemExit(main())
