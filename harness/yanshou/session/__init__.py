# SPDX-License-Identifier: Apache-2.0
"""One run's open devices: opened once, handed out, and put to rest on every exit."""
