# SPDX-License-Identifier: Apache-2.0
"""The survey of a thousand emulated cameras by Dask with two local workers, against one process.

Emulated cameras, scheduler, workers and client share the cores of this machine, so more workers are not
faster here; what is held is how little the cluster costs, that its results are the same to the byte, and that
a worker killed in the middle loses nothing.  Prints a table and one JSON line; exit 1 when a bar is missed.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import emulated_fleet
from tests.benchmarks.figure import Figure, tell
from tests.support.canned_fleet import Manner

KEYS = "stream_s = 0\nper_subnet = 512\nclock_offset_s = 2.0"
CAMERAS, BATCH, SHARE = 1000, 100, 0.6
ODD = {7: Manner.WRONG_PASSWORD, 17: Manner.DEAD, 27: Manner.ENTITY_BOMB, 37: Manner.GARBAGE}


def opened(site: Path, out: Path, settings: object = None):
    """A survey, begun."""
    from yanshou.fleet.settings import Settings
    from yanshou.fleet.survey import Survey
    from yanshou.site import load_site

    loaded = load_site(site)
    return Survey.open(out, loaded, settings or Settings.of(loaded))


def digest(survey) -> str:
    """SHA-256 of all results without what depends on the moment."""
    from yanshou.fleet.result import steady

    text = json.dumps([steady(one) for one in survey.results()], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def alone(site: Path, out: Path):
    """The survey in this process, and its seconds."""
    from yanshou.fleet.threads import ask_all

    survey = opened(site, out)
    ask_all(survey.subjects[:1], survey.settings, survey.site.folder, lambda _: None)  # the imports
    began = time.perf_counter()
    with survey:
        ask_all(survey.waiting, survey.settings, survey.site.folder, survey.keep)
    return survey, time.perf_counter() - began


def spread(cluster, site: Path, out: Path, settings: object, *, kill: bool = False):
    """The survey by the cluster, and its seconds; with ``kill`` one worker dies after the first batch."""
    from yanshou.fleet.cluster import ask_all_on

    survey = opened(site, out, settings)
    killed: list[int] = []

    def keep(result) -> None:
        survey.keep(result)
        if kill and not killed:
            by = result["asked"].get("by", "")
            killed.append(next(one.pid for one in cluster.workers.values() if not by.endswith(str(one.pid))))
            os.kill(killed[0], signal.SIGKILL)

    began = time.perf_counter()
    with survey:
        ask_all_on(
            cluster.scheduler_address,
            None,
            survey.waiting,
            survey.settings,
            survey.site.folder,
            keep,
            size=BATCH,
        )
    return survey, time.perf_counter() - began


def figures(folder: Path) -> list[Figure]:
    """One process, two workers, and one of them killed."""
    from distributed import LocalCluster

    os.environ.update(emulated_fleet.environment())
    with emulated_fleet.fleet(folder, CAMERAS, KEYS, ODD) as fleet:
        first, single = alone(fleet.site, folder / "alone")
        with LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
        ) as cluster:
            whole, both = spread(cluster, fleet.site, folder / "both", first.settings)
            broken, _ = spread(cluster, fleet.site, folder / "killed", first.settings, kill=True)
    wanted = digest(first)
    return [
        Figure("one process, cameras per second", CAMERAS / single, "1/s"),
        Figure("two workers, cameras per second", CAMERAS / both, "1/s"),
        Figure("share of the rate of one process", single / both, "", at_least=SHARE),
        Figure("same results to the byte", float(digest(whole) == wanted), "", at_least=1),
        Figure("same after a worker was killed", float(digest(broken) == wanted), "", at_least=1),
    ]


def main(_arguments: Sequence[str] = ()) -> int:
    """Measure and tell; 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-") as folder:
        return tell("dask", figures(Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
