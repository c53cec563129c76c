# SPDX-License-Identifier: Apache-2.0
"""Site folders of many canned cameras, each at a loopback address of its own, for tests and benchmarks."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from tests.support.canned_fleet import CannedCamera, CannedFleet, Manner
from tests.support.ports import free_port

SECRET = "not-in-any-task-9f3a"
SECRET_VARIABLE = "YANSHOU_FLEET_PASSWORD"
_block = itertools.count(1)


def snapshot() -> bytes:
    """A small JPEG with something in it."""
    picture = np.random.default_rng(1).integers(0, 255, (72, 128), dtype=np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


def cameras(
    count: int, behaviour: Mapping[int, Manner] | None = None, **offsets: float
) -> list[CannedCamera]:
    """``C0000`` and on; ``behaviour`` by number; offsets of clocks by id."""
    block, port = next(_block) % 50 + 20, free_port()
    return [
        CannedCamera(
            f"C{number:04}",
            f"127.{block}.{number // 200}.{number % 200 + 1}",
            port,
            (behaviour or {}).get(number, Manner.HEALTHY),
            offsets.get(f"C{number:04}", 0.0),
        )
        for number in range(count)
    ]


def fleet(listed: list[CannedCamera], think_s: float = 0.0) -> CannedFleet:
    return CannedFleet(listed, think_s=think_s, password=SECRET, picture=snapshot())


def site_folder(
    folder: Path,
    listed: list[CannedCamera],
    survey: str = "stream_s = 0\ntimeout_s = 3.0",
    attributes: Mapping[str, str] | None = None,
    extra: str = "",
) -> Path:
    """A real site (``rig = "real"``: passwords must be there) with these cameras."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["id,kind,system,name,model,location,parent,number,attributes,wiring"]
    tables = []
    for one in listed:
        reported = (attributes or {}).get(one.id, "")
        rows.append(f"{one.id},camera,video,摄像机 {one.id},EMU-IPC,库区,,,{reported},")
        tables.append(
            f'[device.{one.id}]\nconnection = {{ protocol = "onvif", host = "{one.host}", port = {one.port},'
            f' user = "admin", password = {{ env = "{SECRET_VARIABLE}" }} }}\n'
        )
    head = '[site]\nid = "fleet"\nname = "大规模点位"\ntime_zone = "Asia/Shanghai"\nrig = "real"\n'
    text = f"{head}\n[survey]\n{survey}\n{extra}\n" + "\n".join(tables)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
