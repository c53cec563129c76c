# SPDX-License-Identifier: Apache-2.0
"""What the command line says, in the language of the person it speaks to.

English sentences stand in the code and are the keys of ``locale/zh/LC_MESSAGES/yanshou.po``;
``python -m tests.messages`` keeps that file in step with the code.
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
    """The language chosen: ``zh`` or ``en``."""
    return _translation.info().get("language", "en")


def _(message: str) -> str:
    """The message in the chosen language."""
    return _translation.gettext(message)


def N_(message: str) -> str:
    """The message as it is, marked to be translated where it is shown."""
    return message


def _of_locale() -> str:
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    named = named or (locale.getlocale()[0] or "")
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
