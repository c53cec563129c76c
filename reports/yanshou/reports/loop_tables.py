# SPDX-License-Identifier: Apache-2.0
"""The loopback calibrations of a run as printable cells: the result and the budget of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanshou.reports.calibrations import LoopLine
from yanshou.reports.messages import Messages
from yanshou.reports.messages_terms import EDGES, PHASES
from yanshou.reports.view import RunView

_MS = 1e3


def loops(view: RunView, messages: Messages) -> list[list[str]]:
    """Phase, loop, edge, n, mean, s, least to most and u, in milliseconds."""
    return [
        [
            messages.pick(PHASES[one.phase]),
            f"{one.loop}（{'、'.join(one.serials)}）",
            messages.pick(EDGES[one.edge]),
            str(one.delay["n"]),
            *(f"{one.delay[key] * _MS:.2f}" for key in ("mean", "s")),
            f"{one.delay['least'] * _MS:.2f}–{one.delay['most'] * _MS:.2f}",
            f"{one.delay['u'] * _MS:.2f}",
        ]
        for one in view.loops
    ]


def loop_budget(view: RunView, messages: Messages) -> list[list[str]]:
    """The terms of each mean."""
    return [_term(one, term, messages) for one in view.loops for term in one.delay["budget"]]


def _term(one: LoopLine, term: Mapping[str, Any], messages: Messages) -> list[str]:
    return [
        f"{messages.pick(PHASES[one.phase])} {one.loop} {messages.pick(EDGES[one.edge])}",
        messages.component(term["name"]),
        f"{term['kind']}，{messages.distribution(term['distribution'])}",
        f"{term['u'] * _MS:.3f} ms",
        "∞" if term["dof"] is None else f"{term['dof']:.0f}",
        str(term["source"]),
    ]
