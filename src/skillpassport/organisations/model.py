"""Organisations: who issues, accredits, verifies and represents."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from urllib.parse import quote, urlsplit

from skillpassport.errors import SkillPassportError
from skillpassport.languages import LanguageMap

OrganisationId = NewType("OrganisationId", str)

SERVICE = OrganisationId("service")
"""Owner of the instance's own keys: they sign the heads of the log and nothing else."""

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
DEFAULT_LATE_ISSUE_DAYS = 180


class OrganisationKind(StrEnum):
    """What an organisation is; an authority is a root of trust."""

    AUTHORITY = "authority"
    PROVIDER = "provider"
    ASSESSOR = "assessor"
    EMPLOYER = "employer"
    EMPLOYERS_ORGANISATION = "employers_organisation"
    WORKERS_ORGANISATION = "workers_organisation"
    MINISTRY = "ministry"
    PLACEMENT_SERVICE = "placement_service"

    @property
    def awards(self) -> bool:
        """Whether organisations of this kind may define achievements and award them."""
        return self in _AWARDING


_AWARDING = frozenset(
    {OrganisationKind.AUTHORITY, OrganisationKind.PROVIDER, OrganisationKind.ASSESSOR}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation as registered; its DID never changes afterwards.

    country: ISO 3166-1 alpha-2
    jurisdictions, frameworks: what is in an authority's remit beyond its country
    sandbox: a rehearsal tenant, whose credentials no verifier accepts
    demonstration: made up to show the product; verdicts on its awards say so
    late_issue_days: how long after the end of an accreditation awards may still be recorded
    """

    id: OrganisationId
    slug: str
    name: LanguageMap
    kind: OrganisationKind
    country: str
    did: str
    registered_at: datetime
    jurisdictions: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    sandbox: bool = False
    demonstration: bool = False
    late_issue_days: int = DEFAULT_LATE_ISSUE_DAYS

    @property
    def is_authority(self) -> bool:
        """Whether this organisation vouches for others."""
        return self.kind is OrganisationKind.AUTHORITY


def jurisdiction_of(framework_id: str) -> str:
    """Return the jurisdiction part of a framework id: `NO:NKR` is of `NO`."""
    return framework_id.partition(":")[0]


def covers_jurisdiction(authority: Organisation, jurisdiction: str) -> bool:
    """Return whether a jurisdiction is in an authority's remit.

    Its country is, with that country's ISO 3166-2 parts (`GB` covers `GB-SCT` and the joint
    `GB-ENG+NIR`), and so is what its registration names.
    """
    country = jurisdiction.partition("-")[0]
    named = {authority.country, *authority.jurisdictions}
    return not named.isdisjoint({country, jurisdiction})


def covers_framework(authority: Organisation, framework_id: str) -> bool:
    """Return whether a framework is in an authority's remit."""
    return framework_id in authority.frameworks or covers_jurisdiction(
        authority, jurisdiction_of(framework_id)
    )


def organisation_did(public_url: str, slug: str) -> str:
    """Return the did:web of an organisation under an instance's public address.

    Source: did:web method specification, section 3.2 (a port is percent-encoded)
    """
    return f"{service_did(public_url)}:orgs:{slug}"


def service_did(public_url: str) -> str:
    """Return the did:web of the instance itself."""
    parts = urlsplit(public_url)
    path = "".join(f":{quote(segment, safe='')}" for segment in parts.path.split("/") if segment)
    return f"did:web:{quote(parts.netloc, safe='')}{path}"


class OrganisationUnknown(SkillPassportError):
    """No organisation has this id or slug, or the caller may not see it."""

    code = "organisation-unknown"

    def __init__(self) -> None:
        super().__init__("No such organisation was found; check the id or slug.")


class SlugTaken(SkillPassportError):
    """Another organisation, or another achievement of the same one, has this slug."""

    code = "slug-taken"
    public = ("slug",)

    def __init__(self, slug: str) -> None:
        super().__init__(f"The slug '{slug}' is taken already; choose another.")
        self.slug = slug
