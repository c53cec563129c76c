# SPDX-License-Identifier: Apache-2.0
"""The offline installation kit: wheels, generator of the Allure page, documents, scripts, digests of all."""
