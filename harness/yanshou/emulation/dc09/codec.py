# SPDX-License-Identifier: Apache-2.0
"""DC-09 as the emulated devices read and write it; it shares nothing with the codec of the harness."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yanshou.model import Device, Site
from yanshou.site import device_secret

_POLYNOMIAL = 0xA001
_LINE = re.compile(
    rb'\n([0-9A-F]{4})0([0-9A-F]{3})("(\*?)([A-Z-]+)"(\d{4})(?:R\w*)?(?:L\w*)?(?:[#A](\w*))?\[(.*?))\r',
    re.DOTALL,
)
_TIME = re.compile(r"_(\d+:\d+:\d+,\d+-\d+-\d+)")
_DEMO = "demo-only"


@dataclass(frozen=True, slots=True)
class Dc09Line:
    """One line: word, sequence, account and data in clear, the time in it, and whether its CRC was right."""

    word: str
    sequence: int
    account: str
    data: str
    time: datetime | None
    encrypted: bool
    crc_right: bool


def crc(data: bytes) -> int:
    """CRC-16 with the reflected polynomial 8005, bit by bit."""
    register = 0
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)
    return register


def wrap(text: str) -> bytes:
    """A line around its text."""
    raw = text.encode("ascii")
    return f"\n{crc(raw):04X}0{len(raw):03X}".encode("ascii") + raw + b"\r"


def write(word: str, sequence: int, account: str, data: str, *, key: bytes = b"", at: datetime) -> bytes:
    """A line, encrypted when there is a ``key``; the time stamp is ``at`` to the second."""
    content = f"{data}]_{at.astimezone(UTC):%H:%M:%S,%m-%d-%Y}"
    if not key:
        return wrap(f'"{word}"{sequence:04d}L0#{account}[{content}')
    bar = "|" if data else ""
    pad = 16 + -(len(bar) + len(content)) % 16
    letters = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(pad))
    cipher = _cipher(key).encrypt(f"{letters}{bar}{content}".encode("ascii"))
    return wrap(f'"*{word}"{sequence:04d}L0#{account}[{cipher.hex().upper()}')


def read(stream: bytes, key: bytes = b"") -> tuple[Dc09Line | None, bytes]:
    """The first line of a stream, and the rest of the stream; None while no line is complete."""
    found = _LINE.search(stream)
    if found is None:
        return None, stream
    text, hidden, content = found[3], bool(found[4]), found[8]
    clear = _clear(content, key) if hidden else content.decode("ascii", "replace")
    data, _, rest = clear.partition("]")
    time = _TIME.search(rest)
    line = Dc09Line(
        word=found[5].decode(),
        sequence=int(found[6]),
        account=(found[7] or b"").decode(),
        data=data,
        time=_moment(time[1]) if time else None,
        encrypted=hidden,
        crc_right=crc(text) == int(found[1], 16),
    )
    return line, stream[found.end() :]


def _cipher(key: bytes) -> Any:
    from Cryptodome.Cipher import AES  # noqa: PLC0415 - slow to load, and most lines are in clear

    return AES.new(key, AES.MODE_CBC, iv=bytes(16))


def _clear(content: bytes, key: bytes) -> str:
    try:
        raw = bytes(_cipher(key).decrypt(bytes.fromhex(content.decode("ascii"))))
    except ValueError:
        return ""
    text = raw.decode("latin-1")
    bar = text.find("|")
    return text[bar + 1 :] if 0 <= bar < text.find("]") else text[text.find("]") :]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%H:%M:%S,%m-%d-%Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def key_of(site: Site, device: Device) -> bytes:
    """The key given to the device; the public key of an emulated site if the secret is missing."""
    assert device.connection is not None
    text = device_secret(site, device.connection)
    return hashlib.sha256(text.encode()).digest()[:16] if text == _DEMO else bytes.fromhex(text)
