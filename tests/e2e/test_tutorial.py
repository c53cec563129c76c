# SPDX-License-Identifier: Apache-2.0
"""The tutorial, followed word for word in both languages: its files, its commands, what they print."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pages import Command, steps
from tests.support.ports import free_port


@pytest.mark.parametrize(("page", "language"), [("tutorial.md", "en"), ("tutorial.zh-CN.md", "zh")])
def test_the_tutorial_can_be_followed(page: str, language: str, tmp_path: Path):
    ports = {name: str(free_port()) for name in ("15901", "15902")}
    commands = 0
    for step in steps(page):
        if not isinstance(step, Command):
            step.apply(tmp_path)
            if step.path == "shop/site.toml":
                site = tmp_path / step.path
                text = site.read_text(encoding="utf-8")
                for name, port in ports.items():
                    text = text.replace(f"port = {name}", f"port = {port}")
                site.write_text(text, encoding="utf-8")
            continue
        program, *arguments = shlex.split(step.line)
        assert program == "yanshou", step.line
        done = subprocess.run(
            [sys.executable, "-m", "yanshou.cli", "--lang", language, *arguments],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "130", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=900,
            check=False,
        )
        assert step.missing(done.stdout) == [], (step.line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        commands += 1
    assert commands >= 9
