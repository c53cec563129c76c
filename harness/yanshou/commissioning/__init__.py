# SPDX-License-Identifier: Apache-2.0
"""Checks before a run: tries every wire of the bench and reaches every device. No run imports it."""
