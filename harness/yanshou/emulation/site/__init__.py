# SPDX-License-Identifier: Apache-2.0
"""The emulated site as a whole: its parts, their time, the truth log, its process."""
