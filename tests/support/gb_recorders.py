# SPDX-License-Identifier: Apache-2.0
"""Recorders of GB/T 28181 with habits, at one platform of the bench; nothing they do takes long."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.gb_device import Habits, LivingDevice
from tests.support.gb_site import PLATFORM, SITE, write_gb_site
from yanshou.drivers.gb28181.addresses import address_of
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.equipment.registrant import Registrant
from yanshou.model import Instant, now
from yanshou.site import DEMO_PASSWORD, load_site

REALM = PLATFORM[:10]


class Journal:
    """Takes what the equipment writes."""

    def stimulus(self, _what: str, _via: str, instant: Instant) -> Instant:
        return instant

    def observation(self, _what: str, _via: str, instant: Any, value: object = None) -> Any:
        return instant


RECORDERS = 60  # each test has a recorder of its own, and all share one platform


CAMERA = "1501000000132000{:04d}"


RECORDER = "1501000000118000{:04d}"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SitePlatform]:
    text = [SITE.partition("[device")[0]]
    rows = ["id,kind,system,name,model,location,parent,number,attributes"]
    for n in range(RECORDERS):
        code = f'device_id = "{RECORDER.format(n)}", password = {{ env = "GB_PASSWORD" }}'
        text.append(f'[device.NVR-{n}]\nconnection = {{ protocol = "gb28181", {code} }}')
        channel = f'channel = "{CAMERA.format(n)}"'
        text.append(f'[device.CAM-{n}]\nconnection = {{ protocol = "gb28181", {channel} }}')
        rows += [f"NVR-{n},recorder,video,r,R,x,,,gb28181=true", f"CAM-{n},camera,video,c,C,x,NVR-{n},1,"]
    folder = tmp_path_factory.mktemp("site")
    site = load_site(write_gb_site(folder, "\n".join(text), "\n".join(rows) + "\n"))
    assert site.own_platform is not None
    made = SitePlatform(replace(site, own_platform=replace(site.own_platform, port=0)), ordinary=True)
    yield made
    made.close()


NUMBERS = itertools.count()


def registrant(platform: SitePlatform, n: int, wait_s: float) -> Registrant:
    """Recorder ``n``, which is waited for so long from now on."""
    found = platform.site.devices[f"NVR-{n}"]
    patience = now() - platform.opened + wait_s
    to = address_of(platform.site, found)
    return Registrant(found, to, platform, Journal(), lambda: None, patience)  # type: ignore[arg-type]


Make = Callable[..., Registrant]


@pytest.fixture
def device(platform: SitePlatform) -> Iterator[Make]:
    with contextlib.ExitStack() as living:

        def make(password: str = DEMO_PASSWORD, more: tuple[str, ...] = (), **habits: Any) -> Registrant:
            n = next(NUMBERS)
            habits = {"channels": (CAMERA.format(n), *more)} | habits
            code = RECORDER.format(n)
            one = LivingDevice(platform.inner.port, code, password, REALM, PLATFORM, Habits(**habits))
            living.enter_context(one)
            make.living = one  # type: ignore[attr-defined]
            return registrant(platform, n, 2.0)

        yield make


def absent(platform: SitePlatform) -> Registrant:
    """A recorder that is not there."""
    return registrant(platform, next(NUMBERS), 0.3)


class Person:
    """Does at the device what is asked; answers yes."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act = act

    def done(self, message: str, **_fields: object) -> Instant:
        if message == "gb28181.leave":
            self.act()
        return Instant(now(), now())
