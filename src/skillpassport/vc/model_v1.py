"""Whether a document has the shape of a credential of the VC Data Model 1.1.

Departs from the data model by refusing more: `issuanceDate` and `expirationDate` must have a time zone,
since a time without one is another instant in Accra than in Manila.
"""

from collections.abc import Iterator
from datetime import datetime

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.model import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    ShapeProblem,
    is_url,
    member_problems,
)
from skillpassport.vc.strict_json import JsonObject, one_or_many

_WITH_TYPE_AND_ID = ("credentialStatus", "credentialSchema", "refreshService")
_WITH_TYPE = ("termsOfUse", "evidence")


def shape_problems_v1(document: JsonObject) -> tuple[ShapeProblem, ...]:
    """Return every place where the document departs from the data model 1.1.

    Source: VC Data Model 1.1, sections 4.1 to 4.9 and 5.3 to 5.6
    """
    return tuple(_problems(document))


def _problems(document: JsonObject) -> Iterator[ShapeProblem]:
    yield from _context_problems(document)
    yield from member_problems(
        document,
        _period_problems(document),
        with_type_and_id=_WITH_TYPE_AND_ID,
        with_type=_WITH_TYPE,
    )


def _context_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Section 4.1: an ordered set whose first item is the data model's own context."""
    contexts = one_or_many(document.get("@context"))
    if not contexts or contexts[0] != CREDENTIALS_V1:
        yield ShapeProblem("/@context", f"an array that starts with '{CREDENTIALS_V1}'")
        return
    for position, context in enumerate(contexts):
        if context == CREDENTIALS_V2 or (not isinstance(context, dict) and not is_url(context)):
            expected = "a URI or a context object of the same data model"
            yield ShapeProblem(f"/@context/{position}", expected)


def _period_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Sections 4.5 and 4.6; `validFrom` and `validUntil` were reserved for later."""
    instants: dict[str, datetime] = {}
    for member in ("issuanceDate", "expirationDate", "validFrom", "validUntil"):
        if member not in document and member != "issuanceDate":
            continue
        instant = parse_instant(document.get(member))
        if instant is None:
            yield ShapeProblem(f"/{member}", "an instant with a time zone")
        else:
            instants[member] = instant
    start, end = instants.get("issuanceDate"), instants.get("expirationDate")
    if start is not None and end is not None and end < start:
        yield ShapeProblem("/expirationDate", "an instant that is not before issuanceDate")
