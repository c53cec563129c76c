# SPDX-License-Identifier: Apache-2.0
"""Platforms over HTTP with JSON: what they post or list, their commands, as a profile describes them."""
