# SPDX-License-Identifier: Apache-2.0
"""Registration by certificate (GB 35114-2017 C.2), the platform's side.

REGISTER with ``Capability``, 401 with ``random1``, REGISTER with ``random2`` and ``sign1`` over both and the
platform's code, 200 with the key of the signalling, sealed for the device, and in ``Bidirection`` with the
platform's own signature ``sign2``. A signature proves the device only over a random number that the platform
gave out and that was not used before, and by the certificate that the laboratory has of it.
"""

from __future__ import annotations

import base64
import os
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from yanshou.model.newest import Newest
from yanshou.protocols.gb35114 import sm2
from yanshou.protocols.gb35114.certificates import (
    Sm2Certificate,
    UnreadableCertificateError,
    read_certificate,
)
from yanshou.protocols.gb35114.forms import ClassAForm, forms
from yanshou.protocols.gb35114.headers import (
    ReadHeader,
    algorithms,
    announced_certificate,
    decoded,
    read_header,
)

RANDOM_S: Final = 300.0
"""How long a random number of ours may be answered, as for the nonce of a digest."""
CAPABILITY: Final = "Capability"
UNIDIRECTION: Final = "Unidirection"
BIDIRECTION: Final = "Bidirection"
_MOST_RANDOMS: Final = 4096
_NEEDED: Final = ("random1", "random2", "serverid", "sign1")
_CIPHER: Final = "SM4/OFB/PKCS5"  # of video, which class A does not use: offered where the device names none
_KEY_SIGNS: Final = string.ascii_letters + string.digits  # devices of the field hold the key as a C string
_KEY_LENGTH: Final = 16


class ClassAOutcome(StrEnum):
    """What became of a REGISTER of a device that has to prove itself by its certificate."""

    ACCEPTED = "accepted"
    ANNOUNCED = "announced"  # Capability: the challenge follows
    ABSENT = "absent"  # no Authorization
    DIGEST = "digest"  # the password of GB/T 28181 in the place of the certificate
    UNREADABLE = "unreadable"
    WRONG_ALGORITHM = "wrong_algorithm"
    WRONG_SCHEME = "wrong_scheme"  # another direction than was asked for
    FOREIGN_RANDOM = "foreign_random"
    STALE = "stale"
    REPLAYED = "replayed"
    WRONG_SERVER = "wrong_server"
    WRONG_DEVICE = "wrong_device"
    WRONG_SIGNATURE = "wrong_signature"
    OTHER_FORM = "other_form"  # verifies in another reading of the standard than the site file names
    FOREIGN_CERTIFICATE = "foreign_certificate"
    CERTIFICATE_OF_ANOTHER = "certificate_of_another"
    UNREADABLE_CERTIFICATE = "unreadable_certificate"
    CERTIFICATE_EXPIRED = "certificate_expired"


@dataclass(frozen=True, slots=True)
class PlatformIdentity:
    """The platform of the laboratory: its private key and its public key (32 and 64 bytes)."""

    key: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class ClassAAccount:
    """What the laboratory has of a device: its code, its certificate, and in which form it signs."""

    code: str
    certificate: Sm2Certificate
    form: ClassAForm


@dataclass(frozen=True, slots=True)
class ClassAVerdict:
    """The outcome of one REGISTER.

    ``form``: the form in which the signature verifies, empty if in none. ``doubt``: the certificate does not
    name the device, so a signature that fails may be the site file's mistake. ``again``: random2 was used
    before. ``proof``: what was signed and the signature, which anybody can verify with the certificate.
    ``random2`` as it came.
    """

    outcome: ClassAOutcome
    form: str = ""
    doubt: bool = False
    again: bool = False
    announced: bool = False
    random1: str = ""
    random2: str = ""
    sign1: str = ""


@dataclass(slots=True)
class _Given:
    at: float
    code: str
    used: bool = False


class ClassAGate:
    """The random numbers a platform gives out, and what comes back; at most _MOST_RANDOMS are kept."""

    def __init__(self, code: str, identity: PlatformIdentity | None) -> None:
        self.code, self._identity = code, identity
        self._given: Newest[str, _Given] = Newest(_MOST_RANDOMS)
        # code and random2 of accepted ones
        self._taken: Newest[tuple[str, str], None] = Newest(_MOST_RANDOMS)
        self._announced: dict[str, str | None] = {}
        self._ciphers: dict[str, str] = {}

    @property
    def scheme(self) -> str:
        """Which direction is asked for: both, where the platform has a key of its own."""
        return BIDIRECTION if self._identity else UNIDIRECTION

    def challenge(self, code: str, at: float) -> str:
        """The value of WWW-Authenticate for this device, with a fresh random number."""
        random1 = base64.b64encode(os.urandom(16)).decode()
        self._given[random1] = _Given(at, code)
        return f'{self.scheme} algorithm="{self._algorithm(code)}", random1="{random1}"'

    def judge(self, authorization: str, account: ClassAAccount, at: float, day: datetime) -> ClassAVerdict:
        """Judge the Authorization header of a REGISTER; ``at`` in s of ``now``, ``day`` with its zone."""
        if not authorization:
            return ClassAVerdict(ClassAOutcome.ABSENT)
        said = read_header(authorization)
        scheme = authorization.split(maxsplit=1)[0].lower()
        if scheme == "digest":
            return ClassAVerdict(ClassAOutcome.DIGEST)
        if said is None:
            return ClassAVerdict(ClassAOutcome.UNREADABLE)
        if scheme == CAPABILITY.lower():
            return ClassAVerdict(self._capability(said, account.code))
        if scheme not in (UNIDIRECTION.lower(), BIDIRECTION.lower()) or not all(map(said.get, _NEEDED)):
            return ClassAVerdict(ClassAOutcome.UNREADABLE)
        return self._signed(said, account, at, day)

    def accept(self, verdict: ClassAVerdict, account: ClassAAccount) -> tuple[str, bytes]:
        """The value of SecurityInfo for an accepted device, and the new key of its signalling (16 bytes)."""
        vkek = "".join(secrets.choice(_KEY_SIGNS) for _ in range(_KEY_LENGTH)).encode()
        cryptkey = base64.b64encode(sm2.seal(account.certificate.public, vkek)).decode()
        algorithm = self._algorithm(account.code)
        if self._identity is None:
            return f'{UNIDIRECTION} cryptkey="{cryptkey}", algorithm="{algorithm}"', vkek
        data = account.form.second_data(verdict.random1, verdict.random2, account.code, cryptkey)
        signature = sm2.sign(self._identity.key, self._identity.public, data or b"")
        said = {
            "algorithm": algorithm,
            "random1": verdict.random1,
            "random2": verdict.random2,
            "deviceid": account.code,
            "serverid": self.code,
            "cryptkey": cryptkey,
            "sign2": base64.b64encode(signature).decode(),
        }
        return f"{BIDIRECTION} " + ",".join(f'{name}="{value}"' for name, value in said.items()), vkek

    def _capability(self, said: ReadHeader, code: str) -> ClassAOutcome:
        offered = algorithms(said.get("algorithm"))
        wanted = {"A": "SM2", "H": "SM3"} | ({"SI": "SM3-SM2"} if "SI" in offered else {})
        if any(name not in offered.get(letter, ()) for letter, name in wanted.items()):
            return ClassAOutcome.WRONG_ALGORITHM
        self._announced[code] = announced_certificate(said)
        self._ciphers[code] = next(iter(offered.get("S", ())), _CIPHER)
        return ClassAOutcome.ANNOUNCED

    def _algorithm(self, code: str) -> str:
        return f"A:SM2;H:SM3;S:{self._ciphers.get(code, _CIPHER)};SI:SM3-SM2"

    def _signed(self, said: ReadHeader, account: ClassAAccount, at: float, day: datetime) -> ClassAVerdict:
        random1, random2 = said.get("random1"), said.get("random2")
        given = self._given.get(random1)
        form = _form_of(said, account)
        certificate = self._certificate(account, day)
        outcome = self._outcome(said, account, given, at, form)
        if outcome in (ClassAOutcome.ACCEPTED, ClassAOutcome.WRONG_SIGNATURE) and certificate is not None:
            outcome = certificate
        again = (account.code, random2) in self._taken
        if outcome is ClassAOutcome.ACCEPTED and given is not None:
            given.used = True
            self._taken[account.code, random2] = None
        return ClassAVerdict(
            outcome,
            form,
            doubt=not account.certificate.names(account.code),
            again=again,
            announced=bool(self._announced.get(account.code)),
            random1=random1,
            random2=random2,
            sign1=said.get("sign1"),
        )

    def _outcome(
        self, said: ReadHeader, account: ClassAAccount, given: _Given | None, at: float, form: str
    ) -> ClassAOutcome:
        if given is None or given.code != account.code:
            return ClassAOutcome.FOREIGN_RANDOM
        if said.scheme.lower() != self.scheme.lower():
            return ClassAOutcome.WRONG_SCHEME
        if said.get("serverid") != self.code:
            return ClassAOutcome.WRONG_SERVER
        if said.get("deviceid") not in ("", account.code):
            return ClassAOutcome.WRONG_DEVICE
        if not form:
            return ClassAOutcome.WRONG_SIGNATURE
        if form != account.form.name:
            return ClassAOutcome.OTHER_FORM
        if not 0 <= at - given.at <= RANDOM_S:
            return ClassAOutcome.STALE
        return ClassAOutcome.REPLAYED if given.used else ClassAOutcome.ACCEPTED

    def _certificate(self, account: ClassAAccount, day: datetime) -> ClassAOutcome | None:
        """What is wrong with the certificate, that of the site file or one that the device sent along."""
        announced = self._announced.get(account.code, "")
        if announced is None:
            return ClassAOutcome.UNREADABLE_CERTIFICATE
        sent = account.certificate
        if announced:
            try:
                sent = read_certificate(announced)
            except UnreadableCertificateError:
                return ClassAOutcome.UNREADABLE_CERTIFICATE
        if sent.codes and not sent.names(account.code):
            return ClassAOutcome.CERTIFICATE_OF_ANOTHER
        if sent.der != account.certificate.der:
            return ClassAOutcome.FOREIGN_CERTIFICATE
        return None if sent.valid_at(day) else ClassAOutcome.CERTIFICATE_EXPIRED


def _form_of(said: ReadHeader, account: ClassAAccount) -> str:
    """The form in which sign1 verifies, the device's own first; empty if in none."""
    signature = decoded(said.get("sign1"))
    order: Iterable[ClassAForm] = (account.form, *forms().values())
    tried: set[bytes | None] = set()
    for form in order:
        data = form.first_data(said.get("random1"), said.get("random2"), said.get("serverid"))
        if data not in tried and data is not None and sm2.verify(account.certificate.public, data, signature):
            return form.name
        tried.add(data)
    return ""
