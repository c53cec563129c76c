# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 下载 — all of a recording comes, at the agreed speed, and its end is told (9.9)."""

from __future__ import annotations

from yanshou.fixtures.api import GbArchive, Record, evaluate, measures


@measures("download_complete", seconds=45.0)
def test_download_complete(gb_archive: GbArchive, record: Record) -> None:
    """A piece of a recording: whole by its time stamps, pictures and clock; then MediaStatus 121 and BYE."""
    found = gb_archive.downloaded()
    if isinstance(found, str):
        record.cannot(found)
    for reason in evaluate.gb_download.unproven(found):
        record.unproven(reason)
    record.measurement(evaluate.gb_download.download_complete(gb_archive.recorder.device.id, found))


@measures("download_speed_as_agreed", seconds=2.0)
def test_download_speed_as_agreed(gb_archive: GbArchive, record: Record) -> None:
    """The same download: the recorded time in each second, against the speed of the answer or the request."""
    found = gb_archive.downloaded()
    if isinstance(found, str):
        record.cannot(found)
    speed = evaluate.gb_download.download_speed(gb_archive.recorder.device.id, found)
    if isinstance(speed, str):
        record.cannot(speed)
    record.measurement(speed)
