# SPDX-License-Identifier: Apache-2.0
"""Where things stand in the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
BRANCH = EXAMPLES / "bank-branch"
FIXTURES = ROOT / "fixtures"
SUITES = ROOT / "test_suites"
TESTS = ROOT / "tests"
