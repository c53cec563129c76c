# SPDX-License-Identifier: Apache-2.0
"""Cameras and recorders with ONVIF and RTSP."""
