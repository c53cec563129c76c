# SPDX-License-Identifier: Apache-2.0
"""``yanshou profile try`` and ``profile check`` as a person uses them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from time import perf_counter

import pytest

from tests.support.field_bus import TcpSlave, eventually, mbap
from tests.support.line_site import emulated_site
from tests.support.ports import free_port
from yanshou.cli.main import main

WAVESHARE = "waveshare-relay-8ch"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["--lang", "en", "profile", *arguments])
    return code, capsys.readouterr().out


def test_a_live_board_is_read_role_by_role_and_never_written(capsys: pytest.CaptureFixture[str]) -> None:
    with TcpSlave() as slave:
        slave.memory.bits[1][3] = slave.memory.bits[2][6] = 1
        code, out = said(capsys, "try", WAVESHARE, "--at", f"127.0.0.1:{slave.port}", "--json")
        asked = {function for function, _, _ in slave.memory.requests}
    answer = json.loads(out)
    assert code == 0
    shown = {one["role"]: one["words"] for one in answer["roles"]}
    assert [number for number, word in shown["relay"].items() if word == "on"] == ["4"]
    assert [number for number, word in shown["input"].items() if word == "on"] == ["7"]
    assert answer["scan"]["requests"] == 2
    assert answer["scan"]["seconds"] > 0
    assert asked <= {1, 2, 3, 4}


def test_a_role_the_device_refuses_is_named_and_the_others_are_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with TcpSlave() as slave:
        slave.manner = lambda _, request: (
            slave.good(request)
            if request[7] == 1
            else mbap(request[:2], request[6], bytes([request[7] | 0x80, 1]))
        )
        code, out = said(capsys, "try", WAVESHARE, "--at", f"127.0.0.1:{slave.port}")
    assert code == 3
    relay, board_input = (line for line in out.splitlines() if line.startswith(("relay", "input")))
    assert "off: 8" in relay
    assert "illegal function" in out
    assert "✗" in board_input


def test_nobody_at_the_address_is_exit_code_three(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "try", WAVESHARE, "--at", f"127.0.0.1:{free_port()}")
    assert code == 3
    assert "does not accept a connection" in out


def test_a_panel_that_speaks_is_tried_with_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AX", "demo-only")
    with emulated_site(tmp_path, "hikvision-ax-isapi") as emulation:
        with emulation.world.lock:
            emulation.world.switched("RELAY-1/1", perf_counter(), energised=True)  # a hold-up zone
        truth = tmp_path / "truth.jsonl"
        assert eventually(lambda: "alarm_shown" in truth.read_text(encoding="utf-8"))
        port = emulation.site.devices["PANEL-1"].connection.port
        arguments = ("--user", "admin", "--password-env", "AX", "--json")
        code, out = said(capsys, "try", "hikvision-ax-isapi", "--at", f"127.0.0.1:{port}", *arguments)
    shown = {one["role"]: one["words"] for one in json.loads(out)["roles"]}
    assert code == 0
    assert (shown["zone_alarm"]["1"], shown["zone_alarm"]["2"]) == ("off", "on")
    assert shown["partition_armed"]["1"] == "off"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("try", WAVESHARE), "address"),
        (("try", "contact-only", "--at", "10.0.0.1"), "speaks contact"),
        (("try", WAVESHARE, "--at", "10.0.0.1:2:3"), "no address"),
        (("try", "nothing-like-it", "--at", "10.0.0.1"), "no such device profile"),
        (("check",), "no profile"),
        (("check", "missing.toml"), "no such file"),
    ],
)
def test_a_wrong_call_is_one_line(
    arguments: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "profile", *arguments]) == 2
    output = capsys.readouterr()
    assert what in output.out + output.err
    assert "Traceback" not in output.err


def test_every_mistake_of_every_file_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Path("harness/yanshou/drivers/profiles/dsc-tpi.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(good.replace('"601" =', '"6x1" ='), encoding="utf-8")
    (tmp_path / "b.toml").write_text(good.replace("every_s = 1.0", "every_s = -1"), encoding="utf-8")
    code, out = said(capsys, "check", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "--json")
    problems = json.loads(out)["problems"]
    assert code == 2
    assert {Path(one["file"]).name for one in problems} == {"a.toml", "b.toml"}
    assert all(one["line"] and one["remedy"] for one in problems)


def test_the_example_with_every_wire_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    site = Path("examples/alarm-wires")
    assert main(["--lang", "en", "check", str(site), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"]


def test_a_contact_panel_without_its_wires_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree("examples/alarm-wires", site)
    inventory = site / "inventory.csv"
    text = inventory.read_text(encoding="utf-8")
    inventory.write_text(
        text.replace("key=RELAY-1/30; ", "").replace("; alarm=RELAY-1/di0", ""), encoding="utf-8"
    )
    assert main(["--lang", "en", "check", str(site)]) == 2
    output = capsys.readouterr().out
    assert "CONTACTS: its key is not wired" in output
    assert "CONTACTS-1: its alarm is not wired" in output
