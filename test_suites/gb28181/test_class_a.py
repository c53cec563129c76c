# SPDX-License-Identifier: Apache-2.0
"""GB 35114 A 级 — registration by SM2 certificate and the digest of signalling, at the bench as platform.

Where the site file has no certificate of the device, a person shows both with a tester for it.
"""

from __future__ import annotations

from yanshou.fixtures.api import ClassA, Record, evaluate, measures


@measures("gb35114_class_a", seconds=60.0, waits={"register_wait_s": 300.0})
def test_gb35114_class_a(class_a: ClassA, record: Record) -> None:
    """Each registration is signed over both random numbers and the platform's code; it registers twice."""
    device = class_a.registrant
    if device is None:
        class_a.by_person("gb35114.class_a", "注册签名验证未通过")
        return
    if device.wait_registered():
        device.register_anew(within=device.anew_s)
    entries = device.entries()
    record.evidence(device.as_evidence(entries), "class-a.jsonl", "application/jsonl", "SIP 信令记录")
    found = evaluate.gb35114.class_a(entries)
    if found.conforms is not False:
        device.require_readable(0)
    if found.conforms is None:
        record.cannot(found.because)
    for reason in found.reserved:
        record.unproven(reason)
    record.logical(conforms=found.conforms, n=found.n, because=found.because)


@measures("gb35114_note_digest", seconds=30.0)
def test_gb35114_note_digest(class_a: ClassA, record: Record) -> None:
    """Each message after the registration carries a digest that recomputes, and the right time."""
    device = class_a.registrant
    if device is None:
        class_a.by_person("gb35114.note", "信令摘要缺失或不一致")
        return
    device.ask("DeviceInfo")
    device.keepalives(1)
    entries = device.entries()
    record.evidence(device.as_evidence(entries), "signalling.jsonl", "application/jsonl", "SIP 信令记录")
    found = evaluate.gb35114.notes(entries, record.criterion("date_window_s"))
    if found.conforms is not False:
        device.require_readable(0)
    if found.conforms is None:
        record.cannot(found.because)
    record.logical(conforms=found.conforms, n=found.n, because=found.because)
