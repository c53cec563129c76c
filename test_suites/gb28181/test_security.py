# SPDX-License-Identifier: Apache-2.0
"""GB 35114 B 级、C 级 — video signature and encryption, shown by a person with a tester for it."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, measures, shown_by_person

_NOT_HERE = "由人员以专用测试仪验证：视频签名与加密的码流格式没有公开出处，检测台不解析"


@measures("gb35114_video_signature", operator=True)
def test_gb35114_video_signature(ask: Ask, record: Record) -> None:
    """The signatures in the video verify, and fail when a byte is changed."""
    otherwise = "视频签名验证未通过，或改动一字节后仍通过"
    shown_by_person(ask, record, "gb35114.signature", otherwise, _NOT_HERE)


@measures("gb35114_video_encryption", operator=True)
def test_gb35114_video_encryption(ask: Ask, record: Record) -> None:
    """The video cannot be decoded without the key and decodes with it."""
    shown_by_person(ask, record, "gb35114.encryption", "视频未加密，或有密钥也不能解码", _NOT_HERE)
