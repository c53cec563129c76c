# SPDX-License-Identifier: Apache-2.0
"""Access control: how true a time from card to lock is, and whether buffered events arrive whole.

Eight emulated doors in a process of their own, whose controllers release the lock a random time after the
credential, and keep the true moments to themselves until the end. Cards come over OSDP in a secure channel,
or over the line of a credential injector; the lock's coil is seen over Modbus TCP.

Then the links of eight controllers to the centre are cut, as many cards as a buffer must hold are presented
at each of them at once, and the links are restored: every event has to arrive, in the order made.

    python -m tests.benchmarks access [-n 300] [--events 1001]
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition import Acquisition
from yanshou.drivers.capabilities import ContactInput, CredentialStimulus, EventLog
from yanshou.drivers.field.bench import Bench
from yanshou.emulation.ports import reserved_ports
from yanshou.emulation.site.process import EmulatedSite
from yanshou.model import Latency, now
from yanshou.model.signal import Card
from yanshou.site import load_site

CONTROLLERS = 8
WITHIN_S = 4.0
K = 2.0
SHARE = 0.95
LIMIT_S, LARGEST_U = 2.0, 1 / 3  # GB 50396-2007 5.1.2(1)2), and the plan's default share
ARRIVE_S = 120.0
APART_S = 0.08  # an emulated controller decides 0.08 to 0.15 s after the card
_HEAD = """\
[site]
id = "access"
name = "access"
time_zone = "Asia/Shanghai"
rig = "emulated"
"""
_MODBUS = 'connection = {{ protocol = "modbus-tcp", host = "127.0.0.1", port = {}, unit = 1 }}\n'
_CARDS = 'attributes = { authorised = "26:123459", unauthorised = "26:000001" }\n'


def write_site(folder: Path, *, osdp: bool, secure: bool = True) -> None:
    """Eight controllers with one door each; a card source for each of them, or a port of one injector."""
    relay, *ports = reserved_ports(1 + 2 * CONTROLLERS)
    text = _HEAD + '[device.RELAY-1]\nprofile = "yanshou-emulated-relay-32"\n' + _MODBUS.format(relay)
    rows = ["id,kind,system,name,parent,number,attributes,wiring", "RELAY-1,relay_board,site,board,,,,"]
    if not osdp:
        line = 'connection = { protocol = "serial-line", path = "card.pty", baud = 115200 }\n'
        text += f'[device.CARD-1]\nprofile = "yanshou-credential-injector"\n{line}{_CARDS}'
        rows.append("CARD-1,reader,site,injector,,,,")
    for n in range(CONTROLLERS):
        text += f'[device.ACS-{n}]\nprofile = "yanshou-emulated-door-controller"\n{_MODBUS.format(ports[n])}'
        if osdp:
            key = ', key = { env = "YANSHOU_BENCH_SCBK" }' if secure else ""
            line = f'host = "127.0.0.1", port = {ports[CONTROLLERS + n]}, timeout_s = 30{key}'
            text += f'[device.OSDP-{n}]\nprofile = "osdp-reader"\n'
            text += f'connection = {{ protocol = "osdp-tcp", {line} }}\n{_CARDS}'
            rows.append(f"OSDP-{n},reader,site,card source,,,,")
        reader = f"OSDP-{n}/1" if osdp else f"CARD-1/{n}"
        rows.append(f"ACS-{n},door_controller,access_control,controller,,{n + 1},,link=RELAY-1/{n}")
        wired = f"lock_coil=RELAY-1/di{n}; reader={reader}"
        rows.append(f"D{n},door,access_control,door,ACS-{n},1,lock_open_s=0.3,{wired}")
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@contextmanager
def emulated(*, osdp: bool, secure: bool = True) -> Iterator[tuple[Bench, Path]]:
    """The bench of such a site beside its emulation, and where the truth is written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_site(folder, osdp=osdp, secure=secure)
        faults = folder / "faults.toml"
        delays = [
            f'[[fault]]\ndevice = "D{n}"\nkind = "lock_delay"\nvalue = [0.05, 1.5]\n'
            for n in range(CONTROLLERS)
        ]
        faults.write_text("".join(delays), encoding="utf-8")
        truth = folder / "truth.jsonl"
        with EmulatedSite(folder, faults, truth, video=False), Acquisition() as acquisition:
            yield Bench(load_site(folder), acquisition), truth


def side_by_side(jobs: Sequence[threading.Thread]) -> None:
    """Run the jobs and wait for all of them."""
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()


# -- card to lock -------------------------------------------------------------------------------------------


def one_door(
    source: CredentialStimulus,
    lock: ContactInput,
    found: list[Latency | None],
    phase: random.Random,
    times: int,
) -> None:
    """Present the card again and again, at random moments, and time the lock."""
    for _ in range(times):
        time.sleep(phase.uniform(0.0, 0.1))
        presented = source.present(Card.AUTHORISED)
        opened = lock.wait_active(since=presented, within=WITHIN_S)
        found.append(None if opened is None else opened - presented)
        lock.wait_inactive(since=opened or presented, within=WITHIN_S)


def card_to_lock(n: int, *, osdp: bool) -> tuple[float, float, int]:
    """The share of times whose truth lies inside of value ± U, the largest U in seconds, and their number."""
    measured: list[list[Latency | None]] = [[] for _ in range(CONTROLLERS)]
    with emulated(osdp=osdp) as (bench, truth):
        jobs = [
            threading.Thread(
                target=one_door,
                args=(
                    bench.credential(f"D{d}"),
                    bench.input(f"RELAY-1/di{d}"),
                    measured[d],
                    random.Random(d),
                ),
                kwargs={"times": n // CONTROLLERS + (d < n % CONTROLLERS)},
            )
            for d in range(CONTROLLERS)
        ]
        side_by_side(jobs)
        happened = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    inside, widest, count = 0, 0.0, 0
    for d, found in enumerate(measured):
        cards = [one["t"] for one in happened if one["device"] == f"D{d}" and one["what"] == "credential"]
        locks = [one["t"] for one in happened if one["device"] == f"D{d}" and one["what"] == "lock_energised"]
        for latency, card, lock in zip(found, cards, locks, strict=True):
            count += 1
            u = math.inf if latency is None else K * latency.half_width / math.sqrt(3)
            inside += latency is not None and abs(latency.middle - (lock - card)) <= u
            widest = max(widest, u)
    return inside / count, widest, count


# -- buffered events ----------------------------------------------------------------------------------------


def storm(source: CredentialStimulus, count: int) -> None:
    """Present so many cards without a right, each another one."""
    for card in range(1, count + 1):
        presented = source.send(f"26:{card:X}")
        time.sleep(max(0.0, presented.latest + APART_S - now()))


def arrived(log: EventLog, old: int, count: int) -> list[int]:
    """The credentials of the records after ``old``, in their order, once there are ``count``, or no more."""
    end = now() + ARRIVE_S
    while log.bounds()[1] - old < count and now() < end:
        time.sleep(0.1)
    records = (log.read(number) for number in range(old + 1, log.bounds()[1] + 1))
    return [one.user for one in records if one is not None and one.kind == "denied"]


def buffered(count: int) -> tuple[int, int]:
    """Events that were lost and events out of order, of ``count`` at each controller."""
    with emulated(osdp=True, secure=False) as (bench, _truth):
        logs = [log for n in range(CONTROLLERS) if (log := bench.log(f"ACS-{n}")) is not None]
        old = [log.bounds()[1] for log in logs]
        links = [bench.output(f"RELAY-1/{n}") for n in range(CONTROLLERS)]
        for link in links:
            link.operate()
        sources = [bench.credential(f"D{n}") for n in range(CONTROLLERS)]
        side_by_side([threading.Thread(target=storm, args=(one, count)) for one in sources])
        time.sleep(1.0)
        for link in links:
            link.release()
        found = [arrived(log, before, count) for log, before in zip(logs, old, strict=True)]
    lost = sum(count - len(set(users) & set(range(1, count + 1))) for users in found)
    disorder = sum(after <= before for users in found for before, after in pairwise(users))
    return lost + count * (CONTROLLERS - len(logs)), disorder


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-n", type=int, default=300, help="cards of each kind of source")
    parser.add_argument("--events", type=int, default=1001, help="events at each controller")
    options = parser.parse_args(arguments)
    figures = []
    for name, osdp in (("OSDP", True), ("line", False)):
        inside, widest, count = card_to_lock(options.n, osdp=osdp)
        figures += [
            Figure(
                f"card to lock, {name}: truth inside ± U of {count}", inside * 100, "%", at_least=SHARE * 100
            ),
            Figure(f"card to lock, {name}: largest U", widest * 1e3, "ms", at_most=LIMIT_S * LARGEST_U * 1e3),
        ]
    lost, disorder = buffered(options.events)
    total = CONTROLLERS * options.events
    figures += [
        Figure(f"buffered events lost, of {total:,}", lost, "", at_most=0),
        Figure("buffered events out of order", disorder, "", at_most=0),
    ]
    return tell("access", figures)


if __name__ == "__main__":
    raise SystemExit(main())
