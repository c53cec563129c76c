# SPDX-License-Identifier: Apache-2.0
"""The attributes of a site, ``[attributes]`` of the site file.

What each can be, in the words of the field.

It is their only source: the site file is read by it, ``applies`` of a row may ask for nothing else, and the
JSON schemas of the catalogue are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import System
from yanshou.vocabulary.values import Flag, Grade, Value, WordValue

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

_FLAG = Flag()

SITE_ATTRIBUTES: Mapping[str, Value] = {
    "category": Grade(1, 12),  # Art. 8 (1)-(12) of the Inner Mongolia regulation
    "province": WordValue(PROVINCES),
    "sector": WordValue(
        {
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
        }
    ),
    "risk_grade": Grade(1, 3),
    "security_grade": Grade(1, 4),  # GB/T 32581-2016, GB/T 37078-2018
    "protection_class": WordValue(
        {"A": ("A级", "甲级"), "B": ("B级", "乙级"), "C": ("C级", "丙级")}
    ),  # GB 50396-2007
    "high_risk": _FLAG,
    "network_form": WordValue(
        {
            "controller": ("控制器", "报警控制器", "控制指示设备", "单控制器"),
            "local": ("本地", "本地联网", "局域网", "专网"),
            "public": ("公网", "公共网络", "公共电信网"),
        }
    ),
    "legal_basis": WordValue(
        {
            "art7": ("第七条", "第7条"),
            "art9": ("第九条", "第9条"),
            "non_public": ("非公共", "非公共场所"),
        }
    ),  # State Council Order 799
    "counter_terror_target": _FLAG,
    "joint_earth": _FLAG,
    "remote_approval": _FLAG,
    "shared_card": _FLAG,
    "clock_system": _FLAG,
    "video_quality_class": WordValue({"A": ("A级", "A类"), "B": ("B级", "B类"), "C": ("C级", "C类")}),
    "key_area": _FLAG,
    "analogue": _FLAG,
}
"""What a clause may ask of the site; a row may name nothing else."""

SITE_SYSTEMS = tuple(one for one in System if one not in {System.LABORATORY, System.ACCEPTANCE})
"""Systems a site may have."""

SITE_DAYS = ("commissioned",)
SITE_LISTS: Mapping[str, frozenset[str] | None] = {
    "required_systems": frozenset(system.value for system in SITE_SYSTEMS),
    "contract_cites": None,
}
"""Lists, with the only words they may hold where these are few."""
