"""Builders for the VC-API: profiles of an organisation, and credentials that others compose."""

from dataclasses import dataclass
from typing import Any

import pytest

from skillpassport.vc.strict_json import JsonObject
from tests.support.awards import register
from tests.support.instances import PUBLIC_URL, Answer, Served

V2 = "https://www.w3.org/ns/credentials/v2"
VOCABULARY: JsonObject = {"@vocab": "https://vocabulary.example/#"}

SECURED = (
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("ecdsa-sd-2023", "P-256"),
    ("vc+jwt", "Ed25519"),
    ("vc+jwt", "P-256"),
    ("vc+jwt", "P-384"),
)
"""Every way in which a credential of the data model is secured, with every key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A provider that signs what others compose."""

    served: Served
    slug: str
    key: str

    def ask_for_profile(self, **changes: object) -> Answer:
        """Ask for a profile: eddsa-jcs-2022 under a did:key, unless told otherwise."""
        wish: dict[str, object] = {
            "slug": "desk",
            "securing": "eddsa-jcs-2022",
            "key_type": "Ed25519",
            "did_method": "key",
            "status": "none",
        }
        path = f"/api/v1/organisations/{self.slug}/signing-profiles"
        return self.served.post(path, wish | changes, self.key)

    def profile(self, **changes: object) -> "Profile":
        """Make a profile."""
        answer = self.ask_for_profile(**changes)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return Profile(desk=self, did=made["did"], id=made["id"], issue_url=made["issue_url"])

    def verify(self, document: object, **options: object) -> Answer:
        """Verify a credential."""
        body = {"verifiableCredential": document, "options": options}
        return self.served.post("/vc/credentials/verify", body)

    def verify_presentation(self, document: object, **options: object) -> Answer:
        """Verify a presentation."""
        body = {"verifiablePresentation": document, "options": options}
        return self.served.post("/vc/presentations/verify", body)

    def derive(self, document: object, *pointers: str) -> Answer:
        """Show part of a credential."""
        options = {"selectivePointers": list(pointers)}
        body = {"verifiableCredential": document, "options": options}
        return self.served.post("/vc/credentials/derive", body)

    def turn(self, **body: object) -> Answer:
        """Change a status."""
        return self.served.post("/vc/credentials/status", body, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile of a desk."""

    desk: Desk
    did: str
    id: str
    issue_url: str

    def ask(self, credential: object, **options: object) -> Answer:
        """Ask for a signature."""
        path = self.issue_url.removeprefix(PUBLIC_URL)
        body = {"credential": credential, "options": options}
        return self.desk.served.post(path, body, self.desk.key)

    def sign(self, credential: object, **options: object) -> Any:  # noqa: ANN401 - JSON
        """Have a credential signed."""
        answer = self.ask(credential, **options)
        assert answer.status_code == 201, answer.text
        return answer.json()["verifiableCredential"]


def composed(**changes: object) -> dict[str, Any]:
    """Return a credential as a client composes it; members given as None are left out."""
    document: dict[str, Any] = {
        "@context": [V2, VOCABULARY],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:somebody", "skill": "welding", "hours": "40"},
    }
    return {name: each for name, each in (document | changes).items() if each is not None}


def a_desk(served: Served) -> Desk:
    """Register a provider that signs what others compose."""
    made = register(served, "college", "provider", country="GH")
    return Desk(served=served, slug="college", key=made.key)


@pytest.fixture
def desk(served: Served) -> Desk:
    """Register a desk over SQLite."""
    return a_desk(served)


@pytest.fixture
def desk_anywhere(served_anywhere: Served) -> Desk:
    """Register the same over each engine in turn."""
    return a_desk(served_anywhere)
