# SPDX-License-Identifier: Apache-2.0
"""The words of the field for equipment, Chinese and English, and what each means to a site."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.meanings import (
    ALARM,
    BARRIER,
    FOOT_SWITCH,
    HOLD_UP,
    UNCLEAR,
    UNTESTED,
    Meaning,
    zone_of,
)
from yanshou.site.schedule.parts import PARTS

_K = DeviceKind


def _each(meaning: Meaning, terms: str) -> dict[str, Meaning]:
    """The terms, divided by ``、``, with one meaning."""
    return dict.fromkeys(terms.split("、"), meaning)


_VIDEO = {
    **_each(
        Meaning(_K.CAMERA),
        "摄像机、摄像头、摄像设备、相机、摄象机、摄像仪、枪机、球机、半球、半球机、筒机、枪球、枪球一体机"
        "、枪球联动"
        "、云台机、云台球、高速球、快速球、球型一体机、快球、智能球、鱼眼、鹰眼、抓拍机、热成像"
        "、枪型网络摄像机、枪式、球式、半球式、枪型、球型、半球型、筒型、云台球机、一体化球机、双光谱"
        "、摄像枪、摄像球、海螺、人脸抓拍、人脸抓拍机、监控点、球形、半球形、枪形、筒形、高速球机、电子眼"
        "、布控球、执法球、违停球、海螺机、守望者、监控头"
        "、ipc、ipcamera、ip cam、ip dome、eyeball"
        "、ip camera、network camera、camera、dome、fixed dome、mini dome、bullet、turret、ptz"
        "、ptz dome、fisheye、cctv camera、box camera、speed dome、thermal imager",
    ),
    **_each(
        Meaning(_K.RECORDER),
        "录像机、nvr、dvr、nvr主机、dvr主机、xvr、hvr、cvr、cvr存储、cvr存储服务器、nvr存储、nvr存储服务器"
        "、nvr服务器、evs、网络录像机、硬盘录像机、录像主机、录像设备、数字录像设备"
        "、硬盘录像设备、录像存储设备、recorder、network video recorder、digital video recorder"
        "、video recorder",
    ),
}
_ALARMS = {
    **_each(
        Meaning(_K.PANEL),
        "报警主机、报警控制器、报警控制主机、报警控制设备、防盗主机、防盗控制器、控制指示设备"
        "、报警通信主机、报警控制通信主机、alarm panel、alarm control panel、intrusion panel"
        "、intrusion control panel、intruder alarm panel、intruder panel"
        "、intrusion alarm panel、burglar alarm panel"
        "、alarm controller、intrusion controller、报警控制通讯主机、报警中心主机、报警键盘主机",
    ),
    **_each(Meaning(_K.PANEL, within=ALARM), "control panel、panel"),
    **_each(
        HOLD_UP,
        "紧急按钮、紧急报警按钮、紧急报警装置、紧急报警器、紧急报警开关、紧急报警、紧急求助按钮"
        "、紧急求助装置、紧急求助器、紧急求救按钮、紧急呼救按钮、紧急救助按钮、紧急求助开关、紧急求救开关"
        "、紧急开关"
        "、求助按钮、求救按钮、报警按钮、一键报警按钮、一键式报警按钮、一键报警装置、一键式报警装置"
        "、一键式报警器、一键报警、一键式报警"
        "、一键式紧急报警、panic button、panic switch、hold-up button、hold up button"
        "、holdup button、hold-up device、duress button、panic、panic alarm button、panic alarm"
        "、personal attack button、duress switch、hold-up switch",
    ),
    **_each(
        Meaning(_K.ZONE, "type=hold_up", within=ALARM),
        "手动报警按钮、手动报警装置、手动报警开关、应急按钮、应急报警按钮、emergency button、pa button",
    ),
    **_each(
        FOOT_SWITCH,
        "脚挑开关、脚踏、脚踢、脚踢开关、紧急脚挑、脚挑、脚挑报警器、脚挑报警开关、脚挑按钮、脚踢按钮"
        "、脚踏开关"
        "、脚踏报警开关、脚踢报警开关、脚踏报警器、脚挑式报警开关、foot rail、foot switch、kick bar"
        "、kick switch",
    ),
    **_each(Meaning(_K.ZONE), "防区、入侵探测器、周界探测器、报警探测器、入侵探测装置、防盗探测器"),
    **_each(
        Meaning(_K.ZONE),
        "motion detector、motion sensor、volumetric detector、intrusion detector、intruder detector"
        "、周界入侵探测器",
    ),
    **_each(Meaning(_K.ZONE, within=ALARM), "探测器、探测装置"),
    **_each(
        Meaning(_K.ZONE, "detector=smoke", within=ALARM),
        "烟感、烟感探测器、感烟探测器、smoke detector、烟雾探测器、烟雾报警器",
    ),
    **_each(
        Meaning(_K.ZONE, "detector=contact", within=ALARM),
        "门磁、门磁开关、门磁探测器、门磁感应器、卷帘门磁、卷闸门磁、无线门磁、door contact"
        "、门磁传感器、门磁报警器、门磁感应开关、门磁报警开关"
        "、magnetic contact、door magnetic contact、reed switch、door switch、有线门磁、contact",
    ),
    **_each(
        zone_of("contact"),
        "窗磁、磁开关、门窗磁、磁控开关、磁开关探测器、磁开关入侵探测器、窗磁开关、门窗磁开关、门窗传感器"
        "、window contact",
    ),
    **_each(
        zone_of("dual"),
        "双鉴、三鉴、双鉴红外、三鉴红外、双技术探测器、双鉴器、四鉴"
        "、dual technology、dual-technology、dual tech、dual-tech",
    ),
    **_each(
        zone_of("beam"),
        "红外对射、主动红外、激光对射、对射、红外光栅、红外栅栏、激光栅栏、激光光栅、红外光束、周界对射"
        "、光束对射、photoelectric beam、photo beam、active infrared、ir beam、infrared beam"
        "、beam detector、beam sensor、laser beam、photobeam",
    ),
    **_each(
        zone_of("infrared"), "被动红外、pir、红外探测、pir detector、pir sensor、passive infrared、红外热感"
    ),
    **_each(zone_of("curtain"), "幕帘、红外幕帘、curtain detector、curtain sensor"),
    **_each(
        zone_of("glass_break"),
        "玻璃破碎、玻破、glass break、glassbreak、glass break sensor、glass break detector",
    ),
    **_each(
        zone_of("vibration"),
        "seismic detector、seismic sensor、vibration detector、vibration sensor、shock sensor"
        "、shock detector",
    ),
    **_each(
        zone_of("taut_wire"), "张力围栏、张力式电子围栏、张力式围栏、张力电子围栏、taut wire、taut wire fence"
    ),
    **_each(
        zone_of("pulse_fence"),
        "电子围栏、脉冲电子围栏、脉冲围栏、脉冲式电子围栏、electric fence、pulse fence",
    ),
    **_each(
        zone_of("microwave"),
        "微波对射、微波墙、microwave barrier、microwave fence、microwave link、microwave beam"
        "、bistatic microwave",
    ),
    **_each(
        zone_of("vibration_cable"),
        "振动光纤、振动电缆、震动光纤、震动电缆、光纤振动、光纤围栏、周界光纤、振动光缆、震动光缆"
        "、振动传感光缆、振动感应光缆、光纤振动探测、vibration cable、fiber fence",
    ),
    **_each(
        zone_of("leaky_cable"),
        "泄漏电缆、泄露电缆、泄漏电缆探测器、泄漏同轴电缆、泄漏感应电缆、泄露感应电缆、leaky cable",
    ),
}
_ACCESS = {
    **_each(
        Meaning(_K.DOOR_CONTROLLER),
        "门禁控制器、出入口控制器、门禁主机、门禁控制主机、单门控制器、双门控制器、门双向控制器"
        "、门单向控制器、四门控制器、八门控制器、门控制器、单门双向控制器、门禁控制板、门禁就地控制器"
        "、门禁控制箱、门控器、door controller、access controller、access control panel、access control unit"
        "、acu"
        "、door control unit、door access controller",
    ),
    **_each(
        Meaning(_K.READER),
        "读卡器、读卡机、读卡头、读头、识读设备、识读器、识读装置、读卡键盘、reader、card reader"
        "、proximity reader、刷卡器、刷卡机、刷卡头",
    ),
    **_each(
        Meaning(_K.READER, "technology=fingerprint"),
        "指纹识别读卡器、指纹识别读头、指纹读卡器、指纹识读器、指纹读头、指纹识读装置、指纹识读设备"
        "、fingerprint reader",
    ),
    **_each(
        Meaning(_K.READER, "technology=face"),
        "人脸识别读卡器、人脸识别读头、人脸读头、人脸读卡器、人脸识读器、人脸识读装置、人脸识读设备"
        "、face reader",
    ),
    **_each(Meaning(_K.DOOR), "门禁、门禁点、受控门、门禁门、刷卡门"),
    **_each(
        Meaning(_K.DOOR, within=frozenset({System.ACCESS_CONTROL})),
        "single leaf door、double leaf door、single door、double door"
        "、单开门、双开门、单扇门、双扇门、单门双向、单门单向、单向门、双向门、单门进出、互锁门、联动互锁门",
    ),
    **_each(
        BARRIER,
        "道闸、闸机、翼闸、摆闸、三辊闸、三棍闸、速通门、通道闸、人行通道闸、人行闸、挡车器、转闸"
        "、全高转闸、平移闸、摆闸机、起落杆、turnstile、barrier gate、boom barrier、boom gate"
        "、speed gate、flap barrier、swing barrier、swing gate、swing gate barrier"
        "、tripod turnstile",
    ),
}
_INSPECTION = {
    **_each(Meaning(_K.GATE), "金属探测门、安检门、金属安检门、安全检查门、metal detector gate"),
    **_each(
        Meaning(_K.GATE, "type=walk_through"),
        "通过式金属探测门、通过式安检门、通过式金属探测器、walk-through metal detector"
        "、walk through metal detector、walkthrough metal detector、wtmd、walk through gate"
        "、archway metal detector"
        "、门式金属探测器、通过式金属安检门",
    ),
    **_each(
        Meaning(_K.GATE, "type=hand_held"),
        "手持金属探测器、手持式金属探测器、手持金属探测仪、手持式金属探测仪、手持安检仪、手持式安检仪"
        "、手检仪、手检棒、手探、手持安检棒、安检棒、金属探测棒、手持金属探测棒、手持探测棒"
        "、手持金探、手持金探器、手持式金探器、手持安检器、手持金属安检仪、手持金属检测仪、手持式金属检测仪"
        "、hand-held metal detector"
        "、hand held metal detector、handheld metal detector、hhmd",
    ),
    **_each(
        Meaning(_K.XRAY),
        "安检机、通道式安检机、x光安检机、x射线安检仪、x光安检仪、x射线安检机"
        "、x射线安检设备、x光安检设备、x射线安全检查设备、x射线检查设备、x射线安全检查仪、x射线检查仪"
        "、x射线安全检查系统、x光检查仪、安检x光机、安检x射线机、x-ray scanner、x-ray machine"
        "、x-ray inspection system、x-ray screening system、x-ray equipment、x ray scanner"
        "、x-ray inspection machine、x-ray system、x-ray baggage inspection system",
    ),
    **_each(
        Meaning(_K.GATE, "type=hand_held", within=frozenset({System.SECURITY_INSPECTION})), "手探、手持探测器"
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
        "管理平台、集成平台、监控平台、视频平台、安防平台、平台软件、综合平台、联网平台、vms平台、vms"
        "、management platform",
    ),
    **_each(
        Meaning(_K.POWER_SUPPLY),
        "ups、ups电源、不间断电源、备用电源、门禁电源、门禁电源箱、门禁专用电源、门禁控制器电源、报警电源"
        "、报警电源箱、主机电源、ups主机、不间断电源主机"
        "、uninterruptible power supply",
    ),
    **_each(
        Meaning(_K.TIME_SERVER),
        "校时服务器、时间服务器、ntp服务器、时钟服务器、授时服务器、ntp时钟、gps时钟、时钟同步服务器"
        "、ntp server、time server",
    ),
}
_PARTS = _each(UNTESTED, PARTS)
_UNSURE = _each(
    UNCLEAR,
    # end like one of those above, and are something else or several things
    "一体机、电子围栏主机、围栏主机、脉冲主机、高压脉冲主机、电子围栏报警主机、围栏报警主机、脉冲报警主机"
    "、周界报警主机、对射报警主机、一键报警主机、一键式报警主机、求助报警主机、紧急求助主机、门禁报警主机"
    "、power supply、controller、sensor、detector、server、software、module、温感"
    "、可燃气体探测器、金属探测器、金属探测仪、漏水探测器、水浸探测器、车辆探测器、温湿度探测器"
    "、气体探测器、爆炸物探测器、液体探测器、燃气探测器、人体探测器、违禁品探测器、毒品探测器、火焰探测器"
    "、人数探测器、车牌识别摄像机、车牌抓拍机、车牌识别抓拍机、lpr camera、anpr camera、body camera"
    "、执法记录仪、服务器、电源、控制器、主机、软件、门禁软件、行车记录仪、电子围栏控制器、周界主机"
    "、门禁一体机、人脸识别终端、磁盘阵列、模拟摄像机解码器、道闸控制器、闸机控制器、摄像机控制器、ipsan"
    "、ip san、网络存储"
    "、梯控控制器、存储服务器、升降柱、阻车器、阻车桩、车载录像机、电梯控制器、人证核验终端、感温电缆"
    "、感温光缆"
    "、感温光纤、测温光纤、测温光缆、传感光缆、传感光纤、感应电缆、感应光缆、探测电缆、探测光缆、报警电缆"
    "、定位光缆、声音复核、声音探测器、声音复核探测器、出入口控制装置、视音频存储设备、视频存储设备"
    "、视频存储服务器、图像存储设备、备用、预留、备用防区、预留防区、spare、reserved"
    "、sensor cable、sensing cable、detection cable、detector cable、fence cable、呼叫主机"
    "、紧急呼叫按钮、读卡电源、控制箱、门禁控制柜、云台、雷达、周界雷达、考勤机、指纹机、一键报警柱、求助柱、单元门禁主机、单元门禁机、单元主机、楼宇门禁主机"
    "、一体锁、编码器、联网模块、人脸门禁、刷脸门禁、指纹门禁、密码门禁"
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

MODELS: tuple[tuple[re.Pattern[str], DeviceKind], ...] = (
    (
        re.compile(
            r"i?ds-2(?:cd|de|dc|df|dp|td|xs|sf|vs)\w|(?:dh-)?ipc-h\w|dh-(?:sd|ptz|tpc|ipc)|tl-ipc\d|hic\d"
            r"|(?:dh-)?sd-?\d{1,2}[a-z]\d{3,4}"
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
