# SPDX-License-Identifier: Apache-2.0
"""What the platform's entries show of class A of GB 35114: how a device proved itself, and its digests.

Pure. A finding of None says that nothing can be concluded; it never counts in favour of the device.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.evaluation.sip import SipSight

_BROKEN: Final = {
    "digest": "以口令摘要注册，未以证书认证",
    "wrong_algorithm": "声明的能力不含 SM2、SM3",
    "wrong_scheme": "应答的认证方式（单向、双向）与平台质询的不同",
    "foreign_random": "签名用的 random1 不是平台给出的",
    "replayed": "重复使用已用过的 random1",
    "wrong_server": "serverid 不是本平台的编码",
    "wrong_device": "deviceid 不是设备自身的编码",
    "wrong_signature": "sign1 验证未通过",
    "foreign_certificate": "设备所送证书不是实验室所持的证书",
    "certificate_of_another": "证书主体为另一编码",
    "certificate_expired": "设备所送证书不在有效期内",
}
_EARLIER: Final = frozenset({"foreign_random", "replayed", "stale"})
"""A device that begins with what it sent before, is challenged and answers that, did prove itself."""
_MENDED: Final = "曾带着先前的认证信息注册，被拒后按新的质询认证"
_UNKNOWN: Final = {
    "unreadable": "注册消息的认证头域无法读取",
    "unreadable_certificate": "设备所送证书无法读取",
    "other_form": "签名按另一形式验证通过，请核对标准原文与设备说明，在工程文件中写明 class_a_form",
    "wrong_signature": "sign1 验证未通过，而工程文件中的证书不是该编码的，请核对证书",
    "certificate_of_another": "工程文件中的证书主体为另一编码，请核对证书",
    "certificate_expired": "工程文件中的证书不在有效期内，请更换证书",
    "stale": "对质询的应答超过 300 s",
}
_WRONG_NOTE: Final = {
    "absent": "没有 Note 摘要",
    "wrong": "摘要与重新计算的不一致",
    "wrong_algorithm": "摘要算法不是 SM3",
    "no_date": "没有 Date",
}
_UNKNOWN_NOTE: Final = {
    "unreadable": "Note 头域无法读取",
    "other_form": "摘要按另一形式一致，请核对标准原文与设备说明，在工程文件中写明 class_a_form",
    "no_key": "带有 Note 摘要，但未以证书注册，没有密钥可核对",
}


@dataclass(frozen=True, slots=True)
class ClassAFinding:
    """Whether a device does what class A asks; ``reserved``: what the observation does not show.

    ``n``: how many registrations or messages it rests on.
    """

    conforms: bool | None
    because: str
    reserved: tuple[str, ...] = ()
    n: int = 1


def class_a(entries: Sequence[SipSight]) -> ClassAFinding:
    """Whether a device proved itself in each registration; ``entries`` are all of it."""
    asked = [one for one in entries if "class_a" in one.said]
    accepted = [one for one in asked if _outcome(one) == "accepted"]
    last = max((n for n, one in enumerate(asked) if _outcome(one) == "accepted"), default=-1)
    earlier = asked[: last + 1]
    mended = [one for one in earlier if _outcome(one) in _EARLIER]
    asked = [one for one in earlier if _outcome(one) not in _EARLIER] + asked[last + 1 :]
    broken = _each(_BROKEN[_outcome(one)] for one in asked if _breaks(one))
    if any(one.said.get("again") for one in accepted):
        broken.append("不同注册的 random2 相同")
    if broken:
        return ClassAFinding(False, "；".join(broken))
    unknown = _each(_UNKNOWN[_outcome(one)] for one in asked if _outcome(one) in _UNKNOWN)
    if unknown:
        return ClassAFinding(None, "；".join(unknown))
    if not accepted:
        return _unanswered(asked)
    said = accepted[-1].said
    text = f"{said['scheme']}，{len(accepted)} 次注册的 sign1 对 random2、random1 与 serverid 验证通过"
    reserved = [*_reserved(accepted), *([_MENDED] if mended else [])]
    return ClassAFinding(True, f"{text}（形式 {said['form']}）", tuple(reserved), len(accepted))


def _unanswered(asked: Sequence[SipSight]) -> ClassAFinding:
    said = Counter(map(_outcome, asked))
    if said["announced"] > 1:
        return ClassAFinding(False, f"声明能力 {said['announced']} 次，均未应答平台的质询")
    if said["absent"] > 1:
        return ClassAFinding(False, "注册不带证书认证（没有 Capability）")
    return ClassAFinding(None, "未见完整的注册过程")


def _reserved(accepted: Sequence[SipSight]) -> list[str]:
    last, found = accepted[-1].said, []
    if len(accepted) == 1:
        found.append("只见到一次注册，不能确认随机数不重复使用")
    if last.get("doubt"):
        found.append("证书主体中没有设备编码")
    if last["form"] != "usual":
        found.append(f"签名内容按工程文件指定的形式 {last['form']}，不是各公开实现一致的形式")
    return found


def _breaks(one: SipSight) -> bool:
    """Whether an outcome is the device's doing; where it may be the site file's, it is unknown instead."""
    outcome, said = _outcome(one), one.said
    if outcome == "wrong_signature":
        return not said.get("doubt")
    if outcome == "certificate_of_another":
        return bool(said.get("announced") or said.get("form"))
    if outcome == "certificate_expired":
        return bool(said.get("announced"))
    return outcome in _BROKEN


def _outcome(one: SipSight) -> str:
    outcome = str(one.said["class_a"])
    return outcome if one.kind != "repeated" else ""


def notes(entries: Sequence[SipSight], window_s: float) -> ClassAFinding:
    """Whether each message after a registration carries a digest that fits and a Date within ``window_s``."""
    since = next((n for n, one in enumerate(entries) if one.kind == "registered"), len(entries))
    signed = [one for one in entries[since:] if "note" in one.said]
    by_certificate = any(one.said.get("class_a") == "accepted" for one in entries)
    wrong = _counted(_WRONG_NOTE[str(one.said["note"])] for one in signed if one.said["note"] in _WRONG_NOTE)
    again = sum(bool(one.said.get("note_again")) for one in signed)
    wrong += [f"{again} 条重复使用另一条信令的摘要"] if again else []
    off = [one for one in map(_off, signed) if one is not None]
    beyond = [one for one in off if one > window_s]
    wrong += (
        [f"{len(beyond)} 条的 Date 偏差超过 {window_s:g} s（最大 {max(beyond):.0f} s）"] if beyond else []
    )
    if wrong:
        return ClassAFinding(False, "；".join(wrong) + f"（共 {len(signed)} 条信令）")
    unread = [one for one in signed if "date_ahead_s" in one.said and one.said["date_ahead_s"] is None]
    unknown = [_UNKNOWN_NOTE[str(one.said["note"])] for one in signed if one.said["note"] in _UNKNOWN_NOTE]
    unknown += ["Date 无法读取"] * len(unread)
    if unknown:
        return ClassAFinding(None, "；".join(_counted(unknown)))
    if not by_certificate:
        return ClassAFinding(None, "设备未以证书注册，没有密钥可核对")
    kept = sum(one.said.get("command") == "Keepalive" for one in signed)
    answers = sum(one.said.get("root") == "Response" for one in signed)
    if not kept or not answers:
        return ClassAFinding(None, f"收到心跳 {kept} 条、应答 {answers} 条，不足以判定")
    rest = len(signed) - kept - answers
    text = f"心跳 {kept} 条、应答 {answers} 条、其他 {rest} 条的摘要均一致，Date 偏差最大 {max(off):.1f} s"
    return ClassAFinding(True, text, n=len(signed))


def _off(one: SipSight) -> float | None:
    """How far a Date is off, in s; a device told a shifted time for a test may follow it or not yet."""
    ahead = one.said.get("date_ahead_s")
    if ahead is None:
        return None
    shifted_s = float(one.said.get("told_ahead_s") or 0.0)
    return min(abs(float(ahead)), abs(float(ahead) - shifted_s))


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _counted(texts: Iterable[str]) -> list[str]:
    return [f"{count} 条{word}" for word, count in Counter(texts).items()]
