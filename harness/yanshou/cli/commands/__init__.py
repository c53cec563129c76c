# SPDX-License-Identifier: Apache-2.0
"""One module per command: ``HELP``, ``arguments(parser)`` and ``run(options) -> exit code``."""
