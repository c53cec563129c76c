# SPDX-License-Identifier: Apache-2.0
"""Whether the finest detail of a picture repeats itself as interpolation makes it.

A picture enlarged by r along its rows has no detail of its own above 0.5 / r cycles per px: what stands
there is the mirror image of what stands below, at f and 1/r - f, left over by the kernel. The two are the
same numbers, whatever linear kernel was used, and their products add up over all rows. In a picture of its
own size they are independent and cancel. ``mirrored`` returns how much of that detail is such a copy, for the
ratio at which most is. Gallagher (2005) and Popescu and Farid (2005) use the same property; here it is looked
for at the frequencies where an enlargement by little must show it.

Every edge counts alike: the detail is divided by its own strength around each pixel, so that a few hard edges
do not decide; where there is nothing but noise it counts less.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Complex = npt.NDArray[np.complex64]

_BAND: Final = 0.03  # cycles per px to each side of the middle between detail and mirror image
# 1 - 1/r, from and below, and the cycles per px above which detail is examined for it: enlargements by
# 1.015 to 1.316, and to 1.9; by more the picture lacks numbers in plenty
_RATES: Final = ((0.015, 0.24, 0.34), (0.24, 0.47, 0.2))
_AROUND: Final = (65, 17)  # px across and down over which the strength is taken; more than a period of 1.02
_QUIET: Final = 0.2  # of the pixels have the strength of noise
_ABOVE_NOISE: Final = 3.0
_ROWS: Final = 500  # more give no better result
_NARROWEST: Final = 128  # px: below it there are too few frequencies


def mirrored(plane: Luma) -> float:
    """The share, 0 to 1, of the finest detail along the rows (height × width) that copies coarser detail.

    Pictures of their own size have about 0.05 to 0.15, the more the smaller they are or the more regular
    the view is; 1 where the picture is too small to tell.
    """
    width = plane.shape[1]
    if width < _NARROWEST:
        return 1.0
    reach = int(_BAND * width)
    return max(
        _copied(lines, rate, reach)
        for low, high, finest in _RATES
        for lines in (_around_nyquist(plane, finest),)
        for rate in range(int(low * width), int(high * width) + 1)
    )


def _around_nyquist(plane: Luma, finest: float) -> Complex:
    """The spectrum of each row's detail above ``finest``, evened; index 0 is half a cycle per px."""
    width = plane.shape[1]
    spectrum = np.fft.rfft(plane.astype(np.float32), axis=1)
    spectrum[:, np.fft.rfftfreq(width) < finest] = 0.0
    detail = np.fft.irfft(spectrum, n=width, axis=1).astype(np.float32)
    strength = cv2.blur(np.square(detail), _AROUND)
    noise = _ABOVE_NOISE * float(np.quantile(strength[::4, ::4], _QUIET))
    evened = detail / np.sqrt(strength + noise + 1.0)
    evened = evened[:: max(1, plane.shape[0] // _ROWS)]
    signs = np.where(np.arange(width) % 2, -1.0, 1.0)
    return np.asarray(np.fft.fft(evened * (np.hanning(width) * signs), axis=1), np.complex64)


def _copied(lines: Complex, rate: int, reach: int) -> float:
    """The share of detail that copies other detail, if ``rate`` in ``width`` px are interpolated."""
    width = lines.shape[1]
    below = np.arange(rate // 2 - reach + rate % 2, rate // 2 + reach + 1)
    detail, image = lines[:, below % width], lines[:, (rate - below) % width]
    power = float(np.vdot(detail, detail).real)
    return float(abs(np.sum(detail * image))) / max(power, 1e-9)
