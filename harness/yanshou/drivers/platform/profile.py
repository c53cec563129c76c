# SPDX-License-Identifier: Apache-2.0
"""The profile of a platform: where its events arrive, in which fields, and how it is commanded."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, TomlText, near, parse_toml, read_toml, root
from yanshou.vocabulary.linkage import EFFECTS

SCHEMA = "yanshou-platform/1"
KINDS = frozenset(
    {"alarm", "tamper", "forced", "held", "granted", "denied", "fire", "fault", "wanted_vehicle"}
)
"""What a platform may report; any other word of it is kept as it is and matches nothing."""
_SECTIONS = frozenset({"schema", "device", "verified", "push", "poll", "event", "kinds", "alive", "command"})
_FIELDS = ("id", "device", "kind", "time", "plate")
_FORMS = ("iso", "epoch_s", "epoch_ms")
_METHODS = frozenset({"POST", "PUT", "GET"})
_HOLE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class PlatformCommand:
    """A command of the centre: ``{device}`` in path and body stands for the platform's name of the target."""

    effect: str
    method: str
    path: str
    body: str

    def filled(self, device: str) -> tuple[str, bytes | None]:
        """Path and body for a target; no body for an empty one."""
        body = self.body.replace("{device}", device)
        return self.path.replace("{device}", device), body.encode() if body else None


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """A platform as data. Paths are those of HTTP; ``fields`` are paths into an event (``data.plateNo``)."""

    name: str
    push_path: str
    push_list: str
    push_answer: str
    poll_path: str
    poll_list: str
    fields: Mapping[str, str]
    time_form: str
    kinds: Mapping[str, str]  # the platform's word, in lower case → ours
    alive_path: str
    commands: Mapping[str, PlatformCommand]
    verified: bool


def shipped_platforms() -> tuple[str, ...]:
    """Names of the platform profiles that come with the package."""
    folder = importlib.resources.files(__package__ or "") / "profiles"
    names = (one.name for one in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_platform(name: str, folder: Path) -> PlatformProfile:
    """A shipped profile, or a ``.toml`` of the site folder; UsageError with all its mistakes."""
    mistakes: list[Mistake] = []
    path = folder / name
    if name.endswith(".toml") and path.is_file():
        return _profile(name, read_toml(path, mistakes, name), mistakes)
    if name not in shipped_platforms():
        remedy = f"Name a .toml in the site folder or one of {', '.join(shipped_platforms())}."
        raise UsageError([Mistake(name, None, "there is no such platform profile.", remedy)])
    text = (importlib.resources.files(__package__ or "") / "profiles" / f"{name}.toml").read_text("utf-8")
    return _profile(name, parse_toml(f"{name}.toml", text, mistakes), mistakes)


def _profile(name: str, file: TomlText, mistakes: list[Mistake]) -> PlatformProfile:
    top = root(file, mistakes)
    if not mistakes:
        profile = _read(name, top)
        if not mistakes:
            return profile
    raise UsageError(list(dict.fromkeys(mistakes)))


def _read(name: str, top: Table) -> PlatformProfile:
    top.only(_SECTIONS)
    if top.data.get("schema") != SCHEMA:
        top.wrong(f"schema is not {SCHEMA!r}.", "Write that schema.", "schema")
    device = _section(top, "device", {"vendor", "model", "document"})
    for key in ("vendor", "model", "document"):
        device.text(key, required=True)
    push, poll = _section(top, "push", {"path", "list", "answer"}), _section(top, "poll", {"path", "list"})
    if not push.data and not poll.data:
        top.wrong("says neither [push] nor [poll].", "Say where its events arrive or are read.")
    event = _section(top, "event", {*_FIELDS, "time_form"})
    for key in ("device", "kind"):
        event.text(key, required=True)
    return PlatformProfile(
        name=name,
        push_path=_path(push),
        push_list=push.text("list"),
        push_answer=push.text("answer") or "{}",
        poll_path=_path(poll),
        poll_list=poll.text("list"),
        fields={key: event.text(key) for key in _FIELDS if event.text(key)},
        time_form=_form(event),
        kinds=_kinds(_section(top, "kinds", KINDS)),
        alive_path=_path(_section(top, "alive", {"path"})),
        commands={one.effect: one for one in map(_command, top.rows("command"))},
        verified="verified" in top.data,
    )


def _section(top: Table, name: str, known: Collection[str]) -> Table:
    table = top.inner(name)
    table.only(known)
    return table


def _path(table: Table) -> str:
    path = table.text("path", required=bool(table.data))
    if path and not path.startswith("/"):
        table.wrong(f"path {path!r} is none.", "Write /path, without host and port.", "path")
    return path


def _form(event: Table) -> str:
    form = event.text("time_form", "iso")
    if form not in _FORMS and "%" not in form:
        remedy = near(form, _FORMS) or "Write iso, epoch_s, epoch_ms or %Y-%m-%d %H:%M:%S."
        event.wrong(f"time_form {form!r} is not known.", remedy, "time_form")
    return form


def _kinds(table: Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for ours in table.data:
        for word in table.texts(ours, or_one=True):
            if found.setdefault(word.casefold(), ours) != ours:
                table.wrong(f"{word!r} means both {found[word.casefold()]} and {ours}.", "Keep one.", ours)
    return found


def _command(table: Table) -> PlatformCommand:
    table.only({"effect", "method", "path", "body"})
    effect = table.choice("effect", EFFECTS.values)
    body = table.text("body")
    for key in ("path", "body"):
        for hole in _HOLE.findall(table.text(key)):
            if hole and hole != "device":
                table.wrong(f"{key} has {{{hole}}}, only {{device}} is filled in.", "Correct it.", key)
    return PlatformCommand(effect, table.choice("method", _METHODS, "POST"), _path(table), body)
