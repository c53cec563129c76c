# SPDX-License-Identifier: Apache-2.0
"""Keeps the bench safe and true.

Releases of stimuli, the watchdog, loopback calibration, the host clock, and the journal of an item.
"""
