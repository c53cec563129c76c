# SPDX-License-Identifier: Apache-2.0
"""The messages of the command line in the language of its user.

English sentences stand in the code and are the keys of ``locale/zh/LC_MESSAGES/yanshou.po``;
``python -m tests.messages`` updates that file from the code.
"""

from __future__ import annotations

import argparse
import gettext
import locale
import os
from pathlib import Path

LANGUAGES = ("zh", "en")

_translation: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str | None) -> str:
    """Choose the language: as asked, else that of the locale.  Returns it."""
    global _translation  # noqa: PLW0603 - one process speaks one language
    chosen = language or _of_locale()
    folder = Path(__file__).with_name("locale")
    _translation = gettext.translation("yanshou", folder, [chosen], fallback=True)
    # argparse looks its own messages ("usage", "options") up in its module at every call
    vars(argparse).update(_=_translation.gettext, ngettext=_translation.ngettext)
    return chosen


def spoken() -> str:
    """Return the chosen language: ``zh`` or ``en``."""
    return _translation.info().get("language", "en")


def in_own_language(text: str) -> str:
    """A mistake or a fault, which the code states in English, in the chosen language."""
    from yanshou.model.chinese import put_into  # noqa: PLC0415 - shell completion does without

    return put_into(text, spoken())


def _(message: str) -> str:
    """Translate the message into the chosen language."""
    return _translation.gettext(message)


def N_(message: str) -> str:
    """Mark a message for translation; it is translated where it is shown."""
    return message


def _of_locale() -> str:
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    named = named or (locale.getlocale()[0] or "")
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
