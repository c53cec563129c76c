# SPDX-License-Identifier: Apache-2.0
"""The run folder: hash-chained journal, content-addressed evidence, manifest, verification."""

from yanshou.evidence.blobs import BlobStore
from yanshou.evidence.damage import go_on_although
from yanshou.evidence.journal import Event, Journal, read_events
from yanshou.evidence.manifest import VerifyResult, passes_through, reports_as_found, seal, verify
from yanshou.evidence.run import RunFolder, site_digests
from yanshou.evidence.soundness import Problem, frozen_digests, require_sound, sha256_of

__all__ = [
    "BlobStore",
    "Event",
    "Journal",
    "Problem",
    "RunFolder",
    "VerifyResult",
    "frozen_digests",
    "go_on_although",
    "passes_through",
    "read_events",
    "reports_as_found",
    "require_sound",
    "seal",
    "sha256_of",
    "site_digests",
    "verify",
]
