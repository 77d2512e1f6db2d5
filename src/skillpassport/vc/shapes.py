"""Canonical RDF of documents, fast for those of a shape that was seen before.

Documents from one template differ in names, dates and identifiers, not in what their members mean. So
the full JSON-LD processor runs once for each shape, and later documents only fill in their values: a
fiftieth of the time. Whatever is unusual takes the slow way, the full processor within its budget.

A shape is compiled when it comes a second time, so that a stranger who sends a new shape with every
request pays for the slow way alone and pushes nothing out of the cache.
"""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

import orjson

from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.rdfc import HashAlgorithm, canonicalize_dataset
from skillpassport.vc.shapes_compiling import compile_template
from skillpassport.vc.shapes_reading import Read, ShapeUnusual, read
from skillpassport.vc.shapes_template import Template
from skillpassport.vc.strict_json import JsonObject

MAX_SHAPES: Final = 256
MAX_TEMPLATES_OF_A_SHAPE: Final = 4
"""One for each combination of leaves that select terms; more means that the leaves are no leaves."""

MAX_QUADS: Final = 100_000
"""Statements in all templates together, which take about 70 MB; a credential has a hundred."""

MAX_SEEN: Final = 4096
MAX_REMEMBERED: Final = 32
MAX_REMEMBERED_LETTERS: Final = 8 * 1024 * 1024
"""Recent answers of the slow way, and their length together: each proof asks for its document."""


def canonicalize_slowly(
    document: JsonObject,
    *,
    contexts_folder: Path | None = None,
    algorithm: HashAlgorithm = "sha256",
) -> str:
    """Return the canonical N-Quads of a document by the full processor.

    Raises: JsonLdRefused, DatasetTooComplex, NotCanonicalizable, ContextUnknown, ContextDamaged
    Source: JSON-LD 1.1 API, sections 5.1 and 7.1; RDFC-1.0, sections 4 and 5
    """
    expanded = expand_safely(document, contexts_folder=contexts_folder)
    return canonicalize_dataset(quads_of(expanded), algorithm=algorithm).text


class Shapes:
    """Canonicalises documents and remembers their shapes; safe to share between threads."""

    def __init__(self, contexts_folder: Path | None = None) -> None:
        self._folder = contexts_folder
        self._templates: OrderedDict[Hashable, tuple[Template | None, ...]] = OrderedDict()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._quads = 0
        self._answers: OrderedDict[bytes, str | NotCanonicalizable] = OrderedDict()
        self._lock = Lock()

    def canonicalize(self, document: JsonObject, algorithm: HashAlgorithm = "sha256") -> bytes:
        """Return the canonical N-Quads of a document, as UTF-8.

        document: parsed by `strict_json`; it is not changed
        Raises: JsonLdRefused, DatasetTooComplex, NotCanonicalizable, ContextUnknown, ContextDamaged
        """
        try:
            return self._canonical(document, algorithm).encode()
        except UnicodeEncodeError as error:  # half a character
            raise NotCanonicalizable from error

    def knows(self, document: JsonObject, algorithm: HashAlgorithm = "sha256") -> bool:
        """Return whether a document is of a known shape, and so passes the full processor.

        Nothing is canonicalised: it takes a quarter of the time, and never longer.
        """
        try:
            found = read(document)
        except ShapeUnusual:
            return False
        leaves = found.leaves
        return any(
            template is not None and template.fits(leaves) and template.keeps_places(leaves)
            for template in self._templates_of((algorithm, found.shape))
        )

    def canonicalize_quickly(
        self, document: JsonObject, algorithm: HashAlgorithm = "sha256"
    ) -> bytes | None:
        """Return what `canonicalize` does if the shape is known and no two nodes look alike.

        None for every other document, refused ones among them: never longer than a tenth of a
        millisecond for each hundred statements.
        """
        try:
            found = read(document)
            for template in self._templates_of((algorithm, found.shape)):
                if template is not None and template.fits(found.leaves):
                    text = template.filled_quickly(found.leaves)
                    return text.encode() if text is not None else None
        except (ShapeUnusual, NotCanonicalizable, UnicodeEncodeError):
            pass
        return None

    def _canonical(self, document: JsonObject, algorithm: HashAlgorithm) -> str:
        try:
            found = read(document)
        except ShapeUnusual:
            return self._slowly(document, algorithm)
        key = (algorithm, found.shape)
        templates = self._templates_of(key)
        for template in templates:
            if template is not None and template.fits(found.leaves):
                return template.filled(found.leaves)
        text = self._slowly(document, algorithm)
        if self._is_worth_compiling(key, templates):
            self._keep(key, self._compiled(document, found, algorithm, text))
        return text

    def _templates_of(self, key: Hashable) -> tuple[Template | None, ...]:
        with self._lock:
            templates = self._templates.get(key, ())
            if templates:
                self._templates.move_to_end(key)
            return templates

    def _is_worth_compiling(self, key: Hashable, templates: tuple[Template | None, ...]) -> bool:
        if templates:
            return len(templates) < MAX_TEMPLATES_OF_A_SHAPE and None not in templates
        with self._lock:
            was_seen = hash(key) in self._seen
            self._seen[hash(key)] = None
            if len(self._seen) > MAX_SEEN:
                self._seen.popitem(last=False)
        return was_seen

    def _compiled(
        self, document: JsonObject, found: Read, algorithm: HashAlgorithm, expected: str
    ) -> Template | None:
        """Return a template that gives what the slow way gave, or None."""
        template = compile_template(
            document, found.leaves, contexts_folder=self._folder, algorithm=algorithm
        )
        if template is None or not template.fits(found.leaves):
            return None
        return template if template.filled(found.leaves) == expected else None

    def _keep(self, key: Hashable, template: Template | None) -> None:
        with self._lock:
            self._templates[key] = (*self._templates.get(key, ()), template)
            self._quads += _size_of(template)
            while len(self._templates) > MAX_SHAPES or self._quads > MAX_QUADS:
                _, dropped = self._templates.popitem(last=False)
                self._quads -= sum(map(_size_of, dropped))

    def _slowly(self, document: JsonObject, algorithm: HashAlgorithm) -> str:
        """Return the answer of the slow way, which a document with sixteen proofs wants sixteen times."""
        key = _key_of(document, algorithm)
        with self._lock:
            answer = self._answers.get(key) if key else None
        if answer is None:
            answer = self._answer(document, algorithm)
            if key:
                self._remember(key, answer)
        if isinstance(answer, NotCanonicalizable):
            raise copy_of_refusal(answer)
        return answer

    def _remember(self, key: bytes, answer: str | NotCanonicalizable) -> None:
        with self._lock:
            self._answers[key] = answer
            letters = sum(len(each) for each in self._answers.values() if isinstance(each, str))
            while len(self._answers) > MAX_REMEMBERED or (
                letters > MAX_REMEMBERED_LETTERS and len(self._answers) > 1
            ):
                _, dropped = self._answers.popitem(last=False)
                letters -= len(dropped) if isinstance(dropped, str) else 0

    def _answer(self, document: JsonObject, algorithm: HashAlgorithm) -> str | NotCanonicalizable:
        try:
            return canonicalize_slowly(document, contexts_folder=self._folder, algorithm=algorithm)
        except NotCanonicalizable as error:
            return copy_of_refusal(error)


def _size_of(template: Template | None) -> int:
    return len(template.quads) if template else 0


def _key_of(document: JsonObject, algorithm: HashAlgorithm) -> bytes | None:
    try:
        return sha256(algorithm.encode() + orjson.dumps(document)).digest()
    except (TypeError, RecursionError):  # half a character, too deep
        return None


def copy_of_refusal(error: NotCanonicalizable) -> NotCanonicalizable:
    """Return the same refusal without its traceback, which would keep the document in memory."""
    copy = type(error).__new__(type(error))
    copy.args = error.args
    copy.__dict__.update(error.__dict__)
    return copy
