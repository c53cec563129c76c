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

Noise added after the enlargement is no copy and hides what is: at the finest frequencies it is stronger than
the edges. ``beside_noise`` therefore looks, for enlargements by little, only where an edge stands clearly
above the noise in that very band. Where none does, nothing there is known to be the picture's own.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Complex = npt.NDArray[np.complex64]

_BAND: Final = 0.03  # cycles per px to each side of the middle between detail and mirror image
# 1 - 1/r, from and below, and the cycles per px above which detail is examined for it: enlargements by
# 1.015 to 1.316, and to 1.9; by more the picture lacks numbers in plenty
_RATES: Final = ((0.015, 0.24, 0.34), (0.24, 0.47, 0.2))
_AROUND: Final = (65, 17)  # px across and down over which the strength is taken; more than a period of 1.02
_QUIET: Final = 0.2  # of the pixels have the strength of noise
_ABOVE_NOISE: Final = 3.0
_ROWS: Final = 500  # more give no better result
# enlargements by 1.015 to 1.316 again, in bands that hold little beside the mirror image
_SLIGHT: Final = ((0.015, 0.05), (0.05, 0.09), (0.09, 0.14), (0.14, 0.19), (0.19, 0.24))
_CLEAR: Final = 3.0  # times the strength of noise
_TINY: Final = 0.02  # codes squared
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


def beside_noise(plane: Luma) -> float:
    """The same share of the detail that stands above the noise, for enlargements by 1.015 to 1.316.

    Sharp pictures of their own size have up to 0.25; most of those whose finest detail is noise, and enlarged
    ones with or without noise added afterwards, 0.3 and more; 1 where nothing stands above the noise.
    """
    width = plane.shape[1]
    if width < _NARROWEST:
        return 1.0
    spectrum = np.asarray(np.fft.rfft(plane.astype(np.float32), axis=1), np.complex64)
    reach = int(_BAND * width)
    return max(
        _copied(lines, rate, reach) if lines is not None else 1.0
        for low, high in _SLIGHT
        for lines in (_above_noise(spectrum, width, 0.5 - high / 2 - _BAND),)
        for rate in range(int(low * width), int(high * width) + 1)
    )


def _above_noise(spectrum: Complex, width: int, finest: float) -> Complex | None:
    """The spectrum of each row's detail above ``finest`` where it is stronger than noise; None if nowhere."""
    band = np.where(np.fft.rfftfreq(width) < finest, 0.0, spectrum)
    detail = np.fft.irfft(band, n=width, axis=1).astype(np.float32)
    strength = cv2.blur(np.square(detail), _AROUND)
    noise = float(np.quantile(strength[::4, ::4], _QUIET))
    clear = np.maximum(strength - _CLEAR * noise, 0.0)
    if not clear.any():
        return None
    evened = detail * np.sqrt(clear) / (strength + _TINY)
    return _rows(evened)


def _around_nyquist(plane: Luma, finest: float) -> Complex:
    """The spectrum of each row's detail above ``finest``, evened; index 0 is half a cycle per px."""
    width = plane.shape[1]
    spectrum = np.fft.rfft(plane.astype(np.float32), axis=1)
    spectrum[:, np.fft.rfftfreq(width) < finest] = 0.0
    detail = np.fft.irfft(spectrum, n=width, axis=1).astype(np.float32)
    strength = cv2.blur(np.square(detail), _AROUND)
    noise = _ABOVE_NOISE * float(np.quantile(strength[::4, ::4], _QUIET))
    return _rows(detail / np.sqrt(strength + noise + 1.0))


def _rows(evened: Floats) -> Complex:
    """The spectra of enough rows (frequencies × rows); frequency 0 is half a cycle per px."""
    height, width = evened.shape
    chosen = evened[:: max(1, height // _ROWS)]
    signs = np.where(np.arange(width) % 2, -1.0, 1.0)
    return np.asarray(np.fft.fft(chosen * (np.hanning(width) * signs), axis=1).T, np.complex64, order="C")


def _copied(lines: Complex, rate: int, reach: int) -> float:
    """The share of detail that copies other detail, if ``rate`` in ``width`` px are interpolated."""
    width = len(lines)
    below = np.arange(rate // 2 - reach + rate % 2, rate // 2 + reach + 1)
    detail, image = lines[below % width].ravel(), lines[(rate - below) % width].ravel()
    power = float(np.vdot(detail, detail).real)
    return float(abs(np.dot(detail, image))) / max(power, 1e-9)
