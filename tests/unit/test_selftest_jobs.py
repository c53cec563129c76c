# SPDX-License-Identifier: Apache-2.0
"""Runs of a selftest side by side: results in the order of the cases, mistakes told, none left behind."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from yanshou.cli.selftest import runs_each, side_by_side, usual_jobs
from yanshou.model import UsageError


def met(folder: Path, name: str, others: int) -> tuple[str, ...]:
    """Say that this one is there, and wait until the others are there at the same time."""
    (folder / name).write_text(str(os.getpid()))
    until = time.monotonic() + 60
    while len(list(folder.iterdir())) <= others:
        if time.monotonic() > until:
            return ()
        time.sleep(0.05)
    return (name,)


def wrong() -> list[str]:
    raise UsageError("the site is real.", "Take an emulated one.")


def ended(name: str) -> list[str]:
    return [name, str(os.getpid())]


def named(folder: Path, name: str) -> list[str]:
    return list(met(folder, name, 1))


def test_two_runs_are_under_way_at_the_same_time_in_processes_of_their_own(tmp_path: Path):
    found = side_by_side(2, [partial(named, tmp_path, name) for name in ("one", "two")])
    assert found == [["one"], ["two"]]
    assert len({*(path.read_text() for path in tmp_path.iterdir()), str(os.getpid())}) == 3


def test_a_mistake_of_one_run_is_told_and_the_others_are_not_waited_for():
    with pytest.raises(UsageError, match="the site is real"):
        side_by_side(2, [wrong, partial(ended, "x")])


def test_one_at_a_time_needs_no_other_process():
    assert side_by_side(1, [partial(ended, "a"), partial(ended, "b")]) == [
        ["a", str(os.getpid())],
        ["b", str(os.getpid())],
    ]


@pytest.mark.parametrize(
    ("processors", "each", "jobs"), [(2, 1, 2), (8, 1, 4), (2, 4, 8), (1, 4, 4), (8, 4, 8), (None, 1, 1)]
)
def test_more_runs_than_processors_only_where_the_site_states_it(
    monkeypatch: pytest.MonkeyPatch, processors: int | None, each: int, jobs: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    assert usual_jobs(each) == jobs


def test_a_site_states_how_many_runs_a_processor_makes() -> None:
    examples = Path(__file__).parents[2] / "examples"
    assert (runs_each(examples / "bank-branch"), runs_each(examples / "video-network")) == (4, 1)
