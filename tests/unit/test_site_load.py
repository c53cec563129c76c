# SPDX-License-Identifier: Apache-2.0
"""A site folder is read whole, or every mistake in it is told at once with its line and the way out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from yanshou.model import DeviceKind, SecretRef, System, UsageError
from yanshou.model.trouble import Mistake
from yanshou.site import load_site, read_site, site_device, summary

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"

Change = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("site.toml", "inventory.csv"):
        shutil.copy(BRANCH / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace words that must be there in whichever file of the site holds them."""

    def replace(old: str, new: str) -> None:
        for path in (folder / "site.toml", folder / "inventory.csv"):
            text = path.read_text(encoding="utf-8")
            if old in text:
                path.write_text(text.replace(old, new, 1), encoding="utf-8")
                return
        pytest.fail(f"{old!r} stands nowhere")

    return replace


def mistakes_in(folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(UsageError) as caught:
        load_site(folder)
    return caught.value.mistakes


def line_of(path: Path, expected: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if expected in line)


def test_the_example_is_read_whole():
    site = load_site(BRANCH)
    assert (site.id, site.emulated, site.time_zone) == ("bank-branch", True, "Asia/Shanghai")
    assert len(site.of_kind(DeviceKind.ZONE)) == 14
    z07 = site.devices["Z07"]
    assert (z07.system, z07.parent, z07.number) == (System.INTRUSION, "PANEL-1", 7)
    assert z07.attributes == {"type": "normal", "partition": 1}
    assert z07.wiring == {"loop": "RELAY-2/6", "tamper": "RELAY-2/18"}
    camera = site.devices["CAM-1"].connection
    assert camera is not None
    assert (camera.port, camera.secret) == (15511, SecretRef("env", "YANSHOU_CAMERA_PASSWORD"))
    assert site.devices["PANEL-2"].connection.options == {"baud": 115200, "parity": "N", "stop": 1, "unit": 7}
    assert site.attributes["commissioned"] == date(2026, 10, 10)
    assert site.allow == {"siren", "lock_release", "hold_up", "beam"}
    assert "scope" not in site.plan
    assert site.plan["repetitions"] == 3


def test_five_different_mistakes_are_all_told_with_their_lines(folder: Path, change: Change):
    change('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Shanhai"')
    change(
        'protocol = "modbus-tcp", host = "127.0.0.1", port = 15503', 'protocol = "modbus-tcp", port = 155030'
    )
    change('password = { env = "YANSHOU_CAMERA_PASSWORD" }', 'password = "hunter2"')
    change("PANEL-1,7,type=normal", "PANEL-9,7,type=normal")
    change("loop=RELAY-2/0", "loop=RELAY-2/zero")
    found = mistakes_in(folder)
    reported = {(one.path, one.line): one for one in found}
    toml, csv = folder / "site.toml", folder / "inventory.csv"
    assert "Asia/Shanghai" in reported["site.toml", line_of(toml, "Asia/Shanhai")].remedy
    panel = [one.what for one in found if one.line == line_of(toml, "155030")]
    assert any("port = 155030" in what for what in panel)
    assert any("needs host" in what for what in panel)
    assert "a password never stands in a site file" in reported["site.toml", line_of(toml, "hunter2")].what
    assert "PANEL-9 is not in the inventory" in reported["inventory.csv", line_of(csv, "PANEL-9")].what
    assert "RELAY-2/zero" in reported["inventory.csv", line_of(csv, "RELAY-2/zero")].what
    assert all(one.remedy for one in found)
    assert "hunter2" not in str(found)


def test_two_media_profiles_at_one_address_are_two_cameras(folder: Path, change: Change) -> None:
    change("port = 15512", 'port = 15511, profile = "P2"')
    assert load_site(folder).devices["CAM-2"].connection is not None


@pytest.mark.parametrize("written", ["30", "30 s", "30秒", "0.5 min", "0.5分钟"])
def test_a_time_of_the_inventory_may_have_a_unit_of_its_own(
    folder: Path, change: Change, written: str
) -> None:
    change("type=normal; partition=1", f"type=entry; entry_s={written}; partition=1")
    assert load_site(folder).devices["Z01"].attributes["entry_s"] == 30


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[allow]", "[alow]", "'alow' is not a key"),
        ('rig = "emulated"', 'rig = "emulate"', "rig cannot be 'emulate'"),
        ("category = 3 ", "category = 13 ", "category cannot be 13"),
        ("risk_grade = 2", "risk_grade = true", "risk_grade cannot be True"),
        ("high_risk = true", 'high_risk = "yes"', "high_risk must be true or false"),
        ("risk_grade", "risk_grad", "'risk_grad' is not a key"),
        ("commissioned = 2026-10-10", 'commissioned = "2026-10-10"', "commissioned must be a date"),
        ('"video", "access_control"]', '"vidio", "access_control"]', "required_systems cannot hold 'vidio'"),
        ('sampling = "GB 50348-2018 9.1.5"', 'sampling = "ten percent"', "sampling cannot be 'ten percent'"),
        ("repetitions = 3", "repetitions = 0", "repetitions = 0 is not a whole number from 1"),
        ("hold_s = 0.5", "hold_s = nan", "hold_s = nan"),
        ("hold_s = 0.5", "largest_u_of = { m = 0.9 }", "m = 0.9 is not a number from 0.01 to 0.5"),
        ("hold_s = 0.5", "largest_u_of = { m = { U = -1 } }", "U = -1 is not a number"),
        ("hold_s = 0.5", "largest_u_of = { m = { u = 1 } }", "'u' is not a key"),
        ("seed = 20261123", "seed = 1.5", "seed = 1.5 is not a whole number"),
        ('"lock_release"', '"lock_relase"', "intrusive cannot hold 'lock_relase'"),
        ("[device.NVR-1]", "[device.NVR-7]", "device NVR-7: is not in the inventory"),
        ('protocol = "ntp"', 'protocol = "sntp"', "protocol 'sntp' is not known"),
        ("baud = 9600", "baudrate = 9600", "'baudrate' is not a key"),
        ("unit = 7", "unit = 700", "unit = 700"),
        ('name = "示范银行网点"\n', "", "site: name is missing"),
        ("port = 15512", "port = 15511", "CAM-2 has the same address as CAM-1"),
        ('127.0.0.1", port = 15512', 'LocalHost", port = 15511', "CAM-2 has the same address as CAM-1"),
        (
            '127.0.0.1", port = 15512',
            '::ffff:127.0.0.1", port = 15511',
            "CAM-2 has the same address as CAM-1",
        ),
        ("port = 15512", "port = 15511, rtsp_port = 554", "CAM-2 has the same address as CAM-1"),
        ('host = "127.0.0.1", port = 15514', 'host = "rtsp://u:secret@h"', "a password never stands"),
        ('name = "示范银行网点"', 'name = " "', "site: name is empty"),
        ("::127.0.0.1::15516::SOCKET", "::127.0.0.400::15516::SOCKET", "is no VISA address of the network"),
        ("::15516::SOCKET", "::75516::SOCKET", "is no VISA address of the network"),
        ("::15516::SOCKET", "::15516", "is no VISA address of the network"),
        ("TCPIP::127.0.0.1::15516::SOCKET", "COM3", "path 'COM3' is no VISA address"),
        ("TCPIP::127.0.0.1::15516::SOCKET", "USB0::0x2A8D::INSTR", "is no VISA address"),
        ("TCPIP::127.0.0.1::15516::SOCKET", "GPIB0::31::INSTR", "is no VISA address"),
        ("Z03,zone,", "Z02,zone,", "Z02 stands in line"),
        ("Z03,zone,", "Ｚ03,zone,", "may hold only A-Z"),
        ("Z03,zone,", "SITE,zone,", "SITE is the site itself"),
        ("Z03,zone,intrusion", "Z03,zome,intrusion", "kind 'zome' is not known"),
        ("Z03,zone,intrusion", "Z03,zone,intruder", "system 'intruder' is not known"),
        ("营业厅西,PANEL-1,3", "营业厅西,PANEL-1,x", "number 'x'"),
        ("营业厅西,PANEL-1,3", "营业厅西,PANEL-1,2", "Z03 and Z02 are both zone 2 of PANEL-1"),
        ("营业厅西,PANEL-1,3", "营业厅西,ACS-1,3", "a zone hangs on a panel"),
        ("营业厅西,PANEL-1,3", "营业厅西,PANEL-1,", "has no number at PANEL-1"),
        ("一层弱电间,,1,technology=wired", "一层弱电间,PANEL-1,1,technology=wired", "hangs on itself"),
        ("type=normal; partition=1", "type=normal; partition=one", "partition = 'one' is not a whole number"),
        ("type=normal; partition=1", "type normal", "'type normal' is not of the form name=value"),
        ("type=normal; partition=1", "type=normal; pin=1234", "pin: a password never stands"),
        ("lock=fail_secure", "lock=fail_open", "lock cannot be 'fail_open'"),
        ("loop=RELAY-2/0;", "loop=RELAY-9/0;", "RELAY-9 is not in the inventory"),
        ("loop=RELAY-2/0;", "loop=Z09/0;", "but Z09 is a zone"),
        ("loop=RELAY-2/0;", "loop=RELAY-2;", "without a channel"),
        ("loop=RELAY-2/0;", "loop=RELAY-2/1;", "Z02 loop is wired to RELAY-2/1, where Z01 loop already is"),
        ("loop=RELAY-2/0;", "loop=RELAY-2/01;", "Z02 loop is wired to RELAY-2/1, where Z01 loop already is"),
        ("source=Z07; ", "source=Z77; ", "source Z77 is not in the inventory"),
        (",wiring\n", ",wirring\n", "column 'wirring' is not known"),
        (",name,", ",note,", "column name is missing"),
        ("Z01,zone,", 'Z01,"zone,', "is not valid CSV"),
        ("营业厅正门,PANEL-1,1,", "营业厅,正门,PANEL-1,1,", "has 11 cells, the head has 10"),
        ("[plan]\n", "[plan\n", "is not valid TOML"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_once_at_its_line(
    folder: Path, change: Change, old: str, new: str, expected: str
):
    change(old, new)
    found = [one for one in mistakes_in(folder) if expected in one.what]
    assert len(found) == 1, mistakes_in(folder)
    assert found[0].line
    assert "secret@" not in str(found)


def test_a_misspelt_key_is_answered_with_the_right_one(folder: Path, change: Change):
    change("repetitions = 3", "repetition = 3")
    (found,) = mistakes_in(folder)
    assert found.remedy == "Did you mean repetitions?"
    assert str(found).startswith(f"site.toml:{line_of(folder / 'site.toml', 'repetition = 3')}  plan: ")


def test_scripted_answers_are_refused_on_a_real_rig(folder: Path, change: Change):
    change('rig = "emulated"', 'rig = "real"')
    (found,) = mistakes_in(folder)
    assert "scripted answers are for an emulated rig" in found.what


def test_a_folder_without_a_site_file_says_so(tmp_path: Path):
    assert "has no site.toml" in mistakes_in(tmp_path)[0].what


def test_a_missing_inventory_says_so(folder: Path):
    (folder / "inventory.csv").unlink()
    (found,) = mistakes_in(folder)
    assert found.line == line_of(folder / "site.toml", "inventory =")


def test_broken_toml_does_not_hide_the_mistakes_of_the_inventory(folder: Path, change: Change):
    change("[plan]\n", "[plan\n")
    change("Z03,zone,intrusion", "Z03,zome,intrusion")
    assert {one.path for one in mistakes_in(folder)} == {"site.toml", "inventory.csv"}


def test_an_attribute_given_in_both_files_is_a_mistake(folder: Path, change: Change):
    change("[device.PANEL-1]", "[device.PANEL-1]\nattributes = { battery_ah = 7 }")
    (found,) = mistakes_in(folder)
    assert "battery_ah is given here and in the inventory" in found.what


def test_encoding_and_table_format_change_neither_devices_nor_fingerprint(folder: Path):
    plain = load_site(folder)
    csv = folder / "inventory.csv"
    text = csv.read_text(encoding="utf-8")
    for raw in (text.encode("gb18030"), text.encode("utf-8-sig"), text.replace("\n", "\r\n").encode()):
        csv.write_bytes(raw)
        assert load_site(folder) == plain


def test_a_chinese_workbook_with_a_title_line_gives_the_same_devices(folder: Path, change: Change):
    english = (
        "id",
        "kind",
        "system",
        "name",
        "model",
        "location",
        "parent",
        "number",
        "attributes",
        "wiring",
    )
    chinese = ("编号", "类型", "子系统", "名称", "型号", "位置", "上级设备", "防区号", "属性", "接线")
    heads = dict(zip(english, chinese, strict=True))
    text = {
        "zone": "防区",
        "camera": "摄像机",
        "door": "门",
        "intrusion": "入侵报警系统",
        "video": "视频监控",
    }
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["示范银行网点点位表"])
    sheet.append([])
    for line in (folder / "inventory.csv").read_text(encoding="utf-8").splitlines():
        cells = [text.get(cell, heads.get(cell, cell)) for cell in line.split(",")]
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    book.save(folder / "点位表.xlsx")
    by_csv = load_site(folder)
    change('inventory = "inventory.csv"', 'inventory = "点位表.xlsx"')
    by_xlsx = load_site(folder)
    for name, device in by_csv.devices.items():
        other = by_xlsx.devices[name]
        assert (other.kind, other.system, other.number) == (device.kind, device.system, device.number)
        assert (other.attributes, other.wiring) == (device.attributes, device.wiring)
    line = int(by_csv.devices["Z01"].place.rpartition(":")[2])
    assert by_xlsx.devices["Z01"].place == f"点位表.xlsx:{line + 2}", "below a title and an empty line"


def test_a_mistake_in_a_workbook_is_told_with_its_row(folder: Path, change: Change):
    book = openpyxl.Workbook()
    for row in (
        ["编号", "类型", "系统", "名称"],
        [],
        ["Z1", "防区", "入侵报警", "门磁"],
        ["Z2", "防地", "入侵报警", "窗"],
    ):
        book.active.append(row)
    book.save(folder / "list.xlsx")
    change('inventory = "inventory.csv"', 'inventory = "list.xlsx"')
    found = [one for one in mistakes_in(folder) if one.path == "list.xlsx"]
    assert [(one.line, one.remedy) for one in found] == [(4, "Did you mean 防区?")]


def test_a_broken_workbook_is_a_mistake_not_a_traceback(folder: Path, change: Change):
    change('inventory = "inventory.csv"', 'inventory = "list.xlsx"')
    (folder / "list.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert any("not a readable XLSX" in one.what for one in mistakes_in(folder))


def test_any_change_of_the_files_changes_the_fingerprint(folder: Path, change: Change):
    before = load_site(folder).sha256
    change("现金区双鉴", "现金区双鉴探测器")
    after = load_site(folder).sha256
    change("repetitions = 3", "repetitions = 4")
    assert len({before, after, load_site(folder).sha256}) == 3


def test_multi_line_arrays_and_strings_do_not_shift_lines(folder: Path, change: Change):
    change("[parties]", 'extra = """\n[plan]\nseed = 1\n"""\n[parties]')
    (found,) = mistakes_in(folder)
    assert found.line == line_of(folder / "site.toml", "extra =")
    change('extra = """\n[plan]\nseed = 1\n"""\n', "")
    change("hold_s = 0.5", "hold_s = -2")
    (found,) = mistakes_in(folder)
    assert found.line == line_of(folder / "site.toml", "hold_s")


def test_the_summary_tells_names_but_no_secret_and_no_address_on_the_wire():
    reported = summary(load_site(BRANCH), instruments=[{"id": "DMM-1"}])
    assert reported["devices"]["CAM-1"]["parent"] == "NVR-1"
    assert reported["address"].startswith("内蒙古")
    assert "address" not in reported["attributes"]
    assert reported["attributes"]["commissioned"] == "2026-10-10"
    assert "127.0.0.1" not in str(reported)
    assert "PASSWORD" not in str(reported)


def test_the_site_itself_can_be_tested_as_a_device():
    device = site_device(load_site(BRANCH))
    assert (device.id, device.kind) == ("SITE", DeviceKind.SITE)


def test_reading_with_mistakes_still_returns_what_could_be_read(folder: Path, change: Change):
    change("Z03,zone,intrusion", "Z03,zome,intrusion")
    site, found = read_site(folder)
    assert len(found) == 1
    assert "Z03" not in site.devices
    assert "Z04" in site.devices
