# SPDX-License-Identifier: Apache-2.0
"""GB 35114-2017 class A over GB/T 28181: certificates, registration by SM2 signature, digest of signalling.

Nothing here opens a socket. Which headers and which octets are meant is known from two kinds of source only:
passages of the standard that others quote, and programs of the field; ``forms.toml`` names them.
"""
