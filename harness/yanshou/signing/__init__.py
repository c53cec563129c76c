# SPDX-License-Identifier: Apache-2.0
"""Signs the PDF of an issue (PAdES, ETSI EN 319 142-1) and checks the signatures in it, by pyHanko."""
