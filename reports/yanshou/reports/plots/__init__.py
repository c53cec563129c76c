# SPDX-License-Identifier: Apache-2.0
"""Figures of the reports: observations with limit and U, and one module per kind of figure (``kinds``)."""

from yanshou.reports.plots.kinds import kind_figure, kind_figures
from yanshou.reports.plots.observations import figures, item_figure
from yanshou.reports.plots.style import FigureFile

__all__ = ["FigureFile", "figures", "item_figure", "kind_figure", "kind_figures"]
