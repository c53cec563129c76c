# SPDX-License-Identifier: Apache-2.0
"""The run folder: hash-chained journal, content-addressed evidence, manifest, verification."""

from yanshou.evidence.blobs import BlobStore
from yanshou.evidence.journal import Event, Journal, read_events
from yanshou.evidence.manifest import Problem, VerifyResult, seal, verify
from yanshou.evidence.run import RunFolder

__all__ = [
    "BlobStore",
    "Event",
    "Journal",
    "Problem",
    "RunFolder",
    "VerifyResult",
    "read_events",
    "seal",
    "verify",
]
