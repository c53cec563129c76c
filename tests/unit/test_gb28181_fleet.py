# SPDX-License-Identifier: Apache-2.0
"""check --reach, discover and survey: who registers here, and the thousand channels behind a sub-platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.gb_device import Habits, LivingDevice
from tests.support.gb_site import PLATFORM, SITE, write_gb_site
from tests.support.ports import free_port
from yanshou.commissioning.called import Called
from yanshou.drivers.gb28181.roll_call import Present, RollCall, roll_call
from yanshou.fleet.discovery import Outcome, with_registered
from yanshou.fleet.inventory_file import write_inventory
from yanshou.fleet.registered import ask_registered
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import subjects
from yanshou.model import RigFault, Site
from yanshou.site import DEMO_PASSWORD, load_site, read_inventory

SUB = "15010000002000000002"
ROWS = "id,kind,system,name,model,location,parent,number,attributes\n"


def camera(n: int) -> str:
    return f"1501000000132{n:07d}"


def site_of(folder: Path, count: int, port: int = 15060, host: str = "") -> Site:
    """A sub-platform with ``count`` cameras behind it."""
    at = f', host = "{host}"' if host else ""
    text = [SITE.partition("[device")[0].replace("15060", str(port)), "[plan]\nregister_wait_s = 20\n"]
    secret = 'password = { env = "GB_PASSWORD" }'
    text.append(f'[device.SUB]\nconnection = {{ protocol = "gb28181", device_id = "{SUB}", {secret}{at} }}')
    rows = [ROWS + "SUB,platform,video,下级平台,P,x,,,gb28181=true"]
    for n in range(count):
        text.append(f'[device.C{n}]\nconnection = {{ protocol = "gb28181", channel = "{camera(n)}" }}')
        rows.append(f"C{n},camera,video,c,C,x,SUB,{n + 1},gb28181=true")
    return load_site(write_gb_site(folder, "\n".join(text), "\n".join(rows) + "\n"))


def test_a_device_that_does_not_register_is_told_with_what_came_from_it(tmp_path: Path):
    port = free_port()
    site = site_of(tmp_path, 0, port)
    with LivingDevice(port, SUB, DEMO_PASSWORD, PLATFORM[:10], PLATFORM, Habits(own_nonce=True, retry_s=0.1)):
        called = roll_call(site, wait_s=1.0)
    assert called.present == {}
    assert "digest foreign_nonce, although its password fits, answered 401" in called.absent["SUB"]
    assert roll_call(site, wait_s=0.1).absent == {"SUB": "nothing came from it"}


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, RollCall]]:
    port = free_port()
    site = site_of(tmp_path_factory.mktemp("site"), 1000, port)
    habits = Habits(channels=tuple(map(camera, range(1000))), keepalive_s=60.0, retry_s=0.2)
    with LivingDevice(port, SUB, DEMO_PASSWORD, PLATFORM[:10], PLATFORM, habits):
        yield site, roll_call(site)


def test_a_thousand_channels_behind_one_platform_are_told(thousand: tuple[Site, RollCall]):
    site, called = thousand
    here = called.present["SUB"]
    assert (here.whole, len(here.cameras), called.strangers) == (True, 1000, {})
    assert here.ahead_s is not None
    assert here.info["Manufacturer"] == "Acme"
    results: list[dict[str, Any]] = []
    left = _survey(site, called, results)
    assert left == []
    assert len(results) == 1001
    assert {one["state"] for one in results} == {"asked"}


def _survey(site: Site, called: RollCall, results: list[dict[str, Any]]) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yanshou.fleet.registered.roll_call", lambda _site: called)
        return ask_registered(site, subjects(site), Settings.of(site), results.append)


ITEM = {"DeviceID": "", "Name": "x", "Status": "ON"}


def present(site: Site, codes: dict[str, dict[str, str]], **more: Any) -> RollCall:
    made = Present(site.devices["SUB"], SUB, "10.0.0.9:5060", channels=codes, whole=True)
    return RollCall({"SUB": replace(made, **more)}, {})


def codes(*numbers: int, status: str = "ON") -> dict[str, dict[str, str]]:
    return {camera(n): ITEM | {"DeviceID": camera(n), "Status": status} for n in numbers}


def found_in(site: Site, called: RollCall) -> set[tuple[str, str]]:
    results: list[dict[str, Any]] = []
    _survey(site, called, results)
    return {(one["device"], finding["code"]) for one in results for finding in one["findings"]}


def test_each_difference_of_a_catalogue_is_a_finding(tmp_path: Path):
    site = site_of(tmp_path, 2)
    assert found_in(site, present(site, codes(0, 1))) == set()
    assert found_in(site, present(site, codes(0))) == {("C1", "not_in_catalogue")}
    assert found_in(site, present(site, codes(0, 1, 2))) == {("SUB", "not_in_inventory")}
    assert found_in(site, present(site, codes(0, 1, status="OFF"))) == {
        ("C0", "channel_off"),
        ("C1", "channel_off"),
    }
    part = present(site, codes(0), whole=False, why="SumNum 2, 1 items came")
    assert found_in(site, part) == {("SUB", "catalogue_incomplete"), ("C1", "unclear")}
    nobody = {(name, "no_answer") for name in ("SUB", "C0", "C1")}
    assert found_in(site, RollCall({}, {})) == nobody


def test_discovery_tells_what_is_missing_moved_unknown_and_a_stranger(tmp_path: Path):
    site = site_of(tmp_path, 2, host="10.0.0.7")
    called = present(site, codes(0, 7), info={"Manufacturer": "Acme", "Model": "P", "Firmware": "1"})
    called = replace(called, strangers={"9" * 20: "10.0.0.5:5060"})
    outcome = with_registered(site, Outcome({}, [], []), called)
    kinds = {(one.kind, one.device) for one in outcome.differences}
    assert kinds == {("missing", "C1"), ("moved", "SUB"), ("extra", "")}
    assert sorted(one.code for one in outcome.extra) == [camera(7), "9" * 20]
    write_inventory(tmp_path / "new.csv", site, outcome)
    new = [
        dict(row.cells) for row in read_inventory(tmp_path / "new.csv", []) if row["id"].startswith("FOUND")
    ]
    assert [(one["kind"], one.get("parent", "")) for one in new] == [("camera", "SUB"), ("recorder", "")]


def test_reach_says_who_does_not_register_and_which_channel_is_in_no_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = site_of(tmp_path, 2)
    called = present(site, codes(0), info={"Manufacturer": "Acme"}, ahead_s=(-0.4, 0.8))
    monkeypatch.setattr("yanshou.commissioning.called.roll_call", lambda _site: called)
    asked = Called(site)
    assert (
        asked.answer(site.devices["SUB"])
        == "registers from 10.0.0.9:5060, Acme, clock +0.2 s, 1 cameras listed"
    )
    assert asked.answer(site.devices["C0"]) == "listed by SUB x ON"
    with pytest.raises(RigFault, match="not in the catalogue of SUB"):
        asked.answer(site.devices["C1"])
    monkeypatch.setattr(
        "yanshou.commissioning.called.roll_call", lambda _site: RollCall({}, {"9" * 20: "10.0.0.5:5060"})
    )
    with pytest.raises(RigFault, match="does not register") as caught:
        Called(site).answer(site.devices["C0"])
    assert "9" * 20 in caught.value.remedy
