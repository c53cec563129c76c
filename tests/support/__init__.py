# SPDX-License-Identifier: Apache-2.0
"""What tests and benchmarks share: emulated sites, small servers, peers, drawn pictures, judging."""
