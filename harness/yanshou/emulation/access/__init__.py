# SPDX-License-Identifier: Apache-2.0
"""Emulated doors, gates, credential injectors and panels reached by contacts alone."""
