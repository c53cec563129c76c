# SPDX-License-Identifier: Apache-2.0
"""What ``yanshou measure`` measures, one module per quantity: ``measure(path, rois, options)``."""
