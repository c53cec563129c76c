# SPDX-License-Identifier: Apache-2.0
"""What persons are asked on site, in Chinese and English, by key.

A suite names the key (``ask.yes("lid.shown")``); the text stands here in both languages with the same
``{fields}``.  The words of a choice have the key of its question and the value: ``view.none``.
"""

from __future__ import annotations

from typing import Final

from yanshou.model import Text, UsageError
from yanshou.operator.messages.access import ACCESS
from yanshou.operator.messages.alarm import ALARM
from yanshou.operator.messages.bench import BENCH
from yanshou.operator.messages.duties import DUTIES
from yanshou.operator.messages.gb28181 import GB28181
from yanshou.operator.messages.inspection import INSPECTION
from yanshou.operator.messages.integration import INTEGRATION
from yanshou.operator.messages.papers import PAPERS
from yanshou.operator.messages.premises import PREMISES
from yanshou.operator.messages.session import SESSION
from yanshou.operator.messages.video import VIDEO
from yanshou.operator.questions import Wording

LANGUAGES: Final = ("zh", "en")
CATALOGUE: Final[dict[str, Text]] = {
    **BENCH,
    **ACCESS,
    **ALARM,
    **DUTIES,
    **GB28181,
    **INSPECTION,
    **INTEGRATION,
    **PAPERS,
    **PREMISES,
    **SESSION,
    **VIDEO,
}


def message(key: str, **fields: object) -> Text:
    """The message of ``key`` in both languages; a field that is a Text is put in in its own language.

    UsageError for a key or a field that is missing: a mistake of a suite.
    """
    found = CATALOGUE.get(key)
    if found is None:
        raise UsageError(
            f"there is no question {key!r}.",
            "Add it in Chinese and English to yanshou/operator/messages.",
        )
    try:
        return Text(
            found.zh.format(**{name: _in("zh", one) for name, one in fields.items()}),
            found.en.format(**{name: _in("en", one) for name, one in fields.items()}),
        )
    except (KeyError, IndexError, ValueError) as error:
        raise UsageError(
            f"the question {key!r} cannot be put: {error}.", "Give it each field that its text names."
        ) from None


def wording(key: str, language: str, **fields: object) -> Wording:
    """The message as it is put to a person in ``language``, with its translation."""
    both = message(key, **fields)
    return Wording(in_language(both, language), key, language, in_language(both, other(language)))


def in_language(text: Text, language: str) -> str:
    """The text in one language."""
    return text.zh if language == "zh" else text.en


def other(language: str) -> str:
    """The other of the two languages."""
    return "en" if language == "zh" else "zh"


def _in(language: str, value: object) -> object:
    return in_language(value, language) if isinstance(value, Text) else value
