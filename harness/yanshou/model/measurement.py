# SPDX-License-Identifier: Apache-2.0
"""A measured value with its uncertainty (VIM 2.9, GUM)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Quantity(StrEnum):
    """What kind of value a measurand yields; it decides how it may be judged."""

    CONTINUOUS = "continuous"
    COUNT = "count"
    PROPORTION = "proportion"
    LOGICAL = "logical"
    ORDINAL = "ordinal"
    TEXT = "text"


class UncertaintyStatus(StrEnum):
    """How U was obtained, or why there is none; U is never silently zero."""

    EVALUATED = "evaluated"
    NOT_APPLICABLE = "not_applicable"
    INHERENT = "inherent_in_method"


class FigureKind(StrEnum):
    """What a measurement may bring in ``details["figure"]`` to be drawn; the reports draw every one."""

    BURST = "burst"
    DELAY_HISTOGRAM = "delay_histogram"
    DECLARED_STREAM = "declared_stream"
    FRAME_INTERVALS = "frame_intervals"
    CLASSES = "classes"
    CLOCK_DRIFT = "clock_drift"
    CLOCK_OFFSETS = "clock_offsets"
    RECORDING_GAPS = "recording_gaps"
    RETENTION_MAP = "retention_map"
    RIGHTS = "rights"
    PULSES = "pulses"
    MTF = "mtf"
    PSNR = "psnr"
    GREY_STEPS = "grey_steps"
    SNR = "snr"
    DELTA_E = "delta_e"
    DISTORTION = "distortion"
    LINKAGE = "linkage"
    DETECTIONS = "detections"
    BODY_PICTURES = "body_pictures"


@dataclass(frozen=True, slots=True)
class Component:
    """One line of an uncertainty budget.

    ``u`` is a standard uncertainty in the measurement's unit; ``dof`` its degrees of freedom (inf for type B
    known exactly); ``source`` names where the figure comes from.
    """

    name: str
    kind: str  # "A" or "B"
    distribution: str
    u: float
    dof: float
    source: str = ""


class Reserve(StrEnum):
    """Why a value speaks for the system conditionally at best, and against it in full."""

    SHORTENED = "shortened"  # watched for less time or repeated less often than the clause or usual asks
    UNPROVEN = "unproven"  # the observation alone does not show all of the value


@dataclass(frozen=True, slots=True)
class Reservation:
    """One such reason, and what it is here in words."""

    why: Reserve
    text: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """The result of measuring one measurand on one device.

    ``value`` is unrounded, in ``unit``; ``U = k * u_c``. ``raw`` holds the single observations so that the
    value can be computed again. ``invalid`` is the reason why no requirement may be judged on this value
    (instrument overdue, clipped picture ...).
    """

    measurand: str
    device: str
    quantity: Quantity
    value: float | bool | str | None
    unit: str
    n: int
    statistic: str = "value"
    U: float | None = None
    k: float | None = None
    uncertainty: UncertaintyStatus = UncertaintyStatus.NOT_APPLICABLE
    budget: tuple[Component, ...] = ()
    raw: tuple[float | str | bool, ...] = ()
    interval: tuple[float, float] | None = None  # exact coverage interval for counts and proportions
    census: bool = False  # a proportion of a whole population, each member observed: exact
    # censored: without a value, it was not reached within this many units; with one, a lower bound
    at_least: float | None = None
    at_most: float | None = None  # an upper bound: smaller values could not be seen or were not tried
    invalid: str = ""
    estimate: bool = False  # a projection, not an observation: at best conditionally conform unless accepted
    reservations: tuple[Reservation, ...] = ()  # with any of them, conditionally conform at best
    instruments: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)
