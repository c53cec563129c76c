# SPDX-License-Identifier: Apache-2.0
"""Keeps the Chinese of the command line in step with its code.

``python -m tests.messages`` takes new messages into ``yanshou.po``, drops those no longer said, and compiles
``yanshou.mo``; it names what still wants a translation.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CLI = Path(__file__).resolve().parents[1] / "harness" / "yanshou" / "cli"
VERIFIED = CLI.parent / "evidence" / "answer.py"  # said with the standard library alone, too
FOLDER = CLI / "locale" / "zh" / "LC_MESSAGES"
PO, MO = FOLDER / "yanshou.po", FOLDER / "yanshou.mo"

HEADER = "# Chinese of the yanshou command line.\n# SPDX-License-Identifier: Apache-2.0"

# what argparse says itself; its versions word some of it differently, so both wordings may stand here
ARGPARSE: tuple[str | tuple[str, str], ...] = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "argument %(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid %(type)s value: %(value)r",
    "ambiguous option: %(option)s could match %(matches)s",
    "ignored explicit argument %r",
    "expected one argument",
    "expected at most one argument",
    "expected at least one argument",
    ("expected %s argument", "expected %s arguments"),
)


class Messages(Catalog):
    """Messages with a header that is the same on every day and with every release of Babel."""

    def __init__(self, messages: Iterable[Message]) -> None:
        super().__init__(locale="zh", domain="yanshou", header_comment=HEADER, fuzzy=False)
        for message in messages:
            if message.id:
                self[message.id] = message

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext wants to know."""
        return [
            ("Project-Id-Version", "yanshou"),
            ("Language", "zh"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


def said() -> Catalog:
    """Every message of the code: ``_()``, ``N_()`` and ``translate()`` calls, and argparse's own."""
    catalog = Catalog()
    for path in (*sorted(CLI.rglob("*.py")), VERIFIED):
        place = path.relative_to(CLI if path.is_relative_to(CLI) else CLI.parent).as_posix()
        for text in _messages(ast.parse(path.read_text(encoding="utf-8"))):
            catalog.add(text, locations=[(place, 0)])
    for message in ARGPARSE:
        catalog.add(message, locations=[("argparse", 0)])
    return catalog


def _messages(module: ast.Module) -> Iterator[str]:
    """The constant texts that are translated; calls inside f-strings count like any other."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id="_" | "N_" | "translate"), args=[ast.Constant(value=str(text))]):
                yield text


def translated() -> Catalog:
    """What stands in ``yanshou.po``."""
    with PO.open("rb") as file:
        return Messages(read_po(file, abort_invalid=True))


def compiled(catalog: Catalog) -> bytes:
    """The bytes of ``yanshou.mo``."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> int:
    """Bring both files up to date; 1 when a message wants its translation."""
    known = translated()
    catalog = Messages(said())
    for message in catalog:
        if message.id and (old := known.get(message.id)):
            message.string = old.string
    with PO.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    MO.write_bytes(compiled(translated()))
    wanting = untranslated(catalog)
    for text in wanting:
        sys.stderr.write(f"not translated: {text}\n")
    return 1 if wanting else 0


def untranslated(catalog: Catalog) -> list[str]:
    """The messages without Chinese."""
    return [str(message.id) for message in catalog if message.id and not texts_of(message)]


def texts_of(message: Message) -> tuple[str, ...]:
    """The Chinese of a message, one text for each plural form; none when one is missing."""
    found = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found if all(found) else ()


if __name__ == "__main__":
    sys.exit(main())
