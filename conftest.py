# SPDX-License-Identifier: Apache-2.0
"""For pytest in a checkout: the plugin where it is not installed, and what the project's tests share.

``pytest --site SITE test_suites`` is a run of an acceptance and gets the plugin alone, as from the wheel.
"""

from __future__ import annotations

import importlib.metadata

import pytest

_INSTALLED = {one.value for one in importlib.metadata.entry_points(group="pytest11")}
pytest_plugins = () if "yanshou.fixtures.plugin" in _INSTALLED else ("yanshou.fixtures.plugin",)


def pytest_configure(config: pytest.Config) -> None:
    """Give the project's tests their fixtures, markers by folder and skip reasons."""
    if config.getoption("--site", None) is None:
        from tests.support import session  # noqa: PLC0415 - a run of an acceptance needs none of it

        session.load_profile()
        config.pluginmanager.register(session, "yanshou-tests")
