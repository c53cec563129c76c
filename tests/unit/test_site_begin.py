# SPDX-License-Identifier: Apache-2.0
"""A new site folder can be read at once, whatever inventory it was made from."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from yanshou.cli.begun import REASONS
from yanshou.cli.main import main
from yanshou.model import UsageError
from yanshou.site import Begun, begin_site, load_site
from yanshou.site.schedule import Why
from yanshou.site.vocabulary import kind_of, system_of
from yanshou.vocabulary.device import KIND_SYSTEMS

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_an_empty_site_is_in_order(tmp_path, capsys):
    assert main(["init", str(tmp_path / "新工程 1")]) == 0
    site = load_site(tmp_path / "新工程 1")
    assert (site.id, site.name, dict(site.devices)) == ("1", "新工程 1", {})
    assert main(["check", str(tmp_path / "新工程 1")]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("note", "host"),
    [
        ("http://192.168.1.20:8080", "192.168.1.20"),
        ("１９２．１６８．１．２０：８０", "192.168.1.20"),
        ("192.168.1.400:80", ""),
        ("192.168.1.20:99999", ""),
    ],
)
def test_an_address_among_the_remarks_is_taken_when_it_is_one(tmp_path, note, host):
    path = tmp_path / "list.csv"
    path.write_text(f"编号,类型,系统,名称,备注\nCAM-1,摄像机,视频监控,大门,{note}\n", encoding="utf-8")
    begin_site(tmp_path / "site", path)
    link = load_site(tmp_path / "site").devices["CAM-1"].connection
    assert (link.host if link else "") == host


def test_the_sample_device_holds_when_it_is_taken_out_of_its_comments(tmp_path):
    begin_site(tmp_path / "site")
    file, inventory = tmp_path / "site" / "site.toml", tmp_path / "site" / "inventory.csv"
    head, _, sample = file.read_text(encoding="utf-8").partition("# [device.CAM-1]")
    file.write_text(f"{head}[device.CAM-1]{sample.replace('# connection', 'connection')}", encoding="utf-8")
    row = "CAM-1,摄像机,视频监控,大门枪机,,大门,,1,,,\n"
    inventory.write_text(inventory.read_text(encoding="utf-8") + row, encoding="utf-8")
    connection = load_site(tmp_path / "site").devices["CAM-1"].connection
    assert (connection.protocol, connection.user) == ("onvif", "admin")


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("192.168.1.400:80", True),
        ("192.168.1.20:99999", True),
        ("192.168.1.20", True),  # no port
        ("http://192.168.1.20:80:81", True),
        ("a..b:80", True),
        ("192.168.1.20:80", False),
        ("2026-11 更换", False),
        ("版本 1.2.3", False),
        ("", False),
    ],
)
def test_what_is_meant_as_an_address_and_is_none_is_told(tmp_path, note, expected):
    path = tmp_path / "list.csv"
    path.write_text(f"编号,类型,系统,名称,备注\nCAM-1,摄像机,视频监控,大门,{note}\n", encoding="utf-8")
    mistakes = begin_site(tmp_path / "site", path).mistakes
    assert ["备注" in one.what and one.line == 2 for one in mistakes] == [True] * expected


@pytest.mark.parametrize("example", ["bank-branch", "archive"])
def test_the_inventory_is_taken_over_whole(tmp_path, example):
    assert begin_site(tmp_path / "site", EXAMPLES / example / "inventory.csv") == Begun()
    site, wanted = load_site(tmp_path / "site"), load_site(EXAMPLES / example)
    assert list(site.devices) == list(wanted.devices)
    text = (tmp_path / "site" / "site.toml").read_text(encoding="utf-8")
    assert "# [device.CAM-1]" in text  # its address is not known yet


def test_addresses_in_the_note_become_connections(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["编号", "类型", "系统", "名称", "备注"],
        ["CAM-1", "摄像机", "视频监控", "大门", "192.0.2.7:8000"],
        ["P-1", "报警主机", "入侵报警", "主机", "[2001:db8::1]:502"],
        ["CAM-2", "摄像机", "视频监控", "后门", "三楼"],
    ):
        book.active.append(row)
    book.save(tmp_path / "点位表.xlsx")
    assert begin_site(tmp_path / "site", tmp_path / "点位表.xlsx") == Begun()
    site = load_site(tmp_path / "site")
    camera, panel = site.devices["CAM-1"].connection, site.devices["P-1"].connection
    assert (camera.protocol, camera.host, camera.port) == ("onvif", "192.0.2.7", 8000)
    assert camera.secret.kind == "env"
    assert (panel.protocol, panel.host, panel.port) == ("modbus-tcp", "2001:db8::1", 502)
    assert site.devices["CAM-2"].connection is None


def test_nothing_is_written_over_and_a_broken_inventory_is_told(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a.txt").write_text("a", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty"):
        begin_site(tmp_path / "kept")
    (tmp_path / "bad.csv").write_text("no,head\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no head line"):
        begin_site(tmp_path / "new", tmp_path / "bad.csv")
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="no file"):
        begin_site(tmp_path / "new", tmp_path / "none.csv")


def designers_book(path: Path) -> Path:
    """A title, two head rows, sections, a hidden row, a hidden sheet, a cover and a password."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["某酒店安防工程"])
    sheet = book.create_sheet("点位")
    for row in (
        ["安防系统点位表"],
        ["序号", "设备名称", "安装位置", "网络", None, "密码", "备注"],
        [None, None, None, "IP地址", "端口", None, None],
        ["一、视频监控系统"],
        [1, "半球", "大厅", "10.0.0.1", 80, "Secret9", "吊顶"],
        [2, "枪机", "走廊", "10.0.0.2", 8000, "Secret9", None],
        [3, "球机", "广场", "10.0.0.333", None, None, None],
        [4, "枪机", "库房", "10.0.0.4", None, None, None],
        [5, "交换机", "机房", "10.0.0.5", None, None, None],
        ["二、入侵报警系统"],
        [1, "报警主机", "值班室", "10.0.0.6", None, None, None],
        [2, "紧急按钮", "前台", None, None, None, None],
        [3, "神秘设备", "前台", None, None, None, None],
    ):
        sheet.append(row)
    for area in ("A1:G1", "D2:E2", "A4:G4", "A10:G10"):
        sheet.merge_cells(area)
    sheet.row_dimensions[8].hidden = True
    old = book.create_sheet("旧版")
    old.append(["序号", "设备名称", "安装位置"])
    old.append([1, "半球", "旧楼"])
    old.sheet_state = "hidden"
    book.save(path)
    return path


def test_a_designers_sheet_becomes_a_site_and_what_is_open_is_told(tmp_path, capsys):
    path = designers_book(tmp_path / "点位表.xlsx")
    folder = tmp_path / "site"
    assert main(["--lang", "zh", "init", str(folder), "--from", str(path)]) == 2
    said = capsys.readouterr().out
    for text in (
        "[点位]:5–8  摄像机 × 4",
        "[点位]:13",
        "[旧版]",
        "[封面]",
        "[点位]:8",
        "10.0.0.333",
        "口令不收入",
    ):
        assert text in said
    written = (folder / "inventory.csv").read_text("utf-8-sig") + (folder / "site.toml").read_text("utf-8")
    assert "Secret9" not in written + said
    assert "点位!9" in written  # the switch stays, as a line that is not read
    lines = {line.split(",")[3]: line for line in written.splitlines() if ",点位!" in line}
    assert "紧急按钮" in lines
    assert "上级、防区号,点位!12" in lines["紧急按钮"]
    assert "type=hold_up" in lines["紧急按钮"]
    assert "# [device.CAM-002]" in written  # 8000 is no port of ONVIF
    assert "\n[device.CAM-001]" in written
    assert main(["check", str(folder)]) == 2
    assert "神秘设备" in capsys.readouterr().out
    inventory = folder / "inventory.csv"
    inventory.write_text(
        "\n".join(line for line in inventory.read_text("utf-8-sig").splitlines() if "神秘" not in line),
        "utf-8",
    )
    site = load_site(folder)
    assert [one.kind for one in site.devices.values()] == [*["camera"] * 4, "panel", "zone"]
    assert {one.id for one in site.devices.values() if one.connection} == {"CAM-001", "CAM-004"}
    assert all(one.number is None for one in site.devices.values())  # 序号 is no number at the panel


def test_the_words_of_init_are_there_for_every_reason():
    assert set(REASONS) == set(Why)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_filled_in_is_a_site_with_nothing_left_open(tmp_path, capsys, language):
    path = tmp_path / "points.xlsx"
    assert main(["--lang", language, "init", "--template", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    offered = {
        str(one.sqref)[0]: one.formula1.strip('"').split(",")
        for one in sheet.data_validations.dataValidation
        if one.type == "list"
    }
    assert all(len(one.formula1) <= 257 for one in sheet.data_validations.dataValidation)  # Excel's own bound
    kinds = offered["C"]
    assert len(kinds) == len({kind_of(word) for word in kinds} - {None}) >= 12
    assert None not in {system_of(word) for word in offered["D"]}
    for at, word in enumerate(kinds, start=1):
        usual = {kind: system for kind, (system, *_) in KIND_SYSTEMS.items()}.get(kind_of(word))
        system = next((one for one in offered["D"] if system_of(one) is usual), offered["D"][0])
        parent = {"zone": "D-02", "door": "D-04"}.get(str(kind_of(word)), "")
        sheet.append(
            [at, f"D-{at:02d}", word, system, f"{word} {at}", "M-1", "1F", parent, 1 if parent else None]
        )
    assert (heads[2], heads[3]) == (("类型", "系统") if language == "zh" else ("kind", "system"))
    book.save(path)
    assert main(["init", str(tmp_path / "site"), "--from", str(path)]) == 0
    assert len(load_site(tmp_path / "site").devices) == len(kinds)
    capsys.readouterr()


def test_the_template_writes_over_nothing_and_makes_no_site(tmp_path, capsys):
    path = tmp_path / "points.xlsx"
    path.write_bytes(b"mine")
    assert main(["init", "--template", str(path)]) == 2
    assert path.read_bytes() == b"mine"
    assert main(["init", "--template", str(tmp_path / "points.csv")]) == 2
    assert main(["init", str(tmp_path / "site"), "--template", str(tmp_path / "b.xlsx")]) == 2
    assert main(["init"]) == 2
    assert not (tmp_path / "site").exists()
    capsys.readouterr()
