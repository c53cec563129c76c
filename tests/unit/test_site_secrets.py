# SPDX-License-Identifier: Apache-2.0
"""Secrets are looked up where the site file says, and what is missing is told together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from yanshou.model import SecretRef, UsageError
from yanshou.site import device_secret, load_site, missing_secrets, resolve_secret

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
VARIABLE = "YANSHOU_CAMERA_PASSWORD"


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(VARIABLE, "s3cret")
    assert resolve_secret(SecretRef("env", VARIABLE), tmp_path) == "s3cret"


def test_from_the_first_line_of_a_file(tmp_path: Path):
    (tmp_path / "nvr.secret").write_text("s3cret \nsecond line\n", encoding="utf-8")
    assert resolve_secret(SecretRef("file", "nvr.secret"), tmp_path) == "s3cret"


@pytest.mark.parametrize(
    "ref", [SecretRef("env", VARIABLE), SecretRef("file", "none.secret"), SecretRef("keyring", "nvr")]
)
def test_a_missing_secret_is_named_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ref: SecretRef
):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(UsageError) as caught:
        resolve_secret(ref, tmp_path)
    (mistake,) = caught.value.mistakes
    assert ref.name in mistake.what
    assert mistake.remedy


def test_all_missing_secrets_of_a_real_site_are_told_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    emulated = load_site(BRANCH)
    site = replace(emulated, emulated=False)
    (mistake,) = missing_secrets(site)
    assert mistake.what.startswith("CAM-1, CAM-2, CAM-3, NVR-1: ")
    assert VARIABLE in mistake.remedy
    assert mistake.line
    assert missing_secrets(emulated) == []


def test_an_emulated_site_needs_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    site = load_site(BRANCH)
    connection = site.devices["CAM-1"].connection
    assert connection is not None
    assert device_secret(site, connection) == "demo-only"
    monkeypatch.setenv(VARIABLE, "s3cret")
    assert device_secret(site, connection) == "s3cret"
    monkeypatch.delenv(VARIABLE)
    real = replace(site, emulated=False)
    with pytest.raises(UsageError):
        device_secret(real, connection)
