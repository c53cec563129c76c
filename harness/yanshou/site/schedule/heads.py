# SPDX-License-Identifier: Apache-2.0
"""The heads of a designer's 点位表 in one or two rows, under their many names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yanshou.model import DeviceKind
from yanshou.site.schedule.terms import stated_kind
from yanshou.vocabulary.device import ATTRIBUTES
from yanshou.vocabulary.spelling import squeezed

_NAMES: Mapping[str, tuple[str, ...]] = {
    "sequence": ("序号", "序", "项次", "行号", "no", "no.", "item"),
    "id": (
        *(
            *("id", "编号", "设备编号", "点位编号", "点号", "点位号", "位号", "设备位号", "器件编号"),
            *("图纸编号", "摄像机编号"),
        ),
        *(
            *("探测器编号", "设备id", "点位id", "设备编码", "点位编码", "编码", "设备代号", "代号"),
            *("tag", "device id", "监控点编号"),
        ),
        *("设备号", "监控点号", "摄像机号", "device no", "point no", "camera id", "门禁编号", "前端编号"),
        *(
            "camera no",
            "door id",
            "door no",
            "zone id",
            "reader id",
            "detector no",
            "equipment no",
            "device code",
        ),
    ),
    "kind": (
        *("探测器", "前端探测器", "设备型式", "摄像头类型", "报警设备类型"),
        *(
            *("kind", "类型", "设备类型", "类别", "设备类别", "种类", "设备种类", "探测器类型"),
            *("摄像机类型", "前端类型", "点位类型"),
        ),
        *("type", "device type", "器材类型", "前端设备类型", "摄像机类别", "设备形式", "前端设备", "设备"),
    ),
    "name": (
        *("前端设备名称", "设备/材料名称", "系统设备名称"),
        *(
            *("name", "名称", "设备名称", "器材名称", "产品名称", "货物名称", "材料名称"),
            *("设备材料名称", "设备及材料名称"),
        ),
        *("设备名", "项目名称", "清单名称", "device", "device name", "品名", "物料名称", "equipment"),
    ),
    "point": (
        *("通道名", "点位描述", "监控名称", "摄像头名称"),
        *(
            *("点位名称", "点位", "监控点名称", "监控点", "监控点位", "摄像机名称", "通道名称"),
            *("防区名称", "防区描述", "门名称"),
        ),
        *(
            *("门点名称", "point", "point name", "camera name", "前端点位", "门禁点名称", "点名称"),
            *("door name", "zone name", "zone description", "camera description"),
            "监控点位名称",
        ),
    ),
    "model": (
        *(
            *("model", "型号", "规格型号", "设备型号", "型号规格", "规格", "产品型号", "品牌型号"),
            *("品牌及型号", "型号及规格"),
        ),
        *("设备规格型号", "品牌规格型号", "规格及型号", "摄像机型号"),
    ),
    "location": (
        *("监控点位置", "监控地点", "点位地址", "布防位置", "布防区域", "探测部位", "安装点位", "摄像头位置"),
        *(
            *("location", "位置", "安装位置", "安装地点", "地点", "部位", "安装部位", "点位位置"),
            *("具体位置", "详细位置"),
        ),
        *(
            *("设置位置", "设置部位", "所在位置", "安装区域", "区域", "所在区域", "楼层", "房间"),
            *("房间号", "楼号", "楼栋", "建筑"),
        ),
        *(
            *("position", "room", "floor", "building", "area", "监控位置", "监控区域", "摄像机位置"),
            *("安装位置描述", "楼宇", "层"),
        ),
        *(
            *("安装场所", "所在楼层", "所属区域", "防护部位", "防护区域", "单体", "单体名称"),
            *("布点位置", "摄像机安装位置"),
        ),
    ),
    "host": (
        *("ip通道地址", "设备地址", "摄像头ip", "终端ip", "ip/域名"),
        *(
            *("ip", "ip地址", "ipaddress", "网络地址", "设备ip", "设备ip地址", "ipv4地址", "ipv4"),
            *("摄像机ip", "摄像机ip地址"),
        ),
        *("host", "ip address", "ip add", "ip规划", "分配ip", "ip address(ipv4)", "ip段", "ip范围"),
    ),
    "port": (
        *("port", "端口", "端口号", "管理端口", "管理端口号", "服务端口", "设备端口", "tcp端口"),
        *("http端口", "onvif端口", "通讯端口", "通信端口"),
    ),
    "parent": (
        *(
            *("parent", "上级", "上级设备", "所属设备", "所属主机", "接入主机", "报警主机"),
            *("所属控制器", "接入设备", "所属nvr"),
        ),
        *(
            *("接入nvr", "nvr", "录像机", "所属录像机", "接入录像机", "存储设备", "门禁控制器"),
            *("控制器", "所属门禁控制器"),
        ),
        *(
            *("接入控制器", "所属报警主机", "主机", "主机编号", "控制器编号", "nvr编号"),
            *("controller", "panel", "recorder", "connected nvr"),
            *("接入报警主机", "对应nvr", "录像机编号"),
        ),
    ),
    "parent_host": (
        *(
            "nvr ip",
            "nvr ip地址",
            "nvr地址",
            "录像机ip",
            "录像机ip地址",
            "所属nvr ip",
            "存储设备ip",
            "主机ip",
        ),
        *(
            "报警主机ip",
            "控制器ip",
            "控制器ip地址",
            "门禁控制器ip",
            "recorder ip",
            "controller ip",
            "panel ip",
        ),
    ),
    "number": (
        *(
            *("number", "防区号", "防区编号", "通道号", "门号", "通道", "录像通道", "nvr通道"),
            *("nvr通道号", "zone", "channel"),
        ),
        *("zone no", "zone number", "录像机通道号", "channel no", "接入通道", "主机防区号", "防区"),
    ),
    "system": (
        *("system", "系统", "子系统", "所属系统", "系统名称", "系统类别", "系统类型", "专业"),
        *("所属子系统", "子系统名称"),
    ),
    "quantity": ("数量", "数目", "台数", "qty", "quantity", "设计数量", "数量(台)", "点数"),
    "attributes": ("attributes", "属性"),
    "wiring": ("wiring", "接线", "检测接线"),
    "note": (
        *("note", "备注", "说明", "注", "remark", "remarks", "notes", "comment", "comments"),
        *("备注说明", "用途"),
    ),
    "secret": ("密码", "口令", "password", "登录密码", "设备密码", "用户密码", "验证码", "pin", "pwd"),
    "unused": (
        *(
            *("单位", "unit", "品牌", "厂家", "生产厂家", "制造商", "brand", "子网掩码", "掩码"),
            *("网关", "默认网关", "gateway", "dns"),
        ),
        *(
            *("单价", "合价", "金额", "安装高度", "安装方式", "供电方式", "供电", "线缆", "线缆型号"),
            *("交换机", "交换机端口", "接入交换机"),
        ),
        *(
            *("接入端口", "图例", "图号", "经度", "纬度", "管径", "用户名", "账号", "user", "技术参数"),
            *("参数", "分辨率", "像素", "焦距"),
        ),
        *(
            *("镜头", "立杆", "施工单位", "安装日期", "完成情况", "是否完成", "负责人", "检查结果"),
            *("传输方式", "线长", "产地", "配套"),
        ),
        *(
            *("subnet mask", "mask", "交换机编号", "光纤", "箱体", "总线地址", "地址码", "朝向"),
            *("监视目标", "监控目标", "存储天数"),
        ),
    ),
}
_MARKS = re.compile(r"[*＊:：\s]|\((?:必填|选填|必选|可选|mm|m|台|个|只|元|w|米)\)|^\d+[.、]")


def _squeezed(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


_COLUMNS = {_squeezed(name): column for column, names in _NAMES.items() for name in names}
_PLAIN_NAMES = {
    *("type", "类型", "technology", "技术", "传输方式", "devices", "detector", "探测器", "reference"),
}
_ATTRIBUTE_HEADS = {
    squeezed(name) for one in ATTRIBUTES for name in (one.name, *one.names) if name not in _PLAIN_NAMES
}
_TITLE_ROWS = 30
_ENOUGH = 2
_TELLING = frozenset({"id", "kind", "name", "point"})
_REPEATED = frozenset({"location", "note", "unused", "secret", "", "attribute"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its canonical name (empty if not known), and its head as written."""

    name: str
    head: str


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of one table: ``at`` the cell it begins with, ``rows`` how many lines its head takes."""

    columns: tuple[Column, ...]
    rows: int = 1
    at: int = 0
    kind: DeviceKind | None = None  # what the heads say of every row: 摄像机名称
    doubled: tuple[str, ...] = field(default=())

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return any(one.name == name for one in self.columns)


def column_of(text: str) -> str:
    """The canonical name of a column by its head; empty if it is not known.

    A head of several names, such as Door Name / Location, is read by its first.
    """
    if known := _COLUMNS.get(_squeezed(text), ""):
        return known
    first, slash, _ = text.replace("／", "/").partition("/")
    if slash and (known := _COLUMNS.get(_squeezed(first), "")):
        return known
    return "attribute" if squeezed(text) in _ATTRIBUTE_HEADS else ""


def score(cells: Sequence[str]) -> int:
    """How many different columns a line names, if it can be a head; 0 if it cannot."""
    filled = [cell for cell in cells if cell.strip()]
    names = {column_of(cell) for cell in filled} - {""}
    known = sum(bool(column_of(cell)) for cell in filled)
    useful = names - {"unused", "note", "attribute", "secret"}
    sure = len(useful) > _ENOUGH or known * 2 >= len(filled)
    if len(useful) < _ENOUGH or not useful & (_TELLING | {"location", "host"}) or not sure:
        return 0
    return len(names)


def heads_at(rows: Sequence[Sequence[str]], at: int) -> tuple[Head, ...]:
    """The heads that begin in line ``at``, several if tables stand side by side; none if it is no head."""
    first = rows[at]
    second = rows[at + 1] if at + 1 < len(rows) else ()
    covered = all(one.strip() for cell, one in zip(first, second, strict=False) if cell.strip())
    alone = score(second) and not score(first) and covered  # below a title, groups or the last device
    pair = _paired(first, second) if second and not alone else None
    if pair and score(pair) and score(pair) >= score(first):
        return _split([_column(cell) for cell in pair], 2)
    return _split([_column(cell) for cell in first], 1) if score(first) else ()


def first_head(rows: Sequence[Sequence[str]]) -> int | None:
    """The first line that is a head; None if the sheet has none."""
    return next((at for at in range(min(len(rows), _TITLE_ROWS)) if heads_at(rows, at)), None)


def _column(head: str) -> Column:
    return Column(column_of(head), head.strip())


def _paired(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """The heads of two lines joined; None if the lower one is no part of a head."""
    wide = max(len(upper), len(lower))
    above = [*upper, *[""] * (wide - len(upper))]
    below = [*lower, *[""] * (wide - len(lower))]
    own = [at for at in range(wide) if below[at].strip() and below[at] != above[at]]
    known = [at for at in own if column_of(below[at])]
    if not own or len(known) * 5 < len(own) * 4 or sum(bool(one.strip()) for one in upper) < _ENOUGH:
        return None
    grouped = [at for at in known if not column_of(above[at]) or above[at] in above[:at] + above[at + 1 :]]
    if len(known) < _ENOUGH and not grouped:
        return None
    joined, group = [], ""
    for at in range(wide):
        group = above[at].strip() or group
        both = f"{group}{below[at].strip()}" if at in own else ""
        joined.append(both if column_of(both) else below[at] if at in own else above[at])
    return joined


def _split(columns: Sequence[Column], rows: int) -> tuple[Head, ...]:
    """One head, or those of the tables that stand side by side with the same columns."""
    names = [one.name for one in columns]
    first = next(at for at, name in enumerate(names) if name)
    starts = [at for at, name in enumerate(names) if name == names[first]]
    parts = [names[a:b] for a, b in zip(starts, [*starts[1:], len(names)], strict=True)]
    alike = [tuple(name for name in part if name) for part in parts]
    if len(starts) > 1 and len(set(alike)) == 1 and len(alike[0]) > 1:
        ends = [*starts[1:], len(names)]
        return tuple(_head(columns[a:b], rows, a) for a, b in zip(starts, ends, strict=True))
    return (_head(columns, rows, 0),)


def _head(columns: Sequence[Column], rows: int, at: int) -> Head:
    seen: set[str] = set()
    kept, doubled = [], []
    for one in columns:
        if one.name in seen and one.name not in _REPEATED:
            doubled.append(one.head)
            kept.append(Column("", one.head))
        else:
            kept.append(one)
        seen.add(one.name)
    kinds = {kind for one in columns if (kind := stated_kind(one.head))}
    return Head(tuple(kept), rows, at, kinds.pop() if len(kinds) == 1 else None, tuple(doubled))
