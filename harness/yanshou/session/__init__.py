# SPDX-License-Identifier: Apache-2.0
"""One run's open devices: what they are asked is journaled, and they are put to rest on every exit."""
