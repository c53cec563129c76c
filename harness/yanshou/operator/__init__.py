# SPDX-License-Identifier: Apache-2.0
"""Questions to the operator and the back ends that ask them."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.operator.checks import (
        DAY,
        half_width,
        plain,
    )
    from yanshou.operator.messages import (
        in_language,
        message,
        wording,
    )
    from yanshou.operator.nameless import (
        NamelessOperator,
    )
    from yanshou.operator.pictures import (
        Album,
        media_type,
        shown_digest,
    )
    from yanshou.operator.questions import (
        Answer,
        ChoiceQuestion,
        ConfirmQuestion,
        NumberQuestion,
        Operator,
        PhotoQuestion,
        PutOffError,
        Question,
        Reviewer,
        SignatureQuestion,
        TextQuestion,
        WentBackError,
        Wording,
    )
    from yanshou.operator.scripted import (
        ScriptedOperator,
    )
    from yanshou.operator.settling import (
        as_asked,
        confirmed,
        correction,
        settled,
    )
    from yanshou.operator.terminal import (
        TerminalOperator,
    )
    from yanshou.operator.written import (
        read_answers,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.operator.checks": (
                "DAY",
                "half_width",
                "plain",
            ),
            "yanshou.operator.messages": (
                "in_language",
                "message",
                "wording",
            ),
            "yanshou.operator.nameless": ("NamelessOperator",),
            "yanshou.operator.pictures": (
                "Album",
                "media_type",
                "shown_digest",
            ),
            "yanshou.operator.questions": (
                "Answer",
                "ChoiceQuestion",
                "ConfirmQuestion",
                "NumberQuestion",
                "Operator",
                "PhotoQuestion",
                "PutOffError",
                "Question",
                "Reviewer",
                "SignatureQuestion",
                "TextQuestion",
                "WentBackError",
                "Wording",
            ),
            "yanshou.operator.scripted": ("ScriptedOperator",),
            "yanshou.operator.settling": (
                "as_asked",
                "confirmed",
                "correction",
                "settled",
            ),
            "yanshou.operator.terminal": ("TerminalOperator",),
            "yanshou.operator.written": ("read_answers",),
        },
    )

__all__ = [
    "DAY",
    "Album",
    "Answer",
    "ChoiceQuestion",
    "ConfirmQuestion",
    "NamelessOperator",
    "NumberQuestion",
    "Operator",
    "PhotoQuestion",
    "PutOffError",
    "Question",
    "Reviewer",
    "ScriptedOperator",
    "SignatureQuestion",
    "TerminalOperator",
    "TextQuestion",
    "WentBackError",
    "Wording",
    "as_asked",
    "confirmed",
    "correction",
    "half_width",
    "in_language",
    "media_type",
    "message",
    "plain",
    "read_answers",
    "settled",
    "shown_digest",
    "wording",
]
