# SPDX-License-Identifier: Apache-2.0
"""What a sheet itself says is not installed becomes no device, until a person says that it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.site.schedule import Why

HEAD = ["编号", "设备名称", "安装位置", "使用状态", "备注"]


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("报废", ""),
        ("已拆除", ""),
        ("停用", ""),
        ("未安装", ""),
        ("待装", ""),
        ("在库备用", ""),
        ("未到货", ""),
        ("未投运", ""),
        ("待投用", ""),
        ("已拆", ""),
        ("送修返厂", ""),
        ("甩项", ""),
        ("不再使用", ""),
        ("Not commissioned", ""),
        ("To be installed", ""),
        ("Phase 2", ""),
        ("Decommissioned", ""),
        ("Not installed", ""),
        ("", "已拆除"),
        ("", "2025年拆除"),
        ("正常", "二期安装"),
        ("", "预留"),
    ],
)
def test_a_row_that_is_not_installed_is_no_device(tmp_path: Path, state: str, note: str) -> None:
    rows = [["C-1", "半球摄像机", "大厅", "在用", ""], ["C-2", "半球摄像机", "库房", state, note]]
    drafted, remarks = read(tmp_path, HEAD, *rows)
    assert {one.id: str(one.row.kind) for one in drafted} == {"C-1": "camera", "C-2": "None"}
    (absent,) = [one for one in remarks if one.why is Why.NOT_INSTALLED]
    assert (absent.line, (state if state not in {"", "正常"} else note) in absent.text) == (3, True)


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("在用", ""),
        ("正常", ""),
        ("故障", ""),
        ("离线", ""),
        ("损坏待修", ""),
        ("接触不良", ""),
        ("已投运", ""),
        ("√", ""),
        ("Installed, faulty", ""),
        ("", "旧设备拆除后利旧"),
        ("", "备用电源供电"),
        ("", "取消原支架，吊装"),
    ],
)
def test_a_broken_one_is_there_and_is_tested(tmp_path: Path, state: str, note: str) -> None:
    drafted, remarks = read(tmp_path, HEAD, ["C-1", "半球摄像机", "大厅", state, note])
    assert [str(one.row.kind) for one in drafted] == ["camera"]
    assert Why.NOT_INSTALLED not in {one.why for one in remarks}


@pytest.mark.parametrize(
    ("head", "there", "away"),
    [("是否安装", "是", "否"), ("是否报废", "否", "是"), ("Installed", "Yes", "No"), ("是否在用", "√", "×")],
)
def test_a_column_may_be_answered_by_yes_or_no(tmp_path: Path, head: str, there: str, away: str) -> None:
    rows = [["C-1", "半球摄像机", "大厅", there], ["C-2", "半球摄像机", "库房", away]]
    drafted, _ = read(tmp_path, ["编号", "设备名称", "安装位置", head], *rows)
    assert [str(one.row.kind) for one in drafted] == ["camera", "None"]


def test_a_name_may_say_it_in_brackets(tmp_path: Path) -> None:
    rows = [["C-1", "枪机（已拆除）", "东门", "", ""], ["C-2", "枪机（室外）", "厂房（二期）", "", ""]]
    drafted, _ = read(tmp_path, HEAD, *rows)
    assert [str(one.row.kind) for one in drafted] == ["None", "camera"]


def test_what_others_made_a_device_of_is_not_installed_either(tmp_path: Path) -> None:
    drafted, remarks = read(
        tmp_path,
        ["编号", "设备名称", "上级", "状态"],
        ["AP-1", "报警主机", "", "在用"],
        ["B-1", "手动报警按钮", "AP-1", "报废"],
    )
    assert [str(one.row.kind) for one in drafted] == ["panel", "None"]
    assert [one.line for one in remarks if one.why is Why.NOT_INSTALLED] == [3]


def test_a_door_among_goods_may_have_nothing_that_controls_it(tmp_path: Path) -> None:
    drafted, remarks = read(
        tmp_path,
        ["序号", "设备名称", "单位", "数量", "位置"],
        ["一、出入口控制系统", "", "", "", ""],
        [1, "防尾随旋转门", "套", 1, "大厅"],
        [2, "读卡器", "只", 1, "大厅"],
        merged=["A2:E2"],
    )
    assert [str(one.row.kind) for one in drafted] == ["None", "reader"]
    assert [one.line for one in remarks if one.why is Why.UNCLEAR] == [3]


def test_features_of_a_bill_of_quantities_do_not_hide_a_clear_name(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["项目编码", "项目名称", "项目特征", "计量单位", "工程量"],
        ["030507003002", "读卡器", "IC卡，带密码键盘", "台", 1],
        ["030507001001", "入侵报警主机", "总线制，128防区", "套", 1],
        ["030507001002", "入侵探测器", "名称：红外双鉴探测器", "套", 1],
    )
    assert [(str(one.row.kind), one.attributes) for one in drafted] == [
        ("reader", ()),
        ("panel", ()),
        ("zone", ("detector=dual",)),
    ]


def test_heads_may_be_questions(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "器材", "装在哪里", "属于哪个主机", "第几防区"],
        ["Z1", "门磁", "入户门", "H1", 3],
    )
    zones = [one for one in drafted if str(one.row.kind) == "zone"]
    assert [(one.parent, one.number, one.row["location"]) for one in zones] == [("H1", "3", "入户门")]
