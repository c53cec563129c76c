# SPDX-License-Identifier: Apache-2.0
"""Done before a run: every wire of the bench is tried, every device is reached. No run imports it."""
