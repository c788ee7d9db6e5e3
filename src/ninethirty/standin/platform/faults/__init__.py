"""What can go wrong on a platform, by name."""

from ninethirty.standin.platform.faults import (
    access,
    caching,
    documents,
    early,
    publishing,
    wire,
)
from ninethirty.standin.platform.faults.registry import (
    FAULTS,
    Chosen,
    Fault,
    FaultRefused,
    chosen,
    composed,
)

FAMILIES = (publishing, caching, early, documents, access, wire)

__all__ = ["FAMILIES", "FAULTS", "Chosen", "Fault", "FaultRefused", "chosen", "composed"]
