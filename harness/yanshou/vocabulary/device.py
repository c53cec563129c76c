# SPDX-License-Identifier: Apache-2.0
"""The closed vocabulary of device attributes: names and values, in English and in the words of a 点位表.

Everything a clause or a test may ask of a device is here; any other name or value is a mistake. Otherwise a
misspelt value would match no clause, and the clauses concerned would be skipped silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from yanshou.model import DeviceKind, System
from yanshou.toml import near
from yanshou.vocabulary.linkage import EFFECTS, EVENTS
from yanshou.vocabulary.spelling import squeezed
from yanshou.vocabulary.values import Day, Duration, Flag, Free, Number, Unfit, Value, WordValue


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of some kinds of device; ``names`` are its further spellings."""

    name: str
    value: Value
    kinds: frozenset[DeviceKind]
    names: tuple[str, ...] = ()


_K = DeviceKind
_EVERY = frozenset(DeviceKind)
_NETWORKED = (_K.CAMERA, _K.RECORDER, _K.PLATFORM, _K.ALARM_LINK)
_FLAG, _FREE = Flag(), Free()
_SECONDS, _COUNT = Duration(0, 86_400), Number(1, 65_535, whole=True)
_PIXELATED = ("CIF", "4CIF", "D1", "720P", "1080P", "4MP", "5MP", "4K")
_PURPOSES = (
    *("overview", "outline", "discern", "perceive", "characterise", "validate", "scrutinise"),
    *("monitor", "detect", "observe", "recognise", "identify", "inspect"),
)


def _only(*values: str) -> WordValue:
    return WordValue(dict.fromkeys(values, ()))


def _of(name: str, value: Value, *kinds: DeviceKind, names: Sequence[str] = ()) -> Attribute:
    return Attribute(name, value, frozenset(kinds) or _EVERY, tuple(names))


_ZONE_TYPES = WordValue(
    {
        "normal": (
            "普通",
            "普通防区",
            "即时",
            "即时防区",
            "瞬时",
            "瞬时防区",
            "立即",
            "立即防区",
            "周界",
            "周界防区",
            "instant",
        ),
        "entry": ("出入口", "出入口防区", "出入防区", "延时", "延时防区", "entry/exit", "delay"),
        "hold_up": (
            *("紧急", "紧急报警", "紧急防区", "紧急报警防区", "紧急报警按钮", "紧急按钮", "劫持", "劫盗"),
            *("24小时紧急", "24小时紧急防区", "24小时紧急报警", "24h紧急"),
            *("hold-up", "holdup alarm", "panic", "panic button", "PA"),
        ),
        "24h": ("24 h", "24小时", "24小时防区", "二十四小时", "全天候", "24hour", "24 hours"),
        "fire": ("火警", "火灾", "消防", "火警防区"),
    }
)
_DETECTORS = WordValue(
    {
        "contact": ("磁开关", "门磁", "磁控开关", "magnetic contact"),
        "button": ("按钮", "紧急按钮", "紧急报警按钮", "手动报警按钮"),
        "foot_switch": ("脚挑开关", "脚踢开关"),
        "infrared": ("红外", "被动红外", "pir"),
        "microwave": ("微波",),
        "dual": ("双鉴", "双技术", "微波红外复合"),
        "glass_break": ("玻璃破碎",),
        "vibration": ("振动", "震动"),
        "beam": ("主动红外", "红外对射", "对射", "active infrared"),
        "taut_wire": ("张力围栏", "张力式电子围栏", "张力"),
        "pulse_fence": ("脉冲电子围栏", "电子围栏", "脉冲围栏"),
        "vibration_cable": ("振动电缆", "振动光纤"),
        "leaky_cable": ("泄漏电缆", "泄露电缆"),
        "curtain": ("幕帘",),
        "smoke": ("烟感",),
        "other": ("其他", "其它"),
    }
)
_PLACES = WordValue(
    {
        "ordinary": ("一般场所", "公共场所", "非隐私场所"),
        "guest_room": ("客房", "包间", "客房、包间"),
        "dormitory": ("宿舍", "集体宿舍", "公寓房间"),
        "bathroom": ("浴室", "更衣室", "卫生间", "化妆间", "哺乳室"),
        "client_data": ("客户信息区域", "客户个人信息区域"),
        "ballot": ("选举投票", "选举箱", "举报箱", "投票点"),
        "other": ("其他隐私场所", "其它隐私场所"),
    }
)

ATTRIBUTES: tuple[Attribute, ...] = (
    # every device
    _of("serial", _FREE, names=["序列号", "出厂编号"]),
    _of("firmware", _FREE, names=["固件", "固件版本"]),
    _of("epr", _FREE),
    _of("platform_id", _FREE, names=["平台编号"]),
    _of("mac", _FREE, names=["MAC地址"]),
    _of("vlan", _FREE),
    _of("security_grade", Number(1, 4, whole=True), names=["安全等级"]),
    _of("networked", _FLAG, names=["联网"]),
    _of("supervised", _FLAG, names=["受监测"]),
    _of("commissioned", Day(), names=["投用日期"]),
    # intrusion
    _of("type", _ZONE_TYPES, _K.ZONE, names=["类型", "防区类型", "报警类型"]),
    _of(
        "technology",
        WordValue(
            {"wired": ("有线", "分线", "硬线"), "bus": ("总线", "总线制"), "radio": ("无线", "wireless")}
        ),
        *(_K.ZONE, _K.PANEL),
        names=["技术", "传输方式", "接入方式"],
    ),
    _of(
        "partition",
        Number(1, 1024, whole=True),
        _K.ZONE,
        names=["分区", "子系统号", "分区号", "键盘分区", "所属分区", "布防分区"],
    ),
    _of("eol_ohm", Number(0, 1e6), _K.ZONE, names=["线尾电阻"]),
    _of("entry_s", _SECONDS, _K.ZONE, names=["进入延时"]),
    _of("perimeter", _FLAG, _K.ZONE, names=["周界"]),
    _of("detector", _DETECTORS, _K.ZONE, names=["探测器", "探测器类型"]),
    _of("devices", _COUNT, _K.ZONE, names=["装置数"]),
    _of("event_zone", _COUNT, _K.ZONE, names=["接警防区号"]),
    _of(
        "battery_ah",
        Number(0.1, 10_000),
        *(_K.PANEL, _K.POWER_SUPPLY, _K.DOOR),
        names=["电池容量", "蓄电池容量"],
    ),
    _of("supply_v", Number(1, 1000), _K.PANEL, _K.POWER_SUPPLY, names=["供电电压"]),
    _of("rated_w", Number(0.1, 1e7), _K.POWER_SUPPLY, names=["额定功率"]),
    _of("scan_ms", Number(0, 1e6), _K.PANEL, names=["扫描周期"]),
    _of(
        "sirens",
        WordValue({"indoor": ("室内",), "outdoor": ("室外",), "both": ("室内外", "室内和室外")}),
        _K.PANEL,
        names=["警号"],
    ),
    _of("rights", _FREE, _K.PANEL, names=["用户权限"]),
    _of("supply_type", _only("A", "B", "C"), _K.PANEL, names=["电源类型"]),
    _of("mains_fault_to_arc", _FLAG, _K.PANEL),
    *(_of(name, _SECONDS, _K.PANEL) for name in ("exit_s", "notify_s", "resound_s", "siren_s")),
    _of("debounce_ms", Number(0, 1e6), _K.PANEL),
    _of("log_capacity", Number(1, 1e7, whole=True), _K.PANEL),
    _of("log_days", Number(0, 1e5), _K.PANEL),
    # access control
    _of(
        "type",
        WordValue({"barrier": ("道闸", "闸机", "通道闸"), "door": ("门", "普通")}),
        _K.DOOR,
        names=["类型"],
    ),
    _of(
        "lock",
        WordValue(
            {"fail_safe": ("断电开", "断电开锁", "失电开"), "fail_secure": ("断电闭", "断电闭锁", "断电锁")}
        ),
        _K.DOOR,
        names=["锁具", "锁具类型"],
    ),
    _of("on_escape_route", _FLAG, _K.DOOR, names=["疏散通道", "疏散门", "逃生通道"]),
    _of("independent", _FLAG, _K.DOOR_CONTROLLER, names=["独立", "独立系统"]),
    _of("lock_open_s", Number(0.1, 3_600), _K.DOOR, names=["开启时间", "开锁时间"]),
    _of("held_after_s", Number(0.1, 3_600), _K.DOOR, names=["开门超时时间", "开门超时报警时间"]),
    _of("fixed_times", _FLAG, _K.DOOR, names=["时间不可设定"]),
    _of("anti_passback", _FLAG, _K.DOOR, names=["防返传", "防尾随"]),
    _of(
        "credential",
        WordValue({"card": ("卡", "刷卡"), "pin": ("密码",), "face": ("人脸",), "fingerprint": ("指纹",)}),
        _K.DOOR,
        names=["识读方式"],
    ),
    _of(
        "technology",
        WordValue({"card": ("卡", "读卡"), "face": ("人脸",), "fingerprint": ("指纹",), "pin": ("密码",)}),
        _K.READER,
        names=["技术", "识读技术"],
    ),
    _of("remote_verification", _FLAG, _K.READER, names=["远程复核"]),
    _of("authorised", _FREE, _K.READER),
    _of("unauthorised", _FREE, _K.READER),
    *(_of(name, _FREE, _K.READER) for name in ("duress", "payment", "approval")),
    # video
    _of(
        "technology",
        WordValue({"analogue": ("模拟", "analog"), "digital": ("数字", "网络", "IP")}),
        *(_K.CAMERA, _K.RECORDER),
        names=["技术", "制式"],
    ),
    _of("place", _PLACES, _K.CAMERA, names=["场所类型"]),
    _of("view", _FREE, _K.CAMERA, names=["视场", "监视范围"]),
    _of("osd", _FREE, _K.CAMERA, names=["字符叠加"]),
    _of("osd_date_order", _only("ymd", "mdy", "dmy"), _K.CAMERA),
    _of("recording", _FREE, _K.CAMERA, names=["录像标识"]),
    _of("reference", _FREE, _K.CAMERA),
    _of(
        "chart",
        WordValue({"slanted_edge": ("斜边测试卡", "斜边"), "none": ("无",)}, ids=True),
        _K.CAMERA,
        names=["测试卡"],
    ),
    _of("chart_light_k", Number(1000, 25_000), _K.CAMERA, names=["测试卡光源色温"]),
    _of("purpose", _only(*_PURPOSES), _K.CAMERA),
    _of("picture_format", _only(*_PIXELATED), _K.CAMERA, names=["图像格式"]),
    _of(
        "face_capture",
        WordValue({"enrol": ("注册", "enroll"), "probe": ("比对", "抓拍"), "none": ("无",)}),
        _K.CAMERA,
        names=["人脸抓拍"],
    ),
    _of(
        "em_environment", WordValue({"severe": ("严酷",), "normal": ("一般",)}), _K.CAMERA, names=["电磁环境"]
    ),
    _of("colour", _FLAG, _K.CAMERA, names=["彩色", "color"]),
    _of("outdoor", _FLAG, _K.CAMERA, names=["室外"]),
    _of("ptz", _FLAG, _K.CAMERA, names=["云台"]),
    _of("important", _FLAG, _K.CAMERA, names=["重要", "重要部位"]),
    _of("encoder_input", _FLAG, _K.CAMERA),
    _of("accepted_view", _FLAG, _K.CAMERA, names=["已验收画面"]),
    _of("cascaded", _FLAG, _K.CAMERA, names=["级联"]),
    *(_of(name, _FLAG, _K.CAMERA) for name in ("timecode", "jpeg_profile")),
    *(_of(name, _COUNT, _K.CAMERA) for name in ("gop", "packet_bytes")),
    _of("sensor_noise", Number(0, 255), _K.CAMERA),
    _of("frame_rate", Number(1, 1000), _K.CAMERA, _K.RECORDER, names=["帧率"]),
    _of(
        "codec",
        WordValue({"H.264": ("avc", "h264"), "H.265": ("hevc", "h265"), "JPEG": ("mjpeg",), "SVAC": ()}),
        *(_K.CAMERA, _K.RECORDER),
        names=["编码", "编码格式"],
    ),
    _of("channels", Number(1, 4096, whole=True), _K.RECORDER, names=["通道数", "路数"]),
    _of("capacity_gb", Number(1, 1e9), _K.RECORDER, names=["容量", "存储容量"]),
    _of("overwrite", _FREE, _K.RECORDER, names=["覆盖", "覆盖策略"]),
    _of("keeps_d", Number(0, 1e5), _K.RECORDER),
    _of("key_place", _FLAG, _K.RECORDER, names=["重点部位"]),
    _of("video_diagnosis", _FLAG, _K.PLATFORM, names=["视频诊断"]),
    _of("patrol", WordValue({"online": ("在线",), "offline": ("离线",)}), _K.PLATFORM, names=["巡更"]),
    _of("gb28181", _FLAG, *_NETWORKED, names=["GB/T 28181"]),
    _of(
        "gb35114",
        WordValue({"A": ("A级",), "B": ("B级",), "C": ("C级",), "none": ("无",)}),
        *_NETWORKED,
        names=["GB 35114"],
    ),
    _of("interfaces", _FREE, _K.PLATFORM, names=["集成接口", "接口"]),
    _of("wanted_plate", _FREE, _K.PLATFORM, names=["布控车牌"]),
    _of("keepalive_s", _SECONDS, *_NETWORKED, names=["心跳间隔"]),
    _of("register_expires_s", Duration(1, 31_536_000), *_NETWORKED, names=["注册有效期"]),
    # inspection, alarm network, clocks, the bench
    _of(
        "type",
        WordValue({"body_scanner": ("人体安检",), "cargo": ("货物", "车辆"), "baggage": ("行李", "包裹")}),
        _K.XRAY,
        names=["类型"],
    ),
    _of(
        "type",
        WordValue({"hand_held": ("手持", "手持式"), "walk_through": ("通过式", "安检门")}),
        _K.GATE,
        names=["类型"],
    ),
    _of("class", _FREE, _K.XRAY, _K.GATE, names=["等级", "标称等级", "探测等级"]),
    _of("live", _FLAG, _K.ALARM_LINK, names=["在用"]),
    _of(
        "ats_category",
        _only(*(f"{way}{n}" for way in ("SP", "DP") for n in range(1, 7))),
        _K.ALARM_LINK,
        names=["传输类别"],
    ),
    *(_of(name, Duration(0.1, 86_400), _K.ALARM_LINK) for name in ("poll_s", "supervision_s")),
    *(_of(name, _SECONDS, _K.ALARM_LINK) for name in ("path_timeout_s", "comm_fault_s")),
    _of("retry_s", _SECONDS, *_NETWORKED),
    *(_of(f"comm_zone_{path}", Number(0, 65_535, whole=True), _K.ALARM_LINK) for path in (1, 2)),
    _of("transport", _only("udp", "tcp"), _K.ALARM_LINK),
    _of("source", _FREE, _K.LINKAGE, names=["源", "触发"]),
    _of("target", _FREE, _K.LINKAGE, names=["目标"]),
    _of("event", EVENTS, _K.LINKAGE, names=["事件", "触发事件"]),
    _of("effect", EFFECTS, _K.LINKAGE, names=["动作", "联动动作"]),
    _of("deadline", Duration(0.001, 3_600), _K.LINKAGE, names=["时限", "联动时限"]),
    _of("meaning", _FREE, _K.LINKAGE, names=["含义", "说明"]),
    _of(
        "observed_by",
        WordValue({"bench": ("检测台",), "person": ("人员", "人工", "目视")}),
        _K.LINKAGE,
        names=["观察方式"],
    ),
    _of(
        "clock_role",
        WordValue(
            {
                "mother": ("一级母钟", "母钟"),
                "second_mother": ("二级母钟",),
                "slave": ("子钟",),
                "reference": ("基准", "检测基准"),
                "central": ("中央管理主机",),
                "controller": ("计时部件",),
            }
        ),
        names=["时钟角色"],
    ),
    *(_of(name, Number(0, 10_000), _K.RELAY_BOARD) for name in ("relay_delay_max_ms", "input_delay_max_ms")),
)

INHERITED = frozenset({"technology", "networked", "security_grade", "supervised"})
"""What a zone, door or camera takes from its parent if it does not state it itself."""

KIND_SYSTEMS: Mapping[DeviceKind, frozenset[System]] = {
    _K.ZONE: frozenset({System.INTRUSION}),
    _K.PANEL: frozenset({System.INTRUSION}),
    _K.DOOR: frozenset({System.ACCESS_CONTROL}),
    _K.DOOR_CONTROLLER: frozenset({System.ACCESS_CONTROL}),
    _K.READER: frozenset({System.ACCESS_CONTROL, System.SITE}),  # a credential injector is of the bench
    _K.CAMERA: frozenset({System.VIDEO}),
    _K.RECORDER: frozenset({System.VIDEO}),
    _K.GATE: frozenset({System.SECURITY_INSPECTION}),
    _K.XRAY: frozenset({System.SECURITY_INSPECTION}),
    _K.ALARM_LINK: frozenset({System.ALARM_NETWORK}),
    _K.LINKAGE: frozenset({System.INTEGRATION}),
    _K.TIME_SERVER: frozenset({System.SITE}),
    _K.RELAY_BOARD: frozenset({System.SITE}),
}
"""The systems a device of a kind can belong to; a kind that is not named can belong to any."""


_LISTED_WITH = {_K.RECORDER: _K.CAMERA}  # one sheet has the same columns for both; clauses read the camera's


@cache
def attributes_of(kind: DeviceKind) -> Mapping[str, Attribute]:
    """The attributes a device of this kind can have, by name."""
    return {one.name: one for one in ATTRIBUTES if kind in one.kinds}


@cache
def _known(kind: DeviceKind) -> dict[str, Attribute]:
    """Its attributes, and those of the kind it is listed with."""
    return {**attributes_of(_LISTED_WITH.get(kind, kind)), **attributes_of(kind)}


@cache
def _spelt(kind: DeviceKind) -> dict[str, Attribute]:
    return {squeezed(word): one for one in _known(kind).values() for word in (one.name, *one.names)}


def named(key: str, kind: DeviceKind) -> Attribute:
    """The attribute that ``key`` spells; raises Unfit with what is wrong and what may be meant."""
    known = _known(kind)
    if (found := known.get(key.casefold(), _spelt(kind).get(squeezed(key)))) is not None:
        return found  # by its very name first: siren_s is not sirens
    if others := sorted({one.kinds for one in ATTRIBUTES if squeezed(key) == squeezed(one.name)}, key=len):
        kinds = " or ".join(sorted(others[0]))
        raise Unfit(f"{key!r} is an attribute of a {kinds}, not of a {kind}.", "Delete it, or mend the kind.")
    names = [word for one in known.values() for word in (one.name, *one.names)]
    hint = near(key.casefold(), [word for word in names if word.isascii() == key.isascii()])
    raise Unfit(
        f"{key!r} is not an attribute of a {kind}.",
        hint or "What nobody compares stands in the column note (备注).",
    )
