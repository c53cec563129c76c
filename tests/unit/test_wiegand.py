# SPDX-License-Identifier: Apache-2.0
"""Cards and keys as Wiegand pulses: from the site file over the microcontroller's lines to the door."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.small_site import door_site
from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.wiegand import _narrowed
from yanshou.emulation.access.wiegand import WiegandInjector
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.model import Device, DeviceKind, Instant, System, UsageError, now
from yanshou.model.signal import Card
from yanshou.site import load_site

DEVICES = """
[device.MCU-1]
profile = "wiegand-injector"
connection = { protocol = "serial-line", path = "mcu.pty", baud = 115200 }
attributes = { authorised = "26:123459", unauthorised = "pin:9911#" }
"""
ROWS = "MCU-1,reader,site,card source,,,,\n"


@pytest.mark.skipif(sys.platform == "win32", reason="serial lines are not emulated there")
def test_each_credential_arrives_as_itself_and_inside_its_instant(tmp_path: Path):
    site = load_site(door_site(tmp_path, "wiegand", "reader=MCU-1/1", devices=DEVICES, rows=ROWS))
    emulation = SiteEmulation(site, (), Truth(tmp_path / "truth.jsonl"), video=False)
    emulation.start()
    try:
        with Acquisition(ordinary=True) as acquisition:
            source = Bench(site, acquisition).credential("D01")
            given = [source.present(card) for card in (Card.AUTHORISED, Card.UNAUTHORISED)]
            with pytest.raises(UsageError, match="MCU-1 cannot be sent: its value needs more than 2 bits"):
                source.send("2:F")
    finally:
        emulation.stop()
    lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()]
    came = [one for one in lines if one["what"] == "credential"]
    assert [one["value"] for one in came] == ["authorised", "unauthorised"]
    assert all(
        instant.earliest <= one["t"] <= instant.latest for instant, one in zip(given, came, strict=True)
    )


def test_the_injector_tells_the_time_of_its_pulses_alone_however_long_the_door_takes():
    """Else the last bit would seem to have come after the door took it, on a busy machine."""
    taken: list[float] = []

    class Slow:
        def present(self, _number: int, _credential: str) -> bool:
            taken.append(now())
            time.sleep(0.2)
            return True

    inner: Any = Slow()
    nothing: Any = None
    injector = WiegandInjector(Device("MCU-1", DeviceKind.READER, System.SITE, ""), nothing, inner, nothing)
    begun = now()
    answer = injector._served("CARD 1 26 1E240")
    assert int(answer.split()[-1]) * 1e-6 <= taken[0] - begun


def test_the_time_of_the_pulses_narrows_the_instant_from_its_beginning():
    expect = r"^OK \d+ \d+ (?P<took_us>\d+)$"
    narrowed = _narrowed(Instant(1.0, 1.1), "OK 1 26 50000", expect)
    assert narrowed.earliest == pytest.approx(1.04975)
    assert narrowed.latest == 1.1
    assert _narrowed(Instant(1.0, 1.1), "OK 1 26 500000", expect) == Instant(1.1, 1.1)
    assert _narrowed(Instant(1.0, 1.1), "OK", "^OK$") == Instant(1.0, 1.1)
