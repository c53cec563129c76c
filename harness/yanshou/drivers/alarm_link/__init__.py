# SPDX-License-Identifier: Apache-2.0
"""Alarm links: what a panel reports to a centre, and the dialler that acts as a panel."""
