# SPDX-License-Identifier: Apache-2.0
"""A new site folder can be read at once, whatever inventory it was made from."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from yanshou.cli.main import main
from yanshou.model import UsageError
from yanshou.site import begin_site, load_site

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
    ("note", "told"),
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
def test_what_is_meant_as_an_address_and_is_none_is_told(tmp_path, note, told):
    path = tmp_path / "list.csv"
    path.write_text(f"编号,类型,系统,名称,备注\nCAM-1,摄像机,视频监控,大门,{note}\n", encoding="utf-8")
    mistakes = begin_site(tmp_path / "site", path)
    assert ["备注" in one.what and one.line == 2 for one in mistakes] == [True] * told


@pytest.mark.parametrize("example", ["bank-branch", "archive"])
def test_the_inventory_is_taken_over_whole(tmp_path, example):
    assert begin_site(tmp_path / "site", EXAMPLES / example / "inventory.csv") == []
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
    assert begin_site(tmp_path / "site", tmp_path / "点位表.xlsx") == []
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
