# SPDX-License-Identifier: Apache-2.0
"""Drivers of devices on field buses: relay boards, panels, doors, gates, in the words of their profiles."""
