# SPDX-License-Identifier: Apache-2.0
"""The records that all packages share, as frozen dataclasses.

Everything here is a value: the package does no input or output and imports nothing else of yanshou. The other
packages exchange these records, so a reader who knows this package can read all of them.
"""

from yanshou.model.clock import both_clocks, now, own_time, utc_now, utc_of
from yanshou.model.instant import Instant, Latency
from yanshou.model.measurement import (
    Component,
    FigureKind,
    Measurement,
    Quantity,
    Reservation,
    Reserve,
    UncertaintyStatus,
)
from yanshou.model.plan import Plan, PlanItem, SampleRecord, Untestable
from yanshou.model.requirement import (
    DecisionRule,
    Limit,
    LimitStatus,
    Obligation,
    Requirement,
    Statistic,
    Text,
)
from yanshou.model.site import (
    Connection,
    Device,
    DeviceKind,
    Loopback,
    Maintenance,
    OwnPlatform,
    SecretRef,
    Site,
    System,
)
from yanshou.model.trouble import NonConformity, NotApplicable, RigFault, UsageError
from yanshou.model.unit import Unit, UnitError, converted, convertible, factor, same_unit, split_number
from yanshou.model.verdict import Finding, Verdict, gravest

__all__ = [
    "Component",
    "Connection",
    "DecisionRule",
    "Device",
    "DeviceKind",
    "FigureKind",
    "Finding",
    "Instant",
    "Latency",
    "Limit",
    "LimitStatus",
    "Loopback",
    "Maintenance",
    "Measurement",
    "NonConformity",
    "NotApplicable",
    "Obligation",
    "OwnPlatform",
    "Plan",
    "PlanItem",
    "Quantity",
    "Requirement",
    "Reservation",
    "Reserve",
    "RigFault",
    "SampleRecord",
    "SecretRef",
    "Site",
    "Statistic",
    "System",
    "Text",
    "UncertaintyStatus",
    "Unit",
    "UnitError",
    "Untestable",
    "UsageError",
    "Verdict",
    "both_clocks",
    "converted",
    "convertible",
    "factor",
    "gravest",
    "now",
    "own_time",
    "same_unit",
    "split_number",
    "utc_now",
    "utc_of",
]
