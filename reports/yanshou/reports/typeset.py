# SPDX-License-Identifier: Apache-2.0
"""Typesets a page layout of ``template/`` with the vendored font: the same content gives the same bytes."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

from yanshou.model import RigFault
from yanshou.reports.glyphs import font_folder

Standard = Literal["a-3a"]
"""PDF/A-3, accessible (ISO 19005-3)."""


def typeset(
    template: str,
    content: Mapping[str, Any],
    files: Mapping[str, bytes],
    moment: datetime,
    standards: Sequence[Standard] = (),
) -> bytes:
    """The PDF of ``template`` (``report``, ``survey`` …), which reads ``<template>.json`` and ``files``.

    ``moment`` is the time in the file, ``standards`` e.g. ``a-3a`` (ISO 19005-3). Raises RigFault with
    Typst's own message if that fails.
    """
    with tempfile.TemporaryDirectory(prefix="yanshou-pdf-") as name:
        folder = Path(name)
        source = resources.files("yanshou.reports") / "template" / f"{template}.typ"
        with resources.as_file(source) as layout:
            shutil.copyfile(layout, folder / f"{template}.typ")
        (folder / f"{template}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        for file, data in files.items():
            (folder / file).write_bytes(data)
        return _compile(folder / f"{template}.typ", moment, standards)


def _compile(layout: Path, moment: datetime, standards: Sequence[Standard]) -> bytes:
    try:
        made: bytes = typst.compile(
            str(layout),
            root=str(layout.parent),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            pdf_standards=list(standards),
            timestamp=moment.replace(microsecond=0, tzinfo=timezone(moment.utcoffset() or timedelta())),
        )
    except (typst.TypstError, RuntimeError) as error:
        raise RigFault(
            f"the PDF could not be typeset: {getattr(error, 'diagnostic', error)}",
            remedy="Make the other reports with --only allure,json,junit and report this message.",
        ) from error
    return made
