# SPDX-License-Identifier: Apache-2.0
"""What all tests share in one pytest session: markers by folder, absent peers, catalogue, emulated sites.

``conftest.py`` at the top level registers it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.peers import require
from tests.support.places import EXAMPLES, TESTS
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.evidence.validation import HOME as SELFTESTS
from yanshou.standards import load
from yanshou.standards.catalogue import Catalogue

FOLDERS = ("unit", "interop", "e2e", "benchmarks")
NEEDS = "needs(peer): a program of tests.support.peers; skipped where it is not installed, failed under CI"


def load_profile() -> None:
    """No example of a property test is bound to a time: nothing is known of the machine's load."""
    settings.register_profile(
        "yanshou", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
    )
    settings.load_profile("yanshou")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line("markers", NEEDS)
    config.addinivalue_line("markers", "slow: takes seconds; left out of `make check`")
    for folder in FOLDERS:
        config.addinivalue_line(
            "markers", f"{folder}: the tests in tests/{folder}, marked by where they stand"
        )


SLOW = frozenset((Path(__file__).parent / "slow_modules.txt").read_text("ascii").split())
"""Test modules of parts that start processes, code video or wait for timers: left out of ``make check``."""

LONGEST = ("lanes", "commands", "serial", "acceptance", "calibration", "tutorial", "bad_devices", "alarm_lab")
"""Modules of whole runs that take longest, from 1 to 6 minutes: they begin first."""


@pytest.fixture(scope="session", autouse=True)
def _no_selftest_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs of the tests neither leave selftest records with the user nor find any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SELFTESTS, str(tmp_path_factory.mktemp("selftests")))
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by its folder, and those of slow modules; among several processes these go first."""
    for item in items:
        if item.path.stem.removeprefix("test_") in SLOW:
            item.add_marker("slow")
        if item.path.is_relative_to(TESTS):
            folder = item.path.relative_to(TESTS).parts[0]
            if folder in FOLDERS:
                item.add_marker(folder)
    if hasattr(config, "workerinput"):  # else one process would be left alone at the end, with a slow module
        items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """What collecting made stays to the end; searching it for garbage again took an eighth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _turn(item: pytest.Item) -> int:
    """Whole runs by how long they take, tests of parts after those of slow modules."""
    if "e2e" in item.keywords:
        name = item.path.stem.removeprefix("test_")
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)
    return int("unit" in item.keywords and "slow" not in item.keywords)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a peer that is not installed, before any of its fixtures is made."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            require(name)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The catalogue as it is delivered, read once; frozen, so that all tests may share it."""
    return load()


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], Path]:
    """Make a private copy of an example by its name, on ports that nobody else uses."""
    return lambda name: private_copy(EXAMPLES / name, tmp_path / name)


@pytest.fixture
def emulated() -> Iterator[Callable[..., EmulatedSite]]:
    """Start the emulation of a site folder, with the arguments of EmulatedSite; ended with the test."""
    with ExitStack() as stack:
        yield lambda site, *faults, **options: stack.enter_context(EmulatedSite(site, *faults, **options))
