# SPDX-License-Identifier: Apache-2.0
"""Fills a Word template with the fields of the report; a mistake of the template is one line."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from yanshou.model import RigFault, UsageError
from yanshou.model.limited import limited_bytes
from yanshou.reports.messages import Messages
from yanshou.reports.office import steady
from yanshou.reports.word.fields import NEEDED, fields

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

    from yanshou.reports.view import RunView

START: Final = Path(__file__).parents[1] / "template" / "start.docx"
"""A template to begin with: copy it, put the laboratory's head and marks in, keep the fields."""

_LARGEST: Final = 20_000_000
_LARGEST_OPEN: Final = 200_000_000
_MOST_PARTS: Final = 2_000
_OUTSIDE: Final = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_UNKNOWN: Final = re.compile(r"'([^']+)' is undefined|has no (?:attribute|element) '?([^']+?)'?$")


@dataclass(frozen=True, slots=True)
class FilledReport:
    """The document, and the needed fields that the template does not print."""

    data: bytes
    left_out: tuple[str, ...]


def docx_report(view: RunView, template: Path, language: str = "zh") -> FilledReport:
    """The report in the template; UsageError in one line for whatever is wrong with it.

    Where the devices were emulated, the document begins with that, whatever the template says.
    """
    data = _read(template)
    made, context = _opened(data, template), fields(view, language)
    from yanshou.reports.word.sandbox import TemplateSandbox  # noqa: PLC0415 - brings Jinja2 in

    used = _filled(made, context, TemplateSandbox(), template)
    if view.emulated:
        messages = Messages(language)
        first = made.docx.paragraphs[0] if made.docx.paragraphs else made.docx.add_paragraph()
        first.insert_paragraph_before(messages("banner"))
    file = io.BytesIO()
    made.save(file)
    left_out = tuple(name for name in NEEDED if name not in used)
    return FilledReport(steady(file.getvalue(), view.ended), left_out)


def _read(template: Path) -> bytes:
    """The bytes of a Word document that runs nothing and loads nothing from elsewhere."""
    if not template.is_file():
        raise UsageError(f"{template} is no file.", f"Begin with a copy of {START}.", path=template)
    try:
        data = limited_bytes(template, _LARGEST)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            large = len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > _LARGEST_OPEN
            names = {one.filename for one in parts}
            outside = [] if large else [
                one for name in names if name.endswith(".rels")
                for one in _OUTSIDE.findall(package.read(name)) if b"/hyperlink" not in one
            ]  # fmt: skip
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        raise _no_document(template) from error
    if large:
        raise UsageError("it is too large for a template.", path=template)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UsageError("the template holds macros.", "Save it as .docx without macros.", path=template)
    if outside:
        raise UsageError(
            "the template loads a picture or a template from elsewhere.",
            "Insert pictures instead of linking them; detach the linked template.",
            path=template,
        )
    return data


def _no_document(template: Path) -> UsageError:
    return UsageError("it is no Word document.", "Save the template as .docx.", path=template)


def _opened(data: bytes, template: Path) -> DocxTemplate:
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - an extra, for this output only
    except ImportError:
        raise RigFault(
            "the writer of Word documents is not installed.",
            remedy="Install it: `pip install 'yanshou[docx]'`.",
        ) from None
    try:
        made = DocxTemplate(io.BytesIO(data))
        made.init_docx()
    except Exception as error:  # whatever a damaged package makes python-docx or lxml raise
        raise _no_document(template) from error
    return made


def _filled(made: DocxTemplate, context: dict[str, Any], env: Any, template: Path) -> set[str]:
    """Fill the template; returns the names of the fields it prints."""
    from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415
    from jinja2.exceptions import SecurityError  # noqa: PLC0415

    try:
        asked = made.get_undeclared_template_variables(env)
        _require_known(asked, context, template)
        made.render(context, jinja_env=env, autoescape=True)
    except UsageError:
        raise
    except SecurityError as error:
        raise UsageError(
            f"the template asks for more than fields: {error}.",
            "A template may hold fields, loops over lists and conditions.",
            path=template,
        ) from None
    except TemplateSyntaxError as error:
        raise UsageError(
            f"a field of the template is not written right: {error.message}.",
            "Write {{ 报告编号 }}, and rows between {%tr for r in 结果 %} and {%tr endfor %}.",
            path=template,
        ) from None
    except TemplateError as error:
        found = _UNKNOWN.search(str(error))
        name = next(filter(None, found.groups()), "") if found else ""
        if name:
            raise _unknown_field(name, context, template) from None
        raise UsageError(f"the template cannot be filled: {error}.", path=template) from None
    except Exception as error:  # a template of any kind must not end in a traceback
        raise UsageError(f"the template cannot be filled ({type(error).__name__}).", path=template) from error
    return {str(name) for name in asked}


def _require_known(asked: Iterable[str], context: dict[str, Any], template: Path) -> None:
    if unknown := sorted(set(asked) - context.keys() - {"loop"}):
        raise _unknown_field(unknown[0], context, template)


def _unknown_field(name: str, context: dict[str, Any], template: Path) -> UsageError:
    """Name the unknown field, and the known one nearest to it."""
    known = sorted(set(_names(context)))
    close = get_close_matches(name, known, n=1, cutoff=0.4) or [
        one for one in known if name in one or one in name
    ]
    remedy = f"Did you mean {close[0]}?" if close else f"Fields are {'、'.join(context)}."
    return UsageError(f"the template asks for {name!r}, which no report has.", remedy, path=template)


def _names(content: Any) -> Iterable[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from _names(value)
    elif isinstance(content, list) and content:
        yield from _names(content[0])
