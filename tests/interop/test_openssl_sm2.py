# SPDX-License-Identifier: Apache-2.0
"""OpenSSL, which nobody here wrote, and the bench agree on SM2 and SM3: each takes what the other made."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.peers import require
from tests.support.sm2_openssl import OPENSSL, OPENSSL_KEY
from yanshou.protocols.gb35114 import sm2
from yanshou.protocols.gb35114.certificates import read_certificate, read_private_key
from yanshou.protocols.gb35114.forms import USUAL, forms
from yanshou.protocols.gb35114.headers import read_header
from yanshou.protocols.gb35114.registering import (
    ClassAAccount,
    ClassAGate,
    ClassAOutcome,
    PlatformIdentity,
)

pytestmark = pytest.mark.needs("openssl")
SERVER, CODE = "15010000002000000001", "15010000001320000004"
SIGNER = ("-pkeyopt", "distid:1234567812345678")
SM3 = ("-rawin", "-digest", "sm3")


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([require("openssl"), *arguments], cwd=folder, capture_output=True, check=False)


def made(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name


def test_a_registration_signed_by_openssl_is_taken_and_openssl_takes_ours(tmp_path: Path) -> None:
    certificate, key = read_certificate(OPENSSL), read_private_key(OPENSSL_KEY)
    keys = made(tmp_path, "key.pem", OPENSSL_KEY.encode())
    made(tmp_path, "certificate.pem", OPENSSL.encode())
    made(
        tmp_path,
        "public.pem",
        openssl(tmp_path, "x509", "-in", "certificate.pem", "-noout", "-pubkey").stdout,
    )
    gate = ClassAGate(SERVER, PlatformIdentity(key, certificate.public))  # the same key on both ends
    account = ClassAAccount(CODE, certificate, forms()[USUAL])
    challenge = read_header(gate.challenge(CODE, 0.0))
    assert challenge is not None
    random1, random2 = challenge.get("random1"), base64.b64encode(b"sixteen octets..").decode()
    data = made(tmp_path, "data", f"{random2}{random1}{SERVER}".encode())
    signing = ("pkeyutl", "-sign", "-inkey", keys, *SM3, "-in", data, "-out", "sign1", *SIGNER)
    assert openssl(tmp_path, *signing).returncode == 0
    sign1 = base64.b64encode((tmp_path / "sign1").read_bytes()).decode()
    said = f'Bidirection random1="{random1}",random2="{random2}",serverid="{SERVER}",sign1="{sign1}"'
    verdict = gate.judge(said, account, 1.0, datetime(2026, 12, 1, tzinfo=UTC))
    assert verdict.outcome is ClassAOutcome.ACCEPTED
    info, vkek = gate.accept(verdict, account)
    granted = read_header(info)
    assert granted is not None
    sealed = made(tmp_path, "sealed", base64.b64decode(granted.get("cryptkey")))
    assert openssl(tmp_path, "pkeyutl", "-decrypt", "-inkey", keys, "-in", sealed).stdout == vkek
    data = made(tmp_path, "data2", f"{random1}{random2}{CODE}{granted.get('cryptkey')}".encode())
    sign2 = made(tmp_path, "sign2", base64.b64decode(granted.get("sign2")))
    checking = ("pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", *SM3, "-sigfile", sign2, *SIGNER)
    assert openssl(tmp_path, *checking, "-in", data).returncode == 0
    other = made(tmp_path, "other", b"other data")
    assert openssl(tmp_path, *checking, "-in", other).returncode != 0


def test_the_hash_is_openssls(tmp_path: Path) -> None:
    name = made(tmp_path, "data", b"MESSAGE<sip:a@1>;tag=7")
    found = openssl(tmp_path, "dgst", "-sm3", "-binary", name)
    assert found.stdout == sm2.sm3(b"MESSAGE<sip:a@1>;tag=7")
