# SPDX-License-Identifier: Apache-2.0
r"""A Chinese sentence that the program composed, in English: whole, or part by part.

A sentence stands in one of the ``messages_*`` as a template. A template of ``FINDINGS`` has fields
(``{1}``; ``{k1}`` holds nothing but what is known here), one of ``DEVIATIONS``, ``REMARKS`` and
``UNTESTED`` is a regular expression. What a field holds is put into English in the same way, unless it came
from the site file, a device or a person; of what a person wrote (``\\q1``) a page says that it stands as
written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from yanshou.reports.messages_deviations import DEVIATIONS, WATCHED
from yanshou.reports.messages_field import chinese_signs
from yanshou.reports.messages_findings_alarm import DOORS, INTRUSION, LINKAGE, TRANSMISSION
from yanshou.reports.messages_findings_duties import DUTIES, PAPERS, SITE
from yanshou.reports.messages_findings_gb28181 import CLASS_A, MEDIA, NETWORKED, REGISTERED, TURNED
from yanshou.reports.messages_findings_names import CHART, NAMES
from yanshou.reports.messages_findings_video import RECORDED, VIDEO
from yanshou.reports.messages_untested import REMARKS, UNTESTED

FINDINGS: Final = {
    **DOORS,
    **INTRUSION,
    **TRANSMISSION,
    **LINKAGE,
    **PAPERS,
    **DUTIES,
    **SITE,
    **NETWORKED,
    **REGISTERED,
    **CLASS_A,
    **MEDIA,
    **TURNED,
    **VIDEO,
    **RECORDED,
    **WATCHED,
    **NAMES,
    **CHART,
}
_FIELD = re.compile(r"\{(k?\d)\}")
_GROUP = re.compile(r"\((?:[^()]|\([^()]*\))*\)\??")
_CHINESE_RUN = re.compile("[\u4e00-\u9fff]+")
_JOINTS: Final = (("；", "; "), ("，", ", "), ("、", ", "), ("·", ", "))
_BRACKETS = re.compile("(.*?)（([^（）]*)）")


@dataclass(frozen=True, slots=True)
class _Template:
    """One sentence: what it looks like in Chinese, what has to be in it, and its English.

    The pattern is compiled for the first text that holds what it needs: there are more than a thousand.
    """

    pattern: str
    holds: str
    english: str
    signs: int
    known: tuple[int, ...] = ()

    @classmethod
    def of(cls, pattern: str, english: str, known: tuple[int, ...] = ()) -> _Template:
        fixed = _GROUP.sub("\n", pattern)
        runs = _CHINESE_RUN.findall(fixed) or [""]
        return cls(pattern, max(runs, key=len), english, sum(map(len, runs)), known)

    def fits(self, text: str) -> re.Match[str] | None:
        """The sentence in its parts if it is this one."""
        found = re.fullmatch(self.pattern, text) if self.holds in text else None
        fields = enumerate(found.groups(""), 1) if found else ()
        return found if all(self._may_hold(number, field) for number, field in fields) else None

    def _may_hold(self, number: int, field: str) -> bool:
        """Whether this may stand in the field: a name may be unknown, a second sentence may not."""
        quoted = rf"\q{number}" in self.english
        return quoted or not (number in self.known or "；" in field) or bool(in_english(field))


def _fields(chinese: str, english: str) -> _Template:
    pattern = "".join(
        "(.+?)" if number % 2 else re.escape(part) for number, part in enumerate(_FIELD.split(chinese))
    )
    fields = _FIELD.findall(chinese)
    order = [one[-1] for one in fields]
    known = tuple(number for number, one in enumerate(fields, 1) if one.startswith("k"))
    return _Template.of(pattern, _FIELD.sub(lambda at: rf"\{order.index(at[1]) + 1}", english), known)


@cache
def _templates() -> list[_Template]:
    """All of them, the most specific first; made when the first page in English needs them."""
    return sorted(
        [
            *(_fields(*one) for one in FINDINGS.items()),
            *(_Template.of(*one) for one in (*DEVIATIONS, *REMARKS, *UNTESTED)),
        ],
        key=lambda one: -one.signs,
    )


@lru_cache(maxsize=4096)
def in_english(text: str) -> str:
    """A Chinese sentence of the program in English; "" if it, or a part of it, is none that is known here."""
    text = text.strip().removesuffix("。")
    if not chinese_signs(text):
        return text
    parted = _whole(text, "；") or _parted(text, "；", "; ") if "；" in text else ""
    return parted or _whole(text) or _parts(text)


def _whole(text: str, sign: str = "") -> str:
    """The sentence by the first template that fits it, which has this sign of its own."""
    for one in _templates():
        if sign in one.pattern and (found := one.fits(text)):
            return _filled(one.english, found)
    return ""


def _filled(english: str, found: re.Match[str]) -> str:
    return re.sub(r"\\(q?)(\d)", lambda at: _part(found[int(at[2])] or "", quoted=bool(at[1])), english)


def _parts(text: str) -> str:
    for sign, joint in _JOINTS:
        if english := _parted(text, sign, joint):
            return english
    if (found := _BRACKETS.fullmatch(text)) and (inner := in_english(found[2])):
        head = in_english(found[1]) if found[1] else ""
        return f"{head} ({inner})".strip() if head or not found[1] else ""
    return ""


def _parted(text: str, sign: str, joint: str) -> str:
    """A list or a sentence of several, if each is known; what has no Chinese stays as it is."""
    parts = [in_english(one) for one in text.split(sign)] if sign in text else []
    return joint.join(parts) if parts and all(parts) else ""


def _part(text: str, *, quoted: bool) -> str:
    """What a template took out of a sentence: a person's words quoted, else in English where it is known."""
    if quoted:
        return f"「{text}」 (as written)"
    if known := in_english(text):
        return known
    for sign, joint in _JOINTS:
        if sign in text:
            return joint.join(_part(one, quoted=False) for one in text.split(sign) if one.strip())
    return text
