# SPDX-License-Identifier: Apache-2.0
"""The pixels of a picture that count, live or recorded: those it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.evaluation.formats import pixels_of
from yanshou.imaging.own_size import Holds, Luma, own_size
from yanshou.model import Reservation, Reserve

_PLAIN = 4.0  # codes of spread: less is a covered lens or darkness
_HOLDS = {
    Holds.ALL: "",
    Holds.LESS: "画面由较小的画面放大而成",
    Holds.UNKNOWN: ("看不出是否由较小的画面放大（虚焦、昏暗、噪声、低码率、少有边缘，或细部有规律地重复）"),
}


@dataclass(frozen=True, slots=True)
class OwnPixels:
    """The pixels that count, in px, and what is known of them."""

    pixels: int
    plain: bool  # nothing to be seen
    holds: Holds
    because: str

    @property
    def value(self) -> float | None:
        """The pixels; None where only an upper bound is known."""
        return None if self._bound else float(self.pixels)

    @property
    def at_most(self) -> float | None:
        """The upper bound for an enlarged picture, or for one without any detail."""
        return float(self.pixels) if self._bound else None

    @property
    def reservations(self) -> tuple[Reservation, ...]:
        """Why the pixels conform conditionally at best."""
        unknown = self.holds is Holds.UNKNOWN
        return (Reservation(Reserve.UNPROVEN, _HOLDS[self.holds]),) if unknown else ()

    @property
    def _bound(self) -> bool:
        return self.plain or self.holds is Holds.LESS


def own_pixels(luma: Luma, qp: float | None) -> OwnPixels:
    """The counting pixels of a decoded picture (height × width) with the mean quantiser ``qp``.

    An enlarged picture has at most those of the smaller one. A soft one may be enlarged: its size is not
    proven and conforms conditionally at best (``imaging.own_size``).
    """
    height, width = luma.shape
    own = own_size(luma, qp)
    pixels, less = pixels_of(int(own.width * width), int(own.height * height))
    because = "；".join(part for part in (_HOLDS[own.holds], less) if part)
    return OwnPixels(pixels, float(luma.std()) < _PLAIN, own.holds, because)
