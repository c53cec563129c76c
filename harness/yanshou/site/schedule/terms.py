# SPDX-License-Identifier: Apache-2.0
"""The words a designer's 点位表 uses for equipment and for systems, and what they mean to a site.

A word that could mean two kinds is *unclear*: the row is listed for a person to decide, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.composed import COMPOSED, IN_ITS_SYSTEM
from yanshou.site.schedule.equipment import OTHER_NATURE, TERMS
from yanshou.site.schedule.meanings import GENERIC, UNCLEAR, UNTESTED, Meaning
from yanshou.site.schedule.parts import CABLES, COSTS, OTHER_TRADES, WORKS
from yanshou.site.schedule.traditional import simplified
from yanshou.site.vocabulary import kind_of, system_of


@dataclass(frozen=True, slots=True)
class Context:
    """What the section, the title and the sheet's name say of the rows below."""

    system: System | None = None
    foreign: bool = False  # of a system that is no security system: fire, public address, cabling
    kind: DeviceKind | None = None
    fire: bool = False  # of foreign ones that of fire, whose panels and detectors are none of the alarm


NOTHING = frozenset(
    {"/", "\\", "-", "--", "—", "——", "无", "n/a", "na", "none", "nil", "暂无", "待定", "tbd", "未定"}
)
"""What a cell says that says nothing."""

UNSETTLED = frozenset({"待定", "tbd", "未定"})
"""What such a cell says where it is a quantity or a state: that nobody knows yet."""

_K = DeviceKind
_ONE = re.compile(
    "|".join(
        re.escape(one) + ("(?:s|(?<=[hxs])es)?" if one.isascii() else "")
        for one in sorted(TERMS, key=len, reverse=True)
    )
)
_ROOM = re.compile(r"\s*[间室房]")
_MANY = re.compile(r"(?<=[hx])es$|s$")
"""How an English noun ends where it names several: card readers, switches."""
_LATIN = re.compile(r"[a-z]")
_MOUNTED = re.compile(
    r"(?<=[a-z]),? (?:(?:ceiling|wall|pole|surface|flush|recessed|corner|pendant)[ -]?mount(?:ed|ing)?"
    r"|ceiling|outdoor|indoor|external|internal|recessed)$"
)
"""How an English thing is mounted, behind its name: PIR ceiling mount."""
_MAKER = re.compile(
    r"^(?:海康(?:威视)?|大华|宇视|天地伟业|科达|华为|雄迈|汉邦(?:高科)?|霍尼韦尔|博世|泰科|枫叶|丛文|艾礼富|豪恩|披克|美安|宏泰|安定宝|集宝"
    r"|科立信|中控(?:智慧)?(?!室|中心)|微耕|立方|西门子|英飞拓|hikvision|dahua|uniview|honeywell|bosch|dsc|hid|zkteco|pelco|axis"
    r"|hanwha|tyco)[\s/]*"
)
_MODEL_BEFORE = re.compile(r"^[a-z][a-z\d\-/]*\d[a-z\d\-/+]*\s*(?=[一-龥])")
"""The maker and the model before the name of a thing: 中控智慧C3-400控制器."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_WHERE = re.compile(
    r"(?<=[a-z])(?: on | per | under | above | below | near | behind | inside | beside | for | at | in ).*"
)
"""Where an English thing is, or what it is for: a button under the desk, a bracket for a camera."""
_MODEL_BEHIND = re.compile(r"(?<=[一-龥])\s*(?=[!-~]*\d)[a-z]+[\d\-][!-~]{3,}$")
"""A maker's code behind a Chinese name, with or without a blank: 半球摄像机 DH-IPC-HDBW4443R."""
_OF_DETECTOR = re.compile(r"(?P<stem>[一-龥]{2,}?)(?:装置|单元|组件|器件)")
_AS_A_SET = re.compile(r"(?<=[机器])(?:套装|套件|成套)$")
_STORES = re.compile("存储|服务器|主机|录像")
_COUNTED = re.compile(r"\d\s*(?:台|个|只|套|对|把|块)\s*[+、,，;；和及]")
"""Several things with the number of each: 球机1台+求助柱1套."""
_AND = re.compile(r"[、/和+]|以及|及|与")
_TWO_LANGUAGES = re.compile(
    r"(?P<chinese>[^a-z]*[一-龥][^a-z]*)[\s/]+(?P<latin>[a-z][a-z \-]*[a-z])"
    r"|(?P<first>[a-z][a-z \-]*[a-z])[\s/]+(?P<then>[一-龥][^a-z]*)"
)
_IP_BEFORE = re.compile(r"(?<![a-z])ip(?=(?:speed|mini|fixed|box)?(?:dome|bullet|cam|turret|ptz))")
"""IPDOME, as recorders export it."""
_PROBE = re.compile("探头")
_ALARM_PROBE = re.compile("(?<=报警|防盗|入侵|双鉴|三鉴|微波|幕帘|[振震]动|玻破|破碎|对射)探头")
"""What detects; elsewhere 探头 and 红外探头 may be cameras."""
_BLANKS = re.compile(r"(?<=[一-龥])\s+(?=[一-龥])")
_WITH = re.compile(
    r"[,;+]|含|附带|附(?!件|属)|(?<![热扎离送])带|(?<![适分])配(?!电|线|套|件|用|重|器|置|管)|及|与"
    r"| with | w/ | c/w | complete with | incl"
)
_UNITS = (
    "万像素|万|路|盘位|盘|号|寸|口|米|层|楼|像素|英寸|防区|门|芯|匹|mp|mm|m|k|v|w|ah|kva|va|tb|t|u|inch|-?ports?|ch"
    "|channels?|doors?|zones?|-?way"
)
_AFTER = re.compile(
    rf"(?:[\W_]|\d|号|[a-z]{{1,3}}(?=[\d\W_]|$)|[东西南北中内外前后左右上下一二三四五六七八九十]|(?<=\d)(?:{_UNITS})|(?<=\d\s)(?:{_UNITS})|(?<=\d)(?:台|个|只|套|对|把|块|段|组))*"
    r"(?:(?<![a-z一-龥])[一-龥\w]*(?:楼|层|栋|区|室|厅|院|库|井|场|门口|入口|出口|路口|门|部|馆|站|侧|道|房|间))?"
)
"""What may stand after the word: numbers, measures, a side, or a place set apart from it."""

_OTHERS = (
    "消防|火灾|对讲|火灾自动报警|火灾报警|火灾探测报警|消防报警|消防联动|消防广播|楼宇对讲|可视对讲|无线对讲|医护对讲|护理呼叫|病房呼叫|排队叫号|车位引导|智能照明|无线覆盖|停车场?|停车场管理|巡更|电子巡更|电子巡查|公共广播|背景音乐|广播|综合布线|布线|网络"
    "|计算机网络|信息发布|会议|音响|楼宇自控|设备监控|有线电视|机房|机房工程|防雷|能耗|梯控|五方对讲"
)
_FOREIGN = re.compile(rf"(?:{_OTHERS})[^系]{{0,6}}(?:系统|子系统)|(?:{_OTHERS})(?:工程|部分|设备)?$")
_TRADE = re.compile(
    "(?:消防|火灾报警|网络|计算机网络|综合布线|布线|广播|公共广播|背景音乐|会议|信息发布|楼宇自控|楼控|能耗|防雷|有线电视"
    "|实体防护|物理防护|物防|人防|防护器材|警用装备|警用器材|警械|防暴装备|防暴器材|照明|供配电|给排水|暖通|空调)(?:类|设备)?"
)
"""Trades that a class may name alone; a car park, whose cameras may be ours, is none of them."""
_FIRE = re.compile(r"火灾|消防|火警")
_MACHINES = re.compile(r"(?:机房|弱电间|监控室|控制室)(?:内)?设备")
"""Titles of what stands in a room, whatever system it belongs to."""
_PLACES = re.compile(r"^(?:停车场?|会议|机房|消防|网络|广播|设备监控)$")
_SYSTEMS: tuple[tuple[re.Pattern[str], System], ...] = (
    (re.compile(r"报警联网|联网报警"), System.ALARM_NETWORK),
    (
        re.compile(
            r"^(?!.*(?:fire|smoke)).*alarms?(?:systems?|points?|list|schedule|devices?|zones?)?$|入侵|紧急报警|防盗|周界|报警(?!联网)(?:系统|点|防区|设备|子系统|部分|装置|类|前端|器材)|^报警$|intru(?:sion|der)"
            r"|burglar|(?<![a-z])(?:ids|ias)(?![a-z])"
        ),
        System.INTRUSION,
    ),
    (
        re.compile(
            r"视频(?!会议)|(?<!设备)监控(?!中心|室|机房|平台)|摄像|cctv|(?<![a-z])vss(?![a-z])|surveillance"
        ),
        System.VIDEO,
    ),
    (
        re.compile(r"门禁|出入口控制|出入口管理|^出入口(?:设备|系统)?$|access|(?<![a-z])e?acs(?![a-z])"),
        System.ACCESS_CONTROL,
    ),
    (
        re.compile(
            r"安检(?!区|口|点(?!位)|通道|厅|大厅)|安全检查|防爆(?:安|检查|系统)|^screening$|securityscreening"
        ),
        System.SECURITY_INSPECTION,
    ),
    (re.compile(r"集成|安全管理|安防管理|安全防范综合管理"), System.INTEGRATION),
)
_ONLY_SYSTEM = re.compile(
    r"(?:(?:安防|技防|智能化|弱电)[-—/])?(?:视频|监控|视频监控|视频安防监控|报警|入侵|入侵报警|防盗报警|紧急报警|周界报警|门禁|出入口|出入口控制|安检"
    r"|安全检查|cctv|acs|ids|ias|vss|video|access control|intrusion|alarm)"
    r"(?:系统|子系统|类|前端)?(?:设备|器材|部分|专业|点|点位|前端)?(?: system)?"
)
_POINTS: tuple[tuple[re.Pattern[str], DeviceKind], ...] = (
    (re.compile(r"ip通道|摄像机通道|^枪机?[/、]?球机?(?:类型|形式)?$"), _K.CAMERA),
    (
        re.compile(
            r"摄像机(?:点位|清单|列表|一览|统计|表|明细|布置|编号|名称|类型|型号|位置|ip)|摄像头(?:点位|表)"
        ),
        _K.CAMERA,
    ),
    (re.compile(r"(?:视频|监控)(?:安防)?(?:系统)?点位?(?!.*设备)"), _K.CAMERA),
    (re.compile(r"防区(?:表|清单|一览|明细|点位|列表|编号|名称|号|类型|描述|地址|编码)"), _K.ZONE),
    (re.compile(r"^(?:围栏|周界|报警)防区$"), _K.ZONE),
    (re.compile(r"(?:入侵|报警)(?:系统)?点位|探测器(?:点位|清单|表|类型|编号|名称|型号)"), _K.ZONE),
    (
        re.compile(
            r"(?:门禁|出入口控制)(?:系统)?点(?:位|表)|门(?:名称|点名称|编号)|^(?:对应|所控|受控|被控|控制)门$|^门名$"
        ),
        _K.DOOR,
    ),
    (re.compile(r"(?:读卡器|读头)(?:表|清单|列表|明细|一览|点位|统计)"), _K.READER),
    (re.compile(r"door(?:schedule|list|id|no|name)"), _K.DOOR),
    (re.compile(r"(?:camera|cctv|(?<![a-z])cam)(?:schedule|list|id|no|name)"), _K.CAMERA),
    (re.compile(r"zone(?:schedule|list|id|no|name|description)"), _K.ZONE),
)


_FOOT = re.compile(
    r"^(?:注\s*\d*[:：]|注$|说明[:：]?|备注[:：]|合计|小计|总计|总数|总和|汇总|共计|[^\d\s]{1,8}(?:合计|小计|总计|总数)$|制表|编制|审核|审批|校对|填表|日期[:：]|签字|签名"
    r"|(?:增值税|税金|税率|税额|规费|利润|优惠价?|折扣|总报价|报价合计|合同价|投标报价|不?含税|大写)[^一-龥]*(?:[:：\d%]|$)|(?:巡检|检查|检测|验收|确认|记录|填报|经办|复核|批准|监理|甲方|乙方|委托|供货|接收|移交)[^\d\s:：]{0,6}[:：]|建设单位|施工单位[:：]|total\b|subtotal\b)"
)
_NUMERAL = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[(（]\d+[)）]|第[一二三四五六七八九十]+[章部分节]*"
)
_LISTED = frozenset({_K.CAMERA, _K.ZONE, _K.READER})
"""Kinds of which the bare word may stand as the title of a section."""


def plain(text: str) -> str:
    """The text in half width, simplified characters and lower case, with its blanks."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold().strip()


@lru_cache(maxsize=8192)
def meaning(text: str, context: Context) -> Meaning | None:
    """What a cell that names a piece of equipment means; None if no word in it is known."""
    text = simplified(text)
    if (kind := kind_of(text)) and plain(text) not in TERMS:
        return Meaning(kind)
    whole = _MODEL_BEHIND.sub("", _BRACKETS.sub(" ", plain(text)).strip())
    whole = _MOUNTED.sub("", _IP_BEFORE.sub("ip ", _WHERE.split(whole, maxsplit=1)[0]))
    if (in_two := _in_two_languages(whole, context)) is not None:
        return in_two
    of_alarms = context.system is System.INTRUSION
    whole = (_PROBE if of_alarms else _ALARM_PROBE).sub("探测器", whole)
    whole = _AS_A_SET.sub("", whole)
    head = _WITH.split(_BLANKS.sub("", whole), maxsplit=1)[0].strip()
    bare = _MODEL_BEFORE.sub("", _MAKER.sub("", head))
    for pattern, own in IN_ITS_SYSTEM.get(context.system, ()) if context.system else ():
        if pattern.fullmatch(head) or pattern.fullmatch(bare):
            return own
    found = _named(text, whole, head, context)
    if found is None and any(one.fullmatch(whole) for one in (CABLES, OTHER_TRADES)):
        return UNTESTED
    if _COUNTED.search(whole):
        return UNCLEAR
    if _are_several(whole, found) and not (found and found.attributes == "detector=dual"):
        return UNCLEAR
    if found is None or found.kind is None:
        return found
    return _as_device(found, found.kind, text, context)


def _named(text: str, whole: str, head: str, context: Context) -> Meaning | None:
    """What the name of a thing means by its noun, its abbreviation in brackets, or its technology."""
    if COSTS.fullmatch(whole):
        return UNTESTED
    found = _last_word(head) or _of_whole(whole, head)
    if found is None and (made := _OF_DETECTOR.fullmatch(head)):
        found = _technology(made["stem"]) or _last_word(made["stem"])  # 红外对射装置
        found = found if found is not None and "detector=" in found.attributes else None
    if found is None and context.system is System.INTRUSION and names_technology(head):
        return _technology(head)
    if found == Meaning(_K.ZONE):
        inner = [one for part in _BRACKETS.findall(plain(text)) if (one := _technology(part[1:-1]))]
        return inner[0] if len(inner) == 1 else found  # Motion detector (dual)
    if found in {None, UNCLEAR} and _STORES.search(head):
        return _in_brackets(text) or found
    return found


def _in_brackets(text: str) -> Meaning | None:
    """The recorder whose abbreviation stands in brackets behind a wider word: 存储服务器（CVR）."""
    inner = [TERMS.get(one[1:-1].strip()) for one in _BRACKETS.findall(plain(text))]
    found = [one for one in inner if one is not None and one.kind is _K.RECORDER]
    return found[0] if len(found) == 1 else None


def _of_whole(text: str, head: str) -> Meaning | None:
    """What the whole of a name means whose first part nobody knows; with a bracket it is no bracket."""
    bare = _BLANKS.sub("", text)
    found = _last_word(bare) or _last_word(text)
    return UNCLEAR if found == UNTESTED and head != bare else found


def _in_two_languages(text: str, context: Context) -> Meaning | None:
    """What a name means that stands there in Chinese and English: 枪机 Bullet, PIR 红外."""
    parts = _TWO_LANGUAGES.fullmatch(text)
    if parts is None:
        return None
    chinese, latin = parts["chinese"] or parts["then"], parts["latin"] or parts["first"]
    first, second = meaning(chinese, context), meaning(latin, context) or _technology(latin)
    if first is None and second and _technology(chinese) == second:
        return second
    if first is None or second is None:
        return first if first == UNTESTED else None
    return first if latin in GENERIC and first.clear else of_both(first, second)


def _as_device(found: Meaning, kind: DeviceKind, text: str, context: Context) -> Meaning:
    """What a name means that ends in the word of a device, by what else it says and by its system."""
    if kind is DeviceKind.ZONE and context.system is System.ACCESS_CONTROL:
        # an emergency release, the contact or the beam of a barrier
        return UNTESTED if "门磁" in text else UNCLEAR
    other = OTHER_NATURE.get(kind)
    of_another = other is not None and other.search(_WITH.split(plain(text), maxsplit=1)[0])
    outside = found.within and context.system not in found.within
    return UNCLEAR if of_another or outside or _is_part(text) or _is_about(text) else found


def _is_about(text: str) -> bool:
    """Whether a name is of a part for a device or of work at one: 授权：摄像机, Removal of old cameras."""
    head = _WITH.split(_BRACKETS.sub(" ", plain(text)), maxsplit=1)[0].strip()
    if WORKS.search(head):
        return True
    first, mark, rest = re.sub(r"\s+-\s+", " : ", head).partition(":")
    if not mark:
        first, mark, rest = head.partition("/")
    return bool(mark and rest.strip()) and _last_word(first.strip()) == UNTESTED


def _are_several(text: str, last: Meaning | None) -> bool:
    """Whether a name lists things of different kinds: 摄像机和拾音器, 红外对射、振动光纤, 读卡器/出门按钮."""
    parts = [_last_word(one.strip()) or _technology(one.strip()) for one in _AND.split(text)]
    things = {(one.kind, one.attributes) for one in parts if one and one.kind}
    only_last = last is not None and last.kind is None and last.clear
    return len(things) > 1 or (len(parts) > 1 and bool(things) and only_last)


def _technology(text: str) -> Meaning | None:
    """A detector by its technology alone, as it stands in a list of such (振动/红外, Vibration/PIR)."""
    found = _last_word(f"{text}探测器" if not text.isascii() else f"{text} detector")
    return found if found is not None and "detector=" in found.attributes else None


def names_technology(text: str) -> bool:
    """Whether a word is a technology of detectors (震动, 微波红外); 红外 alone may be that of a beam."""
    return plain(text) != "红外" and _technology(plain(text)) is not None


def _is_part(text: str) -> bool:
    """Whether brackets say that a name is of a part: 摄像机（支架）, but not 摄像机（含支架）."""
    inner = (TERMS.get(one[1:-1].strip()) for one in _BRACKETS.findall(plain(text)))
    return any(one is not None and one.kind is None and one.clear for one in inner)


def of_both(first: Meaning, second: Meaning) -> Meaning:
    """What two names of one thing mean (门禁控制器 Controller); unclear if they name two things."""
    if first.kind is second.kind and first.clear and second.clear:
        return first if first.attributes else second
    return UNCLEAR


def _last_word(text: str) -> Meaning | None:
    """The meaning of the noun at the end: in Chinese what stands last is what the thing is."""
    found = [
        (one.end(), one.end() - start, TERMS.get(one.group()) or TERMS[_MANY.sub("", one.group())])
        for start in range(len(text))
        if (one := _ONE.match(text, start)) and _bounded(text, one)
    ]
    found += [
        (one.end(), one.end() - one.start(), own)
        for pattern, own in COMPOSED
        for one in pattern.finditer(text)
        if _bounded(text, one)
    ]
    end, _length, last = max(found, key=lambda one: one[:2], default=(0, 0, None))
    of_a_room = _ROOM.match(text[end:])  # UPS 间门 is a door
    return last if _AFTER.fullmatch(text[end:]) and not of_a_room else None


def _bounded(text: str, found: re.Match[str]) -> bool:
    """Whether a word in Latin letters stands alone and is not part of a longer one."""
    if not found.group().isascii():
        return True
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return not (_LATIN.match(before) or _LATIN.match(after))


def stated_system(text: str) -> System | None:
    """The one system a text names; None if it names none, or several."""
    if exact := system_of(simplified(text)):
        return exact
    bare = plain(text).replace(" ", "")
    found = {system for pattern, system in _SYSTEMS if pattern.search(bare)}
    if _FIRE.search(bare) and "入侵" not in bare:  # 火灾自动报警系统
        found.discard(System.INTRUSION)
    return found.pop() if len(found) == 1 else None


def is_numeral(text: str) -> bool:
    """Whether a text numbers a section: 一, (二), 第三章."""
    return bool(_NUMERAL.fullmatch(text))


def is_foot(text: str) -> bool:
    """Whether a text is a total, a note or a signature, as stands below a table."""
    return bool(_FOOT.match(plain(text)))


def is_only_system(text: str) -> bool:
    """Whether a cell of a column 类型 or 类别 names a system and no thing: 视频, 门禁, 报警系统."""
    return bool(_ONLY_SYSTEM.fullmatch(plain(text)))


def is_foreign(text: str) -> bool:
    """Whether a text names a system that is no security system."""
    bare = plain(text).replace(" ", "")
    return (
        bool(_FOREIGN.search(_MACHINES.sub("", bare)))
        and not _PLACES.match(bare)
        and stated_system(text) is None
    )


def is_of_fire(text: str) -> bool:
    """Whether a text names the system of fire alarms."""
    return bool(_FIRE.search(plain(text)))


def is_trade(text: str) -> bool:
    """Whether a class of equipment or a system is another trade by its bare name: 消防, 网络, 实体防护."""
    return bool(_TRADE.fullmatch(plain(text)))


def stated_kind(text: str) -> DeviceKind | None:
    """The kind of all rows below a title or a head such as 摄像机点位表; None if it names none or several."""
    bare = plain(text).replace(" ", "")
    found = {kind for pattern, kind in _POINTS if pattern.search(bare)}
    if (alone := TERMS.get(bare)) and alone.kind in _LISTED and not is_only_system(bare):
        found.add(alone.kind)  # 一、摄像机
    return found.pop() if len(found) == 1 else None
