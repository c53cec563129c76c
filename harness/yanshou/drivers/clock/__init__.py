# SPDX-License-Identifier: Apache-2.0
"""Clocks of devices, and their offset from a reference."""
