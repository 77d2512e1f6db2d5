"""Whether the document follows the data model, and whether it holds at this instant."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from skillpassport.vc.checks.session import Session, passed
from skillpassport.vc.contexts import CREDENTIALS_V1, CREDENTIALS_V2, is_known, load_context
from skillpassport.vc.jose import Jws, JwtClaimRefused, numeric_date
from skillpassport.vc.model import Credential, ShapeProblem, is_data_model_1, shape_problems
from skillpassport.vc.model_v1 import shape_problems_v1
from skillpassport.vc.quoting import quoted
from skillpassport.vc.related_resources import digest_problems
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject, one_or_many

_MODEL_SOURCE = "VC Data Model 2.0, section 4"
_TIME_SOURCE = "VC Data Model 2.0, section 4.9"
_MAX_NAMED_PROBLEMS = 5


def check_data_model(document: JsonObject, session: Session) -> Check:
    """Return whether a document has the shape of the data model's version that it names."""
    if is_data_model_1(document):
        return check_model(document, shape_problems_v1(document), session)
    departures = [*shape_problems(document), *digest_problems(document)]
    return check_model(document, departures, session)


def check_model(
    document: JsonObject, departures: Sequence[ShapeProblem], session: Session
) -> Check:
    """Return whether a document follows the data model, in its shape and in its contexts.

    departures: where its shape departs from the model
    """
    problems = [f"'{p.pointer}' should be {p.expected}" for p in departures]
    problems += [f"{quoted(term)} may not be redefined" for term in redefined_terms(document)]
    if problems:
        named = "; ".join(problems[:_MAX_NAMED_PROBLEMS])
        return Check(
            CheckName.DATA_MODEL,
            Outcome.FAILED,
            "credential-malformed",
            f"The document departs from the data model: {named:.600}.",
            remedy="Ask the issuer for a document that follows the VC Data Model 2.0.",
            source=_MODEL_SOURCE,
        )
    if _has_unknown_context(document, session):
        return Check(
            CheckName.DATA_MODEL,
            Outcome.WARNED,
            "context-unknown",
            "The document uses a vocabulary that is not known here; its terms were not checked.",
            remedy="Add the JSON-LD context to the contexts folder.",
            source=_MODEL_SOURCE,
        )
    message = "The document follows the data model."
    return passed(CheckName.DATA_MODEL, "credential-well-formed", message, _MODEL_SOURCE)


def check_time(credential: Credential, jws: Jws | None, session: Session) -> Check:
    """Return whether a credential is in force at the session's instant; both ends are inclusive."""
    starts, ends = list(_starts(credential, jws)), list(_ends(credential, jws))
    skew = session.policy.clock_skew
    if starts and session.now + skew < max(starts):
        return _outside(
            "credential-not-yet-valid",
            f"The credential is valid from {max(starts).isoformat()}.",
            "Check again from that day on.",
        )
    if ends and min(ends) < session.now - skew:
        return _outside(
            "credential-expired",
            f"The credential was valid until {min(ends).isoformat()}.",
            "Ask the holder for a renewed credential.",
        )
    return passed(
        CheckName.TIME, "credential-in-force", "The credential is in force.", _TIME_SOURCE
    )


def _outside(code: str, message: str, remedy: str) -> Check:
    return Check(CheckName.TIME, Outcome.FAILED, code, message, remedy=remedy, source=_TIME_SOURCE)


def _starts(credential: Credential, jws: Jws | None) -> Iterator[datetime]:
    if credential.valid_from:
        yield credential.valid_from
    yield from _claimed(jws, "nbf")


def _ends(credential: Credential, jws: Jws | None) -> Iterator[datetime]:
    if credential.valid_until:
        yield credential.valid_until
    yield from _claimed(jws, "exp")


def _claimed(jws: Jws | None, claim: str) -> Iterator[datetime]:
    """Yield a date claim of the token; one of the wrong kind is named by the parsing check."""
    try:
        instant = numeric_date(jws.payload, claim) if jws else None
    except JwtClaimRefused:
        return
    if instant is not None:
        yield instant


def redefined_terms(document: JsonObject) -> Iterator[str]:
    """Yield terms of protected contexts that a context inside the document defines again.

    Source: JSON-LD 1.1, section 4.1.11 (Protected Term Definitions)
    """
    inside = [each for each in one_or_many(document.get("@context")) if isinstance(each, dict)]
    if not inside:
        return
    own = CREDENTIALS_V1 if is_data_model_1(document) else CREDENTIALS_V2
    terms = load_context(own)["@context"]
    protected = set(terms) if isinstance(terms, dict) else set()
    for context in inside:
        yield from sorted(t for t in context if t in protected and not t.startswith("@"))
        if context.get("@protected") is True:
            protected |= context.keys()


def _has_unknown_context(document: JsonObject, session: Session) -> bool:
    folder = session.policy.contexts_folder
    urls = [c for c in one_or_many(document.get("@context")) if isinstance(c, str)]
    return not all(is_known(url, folder=folder) for url in urls)
