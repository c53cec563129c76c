# SPDX-License-Identifier: Apache-2.0
"""Who edits a site file does not choose the sample; a re-test draws what had failed; a run has a person."""

from __future__ import annotations

import json
import shutil
import socket
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yanshou.cli import main
from yanshou.drivers.field.permission import UNGUARDED
from yanshou.fixtures.prepare import operator_of, plan_of
from yanshou.instruments.registry import load_instruments
from yanshou.model import DeviceKind, RigFault, Site, UsageError
from yanshou.operator import ChoiceQuestion, ConfirmQuestion, TerminalOperator, TextQuestion
from yanshou.planning import DRAW_FILE, draw_mistakes, overlays_of, ready_mistakes, with_draw
from yanshou.planning.lots import Lots
from yanshou.rig.opening import opened_bench
from yanshou.site import load_site
from yanshou.site.connection import is_host
from yanshou.standards import load

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
STATED = "seed = 20261123"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("site.toml", "inventory.csv"):
        shutil.copy(BRANCH / name, tmp_path / name)
    edit(tmp_path, STATED, "# no seed")
    return tmp_path


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / "site.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "site.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def seed(folder: Path) -> object:
    return with_draw(load_site(folder)).plan["seed"]


def test_the_draw_is_kept_whatever_is_edited(folder: Path):
    first = seed(folder)
    for text in ("# another comment", "# and another", "# roll once more"):
        edit(folder, "[plan]", f"{text}\n[plan]")
        assert seed(folder) == first
    assert len(json.loads((folder / DRAW_FILE).read_text(encoding="utf-8"))["draws"]) == 1


def test_a_later_draw_needs_a_reason_and_stands_beside_the_first(folder: Path):
    first = seed(folder)
    edit(folder, "# no seed", "seed = 7")
    (mistake,) = draw_mistakes(load_site(folder))
    assert "is not the one" in mistake.what
    assert mistake.line
    with pytest.raises(UsageError):
        with_draw(load_site(folder))
    edit(folder, "seed = 7", 'seed = 7\nredraw = "委托方更换了主机"')
    site = with_draw(load_site(folder))
    assert site.plan["seed"] == 7
    assert [one["seed"] for one in site.plan["draws"]] == [first, 7]
    assert site.plan["draws"][1]["reason"] == "委托方更换了主机"
    assert with_draw(load_site(folder)).plan == site.plan  # the same reason draws once


def test_devices_that_came_or_went_since_the_draw_are_told(folder: Path):
    seed(folder)
    assert "added" not in with_draw(load_site(folder)).plan["draws"][-1]
    path = folder / DRAW_FILE
    kept = json.loads(path.read_text(encoding="utf-8"))
    devices = kept["draws"][0]["devices"]
    devices["Z07-old"] = devices.pop("Z07")
    devices["Z06"] = "zone/another model"
    path.write_text(json.dumps(kept), encoding="utf-8")
    last = with_draw(load_site(folder)).plan["draws"][-1]
    assert (last["added"], last["removed"], last["other"]) == (["Z07"], ["Z07-old"], ["Z06"])


def test_a_draw_that_lists_ids_only_is_read(folder: Path):
    seed(folder)
    path = folder / DRAW_FILE
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["draws"][0]["devices"] = [*kept["draws"][0]["devices"], "Z99"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    last = with_draw(load_site(folder)).plan["draws"][-1]
    assert last.keys() == {"seed", "utc", "reason", "removed"}
    assert last["removed"] == ["Z99"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "[" * 100_000, '{"schema": "yanshou-draw/1", "draws": [{}]}']
)
def test_a_damaged_draw_is_told_and_never_drawn_anew(folder: Path, text: str):
    (folder / DRAW_FILE).write_text(text, encoding="utf-8")
    assert draw_mistakes(load_site(folder))
    with pytest.raises(UsageError, match="cannot be read"):
        seed(folder)
    assert (folder / DRAW_FILE).read_text(encoding="utf-8") == text


def retested(model: str = "M", sample_all: tuple[str, ...] = (), **entry: object) -> Lots:
    """Twenty zones, the even ones hold-up zones; ``entry`` is the one of ``[plan] retest``."""
    site = load_site(BRANCH)
    zone = next(one for one in site.devices.values() if one.kind is DeviceKind.ZONE)
    types = ("hold_up", "normal")
    zones = {
        f"Q{n:02d}": replace(zone, id=f"Q{n:02d}", model=model, attributes={"type": types[n % 2]})
        for n in range(20)
    }
    plan = {"retest": [entry] if entry else [], "sample_all": list(sample_all)}
    return Lots(replace(site, devices=zones, plan=plan), 1, "GB 50348-2018 9.1.5")


def test_a_retest_draws_the_failed_device_and_twice_as_many():
    row = load().requirements["IAS-RT-01"]
    for failed in ("Q00", "Q07", "Q19"):
        lots = retested(population="zone/M", first_n=5, failed=[failed], drawn=["Q01", failed])
        drawn = [one.id for one in lots.draw(row, list(lots.site.devices.values()))]
        assert len(drawn) == 10
        assert failed in drawn
        assert "Q01" not in drawn  # looked at before, and there are enough others
        lots.require_retests()


@pytest.mark.parametrize(
    "drawn_as",
    [{"sample_all": ("zone:hold_up",)}, {"model": ""}],
    ids=["all hold-up zones", "models not stated"],
)
def test_a_part_of_a_lot_is_never_drawn_again_smaller_than_twice_its_first_draw(drawn_as: dict[str, Any]):
    every = load().requirements["IAS-RT-01"]
    row = replace(every, applies={**every.applies, "device": {"type": "hold_up"}})
    zones = retested().site.devices.values()
    part = [one for one in zones if one.attributes["type"] == "hold_up"]
    model = drawn_as.get("model", "M")
    part = [replace(one, model=model) for one in part]
    assert len(retested(**drawn_as).draw(row, part)) == 10
    lot = f"zone/{model}".rstrip("/")
    entry = {"population": lot, "first_n": 20, "failed": ["Q00"], "drawn": ["Q00"]}
    assert len(retested(**drawn_as, **entry).draw(row, part)) == 10


def test_the_entry_of_a_part_comes_before_that_of_its_lot():
    every = load().requirements["IAS-RT-01"]
    row = replace(every, applies={**every.applies, "device": {"type": "hold_up"}})
    lots = retested()
    entries = [
        {"population": "zone/M", "first_n": 5, "failed": [], "drawn": []},
        {"population": "zone/M [type=hold_up]", "first_n": 4, "failed": ["Q02"], "drawn": ["Q02"]},
    ]
    for order in (entries, entries[::-1]):
        lots = Lots(replace(lots.site, plan={"retest": order}), 1, "GB 50348-2018 9.1.5")
        part = [one for one in lots.site.devices.values() if one.attributes["type"] == "hold_up"]
        drawn = [one.id for one in lots.draw(row, part)]
        assert "Q02" in drawn
        assert len(drawn) == 8


def test_a_retest_that_cannot_be_drawn_is_a_mistake_of_the_plan():
    row = load().requirements["IAS-RT-01"]
    for entry in (
        {"population": "zone/M", "first_n": 5, "failed": ["Z99"]},
        {"population": "door/M", "first_n": 5},
    ):
        lots = retested(**entry)
        with pytest.raises(UsageError, match="retest"):  # noqa: PT012 - either may tell it
            lots.draw(row, list(lots.site.devices.values()))
            lots.require_retests()
            raise UsageError(list(lots.retest_mistakes()))


def real(site: Site, **operator: object) -> Site:
    return replace(site, emulated=False, operator={"backend": "terminal", **operator})


def test_nobody_without_a_name_tests_a_real_site():
    site = load_site(BRANCH)
    assert any("name is missing" in one.what for one in ready_mistakes(real(site)))
    unsigned = operator_of(real(site)).ask(ConfirmQuestion("release.siren", "?"))
    assert unsigned.value is None
    assert "name is missing" in unsigned.unable
    assert operator_of(real(site, name="张三")).name == "张三"
    assert not ready_mistakes(real(site, name="张三"))


def test_what_a_run_cannot_use_is_told_before():
    site = load_site(BRANCH)
    panel = replace(site.devices["PANEL-1"], profile="")
    zone = replace(site.devices["Z01"], parent="")
    found = ready_mistakes(replace(site, devices={**site.devices, "PANEL-1": panel, "Z01": zone}))
    assert {one.what.partition(":")[0] for one in found} == {"PANEL-1", "Z01"}
    assert all(one.line for one in found)


@pytest.mark.parametrize(
    ("host", "good"),
    [
        *(
            ("192.168.1.64", True),
            ("nvr-1.local", True),
            ("fe80::1", True),
            ("::1", True),
            ("localhost", True),
        ),
        *(("192.168.1.400", False), ("192.168.1", False), ("a..b", False), ("-a", False), ("x" * 64, False)),
    ],
)
def test_a_host_is_an_address_or_a_name(host: str, good: bool):
    assert is_host(host) is good


def answers(*lines: str) -> TerminalOperator:
    given = iter(lines)
    return TerminalOperator(
        "张三", read=lambda _: next(given), write=lambda _: None, interactive=lambda: True
    )


def test_a_day_that_is_none_is_asked_again():
    asked = TextQuestion("day", "日期", r"\d{4}-\d{2}-\d{2}")
    assert answers("2026-13-45", "2026-02-30", "２０２６－０２－２８").ask(asked).value == "2026-02-28"
    assert date.fromisoformat("2026-02-28")


def test_a_full_width_keyboard_is_understood():
    choice = ChoiceQuestion("c", "?", (("a", "甲"), ("none", "无")))
    assert answers("Ａ").ask(choice).value == "a"
    assert answers("！ 设备被拆走").ask(choice).unable == "设备被拆走"
    with pytest.raises(RigFault):
        TerminalOperator("张三", interactive=lambda: False).ask(choice)


def test_a_meter_in_a_supply_needs_a_connection() -> None:
    whole = load_site(BRANCH)
    assert not ready_mistakes(whole)
    silent = replace(whole.devices["DMM-1"], connection=None)
    (found,) = ready_mistakes(replace(whole, devices={**whole.devices, "DMM-1": silent}))
    assert "DMM-1: has no connection" in found.what


def test_a_device_that_the_site_has_not_is_told_before_a_run_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    for text in (["--yanshou-device=PANLE-1"], ["--yanshou-device", "PANLE-1"]):
        assert main(["run", str(BRANCH), "--run", str(run), "--emulate", "--", *text]) == 2
        output = capsys.readouterr().err
        assert "PANLE-1" in output
        assert "PANEL-1" in output
        assert not run.exists()


def test_a_board_that_is_silent_when_a_run_begins_is_named(tmp_path: Path) -> None:
    site = load_site(BRANCH)
    board = site.devices["RELAY-2"]
    assert board.connection is not None
    with socket.socket() as bound:  # bound and never listening: nobody answers there
        bound.bind(("127.0.0.1", 0))
        nowhere = replace(board.connection, port=bound.getsockname()[1])
        alone = replace(site, devices={"RELAY-2": replace(board, connection=nowhere)}, loopbacks=())
        with (
            pytest.raises(RigFault, match="Nothing was moved") as caught,
            opened_bench(alone, permit=lambda: None, gate=UNGUARDED, log=tmp_path / "log"),
        ):
            pass
    assert caught.value.device.startswith("RELAY-2 ")
    assert "not every relay" not in str(caught.value)


def test_a_door_without_a_wired_reader_is_planned_as_not_tested() -> None:
    site = load_site(BRANCH)
    door = site.devices["D01"]
    bare = replace(door, wiring={role: wire for role, wire in door.wiring.items() if role != "reader"})
    site = replace(site, devices={**site.devices, "D01": bare})
    plan = plan_of(site, load(overlays_of(site)), load_instruments(BRANCH))
    tested = [one.measurand for one in plan.items if one.device == "D01"]
    assert not {"credential_to_lock_time", "unauthorised_credential_refused"} & set(tested)
    reported = [one.reason for one in plan.untestable if one.device == "D01"]
    assert any("reader" in one for one in reported)
