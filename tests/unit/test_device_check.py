# SPDX-License-Identifier: Apache-2.0
"""One device on one wire: the folder it is described in, what is left out, mistakes in one line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from yanshou.cli.commands import device_check
from yanshou.cli.commands.device_check import _address, _by_machine
from yanshou.cli.main import main
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import DeviceKind, UsageError
from yanshou.planning import make_plan
from yanshou.site import load_site
from yanshou.site.single import DEVICE, SingleDevice, write_single
from yanshou.standards import load

CAMERA = SingleDevice(
    DeviceKind.CAMERA,
    {
        "protocol": "onvif",
        "host": "192.0.2.7",
        "port": 8080,
        "user": "ci",
        "password": {"env": "SECRET_OF_CI"},
    },
    person='Zhao "CI" Liu',
    name="大门\t枪机",
    model="X-1",
    attributes={"chart": "none", "technology": "digital"},
    plan={"frame_rate_window_s": 3.5},
)


def test_what_was_said_of_the_device_stands_in_the_site(tmp_path: Path) -> None:
    write_single(tmp_path, CAMERA)
    site = load_site(tmp_path)
    device = site.devices[DEVICE]
    assert (device.kind, device.model, device.attributes["chart"]) == (DeviceKind.CAMERA, "X-1", "none")
    assert device.connection is not None
    assert (device.connection.host, device.connection.port) == ("192.0.2.7", 8080)
    assert site.plan["frame_rate_window_s"] == 3.5
    assert site.operator["name"] == 'Zhao "CI" Liu'
    assert not site.emulated, "a maker's device is a real one: its report never says emulated"
    assert not site.allow, "nothing may be set off"


def test_only_what_a_machine_tests_on_the_device_itself_is_planned(tmp_path: Path) -> None:
    write_single(tmp_path, CAMERA)
    covered = covered_measurands()
    plan = make_plan(load_site(tmp_path), load(()), load_instruments(tmp_path), covered=covered)
    scope = _by_machine(plan, covered, ["*"])
    assert {"NET-08", "IQ-18"} <= set(scope)
    for name in scope:
        items = [item for item in plan.items if name in item.requirements]
        assert {item.device for item in items} == {DEVICE}
        assert not any(
            covered[item.measurand].operator or item.intrusive or item.instruments for item in items
        )
    assert _by_machine(plan, covered, ["NET-*"]) == [name for name in scope if name.startswith("NET-")]
    assert _by_machine(plan, covered, ["ACS-*"]) == []


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("cam.local", "cam.local", None),
        ("192.0.2.7:8080", "192.0.2.7", 8080),
        ("[2001:db8::1]:80", "2001:db8::1", 80),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("2001:db8::1", "2001:db8::1", None),
    ],
)
def test_addresses(text: str, host: str, port: int | None) -> None:
    assert _address(text) == (host, port)


@pytest.mark.parametrize("text", ["cam:0", "cam:65536", "cam:http", "cam:"])
def test_a_port_that_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no port"):
        _address(text)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["h", "--kind", "panel"], "needs --profile"),
        (["h", "--attribute", "chart"], "no value is given"),
        (["h h"], "host"),
        (["h", "--attribute", "technology=steam"], "technology"),
        (["h", "--plan", "frame_rate_window_s=soon"], "frame_rate_window_s"),
        (["h", "--only", "ACS-*"], "nothing asked"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_run(
    arguments: list[str],
    expected: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(device_check, "run_tests", lambda *_: pytest.fail("a run was begun"))
    assert main(["--lang", "en", "device-check", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert expected in capsys.readouterr().err


def test_a_run_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(UsageError, match="exists"):
        device_check.run(argparse.Namespace(out=tmp_path))
