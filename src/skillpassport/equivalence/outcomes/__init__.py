"""What someone has shown, unit by unit, beside what a standard asks for."""

from skillpassport.equivalence.outcomes.comparing import compare_outcomes
from skillpassport.equivalence.outcomes.model import (
    Comparison,
    Finding,
    Ground,
    Judgement,
    Offer,
    Shown,
)

__all__ = [
    "Comparison",
    "Finding",
    "Ground",
    "Judgement",
    "Offer",
    "Shown",
    "compare_outcomes",
]
