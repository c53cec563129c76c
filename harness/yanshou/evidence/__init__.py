# SPDX-License-Identifier: Apache-2.0
"""The run folder: hash-chained journal, content-addressed evidence, manifest, verification."""

from yanshou.evidence.blobs import BlobStore
from yanshou.evidence.journal import Event, Journal, read_events
from yanshou.evidence.manifest import VerifyResult, seal, verify
from yanshou.evidence.run import RunFolder, site_digests
from yanshou.evidence.soundness import Problem, frozen_digests, require_sound

__all__ = [
    "BlobStore",
    "Event",
    "Journal",
    "Problem",
    "RunFolder",
    "VerifyResult",
    "frozen_digests",
    "read_events",
    "require_sound",
    "seal",
    "site_digests",
    "verify",
]
