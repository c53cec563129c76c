# SPDX-License-Identifier: Apache-2.0
"""What a session of a live stream yields, whatever wire it was opened over."""
