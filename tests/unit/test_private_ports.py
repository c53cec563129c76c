# SPDX-License-Identifier: Apache-2.0
"""Private copies of sites side by side on one machine: no port is used, or chosen by two of them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys

import pytest

from yanshou.emulation import ports
from yanshou.model import RigFault

DRAWS = """
import sys
from yanshou.emulation.ports import reserved_ports
print(*reserved_ports(int(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def drawing(count: int):
    """A process that draws so many ports and stays."""
    process = subprocess.Popen(
        [sys.executable, "-c", DRAWS, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.communicate(timeout=30)


def drawn(process: subprocess.Popen[str]) -> set[int]:
    return set(map(int, process.stdout.readline().split()))


def with_companions(given: set[int]) -> set[int]:
    return given | {port + ports.COMPANION for port in given}


def test_processes_that_draw_at_the_same_time_never_share_a_port():
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(drawing(150)) for _ in range(4)]
        sets = [with_companions(drawn(one)) for one in processes]
    assert [len(one) for one in sets] == [300] * 4
    assert len(set.union(*sets)) == 1200


def test_a_port_is_not_given_while_somebody_has_it_or_its_companion():
    fresh = ports._Reserved()
    (first,) = fresh.ports(1)
    fresh._given = 0
    with socket.socket(type=socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", first))
        (other,) = fresh.ports(1)
    fresh._given = 0
    with socket.socket() as held:
        held.bind(("127.0.0.1", first + ports.COMPANION))
        (third,) = fresh.ports(1)
    assert first not in (other, third)


def test_all_lie_below_the_ports_the_system_gives_to_whoever_asks():
    assert all(20_000 <= port < 32_000 for port in with_companions(set(ports.reserved_ports(20))))


def test_a_long_self_test_gets_its_oldest_ports_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports, "_is_free", lambda _: True)  # whatever else runs on this machine
    one = ports._Reserved()
    every = one.ports(ports._MOST_BLOCKS * 120)
    again = one.ports(20)
    assert len(set(every)) == len(every)
    assert set(again) <= set(every[:60])


def test_no_block_left_is_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports._Reserved, "_another_block", lambda _: [])
    with pytest.raises(RigFault, match="all ports from 20000"):
        ports._Reserved().ports(1)
