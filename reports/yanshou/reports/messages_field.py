# SPDX-License-Identifier: Apache-2.0
"""The field's words for what site file and plan name: systems, devices, attributes, actions, samples."""

from __future__ import annotations

import re

from yanshou.model import Text
from yanshou.reports.messages_devices import DEVICE_ATTRIBUTES, DEVICE_VALUES

SYSTEMS = {
    "intrusion": Text("入侵和紧急报警系统", "Intrusion and hold-up alarm system"),
    "video": Text("视频监控系统", "Video surveillance system"),
    "access_control": Text("出入口控制系统", "Access control system"),
    "security_inspection": Text("防爆安全检查系统", "Security inspection system"),
    "integration": Text("安全防范系统集成与联动", "Integration and linkage"),
    "alarm_network": Text("报警联网", "Alarm network"),
    "site": Text("工程与管理", "Site and management"),
    "laboratory": Text("检测机构自查", "The laboratory itself"),
    "acceptance": Text("工程验收", "Acceptance"),
    "": Text("其他", "Other"),
}

KINDS = {
    "zone": Text("防区", "zones"),
    "panel": Text("报警控制器", "alarm panels"),
    "door": Text("出入口", "doors"),
    "door_controller": Text("门禁控制器", "door controllers"),
    "reader": Text("识读装置", "readers"),
    "camera": Text("摄像机", "cameras"),
    "recorder": Text("录像设备", "recorders"),
    "relay_board": Text("检测继电器板", "relay boards (bench)"),
    "gate": Text("金属探测门", "walk-through gates"),
    "xray": Text("X 射线安检机", "X-ray units"),
    "platform": Text("管理平台", "platforms"),
    "alarm_link": Text("报警联网链路", "alarm links"),
    "alarm_receiver": Text("检测接警机", "alarm receivers of the bench"),
    "linkage": Text("联动关系", "linkages"),
    "power_supply": Text("电源", "power supplies"),
    "time_server": Text("校时服务器", "time servers"),
    "instrument": Text("测量仪器", "instruments"),
    "site": Text("工程", "site"),
}

ATTRIBUTES = {
    "category": Text("场所类别（条例第八条）", "category (Art. 8)"),
    "province": Text("省级行政区", "province"),
    "sector": Text("行业", "sector"),
    "risk_grade": Text("风险等级", "risk grade"),
    "security_grade": Text("系统安全等级", "security grade"),
    "protection_class": Text("防护级别（GB 50396）", "protection class (GB 50396)"),
    "video_quality_class": Text("图像质量等级", "video quality class"),
    "high_risk": Text("高风险保护对象", "high risk"),
    "key_area": Text("重点公共区域", "key area"),
    "joint_earth": Text("共用接地", "joint earthing"),
    "remote_approval": Text("远程授权开启", "remote approval"),
    "shared_card": Text("一卡通用", "shared card"),
    "clock_system": Text("设有时钟系统", "clock system"),
    "analogue": Text("模拟视频系统", "analogue video"),
    "network_form": Text("组网方式", "network form"),
    "legal_basis": Text("建设依据（国务院令第 799 号）", "legal basis (Order 799)"),
    "counter_terror_target": Text("反恐重点目标", "counter-terror target"),
    "commissioned": Text("交付日期", "commissioned"),
    "required_systems": Text("应设系统", "required systems"),
    "contract_cites": Text("合同另引标准", "cited by the contract"),
}

ACTIONS = {
    "siren": Text("启动声光报警", "sound the sirens"),
    "lock_release": Text("释放电锁", "release locks"),
    "hold_up": Text("触发紧急报警", "trigger hold-up alarms"),
    "dispatch": Text("触发出警", "dispatch the police"),
    "power_cut": Text("切断供电", "cut the power supply"),
    "network_cut": Text("断开网络", "cut the network"),
    "fire_interface": Text("触发消防接口", "trigger the fire alarm interface"),
    "reboot": Text("重启设备", "restart devices"),
    "clock_change": Text("改变设备时钟", "change device clocks"),
    "record_delete": Text("试删录像", "try to delete recordings"),
    "platform_stop": Text("停止平台服务", "stop the service of the platform"),
    "camera_move": Text("转动摄像机", "move cameras"),
    "remote_guard": Text("远程布撤防、复位和录像", "set, reset and record from the platform"),
    "calibrate": Text("回路校准", "calibrate the bench"),
    "beam": Text("开启射线", "run the beam"),
    "police_test_mode": Text("公安联网处于测试状态", "police link in test mode"),
}

ATTRIBUTE_VALUES = {
    "bank": Text("银行", "bank"),
    "school": Text("学校", "school"),
    "residential": Text("住宅", "residential"),
    "metro": Text("城市轨道交通", "metro"),
    "museum": Text("博物馆", "museum"),
    "power": Text("发电", "power station"),
    "power_utility": Text("电网", "power utility"),
    "petroleum": Text("石油石化", "petroleum"),
    "prison": Text("监狱", "prison"),
    "entertainment": Text("娱乐场所", "entertainment"),
    "hospital": Text("医院", "hospital"),
    "airport": Text("机场", "airport"),
    "government": Text("党政机关", "government"),
    "laboratory": Text("实验室", "laboratory"),
    "other": Text("其他", "other"),
    "controller": Text("单控制器", "single controller"),
    "local": Text("本地联网", "local network"),
    "public": Text("公共网络", "public network"),
    "art7": Text("第七条", "Art. 7"),
    "art9": Text("第九条", "Art. 9"),
    "non_public": Text("非公共场所", "not public"),
    "True": Text("是", "yes"),
    "False": Text("否", "no"),
}
"""Values of site attributes that are words of the site file."""

QUANTITIES = {
    "air_kerma": Text("空气比释动能", "air kerma"),
    "air_kerma_rate": Text("空气比释动能率", "air kerma rate"),
    "angle": Text("角度", "angle"),
    "dc_current": Text("直流电流", "direct current"),
    "dc_voltage": Text("直流电压", "direct voltage"),
    "density": Text("光学密度", "optical density"),
    "distortion": Text("畸变率", "distortion"),
    "dose_rate": Text("剂量率", "dose rate"),
    "duration": Text("历时", "duration"),
    "earth_resistance": Text("接地电阻", "earth resistance"),
    "frequency": Text("频率", "frequency"),
    "glare": Text("眩光", "glare"),
    "humidity": Text("相对湿度", "humidity"),
    "illuminance": Text("照度", "illuminance"),
    "insulation_resistance": Text("绝缘电阻", "insulation resistance"),
    "interruption": Text("断电时间", "interruption"),
    "leakage_current": Text("泄漏电流", "leakage current"),
    "length": Text("长度", "length"),
    "luminance_ratio": Text("亮度比", "luminance ratio"),
    "power": Text("功率", "power"),
    "pulse_energy": Text("脉冲能量", "pulse energy"),
    "sound_level": Text("声级", "sound level"),
    "temperature": Text("温度", "temperature"),
    "time_interval": Text("时间间隔", "time interval"),
    "utc_offset": Text("相对 UTC 的偏差", "offset from UTC"),
    "video_amplitude": Text("视频幅度", "video amplitude"),
    "voltage": Text("电压", "voltage"),
}
"""Quantities of the ranges of an instrument; one without a word here is printed by its unit alone."""

SAMPLING_RULES = {
    "all": Text("全数", "all"),
    "all (model not stated)": Text("全数（型号未说明）", "all (model not stated)"),
    "sample_all": Text("按约定全数加抽", "all of a kind, as agreed"),
}
_OURS = {name: text.zh for names in (ACTIONS, ATTRIBUTES) for name, text in names.items() if "_" in name}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_YES_AND_NO = {"true": "是", "false": "否", "True": "是", "False": "否"}
_STATED = re.compile(r"(\w+) 为 ([^，；]+)，本条要求 ([^；/]+)")
_UNSTATED = re.compile(r"未说明 (\w+)（本条要求 ([^）]+)）")
_NO_SYSTEM = re.compile(r"本工程无 (\w+) 子系统")
_WORD = re.compile(r"[A-Za-z_]\w*")


def chinese_signs(text: str) -> int:
    """How many Chinese characters stand in a text."""
    return len(_CHINESE.findall(text))


_COLUMN = re.compile("（[a-z]+(?:_[a-z]+)+）")
"""The name of a column of the point list, which only who fills it in needs."""


def in_field_terms(text: str) -> str:
    """A Chinese text with the field's words for the names of the site file in it."""
    text = _STATED.sub(
        lambda at: f"{_named(at[1])}为{_valued(at[1], at[2])}，本条要求{_valued(at[1], at[3])}", text
    )
    text = _UNSTATED.sub(lambda at: f"未说明{_named(at[1])}（本条要求{_valued(at[1], at[2])}）", text)
    text = _NO_SYSTEM.sub(lambda at: f"本工程无{SYSTEMS[at[1]].zh if at[1] in SYSTEMS else at[1]}", text)
    return _WORD.sub(lambda at: _OURS.get(at[0], at[0]), _COLUMN.sub("", text))


def _as_stated(stated: re.Match[str]) -> str:
    name, there, asked = stated.groups()
    return f"{_named(name)}为{_valued(name, there)}，本条要求{_valued(name, asked)}"


def population(label: str, language: str) -> str:
    """A lot of the plan: ``camera/EMU-IPC [type=x] #2`` is 摄像机 EMU-IPC（符合条款条件的部分，2）."""
    whole, _, number = label.partition(" #")
    name, _, part = whole.partition(" [")
    kind, _, model = name.replace("/", " ", 1).partition(" ")
    texts = KINDS.get(kind, Text(kind, kind))
    of = Text("符合条款条件的部分", "those the clause is about")
    notes = [of.zh if language == "zh" else of.en] if part else []
    notes += [number] if number else []
    named = f"{texts.zh if language == 'zh' else texts.en} {model}".strip()
    around = "（{}）" if language == "zh" else " ({})"
    return named + (around.format(("，" if language == "zh" else ", ").join(notes)) if notes else "")


def sampling_rule(rule: str, language: str) -> str:
    """A rule of sampling: a standard with its clause stays as it is."""
    parts = [SAMPLING_RULES.get(one, Text(one, one)) for one in rule.split("; ")]
    return ("；" if language == "zh" else "; ").join(one.zh if language == "zh" else one.en for one in parts)


def _named(name: str) -> str:
    """The word for an attribute of the site, or of a device as the columns of a point list have it."""
    return ATTRIBUTES[name].zh if name in ATTRIBUTES else DEVICE_ATTRIBUTES.get(name, name)


def _valued(name: str, text: str) -> str:
    """The word of each value of an attribute; a blank stays before a figure or a letter only."""
    said_as = _YES_AND_NO | DEVICE_VALUES.get(name, {})
    said_as |= {one: both.zh for one, both in ATTRIBUTE_VALUES.items()} if name in ATTRIBUTES else {}
    said = _WORD.sub(lambda at: said_as.get(at[0], at[0]), text)
    return f" {said}" if said[:1].isascii() else said
