# SPDX-License-Identifier: Apache-2.0
"""Names of the field by how they are spelt: suffixes, makers before names, traditional characters, parts."""

from __future__ import annotations

import pytest

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.head_names import column_of
from yanshou.site.schedule.meanings import UNCLEAR, UNTESTED, Meaning
from yanshou.site.schedule.terms import Context, meaning
from yanshou.site.schedule.traditional import simplified

CAMERA, RECORDER = Meaning(DeviceKind.CAMERA), Meaning(DeviceKind.RECORDER)
VIDEO, ALARM, ACCESS = System.VIDEO, System.INTRUSION, System.ACCESS_CONTROL


def zone(detector: str) -> Meaning:
    return Meaning(DeviceKind.ZONE, f"detector={detector}")


@pytest.mark.parametrize(
    ("text", "system", "found"),
    [
        ("枪型机", None, CAMERA),
        ("球式机", None, CAMERA),
        ("移动布控球", None, CAMERA),
        ("CVR存储服务器", None, RECORDER),
        ("NVR存储主机", None, RECORDER),
        ("主机房A门", ACCESS, None),
        ("双门控制模块", ACCESS, None),
        ("双鉴红外探测器", None, zone("dual")),
        ("双鉴移动探测器", None, zone("dual")),
        ("幕帘式被动红外探测器", None, zone("curtain")),
        ("红外移动探测器", None, zone("infrared")),
        ("微波对射探测器", None, zone("microwave")),
        ("玻璃破裂探测器", None, zone("glass_break")),
        ("泄漏感应电缆", None, zone("leaky_cable")),
        ("PIR ceiling mount", ALARM, zone("infrared")),
        ("一键求助", None, Meaning(DeviceKind.ZONE, "type=hold_up")),
        ("应急按钮", ALARM, Meaning(DeviceKind.ZONE, "type=hold_up", within=frozenset({ALARM}))),
        ("应急按钮", ACCESS, UNCLEAR),
        ("脚踏报警", None, Meaning(DeviceKind.ZONE, "type=hold_up; detector=foot_switch")),
        ("人脸识别读头", ACCESS, Meaning(DeviceKind.READER, "technology=face")),
        ("震动光纤报警主机", ALARM, UNCLEAR),
        ("电子围栏总线报警主机", ALARM, UNCLEAR),
        ("振动光缆+微波", ALARM, UNCLEAR),
        ("枪机+支架", VIDEO, CAMERA),
        ("智能门锁", ACCESS, UNCLEAR),
    ],
)
def test_names_by_their_parts(text: str, system: System | None, found: Meaning | None) -> None:
    assert meaning(text, Context(system)) == found


@pytest.mark.parametrize(
    ("text", "system", "found"),
    [
        ("中控智慧C3-400控制器", ACCESS, Meaning(DeviceKind.DOOR_CONTROLLER)),
        ("DS7400主机", ALARM, Meaning(DeviceKind.PANEL)),
        ("中控室主机", ALARM, UNCLEAR),
        ("中控室主机", None, UNCLEAR),
    ],
)
def test_a_maker_and_a_model_may_stand_before_a_name(
    text: str, system: System | None, found: Meaning
) -> None:
    assert meaning(text, Context(system)) == found


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("总线驱动模块", ALARM),
        ("GPRS模块", ALARM),
        ("46寸液晶拼接单元", VIDEO),
        ("LED小间距屏", VIDEO),
        ("HDMI线", VIDEO),
        ("JDG管", None),
        ("12V2A电源", VIDEO),
        ("灵性锁", ACCESS),
        ("M1卡", ACCESS),
        ("访客登记一体机", ACCESS),
        ("流媒体服务器", VIDEO),
        ("停车场管理软件", None),
        ("动环监控主机", None),
        ("声光警报器", ALARM),
        ("门状态传感器", ACCESS),
        ("Request to exit PIR", ACCESS),
        ("扎带", VIDEO),
    ],
)
def test_parts_by_the_word_they_end_with(text: str, system: System | None) -> None:
    assert meaning(text, Context(system)) == UNTESTED


@pytest.mark.parametrize("text", ["12V5A电源", "云台", "接警软件", "热备服务器"])
def test_what_may_be_more_than_a_part_is_left_to_a_person(text: str) -> None:
    found = meaning(text, Context(ACCESS if "电源" in text else VIDEO))
    assert found is None or found == UNCLEAR


@pytest.mark.parametrize(
    ("text", "system", "found"),
    [
        ("半球型網路攝影機", VIDEO, CAMERA),
        ("32路網路錄影主機", VIDEO, RECORDER),
        ("紅外線偵測器", ALARM, zone("infrared")),
        ("磁簧開關", ALARM, zone("contact")),
        ("緊急掣", ALARM, Meaning(DeviceKind.ZONE, "type=hold_up")),
        ("防盜主機", ALARM, Meaning(DeviceKind.PANEL)),
        ("讀卡機", ACCESS, Meaning(DeviceKind.READER)),
        ("磁力鎖", ACCESS, UNTESTED),
    ],
)
def test_names_in_traditional_characters(text: str, system: System, found: Meaning) -> None:
    assert meaning(text, Context(system)) == found


def test_simplified_characters_stay() -> None:
    assert simplified("干式变压器后台里程面板") == "干式变压器后台里程面板"
    assert simplified("設備編號") == "设备编号"


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("標的名稱", "name"),
        ("采购标的", "name"),
        ("清单项目名称", "name"),
        ("推荐品牌及型号", "model"),
        ("相机编号", "id"),
        ("镜头编号", "id"),
        ("报警主机防区", "number"),
        ("数字通道", "number"),
        ("输入点", "number"),
        ("楼栋楼层", "location"),
        ("安装地址", "location"),
        ("覆盖区域", "location"),
        ("点位（数量）", "quantity"),
        ("总数量", "quantity"),
        ("镜头类型", "unused"),
        ("线缆规格", "unused"),
        ("设备地址", "host"),
    ],
)
def test_heads_by_their_parts(head: str, column: str) -> None:
    assert column_of(head) == column
