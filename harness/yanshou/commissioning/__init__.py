# SPDX-License-Identifier: Apache-2.0
"""What is done before a run: every wire of the bench tried, every device reached.  No run imports it."""
