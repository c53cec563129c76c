# SPDX-License-Identifier: Apache-2.0
"""The catalogue of requirements: data, loader, applicability, rank, and a laboratory's overlay.

There is one file per standard and edition under ``data/``, the only source of clauses and limits.
"""

from yanshou.standards.applicability import (
    Applicability,
    applies,
    binding,
    decisive,
    is_looser,
    looser_rows,
    undated,
)
from yanshou.standards.catalogue import Catalogue, OverlayChange
from yanshou.standards.loader import load
from yanshou.standards.records import Measurand, Standard, as_record, standard_name
from yanshou.standards.vocabulary import RANKS

__all__ = [
    "RANKS",
    "Applicability",
    "Catalogue",
    "Measurand",
    "OverlayChange",
    "Standard",
    "applies",
    "as_record",
    "binding",
    "decisive",
    "is_looser",
    "load",
    "looser_rows",
    "standard_name",
    "undated",
]
