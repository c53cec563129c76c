# SPDX-License-Identifier: Apache-2.0
"""The words a designer's 点位表 uses for equipment and for systems, and what they mean to a site.

A word that could mean two kinds is *unclear*: the row is listed for a person to decide, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.model import DeviceKind, System
from yanshou.site.vocabulary import kind_of, system_of

_K = DeviceKind


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says: a kind with attributes that follow from it.

    Without a kind it is equipment that no clause tests, or, when not ``clear``, a word with several meanings.
    ``within`` are the systems in which the word has this meaning; elsewhere it is unclear.
    """

    kind: DeviceKind | None = None
    attributes: str = ""
    clear: bool = True
    within: frozenset[System] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """What the section, the title and the sheet's name say of the rows below."""

    system: System | None = None
    foreign: bool = False  # of a system that is no security system: fire, public address, cabling
    kind: DeviceKind | None = None


UNTESTED = Meaning()
UNCLEAR = Meaning(clear=False)
_ALARM = frozenset({System.INTRUSION})


def _zone(detector: str) -> Meaning:
    return Meaning(_K.ZONE, f"detector={detector}")


_HOLD_UP = Meaning(_K.ZONE, "type=hold_up")
_BARRIER = Meaning(_K.DOOR, "type=barrier")

_TERMS: Mapping[str, Meaning] = {
    **dict.fromkeys(
        (
            *(
                *("摄像机", "摄像头", "枪机", "球机", "半球", "半球机", "筒机", "枪球", "枪球一体机"),
                *("云台机", "高速球"),
            ),
            *(
                *("球型一体机", "快球", "智能球", "鱼眼", "鹰眼", "抓拍机", "热成像", "枪型网络摄像机"),
                *("枪式", "球式", "半球式", "枪型", "球型", "半球型", "筒型", "云台球机", "一体化球机"),
            ),
            *("ipc", "ip camera", "camera", "dome", "bullet", "ptz", "监控点"),
        ),
        Meaning(_K.CAMERA),
    ),
    **dict.fromkeys(
        ("录像机", "nvr", "dvr", "网络录像机", "硬盘录像机", "recorder", "录像主机"), Meaning(_K.RECORDER)
    ),
    **dict.fromkeys(
        ("报警主机", "报警控制器", "报警控制主机", "防盗主机", "控制指示设备", "alarm panel"),
        Meaning(_K.PANEL),
    ),
    **dict.fromkeys(
        (
            *("门禁控制器", "出入口控制器", "门禁主机", "单门控制器", "双门控制器", "门双向控制器"),
            *("门单向控制器", "四门控制器", "八门控制器", "门控制器"),
        ),
        Meaning(_K.DOOR_CONTROLLER),
    ),
    **dict.fromkeys(("读卡器", "读卡机", "读头", "识读设备", "识读器", "reader"), Meaning(_K.READER)),
    **dict.fromkeys(("门禁", "门禁点", "受控门", "门禁门"), Meaning(_K.DOOR)),
    **dict.fromkeys(
        ("道闸", "闸机", "翼闸", "摆闸", "三辊闸", "速通门", "通道闸", "人行通道闸", "挡车器"), _BARRIER
    ),
    **dict.fromkeys(
        (
            *(
                *("紧急按钮", "紧急报警按钮", "紧急报警装置", "紧急求助按钮", "求助按钮", "报警按钮"),
                *("脚挑开关", "脚踢开关"),
            ),
            *("一键报警按钮", "手动报警按钮", "紧急脚挑", "panic button", "hold-up button"),
        ),
        _HOLD_UP,
    ),
    **dict.fromkeys(
        ("双鉴", "双鉴探测器", "双技术探测器", "三鉴", "三鉴探测器", "微波红外复合探测器"), _zone("dual")
    ),
    **dict.fromkeys(
        ("红外对射", "主动红外", "主动红外探测器", "对射探测器", "激光对射", "对射"), _zone("beam")
    ),
    **dict.fromkeys(("被动红外", "被动红外探测器", "红外探测器", "pir"), _zone("infrared")),
    **dict.fromkeys(("幕帘", "幕帘探测器", "红外幕帘"), _zone("curtain")),
    **dict.fromkeys(("玻璃破碎", "玻璃破碎探测器"), _zone("glass_break")),
    **dict.fromkeys(("振动探测器", "震动探测器"), _zone("vibration")),
    **dict.fromkeys(("微波探测器",), _zone("microwave")),
    **dict.fromkeys(("窗磁", "磁开关", "门窗磁", "磁控开关", "磁开关探测器"), _zone("contact")),
    **dict.fromkeys(("motion detector", "motion sensor", "intrusion detector"), Meaning(_K.ZONE)),
    "door contact": Meaning(_K.ZONE, "detector=contact", within=_ALARM),
    **dict.fromkeys(("turnstile", "barrier gate"), _BARRIER),
    **dict.fromkeys(("door controller", "access controller"), Meaning(_K.DOOR_CONTROLLER)),
    **dict.fromkeys(("pir detector", "pir sensor"), _zone("infrared")),
    **dict.fromkeys(("dual technology detector",), _zone("dual")),
    **dict.fromkeys(("glass break detector",), _zone("glass_break")),
    **dict.fromkeys(("门磁", "门磁开关", "门磁探测器"), Meaning(_K.ZONE, "detector=contact", within=_ALARM)),
    **dict.fromkeys(("张力围栏", "张力式电子围栏"), _zone("taut_wire")),
    **dict.fromkeys(("电子围栏", "脉冲电子围栏"), _zone("pulse_fence")),
    **dict.fromkeys(("振动光纤", "振动电缆"), _zone("vibration_cable")),
    **dict.fromkeys(("泄漏电缆", "泄露电缆"), _zone("leaky_cable")),
    **dict.fromkeys(("防区", "入侵探测器", "周界探测器", "报警探测器"), Meaning(_K.ZONE)),
    "探测器": Meaning(_K.ZONE, within=_ALARM),
    **dict.fromkeys(("烟感", "烟感探测器", "感烟探测器"), Meaning(_K.ZONE, "detector=smoke", within=_ALARM)),
    **dict.fromkeys(("金属探测门", "安检门", "金属安检门"), Meaning(_K.GATE)),
    **dict.fromkeys(
        (
            *("安检机", "x光机", "x光安检机", "x射线安检仪", "x光安检仪", "x射线安检机"),
            *("x射线安全检查设备", "行李安检机"),
        ),
        Meaning(_K.XRAY),
    ),
    **dict.fromkeys(
        ("管理平台", "集成平台", "监控平台", "视频平台", "安防平台", "平台软件", "综合平台", "联网平台"),
        Meaning(_K.PLATFORM),
    ),
    **dict.fromkeys(
        ("ups", "ups电源", "不间断电源", "备用电源", "门禁电源", "报警电源", "主机电源", "ups主机"),
        Meaning(_K.POWER_SUPPLY),
    ),
    **dict.fromkeys(
        ("校时服务器", "时间服务器", "ntp服务器", "时钟服务器", "授时服务器", "ntp时钟"),
        Meaning(_K.TIME_SERVER),
    ),
    # equipment of a site that no clause tests as a device of its own
    **dict.fromkeys(
        (
            *(
                *("交换机", "显示器", "监视器", "拼接屏", "显示屏", "大屏", "液晶屏", "电视墙"),
                *("解码器", "机柜", "收发器"),
            ),
            *(
                *("光端机", "网线", "双绞线", "电缆", "光缆", "光纤", "电源线", "视频线", "控制线"),
                *("信号线", "线缆", "支架", "立杆"),
            ),
            *(
                *("护罩", "硬盘", "防雷器", "浪涌保护器", "配电箱", "设备箱", "防水箱", "键盘"),
                *("打印机", "路由器", "防火墙"),
            ),
            *(
                *("操作台", "控制台", "桥架", "线管", "钢管", "补光灯", "拾音器", "音箱", "话筒"),
                *("工作站", "客户端", "电脑"),
            ),
            *(
                *("摄像机电源", "开关电源", "电源适配器", "适配器", "poe电源", "集中电源", "镜头"),
                *("基础", "授权", "辅材", "配件"),
            ),
            *(
                *("磁力锁", "电插锁", "电控锁", "电锁", "出门按钮", "开门按钮", "破玻按钮", "闭门器"),
                *("发卡器", "发卡机", "ic卡", "门禁卡"),
            ),
            *(
                *("声光报警器", "声光警号", "警号", "警灯", "防区模块", "扩展模块", "地址模块"),
                *("总线模块", "单防区模块"),
            ),
            *(
                *("手持金属探测器", "手持安检仪", "门口机", "室内机", "巡更棒", "巡更点", "巡查点"),
                *("蓄电池", "电池", "流量计"),
            ),
            *(
                *("安装调试", "调试费", "安装费", "调试", "分线盒", "接线盒", "跳线", "配线架"),
                *("水晶头", "模块箱", "ups电池"),
            ),
            *(
                *("火灾报警控制器", "消防报警主机", "火灾报警主机", "手动火灾报警按钮", "火灾探测器"),
                *("感温探测器", "网桥"),
            ),
            *(
                *("switch", "monitor", "cable", "bracket", "workstation", "keyboard"),
                *("camera power supply", "hard disk"),
            ),
            *(
                *("electromagnetic lock", "maglock", "exit button", "media converter", "rack"),
                *("cabinet", "siren"),
            ),
        ),
        UNTESTED,
    ),
    # words that end like one of those above, and are something else or several things
    **dict.fromkeys(
        (
            *(
                "一体机",
                "电子围栏主机",
                "脉冲主机",
            ),
            *(
                *("power supply", "controller", "sensor", "detector", "server", "software", "module"),
                "拼接控制器",
            ),
            *(*("温感", "可燃气体探测器", "金属探测器", "漏水探测器", "水浸探测器", "车辆探测器"),),
            *(
                *("温湿度探测器", "气体探测器", "爆炸物探测器", "液体探测器", "车牌识别摄像机"),
                *("执法记录仪", "服务器", "电源", "控制器"),
            ),
            *(
                *("主机", "软件", "门禁软件", "行车记录仪", "电子围栏控制器", "周界主机", "门禁一体机"),
                *("人脸识别终端", "磁盘阵列"),
            ),
            *(
                *("模拟摄像机解码器", "道闸控制器", "闸机控制器", "摄像机控制器", "梯控控制器"),
                *("存储服务器", "车载录像机"),
            ),
        ),
        UNCLEAR,
    ),
}
_ONE = re.compile("|".join(re.escape(one) for one in sorted(_TERMS, key=len, reverse=True)))
_LATIN = re.compile(r"[a-z]")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_BLANKS = re.compile(r"(?<=[一-龥])\s+(?=[一-龥])")
_WITH = re.compile(r"[,;+]|含|附带?|(?<!热)带|配(?!电|线)|及|与")
_UNITS = "万像素|万|路|盘位|盘|号|寸|口|米|层|楼|像素|mp|mm|m|k|v|w"
_AFTER = re.compile(
    rf"(?:[\W_]|\d|号|[a-z]{{1,3}}(?=[\d\W_]|$)|[东西南北中内外前后左右上下一二三四五六七八九十]|(?<=\d)(?:{_UNITS}))*"
    r"(?:(?<![a-z一-龥])[一-龥\w]*(?:楼|层|栋|区|室|厅|院|库|井|场|门口|入口|出口|路口|门|部|馆|站|侧|道|房|间))?"
)
"""What may stand after the word: numbers, measures, a side, or a place set apart from it."""

_OTHERS = (
    "消防|火灾|火灾自动报警|楼宇对讲|可视对讲|停车场?|停车场管理|巡更|电子巡更|电子巡查|公共广播|背景音乐|广播|综合布线|布线|网络"
    "|计算机网络|信息发布|会议|音响|楼宇自控|设备监控|有线电视|机房|机房工程|防雷|能耗|梯控|五方对讲"
)
_FOREIGN = re.compile(rf"(?:{_OTHERS})[^系]{{0,6}}(?:系统|子系统)|(?:{_OTHERS})(?:工程|部分|设备)?$")
_FIRE = re.compile(r"火灾|消防|火警")
_PLACES = re.compile(r"^(?:停车场?|会议|机房|消防|网络|广播|设备监控)$")
_SYSTEMS: tuple[tuple[re.Pattern[str], System], ...] = (
    (re.compile(r"报警联网|联网报警"), System.ALARM_NETWORK),
    (
        re.compile(r"入侵|紧急报警|防盗|周界|报警(?!联网)(?:系统|点|防区|设备|子系统|部分)|^报警$"),
        System.INTRUSION,
    ),
    (re.compile(r"视频(?!会议)|(?<!设备)监控(?!中心|室|机房|平台)|摄像|cctv"), System.VIDEO),
    (re.compile(r"门禁|出入口控制|出入口管理|access"), System.ACCESS_CONTROL),
    (re.compile(r"安检(?!区|口|点(?!位)|通道|厅|大厅)|安全检查|防爆"), System.SECURITY_INSPECTION),
    (re.compile(r"集成|安全管理|安防管理|安全防范综合管理"), System.INTEGRATION),
)
_POINTS: tuple[tuple[re.Pattern[str], DeviceKind], ...] = (
    (re.compile(r"ip通道"), _K.CAMERA),
    (
        re.compile(
            r"摄像机(?:点位|清单|列表|一览|统计|表|明细|布置|编号|名称|类型|位置|ip)|摄像头(?:点位|表)"
        ),
        _K.CAMERA,
    ),
    (re.compile(r"(?:视频|监控)(?:安防)?(?:系统)?点位?(?!.*设备)"), _K.CAMERA),
    (re.compile(r"防区(?:表|清单|一览|明细|点位|列表|编号|名称|号|类型|描述)"), _K.ZONE),
    (re.compile(r"(?:入侵|报警)(?:系统)?点位|探测器(?:点位|清单|表|类型|编号)"), _K.ZONE),
    (re.compile(r"门禁(?:系统)?点(?:位|表)|门(?:名称|点名称)"), _K.DOOR),
    (re.compile(r"door(?:schedule|list|id|no|name)"), _K.DOOR),
    (re.compile(r"(?:camera|cctv)(?:schedule|list|id|no|name)"), _K.CAMERA),
    (re.compile(r"zone(?:schedule|list|id|no|name|description)"), _K.ZONE),
)


def plain(text: str) -> str:
    """The text in half width and lower case, with its blanks."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def meaning(text: str, context: Context) -> Meaning | None:
    """What a cell that names a piece of equipment means; None if no word in it is known."""
    if (kind := kind_of(text)) and plain(text) not in _TERMS:
        return Meaning(kind)
    whole = _BRACKETS.sub(" ", plain(text)).strip()
    found = _last_word(_WITH.split(_BLANKS.sub("", whole), maxsplit=1)[0].strip())
    found = found or _last_word(_BLANKS.sub("", whole)) or _last_word(whole)
    if found is None or found.kind is not DeviceKind.ZONE:
        return found
    if context.system is System.ACCESS_CONTROL:  # an emergency release, the contact or the beam of a barrier
        return UNTESTED if "门磁" in whole else UNCLEAR
    return UNCLEAR if found.within and context.system not in found.within else found


def _last_word(text: str) -> Meaning | None:
    """The meaning of the noun at the end: in Chinese what stands last is what the thing is."""
    best = (0, 0, "")
    for start in range(len(text)):
        if (found := _ONE.match(text, start)) and _bounded(text, found):
            best = max(best, (found.end(), found.end() - start, found.group()))
    end, _length, word = best
    return _TERMS[word] if word and _AFTER.fullmatch(text[end:]) else None


def _bounded(text: str, found: re.Match[str]) -> bool:
    """Whether a word in Latin letters stands alone and is not part of a longer one."""
    if not found.group().isascii():
        return True
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return not (_LATIN.match(before) or _LATIN.match(after))


def stated_system(text: str) -> System | None:
    """The one system a text names; None if it names none, or several."""
    if exact := system_of(text):
        return exact
    bare = plain(text).replace(" ", "")
    found = {system for pattern, system in _SYSTEMS if pattern.search(bare)}
    if _FIRE.search(bare) and "入侵" not in bare:  # 火灾自动报警系统
        found.discard(System.INTRUSION)
    return found.pop() if len(found) == 1 else None


def is_foreign(text: str) -> bool:
    """Whether a text names a system that is no security system."""
    bare = plain(text).replace(" ", "")
    return bool(_FOREIGN.search(bare)) and not _PLACES.match(bare) and stated_system(text) is None


def stated_kind(text: str) -> DeviceKind | None:
    """The kind of all rows below a title or a head such as 摄像机点位表; None if it names none or several."""
    found = {kind for pattern, kind in _POINTS if pattern.search(plain(text).replace(" ", ""))}
    return found.pop() if len(found) == 1 else None
