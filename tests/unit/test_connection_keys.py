# SPDX-License-Identifier: Apache-2.0
"""Every key of a connection that the site file accepts is read, and every key that is read is accepted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import yanshou.drivers
import yanshou.instruments
from yanshou.wires import WIRES

DRIVERS = Path(next(iter(yanshou.drivers.__path__)))
HARNESS = DRIVERS.parent
INSTRUMENTS = Path(next(iter(yanshou.instruments.__path__)))

ONVIF = (
    "drivers/onvif/camera.py",
    "drivers/onvif/recorder.py",
    "protocols/onvif/device.py",
    "protocols/http.py",
)
SECRETS = ("site/secrets.py", "drivers/field/bench.py")
BUS = ("drivers/field/buses.py",)
LINE = (*BUS, *SECRETS)
READ_BY: dict[str, tuple[str, ...]] = {
    "modbus-tcp": BUS,
    "modbus-rtu": BUS,
    "modbus-rtu-over-tcp": BUS,
    "serial-line": LINE,
    "tcp-line": LINE,
    "satel": LINE,
    "osdp-serial": LINE,
    "osdp-tcp": LINE,
    "satel-serial": LINE,
    "isapi": (*LINE, "drivers/field/spoken.py", "drivers/clock/field.py", "protocols/http.py"),
    "onvif": (*ONVIF, *SECRETS),
    "visa": ("instruments/scpi.py",),
    "ntp": ("drivers/clock/ntp.py",),
    "dc09-receiver": (
        "drivers/alarm_link/dialler.py",
        "drivers/alarm_link/links.py",
        "drivers/alarm_link/receiver.py",
        *SECRETS,
    ),
    "dc09-account": (
        "drivers/alarm_link/dialler.py",
        "drivers/alarm_link/links.py",
        "drivers/alarm_link/receiver.py",
        *SECRETS,
    ),
    "gb28181": ("drivers/gb28181/addresses.py", "drivers/gb28181/certificates.py", *SECRETS),
    "rest": ("drivers/platform/link.py", "protocols/http.py", *SECRETS),
    "manual": (),
}
"""Who reads the connections of a protocol."""

FIELDS = {"secret": {"password", "key"}, "code": {"code"}}
INTERNAL = {"max_answer_bytes", "address"}  # set by the survey itself; an option of the library


def keys_read(names: tuple[str, ...]) -> set[str]:
    """The keys of connections that these modules take: options by name, fields by attribute."""
    found: set[str] = set()
    for name in names:
        own = name.startswith("instruments/")
        path = INSTRUMENTS / name.removeprefix("instruments/") if own else HARNESS / name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= _key(node)
    return found


def _key(node: ast.AST) -> set[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="get", value=owner), args=[ast.Constant(value=str(key)), *_]):
            return {key} if _options(owner) else set()
        case ast.Call(func=ast.Name(id="_integer" | "_option"), args=[_, ast.Constant(value=str(key)), *_]):
            return {key}
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(key))):
            return {key} if _options(owner) else set()
        case ast.ListComp(generators=[ast.comprehension(iter=ast.Tuple(elts=elts))]):
            named = {str(one.value) for one in elts if isinstance(one, ast.Constant)}
            return named if "options_of(" in ast.unparse(node) else set()
        case ast.Compare(left=ast.Constant(value=str(key)), comparators=[owner]):
            return {key} if _options(owner) else set()
        case ast.Attribute(attr="host" | "port" | "path" | "user" as field, value=owner) if _connection(
            owner
        ):
            return {field}
        case ast.Attribute(attr="secret" | "code" as field, value=owner) if _connection(owner):
            return FIELDS[field]
    return set()


def _options(owner: ast.AST) -> bool:
    return ast.unparse(owner).rpartition(".")[2] in {"options", "_options"}


def _connection(owner: ast.AST) -> bool:
    return ast.unparse(owner).rpartition(".")[2] in {"connection", "_connection", "at", "link"}


@pytest.mark.parametrize("protocol", sorted(WIRES))
def test_every_accepted_key_is_read(protocol: str) -> None:
    assert WIRES[protocol].keys - keys_read(READ_BY[protocol]) == set()


def test_every_key_that_is_read_is_accepted() -> None:
    accepted = set().union(*(one.keys for one in WIRES.values())) | INTERNAL
    modules = {name for names in READ_BY.values() for name in names}
    read = {name: keys_read((name,)) for name in modules}
    assert {name: keys - accepted for name, keys in read.items() if keys - accepted} == {}
    onvif = set().union(*(read[name] for name in ONVIF))
    assert onvif - WIRES["onvif"].keys - INTERNAL == set()


@pytest.mark.parametrize("folder", ["emulation"])
def test_the_emulation_reads_no_key_that_nobody_can_write(folder: str) -> None:
    accepted = set().union(*(one.keys for one in WIRES.values())) | {"every"}  # of a fault script
    for path in (HARNESS / folder).rglob("*.py"):
        read = keys_read((str(path.relative_to(HARNESS)),))
        assert read - accepted == set(), path.name
