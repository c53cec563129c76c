# SPDX-License-Identifier: Apache-2.0
"""On-screen clocks: how many are read exactly, and that no wrong time is believed.

Each crop is read at three times, three seconds apart, as a camera's picture would be.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from tests.benchmarks.figure import Figure, tell
from tests.benchmarks.osd_crops import PER_CROP_S, crops
from yanshou.imaging.osd.reader import agreed, read_crop
from yanshou.imaging.osd.stamp import StampReading, believed, stamp_of

_EXACT = 0.97


def main(argv: Sequence[str] = ()) -> int:
    """Exit code 1 when fewer than 97 % are read exactly or a wrong time is believed."""
    exact = strict = believed_right = wrong = total = reads = 0
    spent = 0.0
    for crop in crops():
        total += 1
        began = time.process_time()
        raw = [stamp_of(read_crop(picture), crop.order) for picture in crop.pictures]
        spent += time.process_time() - began
        truth = [crop.shown + timedelta(seconds=PER_CROP_S * step) for step in range(3)]
        reads += len(raw)
        exact += sum(one == other for one, other in zip(raw, truth, strict=True))
        texts = [agreed(picture) for picture in crop.pictures]
        strict += sum(stamp_of(text, crop.order) == other for text, other in zip(texts, truth, strict=True))
        readings = [
            StampReading(PER_CROP_S * step, stamp_of(text, crop.order)) for step, text in enumerate(texts)
        ]
        clock = believed(readings)
        if clock is not None:
            right = clock.shown == crop.shown + timedelta(seconds=clock.at)
            believed_right += right
            wrong += not right
            if not right:
                print(f"  believed wrongly: {crop.text!r} as {clock.shown}: {texts}")
        elif "-v" in argv:
            print(f"  not believed: {crop.text!r}: {texts} outlined {crop.outlined} {raw}")
    return tell(
        "osd",
        [
            Figure("timestamps read exactly, recogniser alone", exact / reads, "1", at_least=_EXACT),
            Figure("the same, where two preparations agree", strict / reads, "1"),
            Figure("clocks believed and right", believed_right / total, "1"),
            Figure("wrong times believed", wrong, "clocks", at_most=0),
            Figure("recogniser, processor time per reading", 1e3 * spent / reads, "ms"),
            Figure("clocks", total, "clocks"),
        ],
    )
