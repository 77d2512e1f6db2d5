"""A presentation of the VC Data Model 2.0: what it says, and whether it has the model's shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from skillpassport.vc.model import ShapeProblem, context_problems, has_more_values, is_url
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

VERIFIABLE_PRESENTATION: Final = "VerifiablePresentation"

MAX_CREDENTIALS: Final = 16
"""More than any counter asks for; each may cost proofs, a fetched key and fetched status lists."""

MAX_VALUES: Final = 8_000
"""Members and elements of the whole: a second and a half where nothing of it was seen before and a proof
covers it all once more. Sixteen credentials of the common kind have 1,500."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """A read-only view over a parsed presentation; members of a wrong kind read as absent."""

    document: JsonObject

    @property
    def holder(self) -> str | None:
        """The identifier of the holder as the presentation names it: a claim until it is proven."""
        holder = self.document.get("holder")
        value = holder.get("id") if isinstance(holder, dict) else holder
        return value if isinstance(value, str) else None

    @property
    def credentials(self) -> list[JsonValue]:
        """What is under `verifiableCredential`, unread."""
        return one_or_many(self.document.get("verifiableCredential"))

    @property
    def is_judged_whole(self) -> bool:
        """Whether every credential in it can be looked at; else nothing may be said of all."""
        return (
            not self.is_too_large
            and len(self.credentials) <= MAX_CREDENTIALS
            and all(isinstance(entry, dict) for entry in self.credentials)
        )

    @property
    def is_too_large(self) -> bool:
        """Whether its parts together would cost more than one credential may."""
        return has_more_values(self.document, MAX_VALUES)


def presentation_problems(document: JsonObject) -> tuple[ShapeProblem, ...]:
    """Return every place where the document departs from the data model; none when it follows it.

    Source: VC Data Model 2.0, section 4.13 (Verifiable Presentations)
    """
    return tuple(_problems(document))


def _problems(document: JsonObject) -> Iterator[ShapeProblem]:
    yield from context_problems(document)
    types = one_or_many(document.get("type"))
    if not all(isinstance(entry, str) and entry for entry in types):
        yield ShapeProblem("/type", "names of types")
    elif VERIFIABLE_PRESENTATION not in types:
        yield ShapeProblem("/type", f"'{VERIFIABLE_PRESENTATION}' among the types")
    if "id" in document and not is_url(document["id"]):
        yield ShapeProblem("/id", "one URL")
    if "holder" in document:
        holder = document["holder"]
        if not is_url(holder.get("id") if isinstance(holder, dict) else holder):
            yield ShapeProblem("/holder", "a URL, or an object with one as id")
    if Presentation(document).is_too_large:
        yield ShapeProblem("/", f"at most {MAX_VALUES} values")
    credentials = one_or_many(document.get("verifiableCredential"))
    if len(credentials) > MAX_CREDENTIALS:
        yield ShapeProblem("/verifiableCredential", f"at most {MAX_CREDENTIALS} credentials")
    if not all(isinstance(entry, dict) for entry in credentials):
        yield ShapeProblem("/verifiableCredential", "objects; a token comes in an envelope")
