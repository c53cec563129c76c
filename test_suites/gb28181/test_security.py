# SPDX-License-Identifier: Apache-2.0
"""GB 35114 — shown by a person with a tester for it: the bench holds no SM2 certificate of the site."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, measures

_OWN = "由人员以专用测试仪验证：检测台没有现场签发的 SM2 证书"


def _shown(ask: Ask, record: Record, message: str, otherwise: str) -> None:
    record.deviation(_OWN)
    ask.text("gb35114.tester")
    verified = ask.yes(message)
    ask.photo("gb35114.record", scan=True)
    record.logical(conforms=verified, because="" if verified else otherwise)


@measures("gb35114_class_a", operator=True)
def test_gb35114_class_a(ask: Ask, record: Record) -> None:
    """The signature of the registration over both random numbers and the server id verifies."""
    _shown(ask, record, "gb35114.class_a", "注册签名验证未通过")


@measures("gb35114_note_digest", operator=True)
def test_gb35114_note_digest(ask: Ask, record: Record) -> None:
    """The digest in the Note header of signalling other than registration recomputes to the same value."""
    _shown(ask, record, "gb35114.note", "信令摘要缺失或不一致")


@measures("gb35114_video_signature", operator=True)
def test_gb35114_video_signature(ask: Ask, record: Record) -> None:
    """The signatures in the video verify, and fail when a byte is changed."""
    _shown(ask, record, "gb35114.signature", "视频签名验证未通过，或改动一字节后仍通过")


@measures("gb35114_video_encryption", operator=True)
def test_gb35114_video_encryption(ask: Ask, record: Record) -> None:
    """The video cannot be decoded without the key and decodes with it."""
    _shown(ask, record, "gb35114.encryption", "视频未加密，或有密钥也不能解码")
