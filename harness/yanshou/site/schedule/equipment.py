# SPDX-License-Identifier: Apache-2.0
"""The words of the field for equipment, Chinese and English, and what each means to a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.model import DeviceKind, System

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


UNTESTED = Meaning()
UNCLEAR = Meaning(clear=False)
GENERIC = frozenset({"controller", "sensor", "detector", "reader", "panel", "switch"})
_ALARM = frozenset({System.INTRUSION})


def _zone(detector: str) -> Meaning:
    return Meaning(_K.ZONE, f"detector={detector}")


_HOLD_UP = Meaning(_K.ZONE, "type=hold_up")
_FOOT = Meaning(_K.ZONE, "type=hold_up; detector=foot_switch")
_BARRIER = Meaning(_K.DOOR, "type=barrier")


def _each(meaning: Meaning, terms: str) -> dict[str, Meaning]:
    """The terms, divided by ``、``, with one meaning."""
    return dict.fromkeys(terms.split("、"), meaning)


_VIDEO = {
    **_each(
        Meaning(_K.CAMERA),
        "摄像机、摄像头、摄像设备、相机、摄象机、摄像仪、枪机、球机、半球、半球机、筒机、枪球、枪球一体机、枪球联动"
        "、云台机、云台球、高速球、快速球、球型一体机、快球、智能球、鱼眼、鹰眼、抓拍机、热成像"
        "、枪型网络摄像机、枪式、球式、半球式、枪型、球型、半球型、筒型、云台球机、一体化球机、双光谱"
        "、摄像枪、摄像球、海螺、人脸抓拍、人脸抓拍机、监控点、球形、半球形、枪形、筒形、高速球机、电子眼"
        "、ipc、ipcamera、ip dome"
        "、ip camera、network camera、camera、dome、fixed dome、mini dome、bullet、turret、ptz"
        "、ptz dome、fisheye、cctv camera、box camera、speed dome、thermal imager",
    ),
    **_each(
        Meaning(_K.RECORDER),
        "录像机、nvr、dvr、nvr主机、dvr主机、xvr、hvr、cvr、cvr存储、evs、网络录像机、硬盘录像机、录像主机、录像设备、数字录像设备"
        "、硬盘录像设备、录像存储设备、recorder、network video recorder、digital video recorder"
        "、video recorder",
    ),
}
_ALARMS = {
    **_each(
        Meaning(_K.PANEL),
        "报警主机、报警控制器、报警控制主机、报警控制设备、防盗主机、防盗控制器、控制指示设备"
        "、报警通信主机、报警控制通信主机、alarm panel、alarm control panel、intrusion panel"
        "、intrusion control panel、intruder alarm panel、intrusion alarm panel、burglar alarm panel"
        "、alarm controller、intrusion controller",
    ),
    **_each(Meaning(_K.PANEL, within=_ALARM), "control panel、panel"),
    **_each(
        _HOLD_UP,
        "紧急按钮、紧急报警按钮、紧急报警装置、紧急报警器、紧急报警开关、紧急报警、紧急求助按钮"
        "、紧急求助装置、紧急求助器、紧急求救按钮、紧急呼救按钮、紧急救助按钮、紧急求助开关、紧急求救开关"
        "、求助按钮、求救按钮、报警按钮、一键报警按钮、一键式报警按钮、一键报警装置、一键式报警装置"
        "、一键式报警器、一键报警、一键式报警"
        "、一键式紧急报警、panic button、panic switch、hold-up button、hold up button"
        "、holdup button、hold-up device、duress button、panic、panic alarm button",
    ),
    **_each(Meaning(_K.ZONE, "type=hold_up", within=_ALARM), "手动报警按钮、手动报警装置、emergency button"),
    **_each(
        _FOOT,
        "脚挑开关、脚踏、脚踢、脚踢开关、紧急脚挑、脚挑、脚挑报警器、脚挑报警开关、脚挑按钮、脚踢按钮、脚踏开关"
        "、脚踏报警开关、脚踢报警开关、脚踏报警器、脚挑式报警开关、foot rail、foot switch、kick bar"
        "、kick switch",
    ),
    **_each(Meaning(_K.ZONE), "防区、入侵探测器、周界探测器、报警探测器、入侵探测装置、防盗探测器"),
    **_each(
        Meaning(_K.ZONE),
        "motion detector、motion sensor、intrusion detector、intruder detector、周界入侵探测器",
    ),
    **_each(Meaning(_K.ZONE, within=_ALARM), "探测器、探测装置"),
    **_each(
        Meaning(_K.ZONE, "detector=smoke", within=_ALARM),
        "烟感、烟感探测器、感烟探测器、smoke detector、烟雾探测器、烟雾报警器",
    ),
    **_each(
        Meaning(_K.ZONE, "detector=contact", within=_ALARM),
        "门磁、门磁开关、门磁探测器、门磁感应器、卷帘门磁、卷闸门磁、无线门磁、door contact"
        "、magnetic contact、door magnetic contact、reed switch、door switch、有线门磁、contact",
    ),
    **_each(
        _zone("contact"),
        "窗磁、磁开关、门窗磁、磁控开关、磁开关探测器、磁开关入侵探测器、窗磁开关、门窗磁开关"
        "、window contact",
    ),
    **_each(
        _zone("dual"),
        "双鉴、三鉴、双鉴红外、三鉴红外、双技术探测器、双鉴器、四鉴"
        "、dual technology、dual-technology、dual tech、dual-tech",
    ),
    **_each(
        _zone("beam"),
        "红外对射、主动红外、激光对射、对射、红外光栅、红外栅栏、激光栅栏、激光光栅、红外光束、周界对射"
        "、光束对射、photoelectric beam、photo beam、active infrared、ir beam、infrared beam"
        "、beam detector、beam sensor、laser beam、photobeam",
    ),
    **_each(
        _zone("infrared"), "被动红外、pir、红外探测、pir detector、pir sensor、passive infrared、红外热感"
    ),
    **_each(_zone("curtain"), "幕帘、红外幕帘、curtain detector、curtain sensor"),
    **_each(
        _zone("glass_break"),
        "玻璃破碎、玻破、glass break、glassbreak、glass break sensor、glass break detector",
    ),
    **_each(
        _zone("vibration"),
        "seismic detector、seismic sensor、vibration detector、vibration sensor、shock sensor"
        "、shock detector",
    ),
    **_each(
        _zone("taut_wire"), "张力围栏、张力式电子围栏、张力式围栏、张力电子围栏、taut wire、taut wire fence"
    ),
    **_each(
        _zone("pulse_fence"), "电子围栏、脉冲电子围栏、脉冲围栏、脉冲式电子围栏、electric fence、pulse fence"
    ),
    **_each(
        _zone("microwave"),
        "微波对射、微波墙、microwave barrier、microwave fence、microwave link、microwave beam"
        "、bistatic microwave",
    ),
    **_each(
        _zone("vibration_cable"),
        "振动光纤、振动电缆、震动光纤、震动电缆、光纤振动、光纤围栏、周界光纤、振动光缆、震动光缆"
        "、振动传感光缆、振动感应光缆、光纤振动探测、vibration cable、fiber fence",
    ),
    **_each(_zone("leaky_cable"), "泄漏电缆、泄露电缆、泄漏电缆探测器、泄漏同轴电缆、leaky cable"),
}
_ACCESS = {
    **_each(
        Meaning(_K.DOOR_CONTROLLER),
        "门禁控制器、出入口控制器、门禁主机、门禁控制主机、单门控制器、双门控制器、门双向控制器"
        "、门单向控制器、四门控制器、八门控制器、门控制器、单门双向控制器、门禁控制板、门禁就地控制器"
        "、门禁控制箱、door controller、access controller、access control panel、access control unit、acu"
        "、door control unit、door access controller",
    ),
    **_each(
        Meaning(_K.READER),
        "读卡器、读卡机、读卡头、读头、识读设备、识读器、识读装置、读卡键盘、reader、card reader"
        "、proximity reader",
    ),
    **_each(
        Meaning(_K.READER, "technology=fingerprint"),
        "指纹读卡器、指纹识读器、指纹读头、指纹识读装置、指纹识读设备、fingerprint reader",
    ),
    **_each(
        Meaning(_K.READER, "technology=face"),
        "人脸读卡器、人脸识读器、人脸识读装置、人脸识读设备、face reader",
    ),
    **_each(Meaning(_K.DOOR), "门禁、门禁点、受控门、门禁门、刷卡门"),
    **_each(
        Meaning(_K.DOOR, within=frozenset({System.ACCESS_CONTROL})),
        "single leaf door、double leaf door、single door、double door"
        "、单门双向、单门单向、单向门、双向门、单门进出、互锁门、联动互锁门",
    ),
    **_each(
        _BARRIER,
        "道闸、闸机、翼闸、摆闸、三辊闸、三棍闸、速通门、通道闸、人行通道闸、人行闸、挡车器、转闸"
        "、全高转闸、平移闸、摆闸机、turnstile、barrier gate、speed gate、flap barrier、swing barrier"
        "、tripod turnstile",
    ),
}
_INSPECTION = {
    **_each(Meaning(_K.GATE), "金属探测门、安检门、金属安检门、安全检查门、metal detector gate"),
    **_each(
        Meaning(_K.GATE, "type=walk_through"),
        "通过式金属探测门、通过式安检门、通过式金属探测器、walk-through metal detector"
        "、walk through metal detector、walkthrough metal detector、wtmd、archway metal detector"
        "、门式金属探测器、通过式金属安检门",
    ),
    **_each(
        Meaning(_K.GATE, "type=hand_held"),
        "手持金属探测器、手持式金属探测器、手持金属探测仪、手持式金属探测仪、手持安检仪、手持式安检仪"
        "、手检仪、手持安检棒、安检棒、金属探测棒、手持金属探测棒、手持探测棒"
        "、手持金探、手持金探器、手持式金探器、手持安检器、手持金属安检仪、hand-held metal detector"
        "、hand held metal detector、handheld metal detector、hhmd",
    ),
    **_each(
        Meaning(_K.XRAY),
        "安检机、通道式安检机、x光安检机、x射线安检仪、x光安检仪、x射线安检机"
        "、x射线安检设备、x光安检设备、x射线安全检查设备、x射线检查设备、x射线安全检查仪、x射线检查仪"
        "、x射线安全检查系统、x光检查仪、安检x光机、安检x射线机、x-ray scanner、x-ray machine"
        "、x-ray inspection system、x-ray screening system、x-ray equipment、x ray scanner"
        "、x-ray inspection machine、x-ray system",
    ),
    **_each(Meaning(_K.XRAY, within=frozenset({System.SECURITY_INSPECTION})), "x光机、x射线机"),
    **_each(
        Meaning(_K.XRAY, "type=baggage"),
        "行李安检机、包裹安检机、行包安检机、行李x光机、x光行李检查仪、x射线行李检查仪、x光行李安检机"
        "、x射线行李安检机、x-ray baggage scanner、baggage scanner、x-ray luggage scanner"
        "、luggage scanner、baggage x-ray、x ray baggage scanner、x-ray baggage machine",
    ),
}
_COMMON = {
    **_each(
        Meaning(_K.PLATFORM),
        "管理平台、集成平台、监控平台、视频平台、安防平台、平台软件、综合平台、联网平台、management platform",
    ),
    **_each(
        Meaning(_K.POWER_SUPPLY),
        "ups、ups电源、不间断电源、备用电源、门禁电源、报警电源、主机电源、ups主机"
        "、uninterruptible power supply",
    ),
    **_each(
        Meaning(_K.TIME_SERVER),
        "校时服务器、时间服务器、ntp服务器、时钟服务器、授时服务器、ntp时钟、ntp server、time server",
    ),
}
_PARTS = _each(
    UNTESTED,
    # of the network, of rooms and of cabling
    "交换机、显示器、监视器、拼接屏、显示屏、大屏、液晶屏、电视墙、液晶电视、解码器、矩阵、机柜、收发器、光端机"
    "、网线、双绞线、电缆、光缆、光纤、电源线、视频线、控制线、信号线、通信线、线缆、支架、立杆、护罩"
    "、防护罩、硬盘、防雷器、避雷器、浪涌保护器、配电箱、设备箱、防水箱、弱电箱、键盘、打印机、路由器"
    "、防火墙、网闸、操作台、控制台、桥架、线管、钢管、线槽、补光灯、拾音器、拾音装置、音箱、音柱、话筒"
    "、工作站"
    "、客户端、电脑、计算机、摄像机电源、开关电源、电源适配器、适配器、poe电源、集中电源、镜头、基础"
    "、授权、辅材、辅料、线材、管材、配件、蓄电池、电池、流量计、安装调试、调试费、安装费、调试、分线盒、接线盒、跳线"
    "、配线架、水晶头、模块箱、ups电池、电池柜、电池箱、网桥、无线ap、光模块、管理主机电脑、抱杆箱"
    "、室内天线、全向天线、定向天线、吸顶天线、天线、馈线、功分器、耦合器、合路器、直放站"
    "、网络点、信息点、语音点、数据点、电话点、电视点、信息插座、网络插座、电话插座、信息面板"
    "、手孔井、接地、尾纤、光纤盒、终端盒、理线架、pdu、插座"
    # of doors
    "、磁力锁、电磁锁、电插锁、电控锁、电锁、阴极锁、阳极锁、电机锁、静音锁、出门按钮、出门开关、开门按钮"
    "、开门开关、破玻按钮、破玻、紧急破玻、紧急破玻按钮、玻璃破碎按钮、紧急出门按钮、紧急开门按钮"
    "、紧急开门开关、破碎按钮、闭门器、地弹簧、门禁锁、锁具、发卡器、发卡机、ic卡、id卡、cpu卡、感应卡"
    "、门禁卡"
    # of alarms
    "、声光报警器、声光警号、声光报警、声光告警器、声光报警灯、警号、警灯、警铃、警笛、防区模块、扩展模块"
    "、地址模块、总线模块、单防区模块、双防区模块、八防区模块、多防区模块、报警模块、通讯模块、通信模块"
    "、网络模块、继电器模块、输出模块、输入模块、串口模块、延长器、中继器、总线隔离器、声音复核器"
    "、声音复核装置、监听头、监听器、拾音头、复位按钮、消警按钮、测试按钮"
    # of inspection
    "、防爆毯、防爆罐、防爆围栏、防爆球、防爆桶、防爆箱、液体检测仪、液检仪、液体检查仪、液体危险品检测仪"
    "、液体探测仪、液体安检仪、液态物品检测仪、液态物品检查仪、危险液体检测仪、危险液体检查仪"
    "、危险品液体检测仪、液体危险品检查仪、液体安全检查仪、爆炸物探测仪、爆炸物检测仪、痕量探测仪"
    "、痕量爆炸物探测仪、爆炸物痕量探测仪、爆炸物毒品探测仪、毒品探测仪、炸探仪、炸药探测仪、炸药探测器"
    "、防爆盾、防暴盾牌、盾牌、防爆盾牌、钢叉、防暴叉、防爆叉、警棍、防刺服、防割手套、头盔、强光手电"
    "、车底检查镜、车底检查仪、车底成像、安检台、安检凳、隔离栏、防冲撞路桩、防撞路桩、防撞桩、防冲撞柱、防撞柱、防撞墩、防冲撞墩、隔离墩、路桩、拒马、破胎器"
    # of fences: what holds the wires up and what warns of them
    "、合金线、高压线、高压绝缘线、终端杆、中间杆、承力杆、中间过线杆、区分杆、转角杆、万向杆、万向底座、绝缘子、绝缘端子、紧线器"
    "、线线连接器、警示牌、配线、配管、穿管、穿线管、镀锌管、波纹管、金属软管"
    # of other trades
    "、分机、护理主机、床头屏、走廊屏、电子地磅、电子汽车衡、电子轨道衡、广播"
    "、可视门铃、对讲门铃、门铃、门口机、室内机、围墙机、对讲管理机、管理中心机、中心管理机、对讲主机、对讲分机、室内分机、门口主机、可视分机、对讲机、巡更棒、巡更点、巡查点、巡更钮、巡检器、巡更机、巡检棒、火灾报警控制器"
    "、灭火器、灭火箱、消火栓、应急灯、疏散指示灯、消防报警主机、火灾报警主机、手动火灾报警按钮、消火栓按钮、火灾探测器、感温探测器、扬声器、喇叭、号角、功放"
    # English
    "、switch、monitor、cable、bracket、workstation、keyboard、keypad、camera power supply、hard disk"
    "、hdd、electromagnetic lock、electric lock、magnetic lock、em lock、maglock、electric strike"
    "、bolt lock、drop bolt、exit button、request to exit button、rex、request to exit、push button"
    "、request-to-exit button、break glass、break glass unit、door closer、media converter、rack、cabinet"
    "、siren、sounder、strobe、siren strobe、zone expander、expander、decoder、video wall、display"
    "、ups battery、battery、router、firewall、intercom、enrolment reader、enrollment reader、patch panel"
    "、junction box、speaker、microphone、explosive trace detector、etd、liquid scanner、bomb blanket"
    "、fire alarm panel、fire alarm control panel",
)
_UNSURE = _each(
    UNCLEAR,
    # end like one of those above, and are something else or several things
    "一体机、电子围栏主机、围栏主机、脉冲主机、高压脉冲主机、电子围栏报警主机、围栏报警主机、脉冲报警主机"
    "、周界报警主机、对射报警主机、一键报警主机、一键式报警主机、求助报警主机、紧急求助主机、门禁报警主机"
    "、power supply、controller、sensor、detector、server、software、module、拼接控制器、温感"
    "、可燃气体探测器、金属探测器、金属探测仪、漏水探测器、水浸探测器、车辆探测器、温湿度探测器"
    "、气体探测器、爆炸物探测器、液体探测器、燃气探测器、人体探测器、违禁品探测器、毒品探测器、火焰探测器"
    "、人数探测器、车牌识别摄像机、车牌抓拍机、车牌识别抓拍机、lpr camera、anpr camera、body camera"
    "、执法记录仪、服务器、电源、控制器、主机、软件、门禁软件、行车记录仪、电子围栏控制器、周界主机"
    "、门禁一体机、人脸识别终端、磁盘阵列、模拟摄像机解码器、道闸控制器、闸机控制器、摄像机控制器"
    "、梯控控制器、存储服务器、升降柱、阻车器、阻车桩、车载录像机、电梯控制器、车位探测器、人证核验终端、感温电缆、感温光缆"
    "、感温光纤、测温光纤、测温光缆、传感光缆、传感光纤、感应电缆、感应光缆、探测电缆、探测光缆、报警电缆"
    "、定位光缆、声音复核、声音探测器、声音复核探测器、出入口控制装置、视音频存储设备、视频存储设备"
    "、视频存储服务器、图像存储设备、备用、预留、备用防区、预留防区、spare、reserved"
    "、sensor cable、sensing cable、detection cable、detector cable、fence cable、呼叫主机"
    "、紧急呼叫按钮、读卡电源、控制箱、一体锁、编码器、联网模块、人脸门禁、刷脸门禁、指纹门禁、密码门禁"
    "、encoder",
)
TERMS: Mapping[str, Meaning] = {
    **_VIDEO,
    **_ALARMS,
    **_ACCESS,
    **_INSPECTION,
    **_COMMON,
    **_PARTS,
    **_UNSURE,
}
"""What a word means that stands last in the name of a thing."""

CAMERA_FORMS = re.compile(
    r"(?:固定|定焦|变焦|全景|云台|彩色|高清|普通|室内|室外|电梯|轿厢|高空|高空抛物|楼顶)(?:专用|型|式)?|fixed|static"
)
"""Forms of cameras, as the head of a column below 视频监控 may say them alone: 固定, 电梯."""

MODELS: tuple[tuple[re.Pattern[str], DeviceKind], ...] = (
    (
        re.compile(
            r"i?ds-2(?:cd|de|dc|df|dp|td|xs|sf|vs)\w|(?:dh-)?ipc-h\w|dh-(?:sd|ptz|tpc|ipc)|tl-ipc\d|hic\d|(?:dh-)?sd-?\d{1,2}[a-z]\d{3,4}"
        ),
        _K.CAMERA,
    ),
    (
        re.compile(
            r"i?ds-(?:7[1679]|8[16]|9[16])\d\dn|(?:dh-)?nvr\d{3,4}-|dh-(?:nvr|evs|xvr|hcvr)\d|nvr30\d-"
        ),
        _K.RECORDER,
    ),
    (re.compile(r"ds-k2[67]\d\d|dh-asc\d"), _K.DOOR_CONTROLLER),
)
"""How the models of large makers begin that make one kind of device under them."""

_PANEL, _CONTROLLER = Meaning(_K.PANEL), Meaning(_K.DOOR_CONTROLLER)
IN_ITS_SYSTEM: Mapping[System, tuple[tuple[re.Pattern[str], Meaning], ...]] = {
    System.INTRUSION: (
        (re.compile(r"(?:总线制?|网络|大型|小型|有线|无线|\d+防区)*(?:控制)?主机"), _PANEL),
        (
            re.compile(
                r"(?:[柜前总吧]台|收银台?|窗口|值班室?|大堂|手动|无线|有线|隐藏式?|暗装|桌下|\d+号?)*按钮"
            ),
            _HOLD_UP,
        ),
        (re.compile(r"传感器"), Meaning(_K.ZONE)),
        (re.compile(r"(?:手动式?)?紧急(?:求助|求救)?|手报|手动报警"), _HOLD_UP),
    ),
    System.ACCESS_CONTROL: (
        (re.compile(r"(?:网络|tcp/ip|[单双两四八多\d]门|主|就地|现场|区域|[单双]向)*控制器"), _CONTROLLER),
        (re.compile(r"(?:door|access|\d-door) ?controller|controller"), _CONTROLLER),
        (re.compile(r"门磁(?:开关)?|door contact|按钮"), UNTESTED),
    ),
    System.VIDEO: (
        (
            re.compile(r"(?:室内|室外|高清|红外|人脸|防爆|网络|固定|电梯)*(?:枪|球|筒|半球|枪球)"),
            Meaning(_K.CAMERA),
        ),
        (re.compile(r"(?:监控|网络|高清|红外)*探头"), Meaning(_K.CAMERA)),
        (CAMERA_FORMS, Meaning(_K.CAMERA)),
        (
            re.compile(r"(?:高清|微型|隐蔽式?|锥形|飞碟型?|烟感式?)*(?:针孔|飞碟)(?:式|型)?"),
            Meaning(_K.CAMERA),
        ),
        (re.compile(r".*车牌(?:识别|抓拍|捕捉)*(?:摄像机|抓拍机|相机|抓拍单元)"), Meaning(_K.CAMERA)),
    ),
}
"""Names that say what a thing is only together with the system it belongs to: 主机, 控制器, 探头."""

_X_RAY = re.compile(
    r"(?:通道式|通过式|微剂量|双能|双视角|行李|安检|台式|多能量)+x(?:射线|光)[一-龥]{0,8}(?:机|仪|设备|系统|装置)"
    r"|x(?:射线|光)(?:行李|包裹|行包|物品|安检|安全|双视角|微剂量|通道式)*(?:检查|安检)(?:机|仪|设备|系统|装置)"
    r"|x(?:射线|光)(?:行李|包裹|行包|物品)机"
)
_SENSORS = (
    "(?:入侵|防盗|报警|复合|双技术|空间|式|型|技术|有线|无线|室内|室外|防宠物|防暴|防拆)*"
    "(?:(?:探测|传感)单元|探测器?|探测装置|探测报警器|报警器|传感器)"
)
_MOTION = r"(?:[ -]?(?:motion|intrusion|intruder))?[ -](?:detectors?|sensors?)|[ -]motion"
COMPOSED: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (re.compile(r"[单双两四八]门(?:门禁)?(?:控制)?主机"), Meaning(_K.DOOR_CONTROLLER)),
    (re.compile(r"(?:[单双两四八多]|\d)门[一-龥]{0,4}控制器"), Meaning(_K.DOOR_CONTROLLER)),
    (re.compile(r"液[体态][一-龥]{0,6}(?:检测|检查|探测|安检|识别)仪"), UNTESTED),
    (re.compile(r"防[冲撞][一-龥]{0,6}(?:桩|墩|柱|栏)|硬质[一-龥]{0,4}(?:桩|墩|柱|栏)"), UNTESTED),
    (re.compile(r"(?:access[ -]?controlled|card[ -]access|controlled|secured?) doors?"), Meaning(_K.DOOR)),
    (re.compile(r"(?:dual|tri)[ -]?tech(?:nology)?[ -](?:pir|microwave|mw)"), _zone("dual")),
    (re.compile(r"curtain[ -]pir|pir[ -]curtain"), _zone("curtain")),
    (re.compile(r"(?:人脸|刷脸|指纹|掌纹|静脉|虹膜|密码|考勤|二维码)[一-龥]{0,6}门禁(?:主机|机)"), UNCLEAR),
    (
        re.compile(
            r"(?:接线|分线|出线|电源|光纤|光缆|网络|弱电|配线|设备|终端|室外|壁挂|防水|汇聚|监控|前端|综合|信息|光交|熔纤|手孔|集线)+"
            r"(?:箱|盒)"
        ),
        UNTESTED,
    ),
    (re.compile(r"门禁(?:主|区域|网络|联网|就地|现场|总|分)+控制器"), Meaning(_K.DOOR_CONTROLLER)),
    (re.compile(r"车牌[一-龥]{0,6}相机"), UNCLEAR),
    (
        re.compile(
            r"(?:\d+万|高清|网络|红外|星光|激光|智能|可见光|热成像|双光谱|双光)+(?:像素|级|夜视|变焦)*云台"
        ),
        Meaning(_K.CAMERA),
    ),
    (
        re.compile(r"脚[踏踢挑](?:式|型|紧急|报警|求助|无线|有线)*(?:开关|按钮|装置|报警器|报警板|报警垫)"),
        _FOOT,
    ),
    (
        re.compile(
            r"(?:fence|perimeter|vibration|microphonic|fib(?:er|re)[ -]?optic)"
            r"(?: (?:fence|vibration|mounted|intrusion))*"
            r" (?:sensor|sensing|detection|detector) (?:cable|fib(?:er|re))"
        ),
        _zone("vibration_cable"),
    ),
    (re.compile(r"(?:视频|监控)+探头"), Meaning(_K.CAMERA)),
    (re.compile(r"(?:人脸|刷脸|指纹|掌纹|静脉|虹膜|密码|考勤|二维码)[一-龥]{0,6}门禁"), UNCLEAR),
    (_X_RAY, Meaning(_K.XRAY)),
    (
        re.compile(r"紧急(?:求助|求救|报警|呼救)*按钮(?:式)?(?:报警器|报警装置|报警开关|探测器|装置|开关)"),
        _HOLD_UP,
    ),
    (re.compile(r"一键式?(?:紧急|应急)?(?:报警|求助|求救|呼救)(?:器|装置|按钮|开关)"), _HOLD_UP),
    (re.compile(r"(?:microwave|mw) ?[/+&-] ?pir|pir ?[/+&-] ?(?:microwave|mw)"), _zone("dual")),
    *(
        (
            re.compile(f"(?:{chinese}){_SENSORS}" + (f"|(?:{english})(?:{_MOTION})" if english else "")),
            _zone(detector),
        )
        for detector, chinese, english in (
            (
                "dual",
                "双[鉴监]|[双三]技术|三鉴|四鉴|双元|红外[+和与/、及]?微波|微波[+和与/、及]?(?:(?:被动)?红外|幕帘)",
                r"dual[ -]?tech(?:nology)?|dual|tri-tech|pir[ /+-]microwave",
            ),
            ("beam", "主动红外|红外对射|激光对射|[一-龥]光束(?:红外)?|对射|红外光栅|激光", "beam"),
            ("curtain", "幕帘|窗帘", "curtain"),
            (
                "infrared",
                "(?:被动|吸顶|壁挂|广角|全向|全方位|热释电|方向性|幕墙)?红外|热释电",
                "pir|passive infrared|infrared",
            ),
            ("microwave", "微波", "microwave"),
            ("glass_break", "玻璃破碎|玻破", r"glass[ -]?break|acoustic glass"),
            ("vibration", "振动|震动|地音|冲击", "seismic|vibration|shock"),
            ("contact", "窗磁|磁控|磁开关|门窗磁|磁控开关", ""),
            ("taut_wire", "张力(?:式|围栏|电子围栏)?", "taut wire"),
            ("pulse_fence", "脉冲(?:式|电子)?围栏|(?:[二四六八双\\d]线制?)?脉冲(?:式|型)?", ""),
            ("vibration_cable", "(?:振动|震动)(?:光纤|光缆|电缆)|光纤(?:振动|震动)", ""),
            ("leaky_cable", "泄[漏露](?:同轴)?电缆", r"leaky (?:coax(?:ial)?(?: cable)?|cable|feeder)"),
        )
    ),
)
"""Things whose name is put together: 被动红外入侵探测器, dual-tech motion detector, 双视角X光安检机."""

OTHER_NATURE: Mapping[DeviceKind, re.Pattern[str]] = {
    _K.CAMERA: re.compile(
        r"仿真|单反|照相|数码|会议|录播|导播|usb|车载|车位|执法|对讲|门铃|高拍|教学(?!楼|区)"
        r"|dummy|webcam|conference"
    ),
    _K.RECORDER: re.compile(r"车载|行车|录播|会议|执法|庭审|语音|电话|录音|voice"),
    _K.READER: re.compile(
        r"发卡|桌面|巡更|停车|消费|梯控|电梯(?!厅|间|前室|口)|考勤|图书(?!馆|室)|身份证|社保|enrol"
    ),
    _K.PANEL: re.compile(
        r"燃气|气体|漏水|水浸|火灾|消防|温湿度|有毒|氧气|液位|断电|电气|车位|停车|呼叫|fire|gas|water"
    ),
    _K.ZONE: re.compile(
        r"燃气|可燃|有毒|氧气|漏水|水浸|液位|温湿度|车位|车辆|停车|电气(?!室|间|房)|呼叫"
        r"|gas|water|leak(?!y )|vehicle|flood"
    ),
    _K.GATE: re.compile(r"毫米波|太赫兹|成像"),
    _K.XRAY: re.compile(r"毫米波|太赫兹|人体|医用|牙|胸|骨密度|备件"),
    _K.DOOR: re.compile(r"停车位|车位|电梯(?!厅|间|前室|口)|梯控"),
    _K.DOOR_CONTROLLER: re.compile(r"梯控|电梯(?!厅|间|前室|口)|闸机|道闸|灯|空调(?!机房)|风机(?!房)|停车"),
    _K.PLATFORM: re.compile(r"停车|消防|能源|能耗|楼宇|办公|人事|教务|会议|广播|录播|物业|升降|操作"),
}
"""What makes another thing of a device: of what else it is, or that it is none."""

CABLES = re.compile(
    r"(?:[nw]h-|zr-|zc-|wdz[a-z]*-)?"
    r"(?:rvv[sp]?|rvs|rvsp|rvvp|syv|sywv|utp|ftp|stp|bvr?|bvv|kvvp?|yjv|avvr|gyta|gyxtw|gytza53)"
    r"[-_ ]?\d[\w.*×x+\-/()φ]*|(?:jdg|kbg|sc|pvc)(?:15|16|20|25|32|40|50|65|70|80|100)"
)
"""The codes of cables and tubes: RVV2*1.0, SC20."""

OTHER_TRADES = re.compile(
    r"(?:[内外专]网|(?:内|外|办公|无线|有线)?(?:网络|数据|语音|电话|信息|电视)|tv|wi-?fi|ap|广播|喇叭|背景音乐|综合布线)"
    r"(?:点位?|口|插座|面板|终端)?"
)
"""Points of other trades, as a table that counts all points of a floor calls them: 网络, 电话, 内网."""

COSTS = re.compile(
    r"(?:施工|布线|安装|系统|设备|集成|开通|线缆|敷设|现场|软件|联合|人工|运输|培训|及|与|和|、|/)*"
    r"(?:施工|布线|安装|调试|人工|运输|培训|敷设|试运行)(?:\(.*\))?|[一-龥、]*(?:费|费用|税金|利润|(?:质保|维保|保修|售后|维护|培训|技术|安装)服务)(?:\(.*\))?"
)
"""What a quotation lists beside the equipment: 安装调试费."""
