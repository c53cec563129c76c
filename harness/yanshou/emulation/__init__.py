# SPDX-License-Identifier: Apache-2.0
"""The emulated site, in its own process: real protocols on loopback and ptys, planted defects, truth log.

``python -m yanshou.emulation SITE`` runs it; from Python,
:class:`yanshou.emulation.site.process.EmulatedSite`.
"""
