# SPDX-License-Identifier: Apache-2.0
"""Questions to the operator and the back ends that ask them."""

from yanshou.operator.checks import plain
from yanshou.operator.messages import in_language, message, wording
from yanshou.operator.nameless import NamelessOperator
from yanshou.operator.pictures import Album, media_type
from yanshou.operator.questions import (
    Answer,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    Operator,
    PhotoQuestion,
    Question,
    Reviewer,
    TextQuestion,
    WentBackError,
    Wording,
)
from yanshou.operator.scripted import ScriptedOperator
from yanshou.operator.settled import as_asked, confirmed, correction, settled
from yanshou.operator.terminal import TerminalOperator

__all__ = [
    "Album",
    "Answer",
    "ChoiceQuestion",
    "ConfirmQuestion",
    "NamelessOperator",
    "NumberQuestion",
    "Operator",
    "PhotoQuestion",
    "Question",
    "Reviewer",
    "ScriptedOperator",
    "TerminalOperator",
    "TextQuestion",
    "WentBackError",
    "Wording",
    "as_asked",
    "confirmed",
    "correction",
    "in_language",
    "media_type",
    "message",
    "plain",
    "settled",
    "wording",
]
