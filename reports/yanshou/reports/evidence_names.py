# SPDX-License-Identifier: Apache-2.0
"""What a piece of evidence is, in the reader's words: the name of its file is an id of ours.

The journal has the name of the file and a note. A note that suites write has its English here; the note of a
photograph is the question it answers, which the journal has in both languages.
"""

from __future__ import annotations

import re
from typing import Final

from yanshou.model import Text
from yanshou.reports.messages import Messages
from yanshou.reports.messages_field import chinese_signs
from yanshou.reports.naming import picture_note
from yanshou.reports.records import EvidenceNote
from yanshou.reports.view import RunView

NOTES: Final = {
    "画面（已模糊）": "picture (blurred)",
    "回放画面（已模糊）": "picture played back (blurred)",
    "画面字符（裁剪）": "characters in the picture (cropped)",
    "图卡画面（亮度）": "picture of the test chart (brightness)",
    "低照度图卡画面（亮度）": "picture of the test chart in low light (brightness)",
    "受检人体图像（标出四角）": "image of the test body (corners as marked)",
    "命令前、途中与停止后的画面（已模糊）": "pictures before, during and after the command (blurred)",
    "评分表": "form of the scores",
    "逐帧时间码读数": "time code read from each frame",
    "逐帧到达记录": "arrival of each frame",
    "SIP 信令记录": "SIP messages",
    "GB 35114 证书": "GB 35114 certificate",
    "录像缺失时段": "gaps in the recordings",
    "抽查回放记录": "recordings drawn and played back",
    "录像导出两次的比较": "recordings exported twice, compared",
    "时钟逐次读数": "each reading of the clock",
}
"""The notes of suites, with their English."""

_BY_FILE: Final = (
    (r"gaps\.csv", "录像缺失时段"),
    (r"playback\.csv", "抽查回放记录"),
    (r"exports\.csv", "录像导出两次的比较"),
    (r"(clocks|drift)\.csv", "时钟逐次读数"),
    (r".+\.jsonl", "SIP 信令记录"),
    (r".+-certificate\.pem", "GB 35114 证书"),
    (r"body-.+\.png", "受检人体图像（标出四角）"),
)
"""The notes of files that journals of former versions keep without one, or with a word of ours."""


def evidence_title(view: RunView, note: EvidenceNote, messages: Messages) -> str:
    """What a piece of evidence is, in the language of the page; its media type if nothing says it."""
    for one in view.exchanges:
        if (one.photo, one.item) == (note.sha256, note.item):
            return one.question.in_language(messages.language)
    ours = next((said for form, said in _BY_FILE if re.fullmatch(form, note.name)), note.note)
    if ours in NOTES:
        return messages.pick(Text(ours, NOTES[ours]))
    if messages.language == "zh" or not chinese_signs(ours):
        return picture_note(ours, messages) or note.name or note.media_type
    return picture_note(ours, messages)
