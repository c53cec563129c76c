# SPDX-License-Identifier: Apache-2.0
"""Control of a playback by INFO: MANSRTSP (GB/T 28181 annex B)."""

from __future__ import annotations

MANSRTSP = "Application/MANSRTSP"


def play(number: int, *, scale: float | None = None, start_s: float | None = None) -> bytes:
    """PLAY: go on, at ``scale`` times the speed, from ``start_s`` seconds after the start of the playback."""
    lines = []
    if scale is not None:
        lines.append(f"Scale: {scale:.6f}")
    if start_s is not None:
        lines.append(f"Range: npt={start_s:g}-")
    elif scale is None:
        lines.append("Range: npt=now-")
    return _written("PLAY", number, lines)


def pause(number: int) -> bytes:
    """PAUSE, at once."""
    return _written("PAUSE", number, ["PauseTime: now"])


def teardown(number: int) -> bytes:
    """TEARDOWN: end the playback."""
    return _written("TEARDOWN", number, [])


def _written(method: str, number: int, lines: list[str]) -> bytes:
    return "\r\n".join([f"{method} RTSP/1.0", f"CSeq: {number}", *lines, "", ""]).encode()
