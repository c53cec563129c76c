# SPDX-License-Identifier: Apache-2.0
"""Emulated instruments of the bench: relay boards, meters, clocks, screens, linkage."""
