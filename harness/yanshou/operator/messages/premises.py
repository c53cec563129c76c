# SPDX-License-Identifier: Apache-2.0
"""Questions about earthing, electrical safety and the monitoring centre."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

PREMISES: Final[dict[str, Text]] = {
    "earth.method": Text(
        "接地电阻的测试方法和辅助极布置（如三极法，20 m、40 m）",
        "How the earth is measured and where the auxiliary electrodes stand (fall of potential, 20 m, 40 m)",
    ),
    "earth.points": Text("{at}：要测的接地点数", "{at}: number of points to be measured"),
    "earth.point": Text("接地点 {number} 的名称或位置", "Point {number}: its name or place"),
    "earth_resistance": Text("{point} 的接地电阻", "Earth resistance at {point}"),
    "earth.photo": Text("测试现场的照片", "Photograph of the measurement"),
    "insulation.cut_off": Text(
        "设备是否已与市电断开、其电子部分已按说明书保护？",
        "Is the device cut off from the mains, and are its electronics protected as its manual asks?",
    ),
    "insulation.voltage": Text("绝缘电阻表的试验电压", "Test voltage of the insulation tester"),
    "insulation.display": Text(
        "第 {number} 线（1 相线、2 中性线）对外壳：仪表显示什么？",
        "Conductor {number} (1 live, 2 neutral) against the case: what does the meter show?",
    ),
    "insulation.display.value": Text("数值", "a value"),
    "insulation.display.over": Text("超过量程", "over range"),
    "insulation.range": Text(
        "第 {number} 线（1 相线、2 中性线）：超过量程时仪表所设量程的上限",
        "Conductor {number} (1 live, 2 neutral): the end of the range the meter was set to when it was over",
    ),
    "insulation_resistance": Text(
        "第 {number} 线（1 相线、2 中性线）对外壳的绝缘电阻",
        "Insulation resistance of conductor {number} (1 live, 2 neutral) against the case",
    ),
    "insulation.connected": Text(
        "设备是否已恢复原状并重新供电？", "Is the device back as it was, and powered?"
    ),
    "leakage_current": Text(
        "电源对外壳的泄漏电流，第 {number} 次（第 2 次对调相线与中性线）",
        "Leakage current from the supply to the case, reading {number} (2: live and neutral exchanged)",
    ),
    "type_test.model": Text("型式检验证书载明的型号", "Model that the type-test certificate names"),
    "type_test.damp": Text(
        "证书载明的湿热后绝缘电阻", "Insulation resistance after damp heat that the certificate states"
    ),
    "type_test.voltage": Text(
        "证书载明的抗电强度试验电压", "Voltage of the test that the certificate states"
    ),
    "type_test.time": Text("证书载明的施加时间", "How long it was applied, by the certificate"),
    "type_test.breakdown": Text("证书是否载明发生击穿？", "Does the certificate state a breakdown?"),
    "emergency.cut": Text(
        "切断市电的时刻（年-月-日 时:分）", "When mains was cut (year-month-day hour:minute)"
    ),
    "emergency.end": Text("应急供电如何结束？", "How did the emergency supply end?"),
    "emergency.end.stopped": Text("录像或实时监视停止", "recording or live viewing stopped"),
    "emergency.end.restored": Text("仍在工作时恢复了市电", "mains was restored while all still worked"),
    "emergency.ended": Text(
        "停止或恢复市电的时刻（年-月-日 时:分）", "When that was (year-month-day hour:minute)"
    ),
    "temperature": Text(
        "值守区空气温度，第 {number} 次", "Air temperature of the manned room, reading {number}"
    ),
    "humidity": Text(
        "值守区相对湿度，第 {number} 次", "Relative humidity of the manned room, reading {number}"
    ),
    "desk.places": Text("要测的工作面处数", "Number of places on the desks to be measured"),
    "desk.place": Text("工作面 {number} 的名称或位置", "Place {number} on the desks: its name"),
    "desk.illuminance": Text("{place} 的照度", "Illuminance at {place}"),
    "area.rectangles": Text(
        "监控中心平面划分成的矩形个数", "Number of rectangles the floor of the centre is divided into"
    ),
    "area.length": Text("矩形 {number} 的长", "Length of rectangle {number}"),
    "area.width": Text("矩形 {number} 的宽", "Width of rectangle {number}"),
    "centre.person": Text(
        "监控中心的陪同人员（姓名、职务）", "Who is present at the centre (name, function)"
    ),
    "centre.entrance": Text("出入口", "the entrance"),
    "centre.inside": Text("室内", "the inside"),
    "centre.cameras": Text(
        "覆盖监控中心{part}的摄像机编号（点位表编号，以逗号分开；没有填“无”）",
        "Cameras that cover this part of the centre, by their ids (separated by commas; none): {part}",
    ),
    "centre.covered": Text(
        "画面是否完全覆盖监控中心{part}？", "Do their pictures cover it completely: {part}?"
    ),
    "centre.photo": Text("监控中心{part}画面的照片", "Photograph of the picture: {part}"),
    "centre.inward": Text("对内通信", "speech inwards"),
    "centre.outward": Text("对外通信", "speech outwards"),
    "centre.hold_up.words": Text("紧急报警外发", "hold-up call to the outside"),
    "centre.call": Text("{way}试用的结果（事先约定的试验）", "What the agreed test brought: {way}"),
    "centre.call.works": Text("对方收到并应答", "it was received and answered"),
    "centre.call.fails": Text("没有应答", "there was no answer"),
    "centre.call.absent": Text("没有此种手段", "there is no such means"),
    "centre.call.untried": Text("今日未试", "not tried today"),
    "centre.answered": Text("应答人（姓名、单位）", "Who answered (name, organisation)"),
    "centre.talk_photo": Text("通信设备的照片", "Photograph of the means of speech"),
    "centre.hold_up.devices": Text(
        "监控中心紧急报警装置的防区编号（点位表编号，以逗号分开；没有填“无”）",
        "Zones of the hold-up devices of the centre, by their ids (separated by commas; none)",
    ),
    "centre.hold_up.photo": Text("监控中心紧急报警装置的照片", "Photograph of the hold-up device"),
    "centre.apart": Text("值守区与设备区是否分离？", "Are the control room and the equipment room apart?"),
    "centre.cables": Text("两区之间的线缆如何保护？", "How are the cables between the two rooms protected?"),
    "centre.cables.conduit": Text("金属管", "in metal conduit"),
    "centre.cables.trunking": Text("封闭线槽", "in closed trunking"),
    "centre.cables.buried": Text("暗敷", "buried in the structure"),
    "centre.cables.none": Text("没有保护", "not at all"),
    "centre.cables.photo": Text("两区之间线缆的照片", "Photograph of the cables between the rooms"),
    "centre.equipment.zones": Text(
        "设备区入侵探测的防区编号（点位表编号，以逗号分开；没有填“无”）",
        "Zones that detect intrusion in the equipment room, by their ids (separated by commas; none)",
    ),
    "centre.equipment.doors": Text(
        "设备区受控门的编号（点位表编号，以逗号分开；没有填“无”）",
        "Controlled doors of the equipment room, by their ids (separated by commas; none)",
    ),
    "centre.equipment.photo": Text("设备区门和探测器的照片", "Photograph of door and detector"),
    "centre.measures.listed": Text(
        "标准条文所列监控中心自身防护措施（对照正式文本，以逗号分开；没有填“无”）",
        "Measures of self-protection that the clause lists (by the paper, separated by commas; none)",
    ),
    "centre.measures.missing": Text(
        "其中现场没有的措施（用同样的名称，以逗号分开；没有填“无”）",
        "Those of them that are missing (by the same names, separated by commas; none)",
    ),
    "centre.measures.photo": Text("自身防护措施的照片", "Photograph of the measures of self-protection"),
}
