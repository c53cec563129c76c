# SPDX-License-Identifier: Apache-2.0
"""The digest of signalling (GB 35114-2017): ``Note: Digest nonce="…",algorithm=SM3`` beside ``Date``.

nonce is the Base64 of SM3 over method, From, To, Call-ID, Date, the key of the signalling and the body, one
after the other, as they stand in the message. Each message but REGISTER carries it.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum

from yanshou.protocols.gb35114 import sm2
from yanshou.protocols.gb35114.forms import ClassAForm, forms
from yanshou.protocols.gb35114.headers import decoded, read_header


class NoteOutcome(StrEnum):
    """What the digest of one message shows."""

    FITS = "fits"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    WRONG_ALGORITHM = "wrong_algorithm"
    NO_DATE = "no_date"
    WRONG = "wrong"
    OTHER_FORM = "other_form"  # it fits in another reading of the standard than the site file names
    NO_KEY = "no_key"  # a digest, though no key was agreed


@dataclass(frozen=True, slots=True)
class Signalled:
    """The parts of a message that the digest is over, as they stand in it."""

    method: str
    sender: str  # From
    target: str  # To
    call: str
    date: str
    body: bytes

    def digest(self, key: bytes) -> bytes:
        """The hash under a key, 32 bytes."""
        head = f"{self.method}{self.sender}{self.target}{self.call}{self.date}".encode()
        return sm2.sm3(head + key + self.body)


def note(message: Signalled, vkek: bytes, form: ClassAForm) -> str:
    """The value of the Note header of a message."""
    nonce = base64.b64encode(message.digest(form.digest_key(vkek))).decode()
    return f'Digest nonce="{nonce}",algorithm=SM3'


def judge_note(text: str, message: Signalled, vkek: bytes, form: ClassAForm) -> NoteOutcome:
    """Compare the Note header of a message with what it has to be; empty text: the message has none."""
    if not text:
        return NoteOutcome.ABSENT
    said = read_header(text)
    if said is None or said.scheme.lower() != "digest" or not said.get("nonce"):
        return NoteOutcome.UNREADABLE
    if said.get("algorithm").upper() != "SM3":
        return NoteOutcome.WRONG_ALGORITHM
    if not message.date:
        return NoteOutcome.NO_DATE
    nonce = decoded(said.get("nonce"))
    if hmac.compare_digest(nonce, message.digest(form.digest_key(vkek))):
        return NoteOutcome.FITS
    others = {one.digest_key(vkek) for one in forms().values()} - {form.digest_key(vkek)}
    if any(hmac.compare_digest(nonce, message.digest(key)) for key in others):
        return NoteOutcome.OTHER_FORM
    return NoteOutcome.WRONG
