# SPDX-License-Identifier: Apache-2.0
"""Questions to the operator and the back ends that ask them."""
