# SPDX-License-Identifier: Apache-2.0
"""The closed vocabularies of a site file, with the Chinese words a real 点位表 uses for them."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import DecisionRule, DeviceKind, System
from yanshou.vocabulary.site import SITE_SYSTEMS
from yanshou.vocabulary.spelling import squeezed

SITE_FILE = "site.toml"

TABLES = frozenset(
    {
        "site",
        "parties",
        "attributes",
        "laboratory",
        "plan",
        "allow",
        "operator",
        "device",
        "instrument",
        "linkage",
        "loopback",
        "survey",
        "discover",
        "maintenance",
        "gb28181",
    }
)
SITE_KEYS = frozenset({"id", "name", "address", "time_zone", "rig", "inventory"})
SITE_REQUIRED = ("id", "name", "time_zone", "rig")
RIGS = frozenset({"emulated", "real"})
PARTIES = frozenset(
    {"client", "owner", "designer", "builder", "supervisor", "maintainer", "laboratory", "user", "contact"}
)
# asked of a report by ISO/IEC 17025:2017 7.8.2.1 and known only to the laboratory or its client
LABORATORY = frozenset(
    {
        "report_no",
        "accredited",
        "name",
        "address",
        "phone",
        "category",
        "received",
        "issued",
        "environment",
        "state",
        "external",
        "client_contact",
    }
)
ALLOW_KEYS = frozenset({"intrusive"})
OPERATOR_KEYS = frozenset(
    {"backend", "answers", "name", "witness", "witness_confirms", "photo_metadata", "signatures"}
)
PHOTO_METADATA = frozenset({"keep", "strip"})
BACKENDS = frozenset({"terminal", "scripted", "console"})
MAINTENANCE_KEYS = frozenset({"devices", "from", "until", "reason", "document"})
OWN_PLATFORM_KEYS = frozenset({"host", "port", "code", "realm", "media_ports", "certificate", "key"})
DEVICE_KEYS = frozenset({"profile", "connection", "attributes", "wiring"})

INTRUSIVE = frozenset(
    {
        "siren",
        "hold_up",
        "dispatch",
        "lock_release",
        "power_cut",
        "network_cut",
        "beam",
        "fire_interface",
        "reboot",
        "clock_change",
        "record_delete",
        "platform_stop",
        "camera_move",
        "remote_guard",
    }
)
"""Actions a site must allow by name, because people outside the test crew hear, see or feel them."""

SAMPLING_RULES = frozenset({"GB 50348-2018 9.1.5", "GB 50339-2013 19.0.4", "all"})
DECISION_RULES = frozenset(rule.value for rule in DecisionRule)
PLAN_NUMBERS: Mapping[str, tuple[float, float, bool]] = {
    "seed": (0, 2**63 - 1, True),
    "repetitions": (1, 1000, True),
    "hold_s": (0.1, 86_400, False),
    "retention_window_d": (1, 3650, True),
    "short_gaps_percent": (0, 100, False),
    "frame_rate_window_s": (1, 3600, False),
    "drift_watch_s": (1, 864_000, False),
    "unset_watch_s": (0.1, 86_400, False),
    "patience_s": (0.1, 3600, False),
    "assessors": (1, 50, True),
    "opinion_clip_s": (1, 120, False),
    "picture_age_s": (0, 10, False),
    "refusal_watch_s": (0.1, 3600, False),
    "refusal_tries": (1, 1000, True),
    "told_apart_s": (0.1, 3600, False),
    "notification_watch_s": (0.1, 3600, False),
    "power_off_s": (0.1, 86_400, False),
    "discharge_s": (0.1, 345_600, False),
    "switchovers": (1, 1000, True),
    "siren_stops_s": (0.1, 86_400, False),
    "siren_pause_s": (0.1, 10, False),
    "pulse_trials": (1, 100, True),
    "pulse_watch_s": (0.1, 3600, False),
    "pulse_step_ms": (5, 400, False),
    "log_fill_events": (1, 100_000, True),
    "block_before_s": (0.1, 3600, False),
    "block_s": (0.1, 3600, False),
    "path_wait_s": (0.1, 10_000_000, False),
    "supervision_watch_s": (0.1, 100_000, False),
    "network_window_s": (1, 86_400, False),
    "delay_trials": (2, 1000, True),
    "link_cycles": (1, 1000, True),
    "fire_hold_s": (0.1, 3600, False),
    "offline_events": (1, 60_000, True),
    "card_gap_s": (0, 60, False),
    "lock_standby_s": (0.1, 400_000, False),
    "standby_operations": (1, 10_000, True),
    "open_time_s": (1, 3600, False),
    "platform_back_s": (0.1, 3600, False),
    "register_wait_s": (0.1, 3600, False),
    "query_wait_s": (1, 3600, False),
    "silence_watch_s": (0.1, 7200, False),
    "reconnect_watch_s": (0.1, 3600, False),
    "camera_rest_s": (1.2, 60, False),
    "keepalive_periods": (2, 1000, True),
    "subscription_expires_s": (2, 600, False),
    "channel_loss_wait_s": (0.1, 3600, False),
    "display_delay_ms": (0, 10_000, False),
    "code_screen_ms": (0, 10_000, False),
    "largest_u": (0.01, 0.5, False),  # U as a share of the limit or of the tolerance; a third when not stated
}
"""Numbers of ``[plan]``: least, most, whole."""
PLAN_LISTS = ("scope", "sample_all", "accepted_estimates", "overlays")
LIGHTS = frozenset({"day", "night"})
PLAN_KEYS = frozenset(
    {*PLAN_NUMBERS, *PLAN_LISTS, "sampling", "decision_rule", "light", "retest", "redraw", "largest_u_of"}
)
RETEST_KEYS = frozenset({"population", "first_n", "failed", "drawn"})

SECRET_KINDS = frozenset({"env", "file", "keyring"})
SECRET_NAMES = frozenset(
    {
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "pin",
        "pin_code",
        "passcode",
        "密码",
        "口令",
    }
)
"""Keys whose value would be a secret: only a reference may stand there."""

PARENT_KINDS: Mapping[DeviceKind, frozenset[DeviceKind]] = {
    DeviceKind.ZONE: frozenset({DeviceKind.PANEL}),
    DeviceKind.DOOR: frozenset({DeviceKind.DOOR_CONTROLLER}),
    DeviceKind.READER: frozenset({DeviceKind.DOOR_CONTROLLER, DeviceKind.DOOR}),
    DeviceKind.CAMERA: frozenset({DeviceKind.RECORDER, DeviceKind.PLATFORM}),
}
"""The kinds a device of a kind can have as parent; a kind not named here can have any."""

BOARD_KINDS = frozenset(
    {DeviceKind.RELAY_BOARD, DeviceKind.READER, DeviceKind.INSTRUMENT, DeviceKind.POWER_SUPPLY}
)
"""The kinds a channel of the bench can belong to."""

COLUMNS: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "id",
            "kind",
            "system",
            "name",
            "model",
            "location",
            "parent",
            "number",
            "attributes",
            "wiring",
            "note",
        )
    },
    **dict.fromkeys(("编号", "设备编号", "点位编号"), "id"),
    **dict.fromkeys(("类型", "设备类型", "类别"), "kind"),
    **dict.fromkeys(("系统", "子系统", "所属系统"), "system"),
    **dict.fromkeys(("名称", "设备名称", "点位名称"), "name"),
    **dict.fromkeys(("型号", "规格型号", "设备型号"), "model"),
    **dict.fromkeys(("位置", "安装位置", "安装地点"), "location"),
    **dict.fromkeys(("上级", "上级设备", "所属设备"), "parent"),
    **dict.fromkeys(("防区号", "防区编号", "通道号", "门号"), "number"),
    **dict.fromkeys(("序号", "no", "no."), "note"),  # the running number of the sheet, not that at the panel
    **dict.fromkeys(("属性",), "attributes"),
    **dict.fromkeys(("接线", "检测接线"), "wiring"),
    **dict.fromkeys(("备注", "说明"), "note"),
}
"""Heads of inventory columns; ``note`` is not read."""

HOLD_UP_KINDS = ("紧急报警按钮", "紧急按钮", "紧急报警装置", "手动报警按钮", "脚挑开关", "脚踢开关")
"""Words for a kind that also mark a zone as a hold-up zone."""

HOLD_UP_NAMES = (
    *HOLD_UP_KINDS,
    "紧急报警",
    "紧急求助",
    "求助按钮",
    "脚踏报警",
    "劫持报警",
    "holdup",
    "panic",
    "duress",
)
"""Words of a name or model, squeezed, by which people know a hold-up device."""

KINDS: Mapping[str, DeviceKind] = {
    **{kind.value: kind for kind in DeviceKind},
    **dict.fromkeys(("防区", "探测器", "入侵探测器", *HOLD_UP_KINDS), DeviceKind.ZONE),
    **dict.fromkeys(("报警主机", "报警控制器", "控制指示设备"), DeviceKind.PANEL),
    **dict.fromkeys(("门", "出入口", "受控门"), DeviceKind.DOOR),
    **dict.fromkeys(("门禁控制器", "出入口控制器"), DeviceKind.DOOR_CONTROLLER),
    **dict.fromkeys(("读卡器", "识读设备", "凭证注入器"), DeviceKind.READER),
    **dict.fromkeys(("摄像机", "网络摄像机"), DeviceKind.CAMERA),
    **dict.fromkeys(("录像机", "硬盘录像机", "网络硬盘录像机", "存储设备"), DeviceKind.RECORDER),
    **dict.fromkeys(("继电器板", "检测继电器板"), DeviceKind.RELAY_BOARD),
    **dict.fromkeys(("金属探测门", "安检门"), DeviceKind.GATE),
    **dict.fromkeys(("安检机", "X射线安检机", "X 射线安检机"), DeviceKind.XRAY),
    **dict.fromkeys(("平台", "管理平台", "集成平台"), DeviceKind.PLATFORM),
    **dict.fromkeys(("报警联网", "联网报警"), DeviceKind.ALARM_LINK),
    **dict.fromkeys(("接警机", "检测接警机"), DeviceKind.ALARM_RECEIVER),
    **dict.fromkeys(("联动", "联动关系"), DeviceKind.LINKAGE),
    **dict.fromkeys(("电源", "备用电源"), DeviceKind.POWER_SUPPLY),
    **dict.fromkeys(("校时服务器", "时间服务器"), DeviceKind.TIME_SERVER),
    **dict.fromkeys(("仪器", "仪表", "检测仪器"), DeviceKind.INSTRUMENT),
    "场所": DeviceKind.SITE,
}

SYSTEMS: Mapping[str, System] = {
    **{system.value: system for system in SITE_SYSTEMS},
    **dict.fromkeys(("入侵报警", "入侵报警系统", "入侵和紧急报警系统"), System.INTRUSION),
    **dict.fromkeys(("视频监控", "视频监控系统", "视频安防监控系统"), System.VIDEO),
    **dict.fromkeys(("门禁", "门禁系统", "出入口控制", "出入口控制系统"), System.ACCESS_CONTROL),
    **dict.fromkeys(("安全检查", "防爆安全检查", "防爆安全检查系统"), System.SECURITY_INSPECTION),
    **dict.fromkeys(("集成", "安防集成", "安全管理系统"), System.INTEGRATION),
    **dict.fromkeys(("报警联网", "联网报警"), System.ALARM_NETWORK),
    **dict.fromkeys(("场所", "检测台"), System.SITE),
}

_SPELT_KINDS = {squeezed(word): kind for word, kind in KINDS.items()}
_SPELT_SYSTEMS = {squeezed(word): system for word, system in SYSTEMS.items()}


def kind_of(text: str) -> DeviceKind | None:
    """The kind a word means, however it is spelt."""
    return _SPELT_KINDS.get(squeezed(text))


def system_of(text: str) -> System | None:
    """The system a word means, however it is spelt."""
    return _SPELT_SYSTEMS.get(squeezed(text))


YES = frozenset({"true", "yes", "是"})
NO = frozenset({"false", "no", "否"})
