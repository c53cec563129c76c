# SPDX-License-Identifier: Apache-2.0
"""Rows whose thing is not installed, or not surely, as the sheet itself says: scrapped, in stock, planned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yanshou.site.schedule.terms import plain

_ABSENT = (
    "报废|拆除|拆走|撤除|移除|迁走|停用|停止使用|闲置|库存|在库|入库|备件|备品|备用|预留|取消|退役|注销|封存|缺失|丢失"
    "|被盗|(?:尚?未|没有?|待|拟|不予?|不再)(?:到货|安装|装|实施|施工|建设|建|启用|采购|投?入?使用|做)|(?:安装|施工|建设|采购)中"
    "|(?:仅|只)(?:预留|预埋|布线|穿线|敷管|放线)[一-龥]{0,4}|预[留埋](?:管线?|线缆?|点位|底盒)"
    "|不在(?:本次|本期|合同)*(?:范围|实施范围)内?|另行(?:采购|实施|安装)"
    "|to be (?:installed|fitted|supplied|delivered|provided)"
    "|暂缓(?:安装|实施|施工|建设)?|缓[装建]"
    "|by others|not in (?:contract|scope)|future|provision(?:al)?(?: only)?|deferred|on hold|pending"
    "|not (?:yet )?(?:installed|fitted|in use|delivered)|uninstalled|removed|scrapped|decommissioned|disposed"
    "|disused|retired|spare|in stock|stored|planned|cancell?ed|missing|out of service"
)
_STATED = re.compile(rf"(?<![未无没不])(?:{_ABSENT})")
_THERE = re.compile(
    "(?<![未无没不待拟暂])(?:在用|使用|正常|投运|投用|良好|完好|合格|运行|在线|离线|掉线|在位|启用|新增|新装|利旧"
    "|不良|损坏|故障|异常|有效|维修|待修|报修|修复|已安装|已装|安装完[成毕]|完工|竣工)"
    r"|^(?:全部|安装|调试|施工|均|已|及|并|、)*完[成毕]$"
    r"|(?<!not )(?<!non-)(?<!be )\b(?:installed|fitted|in use|in service|ok|okay|good|normal|working"
    r"|active|online|offline|faulty|fault|broken|operational|commissioned|existing|new)\b"
)
"""What a state says of a thing that is there, also of a broken one, which is tested; any other is asked."""
_REMARKED = re.compile(
    rf"(?:[已现将均全暂拟]|现已|全部|本期|计划|目前|\d{{2,4}}年|\d{{1,2}}月|[,，、 ])*"
    rf"(?:{_ABSENT}|(?:二|三|远|后|下一?)期(?:安装|实施|建设|工程))(?:了|处理|状态|设备)?"
)
"""The same as a remark that says nothing else: 二期拆除后利旧 is no such remark."""
_BECAUSE = re.compile(
    rf"(?:因|由于|应|经|按|据)[^,，;；。]{{1,16}}?(?:{_ABSENT})(?:了|处理)?"
    rf"|(?:{_ABSENT}) (?:due to|because|for|pending|until|as|during|by)\b.*"
)
"""A remark that says why a thing is not there: 因装修拆除."""
_INSTEAD = re.compile(
    r"更换|换成|换为|改为|变更|新装|新增|利旧|重新|重装|恢复|移装|移至|原|旧|\breplaced|relocated|\bmoved"
)
"""What a remark says beside, of a thing that stands in the place of the one that is not there."""
_CLAUSES = re.compile(r"[,，;；。]")
_BRACKETED = re.compile(r"[(【\[]([^()【】\[\]]+)[)】\]]")
_NO = frozenset({"否", "无", "未", "×", "x", "✗", "✘", "n", "no", "0", "false"})
_YES = frozenset({"是", "有", "已", "√", "✓", "✔", "y", "yes", "1", "true"})
_MARKED = frozenset({"√", "✓", "✔"})
_ASKED = re.compile(r"是否已?(?:安装|在用|启用)|已安装|installed|in ?use")
_ASKED_AWAY = re.compile(r"是否已?(?:停用|报废|拆除)")
"""Heads that are answered by yes or no."""
_OPEN = frozenset({"待定", "待确认", "待核实", "tbd", "未定"})
_NAMES = ("name", "kind", "point", "location")


def _is_there(head: str, state: str) -> bool:
    if state in _YES | _NO and (_ASKED.search(head) or _ASKED_AWAY.search(head)):
        return (state in _YES) is not bool(_ASKED_AWAY.search(head))
    return state in _MARKED or bool(_THERE.search(state) and not _STATED.search(state))


def are_states(cells: Sequence[str]) -> bool:
    """Whether the cells of a column nobody knows are states of things: 正常, 故障, 待安装."""
    said = {plain(one) for one in cells}
    known = [one for one in said if _THERE.fullmatch(one) or _STATED.fullmatch(one) or one in _OPEN]
    return bool(known) and len(known) == len(said)


def not_installed(cells: Mapping[str, str]) -> str:
    """The words by which a row says that its thing is not installed, or not surely; empty without any."""
    state, note = cells.get("state", ""), cells.get("note", "")
    if state and not _is_there(plain(cells["state head"]), plain(state)):
        return f"{cells['state head']}: {state}"
    clauses = [one.strip() for one in _CLAUSES.split(plain(note)) if one.strip()]
    absent = any(_REMARKED.fullmatch(one) or _BECAUSE.fullmatch(one) for one in clauses)
    if _REMARKED.fullmatch(plain(note)) or (absent and not _INSTEAD.search(plain(note))):
        return note
    inside = (part for one in _NAMES for part in _BRACKETED.findall(plain(cells.get(one, ""))))
    return next((part for part in inside if _REMARKED.fullmatch(part)), "")
