"""pyld's expansion with every silent drop turned into a refusal, and its work counted.

Only `json_ld` imports pyld, and only through here, since loading it takes half a second. The class
that adds the refusals is made on first use for the same reason. It overrides methods that pyld does
not publish; `tests/vc/test_json_ld.py` fails for each refusal that a new release would lose.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from skillpassport.vc.contexts import load_context
from skillpassport.vc.json_ld_refusals import (
    BlankNodeNamed,
    JsonLdInvalid,
    JsonLdTooLarge,
    MemberDisguised,
    TermUndefined,
    ValueDropped,
    cause_in_our_words,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

_HIDING = frozenset({"@graph", "@included", "@nest", "@reverse"})
"""Keywords under which statements about the object itself, or about another, can stand."""

_JUDGED: Final = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials/status#",
)
"""Vocabularies by which a credential is judged. A term of theirs is the fragment of its IRI."""

_KEYWORD_LIKE = re.compile(r"@[a-zA-Z]+\Z")
_MAPPINGS_A_UNIT: Final = 50
"""Terms of an active context that are copied in the time of one unit of work."""

_MAX_KEPT: Final = 128
_MAX_KEPT_LETTERS: Final = 8192
"""Contexts that stay processed, and the longest that may: together some tens of megabytes."""

_one_at_a_time = Lock()
"""pyld's caches are not safe under threads, and its work is done under the interpreter's lock anyway."""


def expand(document: JsonObject, *, base: str, folder: Path | None, max_work: int) -> list[Any]:
    """Return the expanded document.

    Raises: JsonLdRefused, ContextUnknown, ContextDamaged
    """
    processor = _processor_class()(max_work)
    try:
        with _one_at_a_time:
            expanded: list[Any] = processor.expand(document, _options(base, folder))
    except RecursionError:
        raise
    except Exception as error:  # hostile contexts make pyld raise nearly anything
        raise cause_in_our_words(error) from error
    return expanded


def load_processor() -> None:
    """Load pyld now, for those who would otherwise wait for it at a worse moment."""
    _processor_class()


def _options(base: str, folder: Path | None) -> dict[str, Any]:
    from pyld.context_resolver import ContextResolver  # noqa: PLC0415  # slow to load

    loader = _loader_of(folder)
    return {
        "base": base,
        "documentLoader": loader,
        "contextResolver": ContextResolver(_read_contexts(folder), loader, max_context_urls=64),
        "processingMode": "json-ld-1.1",
    }


@cache
def _read_contexts(folder: Path | None) -> Any:  # noqa: ARG001  # one store for each folder
    from cachetools import LRUCache  # noqa: PLC0415  # comes with pyld

    class ShortContexts(LRUCache):  # type: ignore[type-arg]
        """Keeps processed contexts by URL or text, save for texts that are long."""

        def __setitem__(self, key: str, value: Any) -> None:
            if len(key) <= _MAX_KEPT_LETTERS:
                super().__setitem__(key, value)

    return ShortContexts(_MAX_KEPT)


def _loader_of(folder: Path | None) -> Callable[[str, object], dict[str, Any]]:
    def load(url: str, _options: object) -> dict[str, Any]:
        document = load_context(url, folder=folder)
        if _imports(document):
            raise JsonLdInvalid("a context with '@import'")
        return {
            "contextUrl": None,
            "documentUrl": url,
            "contentType": "application/ld+json",
            "document": document,
            "tag": "static",  # pyld keeps what carries this
        }

    return load


def _imports(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return "@import" in value or any(_imports(member) for member in value.values())
    return isinstance(value, list) and any(_imports(member) for member in value)


@cache
def _processor_class() -> Any:
    from pyld.jsonld import JsonLdProcessor  # noqa: PLC0415  # slow to load

    return type("SafeProcessor", (_Refusing, JsonLdProcessor), {})


class _Refusing:
    """Stands before pyld's processor: counts, refuses, and passes on."""

    def __init__(self, max_work: int) -> None:
        super().__init__(on_property_dropped=_refuse_member)  # type: ignore[call-arg]
        self._work_left = max_work

    def _spend(self, units: int = 1) -> None:
        self._work_left -= units
        if self._work_left < 0:
            raise JsonLdTooLarge

    def _expand(self, *args: Any, **kwargs: Any) -> Any:
        self._spend()
        expanded = super()._expand(*args, **kwargs)  # type: ignore[misc]
        if expanded is None:
            raise ValueDropped(args[1])
        return expanded

    def _expand_object(self, *args: Any, **kwargs: Any) -> None:
        active_ctx, element = args[0], args[3]
        self._spend(len(element))
        _check_members(self, active_ctx, element)
        super()._expand_object(*args, **kwargs)  # type: ignore[misc]

    def _expand_language_map(self, active_ctx: Any, texts: JsonObject, direction: Any) -> Any:
        for language, values in texts.items():
            self._spend()
            if values is None or None in one_or_many(values):
                raise ValueDropped(language)
        return super()._expand_language_map(active_ctx, texts, direction)  # type: ignore[misc]

    def _create_term_definition(self, *args: Any, **kwargs: Any) -> None:
        self._spend()
        local_ctx, term = args[1], args[2]
        _check_definition(term, local_ctx.get(term))
        super()._create_term_definition(*args, **kwargs)  # type: ignore[misc]

    def _clone_active_context(self, active_ctx: Any) -> Any:
        self._spend(1 + len(active_ctx["mappings"]) // _MAPPINGS_A_UNIT)
        return super()._clone_active_context(active_ctx)  # type: ignore[misc]


def _refuse_member(expanded: str | None) -> None:
    raise TermUndefined(expanded or "a term that its context switches off")


def _check_definition(term: str, definition: JsonValue) -> None:
    """Refuse terms and values in the form of keywords, of which pyld only warns."""
    from pyld.jsonld import KEYWORDS  # noqa: PLC0415  # loaded by now

    texts = [term]
    if isinstance(definition, str):
        texts.append(definition)
    elif isinstance(definition, dict):
        texts += [value for value in definition.values() if isinstance(value, str)]
    if any(_KEYWORD_LIKE.match(text) and text not in KEYWORDS for text in texts):
        raise JsonLdInvalid("a term in the form of a keyword")


def _check_members(processor: Any, active_ctx: Any, element: JsonObject) -> None:
    """Refuse members that state what a term would state, in a form that readers would miss.

    Otherwise the holder of a revoked credential could write its status entry under the full IRI of
    `credentialStatus`, or into an `@included` block: same statements, same signature, no status.
    """
    mappings = active_ctx["mappings"]
    for name, value in element.items():
        expanded = processor._expand_iri(active_ctx, name, vocab=True)  # noqa: SLF001
        if expanded in _HIDING or _is_disguised(mappings, name, element):
            raise MemberDisguised(name)
        if _is_renamed(name, expanded):
            raise MemberDisguised(name)
        if value is None:
            raise ValueDropped(name)
        if expanded == "@value" and len(element) == 1:  # states what the bare value states
            raise MemberDisguised(name)
        if expanded == "@id" and isinstance(value, str) and value.startswith("_:"):
            raise BlankNodeNamed
        if expanded == "@type":
            _check_types(processor, active_ctx, value)


def _is_disguised(mappings: Any, name: str, element: JsonObject) -> bool:
    if name in mappings:
        return False
    if name in {"@id", "@type"}:  # `@type` beside `@value` has no other form
        return "@value" not in element and _has_term(mappings, name)
    return ":" in name


def _is_renamed(name: str, expanded: str | None) -> bool:
    """Return whether a context written for the purpose calls a governing member by another name.

    expanded: None for a term that its context switches off
    """
    if expanded is None or not expanded.startswith(_JUDGED):
        return False
    return expanded.rpartition("#")[2] != name


def _check_types(processor: Any, active_ctx: Any, value: JsonValue) -> None:
    mappings = active_ctx["mappings"]
    for name in one_or_many(value):
        if not isinstance(name, str) or ":" not in name or name in mappings:
            continue
        expanded = processor._expand_iri(active_ctx, name, vocab=True)  # noqa: SLF001
        if _has_term(mappings, expanded):
            raise MemberDisguised(name)


def _has_term(mappings: Any, iri: str) -> bool:
    return any(mapping and mapping.get("@id") == iri for mapping in mappings.values())
