# SPDX-License-Identifier: Apache-2.0
"""Drivers of devices on field buses by their profiles: relay boards, panels, doors, gates."""
