# SPDX-License-Identifier: Apache-2.0
"""Keeps the bench safe and true: stimuli released, relays put to rest, loops calibrated, items journalled."""
