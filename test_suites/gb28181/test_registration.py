# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 注册 — sequence, expiry, retries, logout, version (9.1), at the bench as platform."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, Registrant, Silence, evaluate, measures
from yanshou.model import NonConformity, NotApplicable


@measures("sip_registration_sequence", waits={"register_wait_s": 300.0})
def test_sip_registration_sequence(registrant: Registrant, record: Record) -> None:
    """REGISTER without credentials, 401 with a nonce of ours, REGISTER with digest over it, 200."""
    registrant.wait_registered()
    entries = registrant.entries()
    found = evaluate.sip.registration(entries, registrant.wait_s)
    record.evidence(
        registrant.as_evidence(entries), "registration.jsonl", "application/jsonl", "SIP 信令记录"
    )
    if found.conforms is None:
        record.cannot(found.because)
    if not found.conforms and not entries:
        registrant.require_readable(0)
        if strangers := registrant.strangers():
            record.cannot(f"{found.because}；有未列入工程文件的编码注册：{'、'.join(strangers)}")
    if any(one.said.get("other_uri") for one in entries if one.kind == "registered"):
        record.deviation("摘要认证的 uri 与请求的 URI 不同（两种写法均接受）")
    if elsewhere := evaluate.sip.unreachable_contacts(entries):
        record.deviation(f"Contact 写的地址（{'、'.join(elsewhere)}）不是来源地址；应答和请求均按来源地址")
    record.logical(conforms=found.conforms, because=found.because)


@measures("sip_register_expires_default")
def test_sip_register_expires_default(registrant: Registrant, record: Record) -> None:
    """The expiry that a device asks for where nothing else was set on site."""
    if (stated := registrant.set_on_site("register_expires_s")) is not None:
        raise NotApplicable(f"现场另设注册有效期 {stated:g} s，不按缺省值评价")
    record.number(_asked_for(registrant, record), unit="s")


@measures("sip_register_expires")
def test_sip_register_expires(registrant: Registrant, record: Record) -> None:
    """The expiry as set up on site; a registration that ran out without a refresh does not conform."""
    asked = _asked_for(registrant, record)
    entries = registrant.entries(registrant.platform.disturbed.get(registrant.name, 0))
    if any(one.kind == "expired" for one in entries):
        raise NonConformity("有效期届满前未续注册")
    if not evaluate.sip.refreshed(entries):
        record.unproven("检测期间有效期未届满，未观察到续注册")
    record.number(asked, unit="s")


def _asked_for(registrant: Registrant, record: Record) -> float:
    """The expiry of the last accepted registration, in seconds."""
    accepted = [one for one in registrant.entries() if one.kind == "registered"]
    asked = accepted[-1].said.get("expires")
    if asked is None:
        record.cannot("注册消息未写有效期")
    return float(asked)


@measures("sip_register_retry_interval", waits={"silence_watch_s": 900.0})
def test_sip_register_retry_interval(registrant: Registrant, silence: Silence, record: Record) -> None:
    """The platform is silent and then refuses: the time from each attempt to the next."""
    registrant.require_readable(0)
    tried = evaluate.sip.retries(silence.entries)
    if not tried:
        record.cannot(f"平台不应答、拒绝共 {silence.seconds:.0f} s，未见设备重试注册")
    if len({before.kind for before, _ in tried}) == 1:
        record.unproven(f"只观察到{'无应答' if tried[0][0].kind == 'unanswered' else '被拒'}后的重试")
    for before, after in tried:
        record.latency(before.first, after.first)


@measures("sip_unregister", operator=True, seconds=60.0)
def test_sip_unregister(registrant: Registrant, ask: Ask, record: Record) -> None:
    """Somebody ends the link at the device: it leaves with a REGISTER that expires at 0."""
    mark = registrant.mark()
    ask.done("gb28181.leave", device=registrant.name)
    left = registrant.wait_left(mark)
    came = [one for one in registrant.entries(mark) if one.said.get("expires") == 0]
    ask.done("gb28181.back", device=registrant.name)
    back = registrant.wait_registered_after(mark)
    registrant.require_readable(mark)
    if not back:
        record.deviation("注销后在等待时间内未重新注册")
    said = "" if left else "有效期为 0 的注册未带有效认证" if came else "断开后未见注销消息"
    record.logical(conforms=left, because=said)


@measures("sip_register_redirect", seconds=300.0)
def test_sip_register_redirect(registrant: Registrant, record: Record) -> None:
    """The device registers anew, is answered 302 with a second address, and is awaited there."""
    redirected, followed = registrant.sent_on()
    if not redirected:
        record.cannot("设备未重新注册，无法给出 302")
    registrant.require_readable(0)
    said = "" if followed else "收到 302 后未在给出的地址注册"
    record.logical(conforms=followed, because=said)


@measures("sip_protocol_version")
def test_sip_protocol_version(registrant: Registrant, record: Record) -> None:
    """REGISTER names the version of the protocol; the bench names its own in the answer."""
    if not registrant.address.names_version:
        raise NotApplicable("设备按 2016 版接入，该版无协议版本标识")
    said = [str(one.said.get("version", "")) for one in registrant.entries() if one.kind == "registered"]
    stated = bool(said and said[-1])
    record.logical(conforms=stated, because=f"X-GB-Ver: {said[-1]}" if stated else "注册消息没有 X-GB-Ver")
