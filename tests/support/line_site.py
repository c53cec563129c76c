# SPDX-License-Identifier: Apache-2.0
"""A small emulated site with one panel on a wire of choice, for tests of drivers and emulation together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import free_port
from tests.support.small_site import COLUMNS, HEAD, RELAY_ROW, relay_board
from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.emulation.faults import Fault
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.site import load_site

PANEL = """
[device.PANEL-1]
profile = "{profile}"
{connection}
"""

ROWS = """\
PANEL-1,panel,intrusion,panel,,1,,armed=RELAY-1/di30; key=RELAY-1/30; reset=RELAY-1/31
Z01,zone,intrusion,one,PANEL-1,1,type=normal; partition=1,loop=RELAY-1/0; tamper=RELAY-1/4; alarm=RELAY-1/di1; tamper_alarm=RELAY-1/di11
Z02,zone,intrusion,two,PANEL-1,2,type=hold_up; partition=1,loop=RELAY-1/1; tamper=RELAY-1/5; alarm=RELAY-1/di2; tamper_alarm=RELAY-1/di12
"""  # noqa: E501 - one device a line

CONNECTIONS = {
    "dsc-tpi": 'connection = {{ protocol = "tcp-line", host = "127.0.0.1", port = {port}, '
    'password = {{ env = "TPI" }}, code = {{ env = "TPI_CODE" }} }}',
    "paradox-prt3": 'connection = {{ protocol = "serial-line", path = "prt3.pty", baud = 57600, '
    'code = {{ env = "PRT3_CODE" }} }}',
    "satel-integra": 'connection = {{ protocol = "satel", host = "127.0.0.1", port = {port}, '
    'code = {{ env = "INTEGRA_CODE" }} }}',
    "hikvision-ax-isapi": 'connection = {{ protocol = "isapi", host = "127.0.0.1", port = {port}, '
    'user = "admin", password = {{ env = "AX_PASSWORD" }} }}',
    "contact-only": "",
}
SPEAKING = tuple(CONNECTIONS)


def write_site(folder: Path, profile: str) -> Path:
    connection = CONNECTIONS[profile].format(port=free_port())
    text = HEAD.format(name="lines") + relay_board() + PANEL.format(profile=profile, connection=connection)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text(COLUMNS + RELAY_ROW + ROWS, encoding="utf-8")
    return folder


@contextmanager
def emulated_site(folder: Path, profile: str, faults: Sequence[Fault] = ()) -> Iterator[SiteEmulation]:
    """The emulation of such a site, for whoever speaks with it by other means."""
    site = load_site(write_site(folder, profile))
    emulation = SiteEmulation(site, tuple(faults), Truth(folder / "truth.jsonl"), video=False)
    emulation.start()
    try:
        yield emulation
    finally:
        emulation.stop()


@contextmanager
def emulated_bench(folder: Path, profile: str, faults: Sequence[Fault] = ()) -> Iterator[tuple[Bench, Path]]:
    """The bench of such a site beside its emulation; and where the truth is logged."""
    with emulated_site(folder, profile, faults) as emulation, Acquisition(ordinary=True) as acquisition:
        bench = Bench(emulation.site, acquisition)
        try:
            yield bench, folder / "truth.jsonl"
        finally:
            bench.rest()
