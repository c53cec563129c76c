# SPDX-License-Identifier: Apache-2.0
"""Reads the whole chart from pictures of one view: it is found once, each quantity is computed on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout
from yanshou.imaging.bands import Bands, light_bands
from yanshou.imaging.chart import EdgeReading, Light, Resolution, limiting, measure_edges, mtf50, srgb_light
from yanshou.imaging.codec import Coding, of_all
from yanshou.imaging.colour import Colours, colours
from yanshou.imaging.finder import ChartView, find_chart
from yanshou.imaging.frame import Frame, distinct, range_doubt
from yanshou.imaging.geometry import (
    Distortion,
    Evenness,
    PixelDensity,
    distortion,
    evenness,
    pixel_density,
    square_corners,
)
from yanshou.imaging.grain import Grain, grain
from yanshou.imaging.grey import GreyScale, ToneCurve, grey_scale, tone_curve
from yanshou.imaging.noise import Snr, snr
from yanshou.imaging.patches import window_of
from yanshou.imaging.strip import EVEN, Strip, light_colour, paper_strip


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a chart's certificate states: densities of the eleven greys, CIELAB (D50) of the 24 patches.

    Empty without one: greys and colours are then indicative.  ``scale``: mm on the sheet per unit of the
    A3 drawing, by the measured scale bar.  ``paper``: density of the bare paper, step 0; None on a
    certificate that does not state it.
    """

    densities: tuple[float, ...] = ()
    lab: tuple[tuple[float, float, float], ...] = ()
    scale: float = 1.0
    name: str = ""
    paper: float | None = None

    @property
    def greys(self) -> bool:
        """Whether the greys are certified."""
        return len(self.densities) == layout.GREYS

    @property
    def colours(self) -> bool:
        """Whether the patches are certified."""
        return len(self.lab) == len(layout.COLOURS)


@dataclass(eq=False)
class ChartReading:
    """The chart in ``frames`` (different pictures of one view)."""

    frames: Sequence[Frame]
    view: ChartView
    certificate: Certificate = field(default_factory=Certificate)

    @property
    def qp(self) -> float | None:
        """The quantiser of the frames, if known: the mean, or the coarsest if it stands out."""
        return of_all([one.qp for one in self.frames if one.qp is not None])

    @property
    def coding(self) -> Coding:
        """How the frames were compressed."""
        bits = [one.bits_per_pixel for one in self.frames if one.bits_per_pixel is not None]
        exact = all(one.qp_exact for one in self.frames)
        return Coding(self.qp, exact, float(np.mean(bits)) if bits else None)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in px."""
        height, width = self.frames[0].luma.shape
        return width, height

    @cached_property
    def greys(self) -> GreyScale:
        """The grey scale."""
        return grey_scale(self.frames, self.view)

    @cached_property
    def curve(self) -> ToneCurve | None:
        """The tone curve, by the certified densities or those of the drawing."""
        return tone_curve(self.greys, self.certificate.densities, self.certificate.paper)

    @property
    def light(self) -> Light:
        """The conversion of codes to light: by the certified greys, else by the sRGB curve."""
        curve = self.curve if self.certificate.greys else None
        return srgb_light if curve is None else curve.light

    @property
    def certified_tone(self) -> bool:
        """Whether codes were converted to light by certified greys that reach from black to bare paper."""
        return self.certificate.greys and self.curve is not None and self.curve.paper

    @property
    def tone_gate(self) -> str:
        """Why the light of the edges is unknown, so that there is no resolution; else empty."""
        if not self.certificate.greys:
            return "灰阶无有效证书，色调曲线未知 / the greys are not certified: the tone curve is not known"
        if self.certificate.paper is None:
            en = "the certificate does not state the density of the bare paper (paper_density)"
            return f"证书未给出白纸密度，白纸亮度不在已知色调曲线内 / {en}: the edges lie beyond the greys"
        return self.bands.gate or self.white_gate or self.strip.gate

    @cached_property
    def bands(self) -> Bands:
        """The bands that a lamp which flickers makes."""
        return light_bands(self.frames, self.view)

    @cached_property
    def strip(self) -> Strip:
        """The light on the paper beside the greys, which shows glare over several of them."""
        return EVEN if self.curve is None else paper_strip(self.frames, self.view, self.curve)

    @cached_property
    def white_gate(self) -> str:
        """Why the white of the picture cannot be trusted; empty if it can."""
        if self.curve is None:
            return (
                "灰阶响应不单调或受污损，色调曲线无法测得 / the tone curve cannot be measured from the greys"
            )
        clipped = "白纸与最亮灰阶同码，白电平限幅 / paper has the code of the lightest grey: white is cut off"
        if self.certificate.paper is not None and not self.curve.paper:
            return clipped
        if self.curve.bent(self.frames[0].black) is not None:
            en = "the tone curve is pressed together at white (clipped, knee or S-curve)"
            return f"亮部色调曲线被压平（限幅、拐点或 S 形），无法还原光强 / {en}: light cannot be told"
        return ""

    @cached_property
    def edges(self) -> list[EdgeReading]:
        """The twenty edges."""
        return measure_edges(self.frames, self.view, self.light, self.curve if self.certified_tone else None)

    @cached_property
    def mtf50(self) -> Resolution:
        """MTF50 over all edges."""
        return mtf50(self.edges, coding=self.coding, certified=self.certified_tone)

    def lines(self, *squares: str, horizontal: bool = True, uncut: bool = False) -> Resolution:
        """Limiting resolution at ``squares``, in lines per picture height; ``uncut``: beyond Nyquist, too."""
        return limiting(
            self.edges,
            self.size[1],
            coding=self.coding,
            squares=squares,
            horizontal=horizontal,
            certified=self.certified_tone,
            uncut=uncut,
        )

    def snr(self, *, known: bool = False) -> Snr:
        """Signal-to-noise ratios; ``known``: the pictures were not compressed."""
        span = self.frames[0].white - self.frames[0].black
        found = snr(
            self.greys,
            self.curve,
            span=span,
            coding=self.coding,
            known=known,
            strip=self.strip,
            bands=self.bands,
        )
        seen = None if found.gates or found.step is None else self._grain(found.step)
        if seen is None:
            return found
        if seen.gate:
            return replace(found, iso_db=None, video_db=None, field_db=None, gates=(seen.gate,))
        return replace(found, coarse=seen.coarse)

    def _grain(self, step: int) -> Grain | None:
        """The grain of the noise of a grey step."""
        found = window_of(self.view, layout.grey(step), self.frames[0].luma.shape)
        if found is None:
            return None
        window, mask = found
        return grain(np.stack([one.luma[window] for one in self.frames]).astype(np.float64), mask)

    @cached_property
    def colours(self) -> Colours:
        """The 24 patches."""
        lab = self.certificate.lab if self.certificate.colours else None
        ceiling = None if self.curve is None else self.curve.bent(self.frames[0].black)
        light = light_colour(self.frames, self.view)
        return colours(self.frames, self.view, lab, ceiling, self.greys, light)

    @cached_property
    def distortion(self) -> Distortion:
        """The lens."""
        corners = square_corners(self.frames, self.edges, self.light)
        return distortion(self.view, corners, *self.size)

    @property
    def density(self) -> PixelDensity:
        """Pixels per metre in the plane of the chart."""
        return pixel_density(self.distortion, sheet_scale=self.certificate.scale)

    @cached_property
    def evenness(self) -> Evenness:
        """Light over the picture."""
        found = evenness(self.frames, self.view, self.light)
        clipped = self.curve is not None and self.white_gate  # such paper is even everywhere
        gate = clipped or self.bands.gate
        return Evenness(None, (), (*found.gates, gate)) if gate else found


def read_chart(
    frames: Sequence[Frame], certificate: Certificate | None = None
) -> tuple[ChartReading | None, tuple[str, ...]]:
    """Find the chart in the first of ``frames``; returns the reasons if there is none. Copies are dropped."""
    if not frames:
        return None, ("没有可解码的画面 / there is no picture",)
    used = distinct(frames)
    doubt = range_doubt(used[0])
    if doubt:
        return None, (doubt,)
    found = find_chart(_eight_bits(used[0]))
    if found.view is None:
        return None, found.gates
    return ChartReading(used, found.view, certificate or Certificate()), ()


def _eight_bits(frame: Frame) -> npt.NDArray[np.uint8]:
    if frame.luma.dtype == np.uint8:
        return np.asarray(frame.luma, np.uint8)
    return np.asarray(np.clip(np.rint(255 * frame.share), 0, 255), np.uint8)
