# SPDX-License-Identifier: Apache-2.0
"""The values of ``[attributes]`` in the words of the field, by the value that clauses ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanshou.site.spelling import spellings, squeezed

PROVINCES: Mapping[str, tuple[str, ...]] = {
    **{one: (f"{one}市",) for one in ("北京", "天津", "上海", "重庆")},
    **{
        one: (f"{one}省",)
        for one in (
            *("河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
            *("河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾"),
        )
    },
    "内蒙古": ("内蒙古自治区", "内蒙", "Inner Mongolia"),
    "广西": ("广西壮族自治区",),
    "西藏": ("西藏自治区",),
    "宁夏": ("宁夏回族自治区",),
    "新疆": ("新疆维吾尔自治区",),
    "香港": ("香港特别行政区",),
    "澳门": ("澳门特别行政区",),
}

_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "province": PROVINCES,
    "sector": {
        "bank": ("银行", "金融", "金融机构", "银行业金融机构"),
        "school": ("学校", "中小学", "幼儿园", "中小学幼儿园"),
        "residential": ("住宅", "住宅小区", "小区"),
        "metro": ("地铁", "城市轨道交通", "轨道交通"),
        "museum": ("博物馆", "文物", "文博"),
        "power": ("电力", "发电", "发电厂"),
        "power_utility": ("电网", "供电", "电力公司"),
        "petroleum": ("石油", "石化", "石油石化", "加油站", "油库"),
        "prison": ("监狱", "看守所"),
        "entertainment": ("娱乐", "娱乐场所"),
        "hospital": ("医院",),
        "airport": ("机场", "民航"),
        "government": ("政府", "机关", "党政机关"),
        "laboratory": ("实验室",),
        "other": ("其他", "其它"),
    },
    "network_form": {
        "controller": ("控制器", "报警控制器", "控制指示设备", "单控制器"),
        "local": ("本地", "本地联网", "局域网", "专网"),
        "public": ("公网", "公共网络", "公共电信网"),
    },
    "legal_basis": {
        "art7": ("第七条", "第7条"),
        "art9": ("第九条", "第9条"),
        "non_public": ("非公共", "非公共场所"),
    },
    "protection_class": {"A": ("A级", "甲级"), "B": ("B级", "乙级"), "C": ("C级", "丙级")},
    "video_quality_class": {"A": ("A级", "A类"), "B": ("B级", "B类"), "C": ("C级", "C类")},
}
_KNOWN = {key: spellings(values) for key, values in _NAMES.items()}
_COUNTED = frozenset({"category", "risk_grade", "security_grade"})
_ORDINAL = re.compile(r"第?(?P<n>\d+|[一二三四五六七八九十]+|[ivx]+)(级|项|类|等|grade|款)?")
_CHINESE = "一二三四五六七八九十"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def values_of(key: str) -> tuple[str, ...]:
    """The values a word of this key can mean, with their names; empty where it is not a word."""
    return tuple(word for value, more in _NAMES.get(key, {}).items() for word in (value, *more))


def site_value(key: str, value: object) -> object:
    """The value as clauses ask for it, however it is named; what is not known comes back as it is."""
    if not isinstance(value, str):
        return value
    if key in _COUNTED:
        return _ordinal(squeezed(value)) or value
    return _KNOWN.get(key, {}).get(squeezed(value), value)


def is_known(key: str, value: object) -> bool:
    """Whether ``value``, as :func:`site_value` gives it, is one a clause may ask for."""
    return key not in _NAMES or value in _NAMES[key]


def _ordinal(text: str) -> int:
    """``3``, ``三级``, ``第三类``, ``iii``: three; 0 when it is no number."""
    found = _ORDINAL.fullmatch(text)
    if found is None:
        return 0
    n = found["n"]
    if n.isdigit():
        return int(n)
    if n in _ROMAN:
        return _ROMAN.index(n) + 1
    if n.startswith("十"):
        return 10 + (_CHINESE.index(n[1]) + 1 if len(n) > 1 else 0)
    return _CHINESE.index(n) + 1 if n in _CHINESE else 0
