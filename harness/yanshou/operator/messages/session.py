# SPDX-License-Identifier: Apache-2.0
"""Questions at the beginning of a session: who tests, who is the witness, which instruments are there."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

SESSION: Final[dict[str, Text]] = {
    "session.as_stated": Text(
        "本次检测：检测人 {operator}；见证人 {witness}；使用仪器 {instruments}。与现场一致？",
        "This session: tester {operator}; witness {witness}; instruments {instruments}. Is that so?",
    ),
    "session.operator": Text("本次检测的检测人（姓名）", "Who tests in this session (name)"),
    "session.witness": Text(
        "本次检测的见证人（姓名；没有则填“无”）", "Who is the witness of this session (name, or none)"
    ),
    "session.absent": Text(
        "下列仪器中本次不在场、不使用的编号（以逗号分开；都在则填“无”）：{instruments}",
        "Ids of these instruments that are not there today (with commas, or none): {instruments}",
    ),
    "session.instrument": Text("{id}（{serial}，证书至 {due}）", "{id} ({serial}, certificate until {due})"),
    "session.instrument_ended": Text(
        "{id}（{serial}，证书不在有效期内（至 {due}），不能用）",
        "{id} ({serial}, certificate not valid today (until {due}): cannot be used)",
    ),
    "session.nobody": Text("无", "none"),
}
