# SPDX-License-Identifier: Apache-2.0
"""From the stream of an encoder that was fed the reference sequence to its PSNR (GB 50198-2011 5.5.4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from yanshou.imaging.frame import FULL, LIMITED
from yanshou.imaging.psnr import Psnr, decibels, psnr, ranged
from yanshou.imaging.reference import ReferenceSequence, digest_of
from yanshou.metrology import Budget, evaluated, rectangular
from yanshou.model import Component, FigureKind, Measurement
from yanshou.model.stream import StreamCapture

SECONDS: Final = 4.4
PICTURES: Final = 110
_FEWEST_GROUPS: Final = 4
_ROUNDING: Final = 1 / 12  # codes squared: smaller errors cannot be distinguished in eight bits
_MOST_CLIPPED: Final = 0.01
_CLIPPED: Final = "{0:.1%} 的码值在黑、白电平处被截去，误差部分不可见，峰值信噪比只是上界"
_OWN: Final = "参考序列为机构自编（公式公开），不是标准附录的测试序列"
_MOVED: Final = "画面相对参考序列平移（{0} px，{1} px），按 ITU-T J.340 的方式移回后比较"


def sequence_psnr(device: str, capture: StreamCapture, reference: ReferenceSequence) -> Measurement:
    """PSNR over all different pictures received, in dB; type A from groups of pictures, each coded anew.

    If codes are at black or white, errors beyond them do not show and the figure is an upper bound.
    """
    stated = FULL if capture.full_range else LIMITED
    groups = _groups(capture)
    pictures = [ranged(one, stated, reference.range) for group in groups for one in group]
    found = psnr(reference.pictures, pictures, reference.range)
    if not pictures:
        found = Psnr(None, gates=(capture.stopped_early or "没有可解码的画面",))
    errors = _of_groups(found.errors, [len(group) for group in groups])
    gates = list(found.gates)
    if not gates and len(errors) < _FEWEST_GROUPS:
        en = f"{len(errors)} groups of pictures that differ (at least {_FEWEST_GROUPS})"
        gates.append(f"互不相同的画面组仅 {len(errors)} 组 / {en}")
    budget = _budget(errors, mapped=stated != reference.range) if found.errors else Budget.of([])
    deviations = [_OWN] if reference.own else []
    if found.shift != (0, 0):
        deviations.append(_MOVED.format(*found.shift))
    value = None if found.value is None else decibels(max(float(np.mean(found.errors)), _ROUNDING))
    hidden = found.clipped > _MOST_CLIPPED
    if hidden:
        deviations.append(_CLIPPED.format(found.clipped))
    return evaluated(
        "psnr",
        device,
        value,
        "dB",
        len(errors),
        budget.components,
        raw=tuple(decibels(max(one, _ROUNDING)) for one in errors),
        at_most=value if hidden else None,
        invalid="; ".join(gates),
        deviations=tuple(deviations),
        details=_details(capture, reference, found, pictures),
    )


def _details(
    capture: StreamCapture, reference: ReferenceSequence, found: Psnr, pictures: Sequence[Any]
) -> dict[str, Any]:
    details: dict[str, Any] = {
        "reference": reference.name,
        "reference_sha256": reference.sha256,
        "received_sha256": digest_of(pictures),
        "pictures": len(pictures),
        "aligned": list(found.aligned),
        "shift_px": list(found.shift),
        "clipped": found.clipped,
        "gain_and_level_taken_out_db": found.evened,
        "codec": capture.codec,
        "qp": capture.qp,
    }
    if found.errors:
        shown = [decibels(max(one, _ROUNDING)) for one in found.errors]
        details["figure"] = {"kind": FigureKind.PSNR, "aligned": list(found.aligned), "db": shown}
    return details


def _groups(capture: StreamCapture) -> list[list[Any]]:
    """The decoded pictures by the key frame they depend on; a group received before is left out.

    Pictures that repeat bit for bit are not repeated measurements.
    """
    groups: list[list[Any]] = []
    for index, luma in capture.pictures:
        if capture.frames[index].key or not groups:
            groups.append([])
        groups[-1].append(luma)
    whole = groups[:-1] if len(groups) > 1 else groups  # the last group may be incomplete
    once: dict[str, list[Any]] = {}
    for group in whole:
        once.setdefault(digest_of(group), group)
    return list(once.values())


def _of_groups(errors: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """Mean square error of each group; nothing when there are no errors."""
    if not errors:
        return []
    ends = np.cumsum(sizes)
    return [float(np.mean(errors[end - size : end])) for end, size in zip(ends, sizes, strict=True)]


def _budget(errors: Sequence[float], *, mapped: bool) -> Budget:
    """The budget in dB: a relative error r of the mean square error is 4.34 r."""
    mean = max(float(np.mean(errors)), _ROUNDING)
    slope = 10 / math.log(10) / mean
    parts = [rectangular("coding of eight bits", slope * _ROUNDING / 2, "1/12")]
    if len(errors) > 1:
        scatter = float(np.std(errors, ddof=1)) / math.sqrt(len(errors))
        source = f"{len(errors)} groups of pictures"
        parts.append(Component("repeatability", "A", "t", slope * scatter, len(errors) - 1.0, source))
    if mapped:
        rounding = slope * _ROUNDING
        parts.append(rectangular("codes moved to another range", rounding, "1/12"))
    return Budget.of(parts)
