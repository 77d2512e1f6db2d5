"""Whether somebody other than the bearer vouches for what the members of a document mean.

An RDF cryptosuite signs statements. A bearer who swaps two definitions in a context that is written
into the document, and the names of two members with them, leaves every statement and the signature
as they were, while whoever reads the JSON sees two claims trade places. A context that has a URL
cannot be changed so, since its content is pinned here; nor can ours, whose terms are known;
a `@vocab` gives all members the same prefix; and where each term is the end of the IRI that it stands
for, no member can take the place of another. Of any other context nobody can say who wrote it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final, TypeGuard

from skillpassport.vc.checks.session import of_error
from skillpassport.vc.contexts import load_context
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.json_ld import contexts_in
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.vocabulary import TERMS

_KEYWORDS: Final = frozenset({"@vocab", "@version", "@protected"})
_DEFINING: Final = frozenset({"@id", "@type", "@container", "@protected", "@context"})
_CONTAINERS: Final = ("@set", "@list", "@language", None)
_ENDS: Final = ("/", "#", ":")
"""How a vocabulary ends; `https://a.example/last` could turn a `name` into the `lastname` of another."""

_SOURCE: Final = "Data Integrity 1.0, Context Validation"


class ContextNotVouchedFor(NotCanonicalizable):
    """Terms are defined inside the document by a context that nobody published."""

    code = "context-not-vouched-for"

    def __init__(self) -> None:
        super().__init__(
            "Expected terms from published contexts, since this signature covers what is stated and "
            "not what the members are called; found terms that are defined inside the document, where "
            "its bearer could have changed them. Ask the issuer for a document with published "
            "contexts, or one under a JCS cryptosuite."
        )


def check_vouched_for(document: JsonObject, folder: Path | None = None) -> Check | None:
    """Return the check of contexts that a bearer could have changed; None when there are none.

    document: verified under an RDF cryptosuite, so that each URL in it is known
    folder: holds further contexts, as for `load_context`
    """
    contexts = list(contexts_in(document))
    unknown = [
        context
        for context in contexts
        if not isinstance(context, str) and not _is_part_of(context, TERMS)
    ]
    if not unknown:
        return None
    published = _published_terms(frozenset(filter(_is_address, contexts)), folder)
    if all(_names_its_terms(context, published) for context in unknown):
        return None
    return of_error(CheckName.PROOF, ContextNotVouchedFor(), _SOURCE, outcome=Outcome.UNCHECKED)


@lru_cache(maxsize=64)
def _published_terms(urls: frozenset[str], folder: Path | None) -> frozenset[str]:
    """Return every term that the named contexts define, on whatever level."""
    found: set[str] = set()
    waiting: list[JsonValue] = [load_context(url, folder=folder) for url in urls]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            found.update(name for name in value if not name.startswith("@"))
            waiting.extend(value.values())
    return frozenset(found)


def _is_address(context: JsonValue) -> TypeGuard[str]:
    return isinstance(context, str)


def _is_part_of(context: JsonValue, ours: JsonValue) -> bool:
    """Return whether a context defines nothing but terms of ours, and those as we do.

    A part, since a later version of ours may have more terms; what it leaves out has no other meaning
    by that.
    """
    if not isinstance(context, dict) or not isinstance(ours, dict):
        return False
    return context.get("@protected") is True and all(
        _is_ours(definition, ours.get(name)) for name, definition in context.items()
    )


def _is_ours(definition: JsonValue, ours: JsonValue) -> bool:
    if definition == ours:
        return ours is not None
    if not isinstance(definition, dict) or not isinstance(ours, dict):
        return False
    others = {name: ours.get(name) for name in ours.keys() | definition.keys()}
    scoped, own_scoped = definition.get("@context"), others.pop("@context", None)
    rest = {name: value for name, value in definition.items() if name != "@context"}
    return rest == others and _is_part_of(scoped, own_scoped)


def _names_its_terms(context: JsonValue, published: frozenset[str]) -> bool:
    """Return whether each term is the end of its IRI, and none has a published meaning besides."""
    if not isinstance(context, dict):
        return False
    vocabulary = context.get("@vocab")
    if "@vocab" in context and not _is_whole(vocabulary):
        return False
    terms = {name: each for name, each in context.items() if name not in _KEYWORDS}
    return published.isdisjoint(terms) and all(
        _names_itself(name, each, published, under_vocabulary="@vocab" in context)
        for name, each in terms.items()
    )


def _is_whole(vocabulary: JsonValue) -> bool:
    return isinstance(vocabulary, str) and vocabulary.endswith(_ENDS)


def _names_itself(
    name: str, definition: JsonValue, published: frozenset[str], *, under_vocabulary: bool
) -> bool:
    if not name or any(mark in name for mark in (*_ENDS, "@")):
        return False
    if isinstance(definition, str):
        return _ends_with(definition, name)
    if not isinstance(definition, dict) or not definition.keys() <= _DEFINING:
        return False
    iri = definition.get("@id")
    if "@container" in definition and definition["@container"] not in _CONTAINERS:
        return False
    if "@context" in definition and not _names_its_terms(definition["@context"], published):
        return False
    return under_vocabulary if iri is None else isinstance(iri, str) and _ends_with(iri, name)


def _ends_with(iri: str, name: str) -> bool:
    """Return whether an absolute IRI is a vocabulary followed by a name."""
    vocabulary = iri.removesuffix(name)
    return vocabulary != iri and ":" in vocabulary and _is_whole(vocabulary)
