# SPDX-License-Identifier: Apache-2.0
"""Zones, panels, doors, cameras and instruments as a test sees them; every call is written to the journal."""
