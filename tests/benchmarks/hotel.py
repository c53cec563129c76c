# SPDX-License-Identifier: Apache-2.0
"""A hotel made for the benchmarks: 24 zones on two panels, 6 doors on three controllers, 60 cameras.

Every device is emulated on loopback ports; the inventory is what a bench with three relay boards wires.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from yanshou.emulation.ports import reserved_ports

ZONES, DOORS, CAMERAS = 24, 6, 60
_PANELS, _RECORDERS, _PER_CONTROLLER = 2, 2, 2
_MODELS = ("MC-38", "DT-7225", "GB-20")  # eight zones of each: a lot of which five are tested
_TAMPER_FROM = 12  # relays 0-11 open the loops of a panel's zones, 12-23 their tamper circuits
_HEAD = ("id", "kind", "system", "name", "model", "location", "parent", "number", "attributes", "wiring")
PLAYBACK = "REC-01"
_SCOPE = (
    "IAS-RT-01 IAS-RT-02 IAS-FN-01 IAS-FN-02 IAS-FN-03 IAS-FN-04 IAS-FN-05 IAS-TA-01 "
    f"ACS-RT-01 ACS-RT-02 ACS-AL-01 ACS-AL-02 ACS-LK-01 {PLAYBACK} NET-08 IQ-18 CLK-07"
)

WAITS = {"hold_s": 600.0, "frame_rate_window_s": 60.0}
"""The waits of its plan with their usual seconds, as the suites of its scope declare them."""

Row = tuple[object, ...]


def build_hotel(folder: Path, *, without: Collection[str] = ()) -> Path:
    """Write the site folder of the hotel, on free ports, with the usual waiting times; returns ``folder``.

    Requirements ``without`` are not in its scope.
    """
    folder.mkdir(parents=True)
    with (folder / "inventory.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_HEAD, *_devices()])
    (folder / "answers.toml").write_text(_ANSWERS, encoding="utf-8")
    connections = "\n".join(_connections())
    scope = ", ".join(f'"{name}"' for name in _SCOPE.split() if name not in without)
    (folder / "site.toml").write_text(_SITE.format(scope=scope, connections=connections), encoding="utf-8")
    return folder


def _devices() -> Iterator[Row]:
    yield from (_row(f"RELAY-{n}", "relay_board", "site", "EMU-R32") for n in (1, 2, 3))
    yield _row("CARD-1", "reader", "site", "INJ-1")
    yield _row("NTP-1", "time_server", "site", "EMU-NTP", attributes="clock_role=reference")
    for n in range(1, _PANELS + 1):
        own = "technology=wired; battery_ah=17; supply_v=12; sirens=indoor"
        yield _row(f"PANEL-{n}", "panel", "intrusion", "EMU-12", "", n, own, f"siren=RELAY-{n}/di0")
    yield from (_zone(n) for n in range(ZONES))
    for n in range(DOORS // _PER_CONTROLLER):
        yield _row(f"ACS-{n + 1}", "door_controller", "access_control", "EMU-2D", "", n + 1)
    yield from (_door(n) for n in range(DOORS))
    for n in range(1, _RECORDERS + 1):
        each = CAMERAS // _RECORDERS
        yield _row(f"NVR-{n}", "recorder", "video", "EMU-NVR", "", n, f"channels={each}")
    yield from (_camera(n) for n in range(CAMERAS))


def _zone(n: int) -> Row:
    panel, place = divmod(n, ZONES // _PANELS)
    wires = f"loop=RELAY-{panel + 1}/{place}; tamper=RELAY-{panel + 1}/{place + _TAMPER_FROM}"
    model, own = _MODELS[n % len(_MODELS)], "type=normal; partition=1"
    return _row(f"Z{n + 1:02}", "zone", "intrusion", model, f"PANEL-{panel + 1}", place + 1, own, wires)


def _door(n: int) -> Row:
    controller, place = divmod(n, _PER_CONTROLLER)
    wires = f"contact=RELAY-3/{n}; lock_coil=RELAY-3/di{n}; reader=CARD-1/{n + 1}"
    return _row(
        f"D{n + 1}",
        "door",
        "access_control",
        "EMU-2D",
        f"ACS-{controller + 1}",
        place + 1,
        "lock=fail_safe",
        wires,
    )


def _camera(n: int) -> Row:
    recorder, place = divmod(n, CAMERAS // _RECORDERS)
    own = "technology=digital; place=ordinary; chart=none; view=走廊"
    return _row(f"CAM-{n + 1:02}", "camera", "video", "EMU-IPC", f"NVR-{recorder + 1}", place + 1, own)


def _row(
    id_: str,
    kind: str,
    system: str,
    model: str,
    parent: str = "",
    number: int | str = "",
    attributes: str = "",
    wiring: str = "",
) -> Row:
    return (id_, kind, system, f"{kind} {id_}", model, "酒店", parent, number, attributes, wiring)


def _connections() -> Iterator[str]:
    fixed: Sequence[tuple[str, str, str]] = (
        *((f"RELAY-{n}", "yanshou-emulated-relay-32", "modbus-tcp") for n in (1, 2, 3)),
        *((f"PANEL-{n + 1}", "yanshou-emulated-panel-12", "modbus-tcp") for n in range(_PANELS)),
        *(
            (f"ACS-{n + 1}", "yanshou-emulated-door-controller", "modbus-tcp")
            for n in range(DOORS // _PER_CONTROLLER)
        ),
    )
    video = [
        *(f"NVR-{n + 1}" for n in range(_RECORDERS)),
        *(f"CAM-{n + 1:02}" for n in range(CAMERAS)),
    ]
    ports = iter(reserved_ports(len(fixed) + len(video) + 1))
    for name, profile, protocol in fixed:
        at = f'protocol = "{protocol}", host = "127.0.0.1", port = {next(ports)}, unit = 1'
        yield f'[device.{name}]\nprofile = "{profile}"\nconnection = {{ {at} }}'
    for name in video:
        at = f'protocol = "onvif", host = "127.0.0.1", port = {next(ports)}'
        secret = 'user = "admin", password = { env = "YANSHOU_CAMERA_PASSWORD" }'
        yield f"[device.{name}]\nconnection = {{ {at}, {secret} }}"
    at = f'protocol = "ntp", host = "127.0.0.1", port = {next(ports)}'
    yield f"[device.NTP-1]\nconnection = {{ {at} }}"
    yield _CARDS


_CARDS = """[device.CARD-1]
profile = "yanshou-credential-injector"
connection = { protocol = "serial-line", path = "card-injector.pty", baud = 9600 }
attributes = { authorised = "1A2B3C4D", unauthorised = "DEADBEEF" }
"""

_ANSWERS = """person = "张三（演示）"
witness = "李四（演示）"

[answer."release.*"]
value = "是"
"""

_SITE = """[site]
id = "hotel"
name = "示范酒店（仿真）"
time_zone = "Asia/Shanghai"
rig = "emulated"
inventory = "inventory.csv"

[parties]
client = "示范酒店"
owner = "示范酒店"
builder = "示范安防工程有限公司"
laboratory = "示范检测中心（演示，非真实机构）"

[laboratory]
report_no = "演示-2026-060"
category = "委托检测（演示）"
received = 2026-11-20
environment = "室内 21 ℃，45 %RH（演示）"
state = "竣工后试运行满 30 d（演示）"

[attributes]
province = "内蒙古"
sector = "other"
risk_grade = 3
security_grade = 2
high_risk = false
network_form = "local"
legal_basis = "art7"
counter_terror_target = false
commissioned = 2026-06-01

[plan]
seed = 20261129
sampling = "GB 50348-2018 9.1.5"
decision_rule = "DR-SA"
repetitions = 3
retention_window_d = 30
scope = [{scope}]

[allow]
intrusive = ["siren", "lock_release"]

[operator]
backend = "scripted"
answers = "answers.toml"

{connections}

[[instrument]]
id = "TIME-1"
kind = "time_reference"
name = "时间基准（演示）"
maker = "Example Time"
model = "EX-GNSS"
serial = "T-77"
certificate = "示校字 2026-0501"
calibrated_by = "示范计量院（演示）"
calibrated = 2026-05-01
due = 2027-04-30
ranges = [{{ quantity = "utc_offset", min = -1000000.0, max = 1000000.0, unit = "s", U = 0.02, k = 2.0 }}]
uses = "NTP-1"
"""
