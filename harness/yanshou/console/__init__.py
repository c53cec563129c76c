# SPDX-License-Identifier: Apache-2.0
"""The console: the questions of a run on the phones of the people who walk the building.

The run writes the question that waits to a folder beside the run folder, ``yanshou console RUN`` shows it and
puts the answer there, and the run checks and journals it as at the terminal.
"""
