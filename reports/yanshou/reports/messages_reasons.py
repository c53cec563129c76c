# SPDX-License-Identifier: Apache-2.0
"""Why a verdict was given, in the language of the report: the journal has English, Chinese or both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from yanshou.model.chinese import in_chinese
from yanshou.reports.in_english import in_english
from yanshou.reports.messages_field import chinese_signs, in_field_terms

REASONS = (
    (r"not run", "未执行"),
    (r"interrupted before it was finished", "检测中断，未完成"),
    (r"put off by (.+)", r"\1 将本项留待以后，尚未进行"),
    (r"finished without a finding", "执行结束但未产生判定"),
    (r"rig fault", "检测装置故障"),
    (r"no object on this device", "该设备无此检测对象"),
    (r"limit unverified", "限值依据待核"),
    (r"judged again under (.+)", r"检测后按 \1 重新判定"),
    (r"nothing of it was judged in this run", "本次检测没有据此作过判定"),
    (r"(.+) changed: that needs a new run", r"\1 有改动：须重新检测"),
    (
        r"the limit is a yes or no that a test decided: that needs a new run",
        "限值为是或否，由试验得出：须重新检测",
    ),
    (r"(.+) is looser than (.+) of a (verified|provisional) row", r"\1 比已有的 \2 宽松"),
    (r"a (verified|provisional) row cannot be called less", "限值的依据状态不能降低"),
    (r"its item or its measurement is not stored", "没有保存其检测项或检测值"),
    (
        r"the stored measurement alone does not give the verdict of the run",
        "仅由保存的检测值得不出本次检测的判定，保持原判定",
    ),
    (r"it is (\w+): a gate that closed stays closed", "未作判定的原因仍在，保持原状"),
    (r"a non-conformity is not undone by judging again: test again", "不合格不能由重新判定撤销：须复检"),
    (r"counted from verdicts before they were judged again", "由重新判定之前的判定统计得出"),
    (
        r"an earlier attempt was not finished: it cannot be excluded that the system did not answer then",
        "之前有未做完的试验，不能排除当时系统未响应",
    ),
    (
        r"loopback (.+) drifted (\S+) ms after the run, more than 3u = (\S+) ms",
        r"环回校准 \1 检测后漂移 \2 ms，超过 3u = \3 ms",
    ),
    (
        r"a drift of the bench undoes no non-conformity, the value is indicative",
        "不合格不因检测台的漂移撤销，数值仅供参考",
    ),
    (r"no measurement", "无测量数据"),
    (r"no value was obtained", "未取得测量值"),
    (r"nothing was observed \(n = 0\)", "未作任何观测（n = 0）"),
    (r"the clause gives no number", "条款未给出数值"),
    (r"the value is not a finite number", "测量值不是有限数"),
    (r"value or uncertainty is not a finite number", "测量值或不确定度不是有限数"),
    (r"the uncertainty was not evaluated", "未评定不确定度"),
    (r"guard band as wide as the tolerance: cannot be decided", "保护带不小于容差，无法判定"),
    (r"decided by the guard band: acceptance limit (.+) and (.+)", r"由保护带判定，接收限 \1，\2"),
    (r"decided by the guard band: acceptance limit (.+)", r"由保护带判定，接收限 \1"),
    (r"the whole population was observed \(N = (\d+)\): exact", r"全数观测（N = \1），比例为准确值"),
    (
        r"U = (\S+) (\S*) ?is more than (\S+) of ([^ ,]+) ?([^ ,]*), as much as can be agreed.*",
        r"U = \1 \2 超过可以约定的最大值（\4 \5 的 \3 倍），不足以判定",
    ),
    (
        r"U = (\S+) (\S*) ?is more than (\S+) of ([^ ,]+) ?([^ ,]*), the largest that was agreed.*",
        r"U = \1 \2 超过约定的最大值（\4 \5 的 \3 倍），不足以判定",
    ),
    (
        r"U = (\S+ ?\S*) is more than (\S+ ?\S*), the largest that was agreed.*",
        r"U = \1 超过约定的最大值 \2，不足以判定",
    ),
    (
        r"U = (\S+ ?\S*) at (\S+ ?\S*): a limit of 0 has no share, and no largest U was agreed",
        r"检测值 \2 的 U = \1：限值为 0 时不能按比例约定最大 U，且未另行约定，不足以判定",
    ),
    (r"n = (\d+) is too few: (\d+) without a miss would be needed", r"n = \1 太少：须连续 \2 次无一失败"),
    (r"the bounds \(95 %\) (\S+) … (\S+) reach beyond the limit", r"95 % 置信界 \1 … \2 越过限值"),
    (r"the bounds \(95 %\) (\S+) … (\S+) reach within the limit", r"95 % 置信界 \1 … \2 尚在限值之内"),
    (r"stamped (\S+) s or more before the stimulus, which cannot be", r"比触发早 \1 s 以上，不可能"),
    (r"the unit is not that of the clause: (.+) cannot be stated in (\S+)", r"单位 \1 不能换算为条款的 \2"),
    (r"(\S+) was measured, the clause asks for (\S+)", r"测的是 \1，条款要求 \2"),
    (r"known to be at least (\S+ ?\S*), no more yet", r"目前只知不小于 \1"),
    (r"(\S+) was measured, not (\S+)", r"测的是 \1，不是 \2"),
    (r"known to be at most (\S+ ?\S*), no more yet", r"目前只知不大于 \1"),
    (r"at most (\S+ ?\S*)", r"不大于 \1"),
    (r"already at most (\S+ ?\S*)", r"已不大于 \1"),
    (r"at least (\S+ ?\S*)", r"不小于 \1"),
    (r"already at least (\S+ ?\S*)", r"已不小于 \1"),
    (r"estimate, not observed over the full time", "推算值，未实测全程"),
    (r"estimate, accepted as the method in the plan", "推算值，方案中已约定接受"),
    (r"watched or repeated less than usual: (.+)", r"观察时间或次数少于通常：\1"),
    (r"not shown by what was observed: (.+)", r"观测未能证实：\1"),
    (r"waited too short to tell", "等待时间不足以判定"),
    (r"nothing within ([\d.e+-]+ ?\S*)", r"\1 内未出现"),
)


_SYSTEM_ERROR = re.compile(r"\[(?:Errno|WinError) (\d+)\][^；;]*")
_ERRORS = {
    2: "文件或设备不存在",
    5: "输入输出错误",
    13: "无访问权限",
    16: "设备被占用",
    32: "连接已断开",
    61: "连接被拒绝",
    101: "网络不可达",
    104: "连接被对方复位",
    110: "连接超时",
    111: "连接被拒绝",
    113: "主机不可达",
    10051: "网络不可达",
    10054: "连接被对方复位",
    10060: "连接超时",
    10061: "连接被拒绝",
    10065: "主机不可达",
}
"""Errors of the operating system (Linux, macOS, Windows Sockets)."""
_BOTH = " / "
_JOINED = re.compile("(；|; )")
_COLON = re.compile(": ")
_DEVICE = re.compile(r"([A-Z][\w.-]*): ")
_LOGGED = "原因以英文记于检测日志"
_LOGGED_CHINESE = "the reason stands in the journal in Chinese"
_UNABLE = re.compile(r"(\S+: )?could not be answered: (.+?)\.?", re.DOTALL)
"""What a person gave as the reason why he could not answer."""
_QUOTED = re.compile(r'"[^"]*"')  # what a device wrote: neither taken apart nor translated
_WRITTEN = re.compile(r"(?<![A-Za-z])'[^']*'(?![A-Za-z])")  # the same, as the code shows bytes and lines
_HELD = re.compile(r'"§(\d+)"')
_ENGLISH = re.compile(r"\b[a-z]{3,}\b")
_PROSE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")


def reason_in(text: str, language: str) -> str:
    """A journaled reason in the language of a report.

    Of a reason in both languages the right half is taken. English that has no Chinese is not printed on
    a Chinese page, nor Chinese on an English one; the page says that it stands in the journal.
    """
    if language != "zh":
        half = _half(text, chinese=False)
        return "; ".join(dict.fromkeys(_in_english(part) for part in half.split("; ")))
    said, numbers = _QUOTED.findall(text), count()
    kept = _QUOTED.sub(lambda _: f'"§{next(numbers)}"', text)
    parts = _half(kept, chinese=True).split("; ") if text else []
    return "；".join(_put_together(parts, said))


def _put_together(parts: Sequence[str], said: Sequence[str]) -> Iterator[str]:
    """Each part in Chinese; where one has none, it and those around it may be one sentence."""
    alone = [_quoting(part, said) for part in parts]
    unknown = [one.endswith(_LOGGED) for one in alone]
    at = 0
    while at < len(parts):
        joined = None
        if any(unknown[at:]) and not any(re.fullmatch(pattern, parts[at]) for pattern, _ in REASONS):
            joined = _longest(parts, said, unknown, at)
        shown, at = joined or (alone[at], at + 1)
        yield shown


def _longest(
    parts: Sequence[str], said: Sequence[str], unknown: Sequence[bool], at: int
) -> tuple[str, int] | None:
    """The longest sentence of several parts from ``at`` on that has Chinese as a whole, and where it ends."""
    for end in range(len(parts), at + 1, -1):
        if any(unknown[at:end]):
            joined = _quoting("; ".join(parts[at:end]), said)
            if not joined.endswith(_LOGGED):
                return joined, end
    return None


def _in_english(part: str) -> str:
    """A part of a reason on an English page: what is in Chinese alone stands in the journal."""
    if unable := _UNABLE.fullmatch(part):
        return f"{unable[1] or ''}could not be answered: {quoted_in(unable[2], 'en')}"
    if not chinese_signs(part):
        return part.replace("；", "; ")
    for at in _COLON.finditer(part):
        head, said = part[: at.end()], part[at.end() :]
        if not chinese_signs(head) and (known := in_english(said)):
            return f"{head}{known}"
    if known := in_english(part):
        return known
    head, colon, said = part.rpartition(": ")
    return part if _ENGLISH.search(said) else f"{head}{colon}{_LOGGED_CHINESE}"


def said_in(text: str, language: str) -> str:
    """What a suite says of itself, in the language of a report; what has no English is quoted."""
    half = _half(text, chinese=language == "zh")
    if language == "zh":
        return in_field_terms(half)
    if not chinese_signs(half):
        return half
    return in_english(half) or f"「{half}」 (in Chinese alone)"


def quoted_in(text: str, language: str) -> str:
    """What a person wrote, as it was written; marked as quoted on a page of the other language."""
    if language == "zh":
        foreign = not chinese_signs(text) and len(_ENGLISH.findall(text)) > 1
        return f"「{text}」（原文）" if foreign else text
    return f"「{text}」 (as written)" if chinese_signs(text) else text


def _half(text: str, *, chinese: bool) -> str:
    """The half of ``中文 / English`` in one language, of each part where they were joined afterwards."""
    if text.count(_BOTH) == 1:
        zh, _, en = text.partition(_BOTH)
        if len(_JOINED.findall(zh)) == len(_JOINED.findall(en)):
            return _one_half(text, chinese=chinese)
    return (
        "".join(_one_half(part, chinese=chinese) for part in _JOINED.split(text)) if _BOTH in text else text
    )


def _one_half(text: str, *, chinese: bool) -> str:
    zh, both, en = text.partition(_BOTH)
    if both and chinese_signs(zh) > chinese_signs(en) and _ENGLISH.search(en):
        return zh if chinese else en
    return text


def _quoting(part: str, said: Sequence[str]) -> str:
    """A part of a reason on a Chinese page; what is quoted in it stays as a device wrote it.

    A sentence of the code that has such marks itself is known with what stands between them.
    """
    whole = _HELD.sub(lambda held: said[int(held[1])], part)
    if whole == part:
        return _reason(part)
    apart = _reason(part)
    return _reason(whole) if apart.endswith(_LOGGED) else _HELD.sub(lambda held: said[int(held[1])], apart)


def _reason(part: str) -> str:
    if unable := _UNABLE.fullmatch(part):
        return f"{unable[1] or ''}未能回答：{quoted_in(unable[2], 'zh')}"
    for pattern, chinese in REASONS:
        if re.fullmatch(pattern, part):
            return in_field_terms(re.sub(pattern, chinese, part))
    part = _SYSTEM_ERROR.sub(lambda at: _ERRORS.get(int(at[1]), f"系统错误 {at[1]}"), part)
    if chinese_signs(part) or not _ENGLISH.search(part):
        return in_field_terms(part)
    known = in_chinese(part)
    if chinese_signs(known) and not _PROSE.search(_WRITTEN.sub("", known)):
        return in_field_terms(known.removesuffix("。"))
    device = _DEVICE.match(part)
    return f"{device[1]}：{_LOGGED}" if device else _LOGGED
