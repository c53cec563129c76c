# SPDX-License-Identifier: Apache-2.0
"""The bench as an OSDP reader under a control panel that nobody here wrote (``osdp`` 1.6, pure Python)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.peers import require
from tests.support.ports import free_port
from yanshou.acquisition.osdp_stations import OsdpReaders
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.protocols.bus import Bus
from yanshou.protocols.card import read_credential

pytest.importorskip("osdp_sys", reason="the extra osdp is not installed: pip install 'yanshou[osdp]'")

PANEL = Path(__file__).parent / "osdp_panel.py"
CARDS = ["26:123459", "37:1FFFFFFFFF", "1A2B3C4D", "pin:1*2#"]
REPORTED = [f"card {0x123459:026b}", f"card {'1' * 37}", f"card {0x1A2B3C4D:032b}", r"keys '1\x7f2\r'"]


@contextmanager
def panel(*key: str) -> Iterator[tuple[subprocess.Popen[str], Bus]]:
    port = free_port()
    command = [sys.executable, str(PANEL), str(port), "5", *key]
    beside = {**os.environ, "PYTHONPATH": require("osdp")}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=beside,
    ) as asking:
        assert asking.stdout is not None
        assert asking.stdin is not None
        assert asking.stdout.readline() == "ready\n"
        try:
            yield asking, Bus("osdp-tcp", host="127.0.0.1", port=port)
        finally:
            asking.stdin.close()
            asking.terminate()


async def present(bus: Bus) -> ReaderLineFacts:
    line = OsdpReaders(bus, {5: None})
    for text in CARDS:
        await line.present(5, read_credential(text), 20.0)
    await line.close()
    return line.facts(5)


@pytest.mark.needs("osdp")
def test_a_foreign_panel_reads_every_bit_in_the_clear():
    with panel() as (asking, bus):
        facts = asyncio.run(present(bus))
        assert asking.stdout is not None
        assert [asking.stdout.readline().strip() for _ in CARDS] == REPORTED
    assert (facts.plain_reports, facts.protected_reports, facts.challenges) == (len(CARDS), 0, 0)


@pytest.mark.needs("osdp")
def test_a_foreign_panel_sets_a_key_by_itself_and_reads_every_bit_under_it():
    with panel("0f" * 16) as (asking, bus):
        facts = asyncio.run(present(bus))
        assert asking.stdout is not None
        assert [asking.stdout.readline().strip() for _ in CARDS] == REPORTED
    assert (facts.default_key_sessions, facts.rekeyed, facts.rekeyed_in_clear) == (1, 1, 0)
    assert facts.sessions >= 1
    assert (facts.plain_reports, facts.protected_reports) == (0, len(CARDS))
