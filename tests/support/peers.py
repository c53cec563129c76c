# SPDX-License-Identifier: Apache-2.0
"""Programs nobody here wrote that tests speak with, and what is said where one is not installed.

A test says ``@pytest.mark.needs("mbpoll")``; ``conftest.py`` skips it with the reason, or fails it where the
environment variable ``CI`` is set: there all peers have to be.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from yanshou.model import RigFault
from yanshou.reports.allure_setup import find_allure

DEBIAN_PYTHON = "/usr/bin/python3"
_IMPORTS_GSTREAMER = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A program by its name, where it is looked for beside PATH, and how to install it."""

    program: str
    install: str
    path: str = ""

    def find(self) -> str | None:
        """The program's path; None when it is not installed."""
        return shutil.which(self.program) or (shutil.which(self.path) if self.path else None)


class _GStreamer(Peer):
    def find(self) -> str | None:
        with contextlib.suppress(OSError):
            asked = subprocess.run([self.program, "-c", _IMPORTS_GSTREAMER], capture_output=True, check=False)
            return self.program if asked.returncode == 0 else None
        return None


class _Allure(Peer):
    def find(self) -> str | None:
        with contextlib.suppress(RigFault):
            return str(find_allure())
        return None


class _Apart(Peer):
    """A package in a folder of its own below the environment; found by that folder."""

    def find(self) -> str | None:
        folder = Path(sys.prefix) / "apart"
        return str(folder) if (folder / self.program).is_dir() else None


PEERS = {
    "osdp": _Apart("osdp", "make install"),
    "mbpoll": Peer("mbpoll", "apt-get install mbpoll"),
    "sipp": Peer("sipp", "apt-get install sip-tester"),
    "chronyd": Peer("chronyd", "apt-get install chrony", "/usr/sbin/chronyd"),
    "ffmpeg": Peer("ffmpeg", "apt-get install ffmpeg"),
    "softhsm": Peer("softhsm2-util", "apt-get install softhsm2"),
    "openssl": Peer("openssl", "apt-get install openssl"),
    "pdfsig": Peer("pdfsig", "apt-get install poppler-utils"),
    "pdftoppm": Peer("pdftoppm", "apt-get install poppler-utils"),
    "chromium": Peer("chromium", "apt-get install chromium"),
    "gstreamer": _GStreamer(DEBIAN_PYTHON, "apt-get install gir1.2-gst-rtsp-server-1.0"),
    "allure": _Allure("allure", "python -m yanshou.reports.allure_setup"),
}


@functools.cache
def found(name: str) -> str | None:
    """Where the peer stands, looked up once; None when it is not installed; KeyError for a wrong name."""
    return PEERS[name].find()


def require(name: str) -> str:
    """Where the peer stands; else the test is skipped with the reason, and fails under ``CI``."""
    where = found(name)
    if where is None:
        reason = f"{name} is not installed: {PEERS[name].install}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return where
