# SPDX-License-Identifier: Apache-2.0
"""Certificates and keys of GB 35114 class A in a site file, and the check of them."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.class_a_site import IDENTITY, INVENTORY, PEM, SITE, written
from tests.support.places import EXAMPLES
from tests.support.sm2_openssl import OPENSSL, OPENSSL_KEY
from yanshou.drivers.gb28181.addresses import accounts_of
from yanshou.drivers.gb28181.certificates import certificate_mistakes, platform_identity
from yanshou.emulation.gb28181.certificate_text import demo_key, public_of
from yanshou.model import UsageError
from yanshou.site import load_site, missing_secrets, read_site

MISTAKES = {
    "a certificate that is not there": ('"nvr.pem"', '"other.pem"', "no file other.pem"),
    "a platform's that is not there": ('"platform.pem"', '"other.pem"', "no file other.pem"),
    "a key without certificate": ('certificate = "platform.pem"\n', "", "certificate is missing"),
    "a certificate without key": ('key = { env = "GM_KEY_OF_NOBODY" }\n', "", "key is missing"),
    "a key in plain": ('{ env = "GM_KEY_OF_NOBODY" }', '"00"', "never stands in a site file"),
    "a form without certificate": (
        'certificate = "nvr.pem"',
        'class_a_form = "usual"',
        "without certificate",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_each_mistake_of_the_site_file_is_told(tmp_path: Path, case: str) -> None:
    old, new, expected = MISTAKES[case]
    _, mistakes = read_site(written(tmp_path, SITE.replace(old, new)))
    assert any(expected in one.what or expected in one.remedy for one in mistakes), mistakes


def test_a_certificate_of_a_device_without_a_class_is_told(tmp_path: Path) -> None:
    _, mistakes = read_site(written(tmp_path, inventory=INVENTORY.replace("gb35114=A", "gb35114=none")))
    assert any("gb35114=none" in one.what for one in mistakes)


def test_the_platforms_key_is_read_from_a_file_and_missed_where_it_is_not(tmp_path: Path) -> None:
    text = SITE.replace('{ env = "GM_KEY_OF_NOBODY" }', '{ file = "k.pem" }')
    site = load_site(written(tmp_path, text))
    (found,) = missing_secrets(replace(site, emulated=False))
    assert "k.pem" in found.what
    assert found.line == 12
    (tmp_path / "k.pem").write_text(OPENSSL_KEY, encoding="ascii")
    (tmp_path / "platform.pem").write_text(OPENSSL, encoding="ascii")
    found = platform_identity(replace(site, emulated=False))
    assert found is not None
    assert public_of(bytes.fromhex(found[0]))[1:].hex() == found[1]
    assert not missing_secrets(replace(site, emulated=False))


def test_files_that_are_no_certificate_and_keys_of_another_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = load_site(written(tmp_path))
    assert accounts_of(site)[0].certificate == PEM
    assert platform_identity(site) == IDENTITY
    (tmp_path / "platform.pem").write_text(PEM, encoding="ascii")
    with pytest.raises(UsageError, match="not that of its certificate"):
        platform_identity(site)
    (tmp_path / "nvr.pem").write_text("nothing", encoding="ascii")
    with pytest.raises(UsageError, match=r"nvr\.pem.*is no certificate"):
        accounts_of(site)
    monkeypatch.setenv("GM_KEY_OF_NOBODY", demo_key("x").hex())
    with pytest.raises(UsageError, match="not that of its certificate"):
        platform_identity(load_site(written(tmp_path)))
    unknown = load_site(written(tmp_path, SITE + 'class_a_form = "another"\n'))
    with pytest.raises(UsageError, match="class_a_form 'another' is not known"):
        accounts_of(unknown)


def test_the_check_tells_each_wrong_certificate_and_the_missing_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = load_site(written(tmp_path))
    assert certificate_mistakes(site) == []
    (tmp_path / "nvr.pem").write_text("nothing", encoding="ascii")
    (tmp_path / "platform.pem").write_text(PEM, encoding="ascii")
    found = [one.what for one in certificate_mistakes(site)]
    assert len(found) == 2
    assert "is no certificate" in found[0]
    assert "not that of its certificate" in found[1]
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    (one,) = certificate_mistakes(site)
    assert "yanshou[gm]" in one.remedy
    assert certificate_mistakes(replace(site, own_platform=None, devices={})) == []


def test_a_certificate_in_der_is_the_same(tmp_path: Path) -> None:
    site = load_site(written(tmp_path))
    (tmp_path / "nvr.pem").write_bytes(base64.b64decode("".join(PEM.splitlines()[1:-1])))
    assert accounts_of(site)[0].certificate == PEM


def test_the_certificates_of_the_example_are_those_of_its_published_keys() -> None:
    assert certificate_mistakes(load_site(EXAMPLES / "gb35114-gate")) == []
