# SPDX-License-Identifier: Apache-2.0
"""Cameras and recorders that speak ONVIF and RTSP."""
