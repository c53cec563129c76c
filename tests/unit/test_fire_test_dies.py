# SPDX-License-Identifier: Apache-2.0
"""A fire test whose command or controller dies: signal and lock supply are restored, the door is reported."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import eventually
from yanshou.emulation.site.process import EmulatedSite

RUN = """
import sys, time
from pathlib import Path
from yanshou.rig.opening import opened_bench
from yanshou.drivers.field.permission import UNGUARDED
from yanshou.site import load_site

site = load_site(Path(sys.argv[1]))
with opened_bench(site, permit=lambda: None, gate=UNGUARDED, log=Path(sys.argv[2])) as bench:
    bench.input(site.devices["D02"].wiring["lock_coil"])
    bench.output(site.devices["D02"].wiring["mains"]).operate()
    bench.output(site.devices["ACS-1"].wiring["fire"]).operate()
    print("fire", flush=True)
    time.sleep(60)
"""
FAULT = '[[fault]]\ndevice = "ACS-1"\nkind = "reboots_on_fire"\nvalue = 0.5\n'
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the injector's line is a pseudo-terminal")


def reported(truth: Path) -> list[tuple[str, str]]:
    lines = truth.read_text("utf-8").splitlines() if truth.exists() else []
    events = [json.loads(line) for line in lines if line.endswith("}")]
    return [(one["device"], one["what"]) for one in sorted(events, key=lambda one: one["t"])]


@pytest.fixture
def burning(example: Callable[[str], Path], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run that cut the lock's mains and gave the fire signal, on a controller that begins anew upon it."""
    folder, truth, faults = example("access-lab"), tmp_path / "truth.jsonl", tmp_path / "faults.toml"
    faults.write_text(FAULT, encoding="utf-8")
    with EmulatedSite(folder, faults, truth, video=False):
        command = [sys.executable, "-c", RUN, str(folder), str(tmp_path / "watchdog.log")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "fire\n"
            try:
                yield run, truth
            finally:
                run.kill()


def test_the_watchdog_ends_the_fire_signal_and_restores_the_lock_supply(
    burning: tuple[subprocess.Popen[str], Path], tmp_path: Path
) -> None:
    run, truth = burning
    assert eventually(lambda: ("ACS-1", "rebooting") in reported(truth))
    assert {("ACS-1", "fire_on"), ("D02", "lock_mains_off")} <= set(reported(truth))
    run.send_signal(signal.SIGKILL)  # nobody is left to take the signal back
    run.wait(10)
    ended = {("ACS-1", "fire_off"), ("D02", "lock_mains_on")}
    assert eventually(lambda: ended <= set(reported(truth)))
    assert eventually(lambda: "all relays at rest" in (tmp_path / "watchdog.log").read_text("utf-8"))
    assert eventually(lambda: ("ACS-1", "up again") in reported(truth))
    moved = [what for device, what in reported(truth) if device == "D02" and what.startswith("lock_mains")]
    assert moved == ["lock_mains_off", "lock_mains_on"]
