"""Why a document cannot be read as JSON-LD without losing, or bending, what it says."""

from skillpassport.errors import SkillPassportError
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.quoting import quoted


class JsonLdRefused(NotCanonicalizable):
    """The document cannot be read as JSON-LD without losing what it says."""


class TermUndefined(JsonLdRefused):
    """A member or a type that no context of the document defines."""

    code = "json-ld-term-undefined"

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            "Expected each member and each type to be defined by a context of the document; found "
            f"{quoted(found)}. Remove it, or add the context that defines it."
        )


class IriInvalid(JsonLdRefused):
    """An identifier is not an absolute IRI."""

    code = "json-ld-iri-invalid"

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            "Expected absolute IRIs without spaces as identifiers; found "
            f"{quoted(found)}. Write the whole IRI, for instance one that starts with https: or urn:."
        )


class BlankNodeNamed(JsonLdRefused):
    """The document chooses the name of an anonymous object."""

    code = "json-ld-blank-node-named"

    def __init__(self) -> None:
        super().__init__(
            "Expected objects to have an IRI as id or none; found an id that starts with '_:'. "
            "Leave the id out, or write a URN."
        )


class ValueDropped(JsonLdRefused):
    """A value that states nothing, and so would not be signed."""

    code = "json-ld-value-dropped"

    def __init__(self, member: str | None) -> None:
        self.member = member
        super().__init__(
            "Expected every value to become a statement; found one that says nothing in "
            f"{quoted(member or 'the document')}. Leave out what is null or without meaning there."
        )


class MemberDisguised(JsonLdRefused):
    """A member says by another form what a term of the context would say."""

    code = "json-ld-member-disguised"

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(
            "Expected members under the terms of their contexts, each object in one place; found "
            f"{quoted(member)}, which readers of JSON would miss. Write the document in its plain "
            "(compacted) form."
        )


class JsonLdInvalid(JsonLdRefused):
    """The document breaks a rule of JSON-LD, for instance by redefining a protected term."""

    code = "json-ld-invalid"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"Expected valid JSON-LD 1.1; found this problem: {problem:.80}. "
            "Correct the document or its contexts."
        )


class JsonLdTooLarge(JsonLdRefused):
    """Expanding the document would not end in time."""

    code = "json-ld-too-large"

    def __init__(self, found: str = "more members or terms") -> None:
        super().__init__(
            f"Expected a document that can be expanded in a second; found {found}. "
            "Send a smaller document, or name known contexts instead of writing terms into it."
        )


def cause_in_our_words(error: Exception) -> SkillPassportError:
    """Return what a foreign exception was raised from, where that is ours, else a refusal."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SkillPassportError):
            return cause
        cause = cause.__cause__
    return JsonLdInvalid(str(getattr(error, "code", None) or type(error).__name__))
