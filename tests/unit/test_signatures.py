# SPDX-License-Identifier: Apache-2.0
"""Signatures by hand: what counts as one, and on whose phone it is drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support import guard_room
from tests.support.guard_room import PEOPLE, PHOTO
from tests.support.signatures import NAME, SIZE, drawn
from yanshou.operator import SignatureQuestion
from yanshou.operator.ink import ink_fault

counter, guard, site = guard_room.counter, guard_room.guard, guard_room.site
WITNESS = SignatureQuestion("SITE.signature.witness", "请签名", by=PEOPLE[1].name)


def noise(mean: int) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 2 * mean, (*SIZE, 3)).astype(np.uint8)
    return bytes(cv2.imencode(".png", pixels)[1])


def fault(folder: Path, content: bytes) -> str:
    (folder / "drawn.png").write_bytes(content)
    found = ink_fault(folder / "drawn.png")
    return found.en if found else ""


@pytest.mark.parametrize("content", [drawn(*NAME), drawn(*NAME, clear=True), drawn(NAME[0])])
def test_a_written_name_is_a_signature(tmp_path: Path, content: bytes):
    assert not fault(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (drawn(), "dot"),
        (drawn([(300, 200)]), "dot"),
        (drawn([(300, 200)], pen=60), "dot"),
        (drawn([(100, 100)], [(500, 300)], [(300, 200)]), "dot"),  # nor are three
        (drawn([(300, 200), (312, 204)]), "dot"),  # a tap of a glove
        (drawn(*([(0, y), (600, y)] for y in range(0, 400, 8))), "dark on light"),
        (noise(120), "dark on light"),
        (b"%PDF-1.7 %%EOF", "dark on light"),
        (bytes(cv2.imencode(".png", np.full((20, 20), 255, np.uint8))[1]), "dark on light"),
        (b"", "dark on light"),
    ],
)
def test_anything_else_is_none(tmp_path: Path, content: bytes, expected: str):
    assert expected in fault(tmp_path, content)


def test_each_signs_on_the_own_phone(guard):
    tester, witness = guard.phone(), guard.phone(PEOPLE[1])
    asked = guard.ask(WITNESS)
    prompt = witness.prompt
    assert prompt["kind"] == "signature"
    assert tester.get("/state").json()["prompt"]["mine"] is False
    path = f"/photo/{prompt['id']}"
    assert tester.client.post(path, content=drawn(*NAME)).status_code == 403
    refused = witness.client.post(path, content=drawn([(300, 200)]))
    assert (refused.status_code, refused.json()["why"]) == (422, "wanted")
    assert witness.client.post(path, content=b"\x89PNG\r\n\x1a\n" + bytes(2_000_001)).status_code == 413
    assert asked.waits
    assert witness.client.post(path, content=drawn(*NAME)).status_code == 200
    answer = asked.result()
    assert answer.person == PEOPLE[1].name
    assert Path(str(answer.value)).read_bytes() == drawn(*NAME)


def test_without_a_phone_of_the_own_the_testers_is_handed_round(guard):
    tester, asked = guard.phone(), guard.ask(WITNESS)
    assert tester.answer(unable="见证人已离开").status_code == 200
    assert asked.result().unable == "见证人已离开"


def test_a_photograph_is_no_signature_and_a_signature_no_photograph(guard):
    phone, asked = guard.phone(), guard.ask(PHOTO)
    path = f"/photo/{phone.prompt['id']}"
    assert phone.client.post(path, content=drawn(*NAME)[:2000]).status_code == 422
    assert asked.waits
