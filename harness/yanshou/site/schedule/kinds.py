# SPDX-License-Identifier: Apache-2.0
"""What a row of a designer's sheet is, by all of its cells that name something."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.equipment import MODELS
from yanshou.site.schedule.heads import ABOVE_OTHERS
from yanshou.site.schedule.meanings import UNCLEAR, UNTESTED, Meaning
from yanshou.site.schedule.terms import (
    Context,
    is_foreign,
    meaning,
    of_both,
    plain,
    stated_kind,
    stated_system,
)
from yanshou.vocabulary.device import named
from yanshou.vocabulary.values import Unfit

_PLACE = re.compile(
    r"(?:[楼层栋区室厅院库井场座元门馆站口侧角墙窗柜台东西南北中前后左右内外处部道梯路桥岗房间线段心号位壁顶亭庭园廊场厢台所边岸旁]"
    r"|[a-z东西南北上下]端|door|room|hall|lobby|gate|wall|floor|entrance|exit|corridor|area|\d)$"
)
"""How the name of a place ends; in a list of one kind it may stand where others write the thing."""
_SPARE = re.compile(
    r"(?:备用|预留|保留|空|空闲|闲置|空置|空余|未用|未使用|未接|未启用|暂空"
    r"|spare|reserved?|unused|vacant|not used)"
    r"\s*(?:防区|通道|端口|回路|输入|点位?|门|路|口|位|zone|channel|door|input|port)?\s*\d*[号#]?"
)
"""What a list of inputs says of one that nothing hangs on."""
_STORED = re.compile(r"备件|备品|拆除|报废|库存")
_SPARE_PART = re.compile(r"(?:备[件品]|拆除|报废|库存|闲置)(?![一-龥]{0,4}(?:[库间室仓区房柜]|出入?口|通道))")
"""What is there and not installed; 备件库枪机 is a camera in the store of spare parts."""
_HOLDS = re.compile(r"(?:内含|内装|内置|含|装有)\s*(?:\d+\s*[台套个块]?)?(?P<thing>[^,，;；、]+)")
_ONE_WORD = 12
_FITS_OTHERS = re.compile(r"支持|适用|适配|配套|用于|兼容|接入|含|for |with ")
"""What a specification says of other devices beside its own: 支持64路NVR."""
_BRACKETED = re.compile(r"[(【\[]([^()【】\[\]]+)[)】\]]")
_PARTS = re.compile(r"[\s/|()]+")
_LANGUAGES = re.compile(r"(?<=[a-z])[\s/]+(?=[\d一-龥])|(?<=[一-龥])[\s/]+(?=[a-z\d])")
"""Between what is said in one language and in the other: 24 hours 24小时."""
_OF_DETECTING = re.compile(
    r"(?:主|入侵|报警|前端)?探测(?:器|手段|方式|形式|类型|装置|设备|技术)?$|detect(?:or|ion)"
)
_BULK = re.compile(
    r"\d\s*(?:m|km|米|公里|延米|千米|卷|箱|包|批|吨|kg|公斤|桶|㎡|m2|平方米?|rolls?|lots?|meters?|metres?)$"
)
_MAY_DETECT = re.compile(
    r"系统|探测|报警|感|周界|入侵|围栏|振动|震动|光纤|监控|视频|门禁|安检|detect|sens|system|alarm|fence"
)
_CODE = re.compile(r"\s+(?=\S*\d)[\x21-\x7e]+$")
_IN_BRACKETS = re.compile(r"\([^()]*\)$|[a-z\d]+$")
_SOUND = re.compile(
    r"^(?:周界|内部|外部|室[内外])(?=[即瞬延24])|(?:可|不可)旁路|[有无]声|静音|报警|(?<=.)型$"
)
"""What a type of zone may say besides: where it is, how it sounds, whether it may be bypassed."""
_ENTRY = re.compile(
    r"(?:出入口?|进出口?|进入|退出|外出){1,2}延[时迟](?:\d号?)?(?:防区)?|延[时迟]\d?(?:出入|进出|防区)"
)
_OPENED_BY = re.compile(
    r"(?:刷卡|密码|人脸|刷脸|指纹|虹膜|掌纹|二维码|双人|胁迫|识别|识读|验证|[单双]向|[单双]开|[单双]扇|进门|出门|进出"
    r"|按钮|ic|id|cpu|卡|双因子|[+＋和与及、/,， ])+"
)
"""How a door is opened, which a list of doors may have in the place of a kind."""
_LEAF = re.compile(
    r"^(?:\d+樘?)?(?:[双单]?扇?|[双单]开|全高|全自动|自动|不锈钢|[甲乙丙]级|智能|电动|手动|防尾随|[一二三两四]翼|ab|重型)*"
    r"(?:旋转|转|自动|感应|平移|卷帘|卷闸|伸缩|推拉|折叠|防盗|防火|防弹|防爆|防尾随|钢质|木质|钢|木|铁|玻璃|电动|互锁|联动|金库|人防"
    r"|隔音|密闭|气密|不锈钢|平开|防护|栅栏|铁艺|弹簧)+门$"
)
"""A door named by how it is made, which a list of goods may have without anything that controls it."""
_DOORS_PLACE = re.compile(r"(?:楼|层|室|厅|库|井|房|间|门|口|馆|站|区|机房|门口|door|room)\d*$")


def row_meaning(cells: Mapping[str, str], context: Context, form: DeviceKind | None = None) -> Meaning:
    """What the row is, by its kind, else its name, else what its title or its heads say of all rows.

    ``form`` is the kind that the head of the column of kinds states: below 摄像机类型 stand forms of cameras.
    A zone whose detector none of these name has that of its model or its remark: 门磁 HO-03.
    """
    of_kind = bool(_SPARE.fullmatch(plain(cells.get("kind", ""))))  # 空防区
    spare = of_kind or any(
        _SPARE.fullmatch(plain(cells.get(one, ""))) for one in ("name", "point", "location")
    )
    nothing = of_kind or (spare and not cells.get("kind"))
    found = UNCLEAR if nothing else _by_names(cells, context, form)
    if found == UNTESTED and cells.get("number") and _at_recorder(cells):
        return UNCLEAR  # 升降機鏡頭 at a channel, as a camera may be called
    if found == UNTESTED and _holds_devices(cells.get("note", ""), context):
        return UNCLEAR  # a cabinet: 含4台NVR
    unknown = found is UNCLEAR and not spare and not _says_anything(cells, context)
    by_place = found in {UNTESTED, UNCLEAR} and not spare
    by_place = by_place and not any(cells.get(one) for one in ("kind", "kind again", "name"))
    if (unknown or by_place) and not _STORED.search(cells.get("name", "") + cells.get("kind", "")):
        modelled = _by_model(cells.get("model", ""), context)  # in a list of doors it may be the controller's
        if modelled and context.kind in {None, modelled.kind}:
            return modelled
        return UNTESTED if unknown and _is_bulk(cells) else found
    if found.kind and any(_SPARE_PART.match(cells.get(one, "")) for one in ("name", "kind")):
        return UNCLEAR  # 备品读卡器, which nobody has installed
    if found != Meaning(DeviceKind.ZONE):
        return found
    of_zones = Context(System.INTRUSION, kind=DeviceKind.ZONE)
    for column in ("model", "note"):
        named_there = _model_meaning(cells.get(column, ""), of_zones)
        if named_there is not None and named_there.kind is DeviceKind.ZONE:
            return named_there
    texts = [cells.get(column, "") for column in ("kind", "name", "point", "location")]
    inner = [part for text in texts for part in _BRACKETED.findall(plain(text))]
    stated = {one for part in inner if (one := _model_meaning(part, of_zones))}  # 营业厅（双鉴）
    return stated.pop() if len(stated) == 1 else found


def _at_recorder(cells: Mapping[str, str]) -> bool:
    """Whether a row hangs on a recorder, at whose channels nothing but cameras is."""
    above = meaning(cells.get("parent", ""), Context()) or meaning(cells.get("parent head", ""), Context())
    return above is not None and above.kind is DeviceKind.RECORDER


def _holds_devices(note: str, context: Context) -> bool:
    """Whether a remark says that a thing holds devices on which others hang."""
    inside = _HOLDS.search(plain(note))
    found = meaning(inside["thing"], context) if inside else None
    return found is not None and found.kind in ABOVE_OTHERS


def form_of(head: str) -> DeviceKind | None:
    """The kind whose forms stand below the head of a column of kinds: 摄像机类型, 探测手段."""
    return stated_kind(head) or (DeviceKind.ZONE if _OF_DETECTING.match(plain(head)) else None)


def _is_bulk(cells: Mapping[str, str]) -> bool:
    """Whether a thing nobody knows is measured and not counted, as no device is: 六类线 3200m, 扎带 5包.

    What names a detection or a system may be a sensor cable, or all of a system as one lot.
    """
    names = "".join(cells.get(one, "") for one in ("kind", "kind again", "name", "name again"))
    measured = _BULK.search(plain(f"{cells.get('quantity', '')}{cells.get('unit', '')}"))
    return bool(measured and names) and not _MAY_DETECT.search(plain(names))


def _says_anything(cells: Mapping[str, str], context: Context) -> bool:
    """Whether a cell of the row holds a word for equipment, if one of two meanings."""
    names = ("kind", "kind again", "name", "name again", "point")
    return any(meaning(cells.get(one, ""), context) is not None for one in names)


def _by_model(model: str, context: Context) -> Meaning | None:
    """What a row is that only its model says anything of: DS-2CD3T46, DH-IPC-HFW2433, 四门控制器."""
    found = {kind for pattern, kind in MODELS if pattern.match(re.sub("^[一-龥]+", "", plain(model)))}
    if found:
        return Meaning(found.pop()) if len(found) == 1 else None
    short = 0 < len(model) <= _ONE_WORD and not _FITS_OTHERS.search(model)
    named_there = meaning(model, context) if short else None
    return named_there if named_there is not None and named_there.kind else None


def _model_meaning(text: str, context: Context) -> Meaning | None:
    """The detector that a model or a remark begins with, if it is one word and a code."""
    word = _CODE.sub("", plain(text)).strip()
    found = meaning(word, context) or _detector(word, context) if word else None
    return found if found is not None and found.attributes else None


def _by_names(cells: Mapping[str, str], context: Context, form: DeviceKind | None) -> Meaning:
    kind, name, point = (cells.get(one, "") for one in ("kind", "name", "point"))
    kind = kind or cells.get("kind again", "")  # 探测器 | 摄像机, of which each row fills one
    by_name = _both(_other(cells, "name", context), _other(cells, "name again", context))
    by_name = by_name or _detector(name, context)
    if kind:
        by_kind = meaning(kind, context) or _detector(kind, context) or _form(kind, form)
        by_kind = _finer(by_kind, _other(cells, "kind again", context))
        if by_kind is not None and (by_kind.clear or not name):
            return _with_detector(by_kind, by_name)
        if by_kind is None and by_name is None and form is DeviceKind.CAMERA is context.kind:
            return Meaning(form)
        sharper = by_kind is None or plain(kind) in plain(name)  # 主机, and its name 报警主机
        sharper |= plain(kind) == "电源" and by_name == Meaning(DeviceKind.POWER_SUPPLY)
        if by_kind is None and by_name is None:
            return _by_list(kind, cells, context)
        return by_name if by_name is not None and sharper else UNCLEAR
    if by_name is not None:
        return by_name
    by_point = meaning(point, context) if point else None
    if context.kind is None:
        return by_point or _point_of(cells, context) or UNCLEAR
    if name and not _PLACE.search(plain(name)):
        at_controller = context.kind is DeviceKind.DOOR and cells.get("parent") and cells.get("number")
        return by_point or (Meaning(DeviceKind.DOOR) if at_controller else UNCLEAR)
    if not any(cells.get(one) for one in ("name", "point", "id", "location")):
        return UNCLEAR
    if by_point is not None and by_point.kind is not context.kind:
        return UNCLEAR
    return by_point or Meaning(context.kind)


def _form(kind: str, form: DeviceKind | None) -> Meaning | None:
    """A zone by the technology of its detector, below a head of such: 探测手段: 震动."""
    of_zones = form is DeviceKind.ZONE
    return _detector(kind, Context(System.INTRUSION, kind=form)) if of_zones else None


def _other(cells: Mapping[str, str], column: str, context: Context) -> Meaning | None:
    text = cells.get(column, "")
    return meaning(text, context) if text else None


def _both(first: Meaning | None, second: Meaning | None) -> Meaning | None:
    """What two names of one thing mean, such as one in each language; unclear if they name two things."""
    if first is None or second is None:
        return first or second
    if not (first.clear and second.clear):  # the sharper of two, if it names a device
        sharp = first if first.clear else second
        return sharp if sharp.kind else UNCLEAR
    return of_both(first, second)


def _finer(broad: Meaning | None, fine: Meaning | None) -> Meaning | None:
    """What a class and its subclass mean: the subclass, if it is known and clear.

    Two kinds are two devices of the row, which no reading as one does justice to.
    """
    if broad and fine and broad.kind and fine.kind and broad.kind is not fine.kind:
        return UNCLEAR
    if broad and not broad.clear and fine and fine.kind in ABOVE_OTHERS:
        return UNCLEAR  # 门磁, and the panel at the other end
    return fine if fine is not None and (fine.clear or broad is None) else broad


def _with_detector(by_kind: Meaning, by_name: Meaning | None) -> Meaning:
    """A zone with the detector its name states where its kind states none: 探测器, and its name 幕帘."""
    bare = by_kind.kind is DeviceKind.ZONE and not by_kind.attributes
    return by_name if bare and by_name is not None and by_name.kind is DeviceKind.ZONE else by_kind


def _is_door(kind: str, context: Context) -> bool:
    """Whether a kind is the leaf of a door (单扇木门) or how it is opened (刷卡+密码), in a list of doors."""
    form = _IN_BRACKETS.sub("", plain(kind))
    leaf = form.endswith(("门", "出入口", "入口", "出口"))
    return context.kind is DeviceKind.DOOR and (leaf or bool(_OPENED_BY.fullmatch(form)))


def _by_list(kind: str, cells: Mapping[str, str], context: Context) -> Meaning:
    """What a row is whose kind nobody knows: a door by its leaf, a zone or a camera by its one input."""
    at_input = cells.get("parent") and cells.get("number", "").isdigit()
    if context.kind in {DeviceKind.ZONE, DeviceKind.CAMERA} and at_input:  # Panoramic 4x4MP, at NVR-B 3
        return Meaning(context.kind)
    placed = any(cells.get(one) for one in ("parent", "parent_host", "location"))
    if context.system is System.ACCESS_CONTROL and placed:
        context = Context(context.system, kind=DeviceKind.DOOR)  # 单门, and the controller it hangs on
    return Meaning(DeviceKind.DOOR) if _is_door(kind, context) else UNCLEAR


def _point_of(cells: Mapping[str, str], context: Context) -> Meaning | None:
    """A camera, where a column 点位类型 names the system of video and its name a place; or a door."""
    name = cells.get("name") or cells.get("point") or ""
    of_points = "点位" in cells.get("kind head", "") and bool(cells.get("only system"))
    if context.system is System.VIDEO and of_points and is_place(name):
        return Meaning(DeviceKind.CAMERA)
    return _door_of(cells, context)


def _door_of(cells: Mapping[str, str], context: Context) -> Meaning | None:
    """A door, where the system of a row says 门禁 and its name is that of a door, or its class and a room.

    The same holds for a row of a list of doors that says the place and the number at the controller only.
    """
    name = cells.get("name") or cells.get("point") or ""
    if context.system is System.ACCESS_CONTROL and not name and cells.get("location") and cells.get("number"):
        return Meaning(DeviceKind.DOOR)
    of_doors = cells.get("only system") in {"门禁", "门禁点", "门禁点位"}
    made = _LEAF.search(plain(name)) and not cells.get("parent") and not cells.get("number")
    if context.system is System.ACCESS_CONTROL and plain(name).endswith("门"):
        return UNCLEAR if made else Meaning(DeviceKind.DOOR)
    return Meaning(DeviceKind.DOOR) if of_doors and _DOORS_PLACE.search(plain(name)) else None


def is_place(text: str) -> bool:
    """Whether a text ends as the name of a place does: 一层大厅, 东门."""
    return bool(_PLACE.search(plain(text)))


def zone_type(text: str) -> str:
    """The type of a zone that a cell gives, in one language or both (即时防区, Delay 延时); empty if none.

    A cell that names equipment (紧急按钮) or a system (周界) says more than that.
    """
    bare = _SOUND.sub("", plain(text))
    if (
        meaning(text, Context()) not in {None, Meaning(DeviceKind.ZONE)}
        or stated_system(bare)
        or is_foreign(bare)
    ):
        return ""
    return type_among_types(text)


def type_among_types(text: str) -> str:
    """The type of a zone that a cell gives among other types, where 周界 and 出入口 name no system."""
    value = named("type", DeviceKind.ZONE).value
    bare = _SOUND.sub("", plain(text))
    entry = "延时" if _ENTRY.fullmatch(bare) else bare
    bits = [part for part in _PARTS.split(plain(text)) if part]
    for parts in ([text], bits, _LANGUAGES.split(plain(text)), [entry]):
        try:
            found = {str(value.read(part)) for part in parts}
        except Unfit:
            continue
        return found.pop() if len(found) == 1 else ""
    return ""


def _detector(text: str, context: Context) -> Meaning | None:
    """A zone by the technology of its detector (红外, 微波), on a sheet that lists zones only."""
    if context.kind is not DeviceKind.ZONE:
        return None
    try:
        return Meaning(DeviceKind.ZONE, f"detector={named('detector', DeviceKind.ZONE).value.read(text)}")
    except Unfit:
        found = meaning(f"{text}探测器", context) if text else None  # 吸顶红外, 震动
        return found if found is not None and "detector=" in found.attributes else None
