"""Whether somebody other than the bearer vouches for what the members of a document mean.

An RDF cryptosuite signs statements. A bearer who swaps two definitions in a context that is written
into the document, and the names of two members with them, leaves every statement and the signature
as they were, while whoever reads the JSON sees two claims trade places. A context that has a URL
cannot be changed so, since its content is pinned here; nor can ours, whose terms are known;
and a lone `@vocab` gives all members the same prefix, so that none can take the place of another.
Of any other context nobody can say who wrote it.
"""

from typing import Final

from skillpassport.vc.checks.session import of_error
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.json_ld import contexts_in
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.vocabulary import TERMS

_PREFIX_ONLY: Final = frozenset({"@vocab", "@version", "@protected"})
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


def check_vouched_for(document: JsonObject) -> Check | None:
    """Return the check of contexts that a bearer could have changed; None when there are none.

    document: verified under an RDF cryptosuite, so that each URL in it is known
    """
    if all(_is_vouched_for(context) for context in contexts_in(document)):
        return None
    return of_error(CheckName.PROOF, ContextNotVouchedFor(), _SOURCE, outcome=Outcome.UNCHECKED)


def _is_vouched_for(context: JsonValue) -> bool:
    if isinstance(context, str):
        return True
    if not isinstance(context, dict):
        return False
    return _is_part_of(context, TERMS) or _is_prefix_only(context)


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


def _is_prefix_only(context: JsonObject) -> bool:
    vocabulary = context.get("@vocab")
    return (
        context.keys() <= _PREFIX_ONLY
        and isinstance(vocabulary, str)
        and vocabulary.endswith(_ENDS)
    )
