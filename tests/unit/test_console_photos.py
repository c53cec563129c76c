# SPDX-License-Identifier: Apache-2.0
"""Photographs from a phone, and texts of devices that are no markup."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.support import guard_room
from tests.support.guard_room import LUX, PEOPLE, PHOTO, READY, Guard, Phone
from yanshou.console import uploads
from yanshou.console.desk import Desk
from yanshou.operator import (
    TextQuestion,
    shown_digest,
)

counter, guard, site = guard_room.counter, guard_room.guard, guard_room.site


# -- photographs, devices with odd names --------------------------------------------------------------------


def picture(value: int = 90, ending: str = ".jpg") -> bytes:
    pixels = np.random.default_rng(value).integers(0, 255, (480, 640, 3), np.uint8)
    return cv2.imencode(ending, pixels)[1].tobytes()


def upload(phone: Phone, content: bytes) -> Any:
    return phone.client.post(f"/photo/{phone.prompt['id']}", content=content)


def test_a_photograph_of_the_phone_answers_and_is_kept_as_sent(guard):
    phone, asked = guard.phone(), guard.ask(PHOTO)
    sent = picture()
    assert upload(phone, sent).status_code == 200
    assert Path(str(asked.result().value)).read_bytes() == sent


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", picture()[:400], b"%PDF-1.7 %%EOF"],
    ids=["none", "svg", "cut", "pdf"],
)
def test_what_is_no_picture_is_refused(guard, content):
    phone, asked = guard.phone(), guard.ask(PHOTO)
    assert upload(phone, content).status_code == 422
    assert not list(guard.counter.photos.glob("*.part"))
    assert asked.waits


def test_a_file_that_is_too_large_is_refused_while_it_comes(guard, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_PHOTO", 10_000)
    phone, asked = guard.phone(), guard.ask(PHOTO)
    assert upload(phone, picture()).status_code == 413
    assert not list(guard.counter.photos.iterdir())
    assert asked.waits


def test_an_answer_that_is_too_long_or_no_object_is_refused(guard):
    phone, asked = guard.phone(), guard.ask(READY)
    prompt = phone.prompt["id"]
    assert phone.client.post("/answer", content=b"[" * 70_000).status_code == 413
    for body in (b"", b"[]", b"[" * 5_000, b"\xff"):
        assert phone.client.post("/answer", content=body).status_code == 422
    for value in (True, 1, None, ["yes"], "x" * 5000, "yes\x00", "\x1b[2J"):
        assert phone.post("/answer", {"prompt": prompt, "value": value}).status_code == 422
    assert asked.waits


def located(way: int, ending: str = "jpeg") -> bytes:
    """A photograph with a place, a comment and more behind its end, as phones make them."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = way, "PHONE-MAKER"
    exif.get_ifd(0x8825)[2] = (40.0, 50.0, 31.0)
    made = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "PHONE-MAKER")
    more = {"pnginfo": text} if ending == "png" else {"comment": b"PHONE-MAKER", "progressive": True}
    Image.open(io.BytesIO(picture())).save(made, ending, exif=exif, **more)
    return made.getvalue() + b"PHONE-MAKER behind the end"


@pytest.mark.parametrize(("way", "ending"), [(1, "jpeg"), (6, "jpeg"), (1, "png")])
def test_place_and_device_are_taken_out_and_the_pixels_stay(counter, site, way, ending):
    guard = Guard(counter, replace(site, operator={"photo_metadata": "strip"}))
    sent, asked = located(way, ending), guard.ask(PHOTO)
    assert upload(guard.phone(), sent).status_code == 200
    kept = Path(str(asked.result().value))
    content = kept.read_bytes()
    assert b"PHONE-MAKER" in sent
    assert b"PHONE-MAKER" not in content
    assert not Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    assert Image.open(io.BytesIO(content)).getexif().get(0x0112, 1) == way
    assert shown_digest(content) == shown_digest(sent)
    assert kept.stem == hashlib.sha256(content).hexdigest()
    guard.operator.close()


@pytest.mark.parametrize("cut", [5, 300, 20_000])
def test_a_cut_picture_is_not_kept_with_its_place(counter, site, cut):
    guard = Guard(counter, replace(site, operator={"photo_metadata": "strip"}))
    asked = guard.ask(PHOTO)
    assert upload(guard.phone(), located(1)[:cut]).status_code == 422
    assert not list(guard.counter.photos.iterdir())
    assert asked.waits
    guard.operator.close()


def test_a_photograph_of_another_question_is_asked_for_again(guard):
    phone, first = guard.phone(), guard.ask(PHOTO)
    upload(phone, picture())
    first.result()
    second = guard.ask(replace(PHOTO, key="CAM-2.photo"))
    assert upload(phone, picture()).status_code == 200
    for _ in range(200):
        if (shown := phone.prompt)["refused"]:
            break
    assert "CAM-1.photo" in shown["refused"]["zh"]
    assert upload(phone, picture(91)).status_code == 200
    assert second.result().key == "CAM-2.photo"


def test_only_a_picture_of_the_question_is_shown(guard, tmp_path):
    shown, secret = tmp_path / "view.png", tmp_path / "secret.txt"
    shown.write_bytes(picture(ending=".png"))
    secret.write_text("password")
    phone = guard.phone()
    guard.ask(replace(READY, show=(shown, secret)))
    prompt = phone.prompt
    assert prompt["show"] == ["view.png", "secret.txt"]
    assert phone.get(f"/picture/{prompt['id']}/0").headers["content-type"] == "image/png"
    assert phone.get(f"/picture/{prompt['id']}/1").status_code == 415
    assert phone.get(f"/picture/{prompt['id']}/2").status_code == 404


def test_the_device_of_a_question_is_named_as_it_is_written(counter, site):
    odd = "<img src=x onerror=alert(1)>"
    device = replace(site.devices["CAM-1"], name=odd, location="大堂")
    guard = Guard(counter, replace(site, devices={**site.devices, "CAM-1": device}))
    guard.ask(LUX)
    assert guard.phone().prompt["device"] == {"id": "CAM-1", "name": odd, "place": "大堂"}
    guard.operator.close()


def test_the_terminal_says_once_how_to_open_the_console(guard):
    phone = guard.phone()
    for _ in range(2):
        asked = guard.ask(TextQuestion("CAM-1.note", "备注"))
        phone.answer(value="好")
        asked.result()
    assert len(guard.said) == 1
    assert "yanshou console" in guard.said[0]
    assert guard.said[0].endswith("run")


def test_without_encryption_no_person_is_named(guard):
    desk = Desk(guard.counter, guard.access, exposed=True)
    asked = guard.ask(LUX)
    guard.phone().answer(value="1")
    asked.result()
    guard.counter.pause("张三", "2026-11-29T08:00:00Z")
    view = desk.view(PEOPLE[0])
    assert view["exposed"]
    assert not [one for one in PEOPLE if one.name in str({**view, "doing": ""})]
