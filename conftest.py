# SPDX-License-Identifier: Apache-2.0
"""For pytest in a checkout: the plugin where it is not installed, and what the project's tests share.

``pytest --site SITE test_suites`` is a run of an acceptance and gets the plugin alone, as from the wheel.
"""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

import pytest

_ROOTS = [str(Path(__file__).parent / name) for name in ("harness", "instruments", "fixtures", "reports")]
_INSTALLED = {one.value for one in importlib.metadata.entry_points(group="pytest11")}
pytest_plugins: tuple[str, ...] = ()
if "yanshou.fixtures.plugin" not in _INSTALLED:
    pytest_plugins = ("yanshou.fixtures.plugin",)
    # the processes of a run (acquisition, watchdog) find the packages by it; here pytest's pythonpath does
    os.environ["PYTHONPATH"] = os.pathsep.join([*_ROOTS, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)


def pytest_configure(config: pytest.Config) -> None:
    """Give the project's tests their fixtures, markers by folder and skip reasons."""
    if config.getoption("--site", None) is None:
        from yanshou.model.one_thread import one_thread  # noqa: PLC0415 - only now the path is complete

        one_thread()  # before anything imports NumPy
        from tests.support import session  # noqa: PLC0415 - a run of an acceptance needs none of it

        session.load_profile()
        config.pluginmanager.register(session, "yanshou-tests")
