# SPDX-License-Identifier: Apache-2.0
"""Every topic of ``make bench`` can be started: it is there, imports, and takes arguments."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
TOPICS = sorted(path.stem for path in FOLDER.glob("bench_*.py"))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_a_main_that_takes_arguments(topic: str):
    main = importlib.import_module(f"tests.benchmarks.{topic}").main
    inspect.signature(main).bind([])
