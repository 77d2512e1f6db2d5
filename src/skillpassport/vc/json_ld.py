"""JSON-LD expansion in safe mode: what the members of a document mean, or a refusal.

An RDF cryptosuite signs statements and not letters. A member that no context defines states nothing:
it would stay in the document, be read by people, and be signed by nobody. The algorithms of JSON-LD
drop such members silently; here whatever they would drop refuses the document. So does a member
that says its thing in a form in which readers of JSON do not look for it, such as a status entry
under the full IRI of `credentialStatus`: the statements and the signature would be the same.

Expansion itself is pyld's; it is loaded on first use, since that takes half a second. Contexts come
from `contexts` and are never fetched.

Follows JSON-LD 1.1 Processing Algorithms and API, section 5. Departs from it by refusing `@import`,
`@graph`, `@included`, `@nest` and `@reverse` as members, names of members with a colon that are no
terms, other names for the terms of the W3C's credential and status vocabularies, nulls, and relative
IRIs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from skillpassport.vc.contexts import load_context
from skillpassport.vc.json_ld_processor import expand
from skillpassport.vc.json_ld_refusals import JsonLdInvalid, JsonLdTooLarge, ValueDropped
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

MAX_WORK: Final = 40_000
"""Units of work: one for each value that is expanded and each term that is defined.

Less than a second. A credential of 3.5 kB needs 400; the largest that are published, some thousand.
"""

MAX_CONTEXTS: Final = 32
"""Contexts in one document, wherever they stand; published documents have up to five."""

MAX_INLINE_MEMBERS: Final = 1000
"""Members of all contexts that are written into one document; our own have about a hundred."""

RELATIVE_BASE: Final = "relative-iri:"
"""How an IRI starts that was relative: resolved against a scheme of our own, which `//host` keeps."""

_AUTHORITY: Final = "//document/"
_CONTAINERS: Final = (dict, list)


def expand_safely(
    document: JsonObject, *, contexts_folder: Path | None = None, max_work: int = MAX_WORK
) -> list[Any]:
    """Return the expanded document: one node object, nothing dropped on the way.

    Relative IRIs are not refused yet but start with `RELATIVE_BASE`; `json_ld_rdf` refuses them.

    contexts_folder: see `contexts.load_context`
    Raises: JsonLdRefused, ContextUnknown, ContextDamaged
    Source: JSON-LD 1.1 API, section 5.1.2 (Expansion Algorithm)
    """
    check_contexts(document, contexts_folder)
    try:
        expanded = expand(
            document, base=RELATIVE_BASE + _AUTHORITY, folder=contexts_folder, max_work=max_work
        )
    except RecursionError as error:
        raise JsonLdTooLarge("deeper nesting") from error
    if len(expanded) != 1:
        raise ValueDropped(None)
    return expanded


def as_written(iri: str) -> str:
    """Return an IRI as it stood in the document, when it was relative there."""
    return iri.removeprefix(RELATIVE_BASE).removeprefix(_AUTHORITY)


def contexts_in(value: JsonValue) -> Iterator[JsonValue]:
    """Yield every context that a document names or carries, at any depth, in no order."""
    if isinstance(value, dict) and "@context" in value and _says_once(value, b'"@context"'):
        yield from _listed(value["@context"])
        return
    waiting: list[JsonValue] = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            for name, member in found.items():
                if name == "@context":
                    yield from _listed(member)
                elif isinstance(member, _CONTAINERS):  # most are texts, which hold none
                    waiting.append(member)


def _listed(contexts: JsonValue) -> list[JsonValue]:
    return contexts if isinstance(contexts, list) else [contexts]


def _says_once(document: JsonObject, name: bytes) -> bool:
    """Return whether a quoted name stands once in all that a document says.

    Writing it out is quicker than walking through it. Inside a text the quotation marks would be
    escaped; a text that is the name alone is counted as well, and then the document is walked.
    """
    try:
        return orjson.dumps(document).count(name) == 1
    except (TypeError, RecursionError):  # half a character, too deep
        return False


def check_contexts(document: JsonObject, folder: Path | None) -> None:
    """Refuse a document whose contexts are not at hand, too many, or of a kind not read here.

    Raises: ContextUnknown, ContextDamaged, JsonLdInvalid, JsonLdTooLarge
    """
    members = 0
    for number, context in enumerate(contexts_in(document)):
        if number >= MAX_CONTEXTS:
            raise JsonLdTooLarge(f"more than {MAX_CONTEXTS} contexts")
        if isinstance(context, str):
            load_context(context, folder=folder)
        elif isinstance(context, dict):
            members += _checked_members(context, folder)
            if members > MAX_INLINE_MEMBERS:
                raise JsonLdTooLarge(f"contexts with more than {MAX_INLINE_MEMBERS} members inside")
        elif context is not None:
            raise JsonLdInvalid("a context that is neither a URL nor an object")


def _checked_members(context: JsonObject, folder: Path | None) -> int:
    """Return the number of members of an inline context, at all depths.

    `@import` is refused because pyld writes what is imported into the shared context document.
    """
    members = 0
    waiting: list[JsonValue] = [context]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            members += len(found)
            if "@import" in found:
                raise JsonLdInvalid("a context with '@import'")
            for scoped in one_or_many(found.get("@context")):
                if isinstance(scoped, str):
                    load_context(scoped, folder=folder)
            waiting.extend(found.values())
    return members
