"""An award as an SD-JWT VC: claims under a type, of which the holder shows as many as are asked for.

Follows the Internet-Draft "SD-JWT-based Verifiable Digital Credentials", section 3.2, RFC 7519 for the
registered claims and OpenID Connect Core 1.0, section 5.1, for `name` and `birthdate`. What was
awarded stands in the words of Open Badges 3.0, as in the other forms. Whatever is about the person is
disclosed one by one; what was awarded, by whom and until when is always shown, since without it the
credential says nothing.

The type is a URN, the same at every instance: whoever asks for credentials of this type gets those of
every issuer, and nobody's address is asked when one is verified. Its metadata are served beside the
schemas.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from skillpassport.clock import first_instant, last_instant
from skillpassport.credentials.documents import (
    Issuance,
    achievement_of,
    evidence_of,
    own_terms_of,
)
from skillpassport.credentials.model import Award, Subject
from skillpassport.errors import SkillPassportError
from skillpassport.languages import in_language
from skillpassport.schemas import AWARD_CLAIMS
from skillpassport.vc.controllers import AUTHENTICATION, MethodError, find_verification_method
from skillpassport.vc.did import COMPUTED_METHODS, DidError, own_verification_method, parse_did
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.sdjwt.credential import VCT
from skillpassport.vc.sdjwt.revealing import WITHHELD, Path, Revealed
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.token_status import STATUS, StatusReference

SKILLS_TYPE: Final = "urn:skillpassport:type:skills-credential:1"
"""The `vct` of an award. Another meaning of a claim takes another number."""

DISCLOSABLE: Final = ("name", "name_mrz", "birthdate", "sub", "results", "evidence")
"""Claims that the holder may withhold; each element of the last two by itself as well."""

_LISTS: Final = ("results", "evidence")
_BOUND_METHODS: Final = tuple(f"did:{method}:" for method in COMPUTED_METHODS)


class AwardClaims:
    """Builds the claims of an award, before any of them is concealed."""

    purposes: tuple[str, ...] = ("revocation", "suspension")
    status_form = StatusForm.TOKEN
    schema = AWARD_CLAIMS

    def build(self, award: Award, issuance: Issuance) -> JsonObject:
        """Return the claims, with the key of the holder where the subject's id is one.

        Raises: HolderKeyUnusable
        """
        entry, *_ = issuance.statuses  # one position tells of both purposes
        claims: JsonObject = {
            VCT: SKILLS_TYPE,
            "iss": issuance.issuer.did,
            "jti": issuance.document_id,
            "nbf": _seconds(first_instant(award.awarded_on)),
            "awarded_on": award.awarded_on.isoformat(),
            STATUS: StatusReference(uri=entry.list_url, index=entry.index).as_claim(),
            "issuer": {"name": in_language(issuance.issuer.name, award.language)},
            "achievement": _achievement(award, issuance),
            "identity_check": award.identity_check.value,
        }
        if award.valid_until is not None:
            claims["exp"] = _seconds(last_instant(award.valid_until))
        if issuance.accreditation_uri is not None:
            claims["accreditation"] = issuance.accreditation_uri
        if issuance.supersedes is not None:
            claims["supersedes"] = issuance.supersedes
        if issuance.issuer.sandbox:
            claims["sandbox"] = True
        return claims | _of_person(award)


def disclosable_paths(claims: JsonObject) -> tuple[Path, ...]:
    """Return the path of each claim that the holder may withhold.

    claims: as `AwardClaims` builds them
    """
    return tuple(_disclosable(claims))


def not_shown(revealed: Revealed) -> tuple[str, ...]:
    """Return which claims of the type the holder does not show; none where all digests are known.

    Whether the credential holds each of them cannot be told from the digests.
    """
    claims = revealed.as_issued
    hidden = DISCLOSABLE if () in revealed.partly_withheld else ()
    absent = [name for name in hidden if name not in claims]
    partly = [name for name in _LISTS if _has_gaps(claims.get(name))]
    return (*absent, *partly)


def _disclosable(claims: JsonObject) -> Iterator[Path]:
    for name in DISCLOSABLE:
        if name in claims:
            yield (name,)
    for name in _LISTS:
        elements = claims.get(name)
        for position in range(len(elements) if isinstance(elements, list) else 0):
            yield (name, position)


def _has_gaps(value: object) -> bool:
    return isinstance(value, list) and any(each is WITHHELD for each in value)


def _achievement(award: Award, issuance: Issuance) -> JsonObject:
    # Without the results, whose names alone would tell what was assessed.
    bare = replace(award, results={})
    achievement = achievement_of(bare, issuance) | own_terms_of(bare, issuance)
    if issuance.issuer.sandbox:
        achievement["name"] = f"TEST {achievement['name']}"
    return achievement


def _of_person(award: Award) -> JsonObject:
    subject = award.subject
    claims: JsonObject = {"name": subject.name}
    if subject.name_in_mrz is not None:
        claims["name_mrz"] = subject.name_in_mrz
    if subject.birth_date is not None:
        claims["birthdate"] = subject.birth_date.isoformat()
    if subject.id is not None:
        claims["sub"] = subject.id
    if award.results:
        claims["results"] = [
            {"name": name, "value": value} for name, value in award.results.items()
        ]
    if award.evidence:
        claims["evidence"] = [evidence_of(each) for each in award.evidence]
    key = holder_key_of(subject)
    return claims | ({"cnf": {"jwk": key.jwk}} if key else {})


def holder_key_of(subject: Subject) -> PublicKey | None:
    """Return the key that the subject's id is, None where it is another kind of id.

    Raises: HolderKeyUnusable, since a credential meant to be bound would silently be anybody's
    Source: RFC 7800, section 3.2
    """
    if subject.id is None or not subject.id.startswith(_BOUND_METHODS):
        return None
    try:
        document = COMPUTED_METHODS[parse_did(subject.id).method].resolve(subject.id)
        method = find_verification_method(document, own_verification_method(subject.id))
    except (DidError, MethodError) as error:
        raise HolderKeyUnusable from error
    if AUTHENTICATION not in document:  # a key that is meant for encryption
        raise HolderKeyUnusable
    return method.public_key


def _seconds(instant: str) -> int:
    """Return seconds since 1970; what lies before is as good as its beginning."""
    return max(0, int(datetime.fromisoformat(instant).timestamp()))


class HolderKeyUnusable(SkillPassportError):
    """The subject's id is a key by its form, and cannot be read as one."""

    code = "holder-key-unusable"

    def __init__(self) -> None:
        super().__init__(
            "Expected a did:key or did:jwk of a key that signs as the subject's id, found one that "
            "is not read here; correct it, or leave it out."
        )
