# SPDX-License-Identifier: Apache-2.0
"""The health of a live picture: one capture, compared with the view that was accepted for the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from yanshou.evaluation.damaged import left_out
from yanshou.imaging.health import (
    AcceptedView,
    Added,
    Signal,
    Traits,
    ViewChange,
    compared,
    liveness,
    signal_of,
    stripe_added,
    traits_of,
)
from yanshou.metrology import evaluated, logical, rectangular, without_value
from yanshou.metrology.statistics import mean_with_u
from yanshou.model import Component, Measurement, RigFault
from yanshou.model.stream import StreamCapture

SCAN_S: Final = 4.4
SCAN_LEAST_S: Final = 3.0  # shows three seconds of a clock in the picture, the first and the last in part
SCAN_PICTURES: Final = 120
_UNITS: Final = {
    ViewChange.SHARPNESS: "1",
    ViewChange.NOISE: "1",
    ViewChange.BRIGHTNESS: "1",
    ViewChange.CAST: "1",
    ViewChange.STRIPES: "1",
    ViewChange.OCCLUSION: "%",
    ViewChange.SHIFT: "%",
}
_METHOD: Final = {  # half widths: how much the indicator of the same healthy view varies by itself
    ViewChange.SHARPNESS: 0.02,
    ViewChange.NOISE: 0.3,
    ViewChange.BRIGHTNESS: 1.0,
    ViewChange.CAST: 0.5,
    ViewChange.STRIPES: 0.6,  # what moves through the view leaves half a code; coarse coding takes some away
    ViewChange.OCCLUSION: 1.0,
    ViewChange.SHIFT: 0.1,
}
_ENOUGH: Final = 4
_APART_S: Final = 0.8
_SIGNALS: Final = {
    Signal.PRESENT: "",
    Signal.BLACK: "黑屏",
    Signal.WHITE: "白屏",
    Signal.BLUE: "蓝屏",
    Signal.FLAT: "无内容的单色画面",
}


@dataclass(frozen=True, slots=True, eq=False)
class ViewScan:
    """The result of one short session of a camera; several measurands are evaluated from it."""

    camera: str
    capture: StreamCapture
    _traits: dict[int, Traits] = field(default_factory=dict, repr=False)
    _compared: dict[AcceptedView, list[tuple[dict[ViewChange, float], Added]]] = field(
        default_factory=dict, repr=False
    )

    def traits(self, place: int) -> Traits:
        """The condition of the picture at that place of the capture; computed once for all measurands."""
        if place not in self._traits:
            index, luma = self.capture.pictures[place]
            self._traits[place] = traits_of(luma, self.capture.chroma.get(index))
        return self._traits[place]

    def changes(self, accepted: AcceptedView) -> list[tuple[dict[ViewChange, float], Added]]:
        """The change of each ``sampled`` picture since ``accepted``; computed once for several measurands."""
        if accepted not in self._compared:
            self._compared[accepted] = [compared(accepted, self.traits(place)) for place in self.sampled]
        return self._compared[accepted]

    @property
    def keys(self) -> list[int]:
        """The key frames, by their index among the pictures; they are independent of one another."""
        frames = self.capture.frames
        return [place for place, (index, _) in enumerate(self.capture.pictures) if frames[index].key]

    @property
    def sampled(self) -> list[int]:
        """The key frames; where they are few, also pictures well apart from them and from one another.

        The spread of two or three says little: their coverage factor is 14 and 4.5, and one has none. Between
        key frames the noise is new as well, unless something was lost.
        """
        chosen = self.keys
        lost = self.capture.lost or self.capture.damaged
        whole = all(frame.complete for frame in self.capture.frames) and not lost
        if len(chosen) >= _ENOUGH or not chosen or not whole:
            return chosen
        for place, (index, _) in enumerate(self.capture.pictures):
            at = self.seconds(index)
            others = (self.seconds(self.capture.pictures[one][0]) for one in chosen)
            if all(abs(at - other) >= _APART_S for other in others):
                chosen.append(place)
        return sorted(chosen)

    @property
    def span_s(self) -> float:
        """From the first to the last picture, in s of the stream; 0 without two pictures."""
        indices = [index for index, _ in self.capture.pictures]
        return self.seconds(indices[-1]) - self.seconds(indices[0]) if indices else 0.0

    def seconds(self, index: int) -> float:
        """The stream's own time of a frame, in s."""
        return self.capture.frames[index].rtp_ticks / self.capture.clock_rate


def accepted_of(scan: ViewScan) -> AcceptedView:
    """The accepted view made from the key frames of a scan."""
    pictures = [scan.capture.pictures[place] for place in scan.keys]
    if not pictures:
        raise RigFault("no key frame could be decoded.", device=scan.camera)
    return AcceptedView.of([(luma, scan.capture.chroma.get(index)) for index, luma in pictures])


def picture_signal(scan: ViewScan) -> Measurement:
    """Whether there is a picture at all: not black, white, blue or of one colour."""
    seen = [signal_of(scan.traits(place).indicators) for place in scan.keys]
    lost = [signal for signal in seen if signal is not Signal.PRESENT]
    parts = (_SIGNALS[lost[0]] if lost else "", left_out(scan.capture.damaged))
    because = "；".join(filter(None, parts))
    return logical(
        "picture_signal",
        scan.camera,
        conforms=not lost if seen else None,
        n=len(seen),
        invalid="" if seen else scan.capture.stopped_early or "没有可解码的画面",
        details={"because": because} if because else {},
    )


def picture_still(scan: ViewScan) -> Measurement:
    """The longest stretch without any change of the picture in s, by the stream's time.

    A frozen picture repeats every pixel, a quiet healthy one does not for longer than its group of pictures.
    """
    watched = liveness((scan.seconds(index), luma) for index, luma in scan.capture.pictures)
    invalid = "" if watched.frames > 1 else scan.capture.stopped_early or "没有可解码的画面"
    if watched.frames > 1 and watched.watched_s <= 0:
        invalid = "时间戳不前进"
    span = watched.watched_s / max(1, watched.frames - 1)
    budget = [rectangular("one frame period", span / 2, "the change lies between two frames")]
    return evaluated(
        "picture_still",
        scan.camera,
        None if invalid else watched.longest_still_s,
        "s",
        watched.frames,
        budget,
        invalid=invalid,
        details={"watched_s": watched.watched_s},
    )


def picture_change(scan: ViewScan, accepted: AcceptedView, what: ViewChange) -> Measurement:
    """One change since acceptance: the mean over the ``sampled`` pictures, with their spread."""
    pictures = [scan.capture.pictures[place] for place in scan.sampled]
    seen = scan.changes(accepted)
    values = [one[what] for one, _ in seen if what in one]
    if what is ViewChange.STRIPES and values:
        values = stripe_added([added for _, added in seen])
    if not values:
        return _nothing(scan, what, pictures)
    height, width = pictures[0][1].shape
    was = accepted.size
    resized = f"画面尺寸 {width}×{height} 与验收时 {was[0]}×{was[1]} 不同" if (width, height) != was else ""
    own = rectangular("the indicator itself", _METHOD[what], "same healthy view")
    return replace(_mean_of(what.value, scan.camera, values, _UNITS[what], own), invalid=resized)


def _mean_of(measurand: str, camera: str, values: Sequence[float], unit: str, own: Component) -> Measurement:
    """The mean over pictures, with the method's ``own`` component and, for several, their spread."""
    parts = [own]
    if len(values) > 1:
        _, u, dof = mean_with_u(values)
        parts.append(Component("repeatability", "A", "t", u, dof, f"{len(values)} pictures"))
    return evaluated(measurand, camera, float(np.mean(values)), unit, len(values), parts, raw=tuple(values))


def _nothing(scan: ViewScan, what: ViewChange, pictures: Sequence[object]) -> Measurement:
    reason = "画面没有色度，不能判断偏色" if pictures else scan.capture.stopped_early or "没有可解码的画面"
    return without_value(what.value, scan.camera, _UNITS[what], reason)


def picture_level(scan: ViewScan, measurand: str) -> Measurement:
    """Mean (``picture_brightness``) or standard deviation (``picture_contrast``) of the luma, in codes."""
    seen = [scan.traits(place).indicators for place in scan.keys]
    values = [one.mean if measurand == "picture_brightness" else one.sd for one in seen]
    if not values:
        reason = scan.capture.stopped_early or "没有可解码的画面"
        return without_value(measurand, scan.camera, "1", reason)
    return _mean_of(measurand, scan.camera, values, "1", rectangular("rounding to codes", 0.5, "8-bit luma"))
