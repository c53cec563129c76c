# SPDX-License-Identifier: Apache-2.0
"""The emulated intrusion system worked from end to end by mbpoll, a master of libmodbus nobody here wrote.

The loop is opened through the relay board, the panel shows the alarm of that zone and of no other, and it
stays until it is reset: what our driver sees of the emulator, an independent master sees too.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.peers import require
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import Site
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
COIL, DISCRETE, HOLDING = "0", "1", "4"  # mbpoll's names of the areas
OPEN, ALARM, ARMED, RESET = 0, 16, 64, 110  # map of the 12-zone panel
VAULT_STATES, VAULT_ARM = 40000, 100
IS_ARMED, IS_DISARMED, IS_ALARM = 24, 109, 3  # high byte of a zone's word at the vault panel


@dataclass(frozen=True, slots=True)
class Master:
    """mbpoll, run once for each question."""

    program: str
    line: tuple[str, ...]
    target: str

    def read(self, area: str, first: int, count: int) -> list[int]:
        said = self._run("-1", "-t", area, "-r", str(first), "-c", str(count))
        lines = [line for line in said.splitlines() if line.startswith("[")]
        return [int(line.split(":")[1].split()[0]) for line in lines]

    def write(self, coil: int, value: int) -> None:
        self._run("-t", COIL, "-r", str(coil), value=str(value))

    def _run(self, *arguments: str, value: str = "") -> str:
        command = [self.program, *self.line, "-0", "-q", *arguments, self.target, *([value] if value else [])]
        run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def program() -> str:
    return require("mbpoll")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = private_copy(BRANCH, tmp_path_factory.mktemp("mbpoll") / "site")
    with EmulatedSite(folder, video=False):
        yield load_site(folder)


def master(program: str, site: Site, device: str) -> Master:
    connection = site.devices[device].connection
    assert connection is not None
    unit = ("-a", str(connection.options["unit"]))
    if connection.port is not None:
        return Master(program, ("-m", "tcp", "-p", str(connection.port), *unit), connection.host)
    baud = str(connection.options["baud"])
    return Master(program, ("-m", "rtu", "-b", baud, "-P", "none", *unit), str(site.folder / connection.path))


def seen(poll: Callable[[], list[int]], wanted: list[int], within: float = 5.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if poll() == wanted:
            return True
    return False


def only(number: int, of: int) -> list[int]:
    return [int(zone == number) for zone in range(1, of + 1)]


def test_a_zone_of_the_panel_on_tcp_from_rest_to_alarm_and_back(program: str, site: Site):
    panel, board = (master(program, site, name) for name in ("PANEL-1", "RELAY-2"))
    assert panel.read(DISCRETE, OPEN, 12) == [0] * 12
    panel.write(100, 1)
    assert seen(lambda: panel.read(DISCRETE, ARMED, 1), [1])
    board.write(6, 1)  # RELAY-2/6 sits in the loop of Z07
    assert board.read(COIL, 6, 1) == [1]
    assert seen(lambda: panel.read(DISCRETE, ALARM, 12), only(7, 12))
    assert panel.read(DISCRETE, OPEN, 12) == only(7, 12)
    board.write(6, 0)
    assert seen(lambda: panel.read(DISCRETE, OPEN, 12), [0] * 12)
    assert panel.read(DISCRETE, ALARM, 12) == only(7, 12)  # held until reset
    panel.write(100, 0)
    panel.write(RESET, 1)
    assert seen(lambda: panel.read(DISCRETE, ALARM, 12), [0] * 12)


def test_a_zone_of_the_vault_panel_on_its_serial_line_from_rest_to_alarm_and_back(program: str, site: Site):
    panel, board = (master(program, site, name) for name in ("PANEL-2", "RELAY-1"))

    def states() -> list[int]:
        return [word >> 8 for word in panel.read(HOLDING, VAULT_STATES, 2)]

    assert states() == [IS_DISARMED, IS_DISARMED]
    panel.write(VAULT_ARM, 1)
    assert seen(states, [IS_ARMED, IS_ARMED])
    board.write(1, 1)  # RELAY-1/1 sits in the loop of V02
    assert seen(states, [IS_ARMED, IS_ALARM])
    board.write(1, 0)
    assert states() == [IS_ARMED, IS_ALARM]
    panel.write(VAULT_ARM, 0)
    panel.write(RESET, 1)
    assert seen(states, [IS_DISARMED, IS_DISARMED])
