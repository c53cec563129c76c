# SPDX-License-Identifier: Apache-2.0
"""Reads a site folder into a :class:`~yanshou.model.Site`, or reports every mistake in it at once."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from yanshou.model import Device, DeviceKind, Loopback, Site, System, UsageError
from yanshou.model.trouble import Mistake
from yanshou.site import vocabulary
from yanshou.site.devices import SITE_ID, build_devices
from yanshou.site.gb28181 import check_certificates, check_codes, read_own_platform
from yanshou.site.inventory import InventoryRow, read_inventory
from yanshou.site.linkages import read_linkages
from yanshou.site.maintenance import read_maintenance
from yanshou.site.references import SameAddress, check_references
from yanshou.site.vocabulary import SITE_FILE
from yanshou.site.zones import time_zones
from yanshou.toml import Table, TomlText, near, read_toml, root
from yanshou.vocabulary.device import named
from yanshou.vocabulary.site import SITE_ATTRIBUTES, SITE_DAYS, SITE_LISTS
from yanshou.vocabulary.values import Flag, Unfit


def load_site(folder: Path, *, same_address: bool = False) -> Site:
    """The site whose ``site.toml`` stands in ``folder`` (the file itself may be named too).

    Raises UsageError with every mistake of the site file and the inventory, each with its line; with
    ``same_address`` two devices at one address are no mistake, because the caller distinguishes them.
    """
    site, mistakes = read_site(folder)
    if same_address:
        mistakes = [one for one in mistakes if not isinstance(one, SameAddress)]
    if mistakes:
        raise UsageError(mistakes)
    return site


def read_site(folder: Path) -> tuple[Site, list[Mistake]]:
    """Everything readable of the site, and every mistake; use the site only if there is no mistake."""
    folder = folder.parent if folder.name == SITE_FILE else folder
    mistakes: list[Mistake] = []
    if not (folder / SITE_FILE).is_file():
        remedy = f"A site is a folder that holds {SITE_FILE}; examples/bank-branch is one."
        return _empty(folder), [Mistake(str(folder), None, f"has no {SITE_FILE}.", remedy)]
    toml = read_toml(folder / SITE_FILE, mistakes)
    top = root(toml, mistakes)
    head = _head(top) if toml.sound else Table(toml, (), {}, [], "site")
    rows = _inventory(folder, head, mistakes)
    devices = build_devices(rows, top, mistakes)
    listed = {row["id"] for row in rows}
    devices |= read_linkages(top, listed)
    mistakes += check_references(devices, listed | devices.keys(), toml)
    site = _site(folder, top, head, devices)
    check_codes(top, site.own_platform, devices)
    check_certificates(top, site.own_platform, folder, devices)
    _keep_people_honest(site, top)
    return _with_hash(site, toml, rows), _in_order(mistakes)


def site_device(site: Site) -> Device:
    """The site itself as a device, for requirements whose population is ``site``: its id is ``SITE``."""
    attributes = dict(site.attributes)
    return Device(id=SITE_ID, kind=DeviceKind.SITE, system=System.SITE, name=site.name, attributes=attributes)


def _inventory(folder: Path, head: Table, mistakes: list[Mistake]) -> list[InventoryRow]:
    name = head.text("inventory") or "inventory.csv"
    if os.path.lexists(folder / name):
        return read_inventory(folder / name, mistakes)
    head.wrong(f"there is no inventory {name}.", "Put it in the folder, or mend its name.", "inventory")
    return []


def _empty(folder: Path) -> Site:
    return Site("", "", folder, "UTC", {}, {}, {})


def _head(top: Table) -> Table:
    if "site" not in top.data:
        top.wrong("[site] is missing.", "Add it with id, name, time_zone and rig.")
    top.only(vocabulary.TABLES)
    head = top.inner("site", "site")
    head.only(vocabulary.SITE_KEYS)
    if "site" in top.data:
        head.require(*vocabulary.SITE_REQUIRED)
    if "name" in head.data and not head.text("name").strip():
        head.wrong("name is empty.", "Name the site as the contract does; the report prints it.", "name")
    head.choice("rig", vocabulary.RIGS, "real")
    zone = head.text("time_zone", "UTC")
    if zone not in time_zones():
        head.wrong(f"there is no time zone {zone!r}.", near(zone, time_zones()), "time_zone")
    name = head.text("id", "site")
    if not (name and name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        head.wrong(
            f"id {name!r} may hold only A-Z a-z 0-9 _ and -.", "It names folders; write bank-branch.", "id"
        )
    return head


def _site(folder: Path, top: Table, head: Table, devices: Mapping[str, Device]) -> Site:
    allow = top.inner("allow", "allow")
    allow.only(vocabulary.ALLOW_KEYS)
    plan = _plan(top.inner("plan", "plan"))
    return Site(
        id=head.text("id"),
        name=head.text("name"),
        folder=folder,
        time_zone=head.text("time_zone", "UTC"),
        attributes=_attributes(top.inner("attributes", "attributes")) | _address(head),
        parties=_parties(top.inner("parties", "parties")),
        devices=devices,
        allow=frozenset(allow.choices("intrusive", vocabulary.INTRUSIVE)),
        emulated=head.data.get("rig") == "emulated",
        scope=tuple(top.inner("plan", "plan").texts("scope")),
        plan=plan,
        operator=_operator(top.inner("operator", "operator")),
        loopbacks=tuple(_loopback(table) for table in top.rows("loopback")),
        laboratory=_laboratory(top.inner("laboratory", "laboratory")),
        maintenance=read_maintenance(top, devices, head.text("time_zone", "UTC")),
        own_platform=read_own_platform(top),
    )


def _address(head: Table) -> dict[str, object]:
    """The postal address, kept among the attributes; no clause uses it."""
    return {"address": head.text("address")} if "address" in head.data else {}


def _parties(table: Table) -> dict[str, str]:
    table.only(vocabulary.PARTIES)
    return {key: table.text(key) for key in table.data}


def _laboratory(table: Table) -> dict[str, object]:
    table.only(vocabulary.LABORATORY)
    days = {key for key in ("received", "issued") if key in table.data}
    given: dict[str, object] = {
        key: table.text(key) for key in table.data if key not in days | {"accredited"}
    }
    if "accredited" in table.data:
        given["accredited"] = list(table.texts("accredited"))
    return given | {key: str(table.day(key) or "") for key in days}


def _attributes(table: Table) -> dict[str, object]:
    table.only({*SITE_ATTRIBUTES, *SITE_DAYS, *SITE_LISTS})
    for key in SITE_DAYS:
        table.day(key)
    for key, choices in SITE_LISTS.items():
        _list(table, key, choices) if choices is not None else table.texts(key)
    return {key: _attribute(table, key) for key in table.data}


def _list(table: Table, key: str, choices: Collection[str]) -> None:
    """A list of systems, each by any of its names."""
    for word in table.texts(key):
        if vocabulary.system_of(word) is None:
            line = table.toml.line_of_text(word, *table.path, key)
            what = f"{table.label}: {key} cannot hold {word!r}."
            table.mistakes.append(Mistake(table.toml.name, line, what, near(word, choices)))


def _attribute(table: Table, key: str) -> object:
    """A value as clauses use it; of required systems, each."""
    value, attribute = table.data[key], SITE_ATTRIBUTES.get(key)
    if key == "required_systems" and isinstance(value, list):
        return [vocabulary.system_of(one) or one if isinstance(one, str) else one for one in value]
    if isinstance(attribute, Flag):
        return table.flag(key, default=False)
    try:
        return value if attribute is None else attribute.read(value)
    except Unfit as unfit:
        table.wrong(f"{key} {unfit.what}", unfit.remedy, key)
        return value


def _plan(table: Table) -> dict[str, object]:
    table.only(vocabulary.PLAN_KEYS)
    for key, (low, high, whole) in vocabulary.PLAN_NUMBERS.items():
        table.number(key, low, high, whole=whole)
    table.choice("sampling", vocabulary.SAMPLING_RULES, "all")
    table.choice("decision_rule", vocabulary.DECISION_RULES, "DR-SA")
    table.choice("light", vocabulary.LIGHTS, "day")
    table.texts("accepted_estimates")
    table.texts("overlays")
    table.text("redraw")
    _retest(table)
    _largest_u_of(table)
    forced = _sample_all(table)
    plan: dict[str, object] = {key: value for key, value in table.data.items() if key != "scope"}
    return {**plan, "sample_all": forced} if forced else plan


def _largest_u_of(table: Table) -> None:
    """The largest U of single measurands: a share of the limit, or ``{ U = … }`` in the measurand's unit."""
    of = table.inner("largest_u_of", "plan.largest_u_of")
    for measurand, value in of.data.items():
        if isinstance(value, dict):
            agreed = of.inner(measurand, f"largest_u_of.{measurand}")
            agreed.only({"U"})
            agreed.require("U")
            agreed.number("U", 1e-9, 1e12)
        else:
            of.number(measurand, *vocabulary.PLAN_NUMBERS["largest_u"][:2])


def _sample_all(table: Table) -> list[str]:
    """``zone:hold_up``: kinds, or kinds of one type, in the words of the inventory's clauses."""
    read: list[str] = []
    for entry in table.texts("sample_all"):
        word, _colon, of_type = unicodedata.normalize("NFKC", entry).partition(":")
        remedy = "Write a kind such as door, or a kind and type such as zone:hold_up."
        if (kind := vocabulary.kind_of(word)) is not None:
            try:
                of_type = str(named("type", kind).value.read(of_type)) if of_type else ""
            except Unfit as unfit:
                remedy = unfit.remedy
            else:
                read.append(f"{kind}:{of_type}" if of_type else str(kind))
                continue
        line = table.toml.line_of_text(entry, "plan", "sample_all")
        table.mistakes.append(Mistake(table.toml.name, line, f"plan: sample_all holds {entry!r}.", remedy))
    return read


def _loopback(table: Table) -> Loopback:
    table.only({"relay", "input", "contact"})
    table.require("relay", "input", "contact")
    contact = table.choice("contact", ("NO", "NC"), "NC")
    return Loopback(table.text("relay"), table.text("input"), contact, table.place())


def _retest(table: Table) -> None:
    """The entries of a retest about the first test: a list of inline tables."""
    entries = table.data.get("retest", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        remedy = 'Write retest = [{ population = "camera/MODEL", first_n = 5, failed = ["CAM-2"] }].'
        table.wrong("retest must be a list of tables.", remedy, "retest")
        return
    for one in entries:
        lists = [one.get("failed", []), one.get("drawn", [])]
        good = all(isinstance(ids, list) and all(isinstance(name, str) for name in ids) for ids in lists)
        counted = type(one.get("first_n")) is int and one["first_n"] > 0
        if (
            set(one) - vocabulary.RETEST_KEYS
            or not counted
            or not good
            or not isinstance(one.get("population"), str)
        ):
            remedy = f"Its keys are {', '.join(sorted(vocabulary.RETEST_KEYS))}; first_n is a whole number."
            table.wrong(f"retest holds {one!r}.", remedy, "retest")


def _operator(table: Table) -> dict[str, object]:
    table.only(vocabulary.OPERATOR_KEYS)
    table.choice("backend", vocabulary.BACKENDS, "terminal")
    table.text("answers")
    table.choice("photo_metadata", vocabulary.PHOTO_METADATA, "keep")
    table.flag("signatures", default=False)
    name, witness = table.person("name"), table.person("witness")
    if table.flag("witness_confirms", default=False) and (not witness or not name or _same(name, witness)):
        what = "the witness is to confirm intrusive actions, and there are not two people."
        table.wrong(what, 'Give name = "…" and witness = "…", two people.', "witness_confirms")
    return dict(table.data)


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()


def _keep_people_honest(site: Site, top: Table) -> None:
    if not site.emulated and site.operator.get("backend") == "scripted":
        table = top.inner("operator", "operator")
        table.wrong(
            "scripted answers are for an emulated rig.",
            'On a real one a person answers: "terminal".',
            "backend",
        )


def _with_hash(site: Site, toml: TomlText, rows: Sequence[InventoryRow]) -> Site:
    """Add the hash: over the text of the site file and the cells of the inventory, however encoded."""
    content = {SITE_FILE: toml.text, "inventory": [dict(row.cells) for row in rows]}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = {name: getattr(site, name) for name in Site.__dataclass_fields__}
    return Site(**{**fields, "sha256": hashlib.sha256(text.encode()).hexdigest()})


def _in_order(mistakes: list[Mistake]) -> list[Mistake]:
    """Each mistake once, by file and line, in the order of correction."""
    unique = dict.fromkeys(mistakes)
    return sorted(unique, key=lambda one: (one.path != SITE_FILE, one.path, one.line or 0))
