"""Fuzz target: what people search for by name, and the names among which it is looked for."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from sqlalchemy import Connection, create_engine, insert

from skillpassport.credentials.searching import MAX_WORDS as MAX_WORDS_OF_A_PERSON
from skillpassport.credentials.searching import folded_words
from skillpassport.db.tables.taxonomies import taxonomy_terms
from skillpassport.db.term_index import MAX_FOUND, TermIndex
from skillpassport.equivalence.near_titles import MAX_SHOWN, NearTitles
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.searching import (
    MAX_TERM,
    MAX_WORDS,
    best_match,
    is_alike,
    slips_of,
    terms_of,
    words_of,
)
from skillpassport.vc.strict_json import StrictJsonError, parse_object
from skillpassport.web.texts import MAX_TEXT

NAMES: Final = ("specialist nurse", "soudeur/soudeuse", "مُمَرِّضة", "Entry 3", "welder", "4+", "Łódź")
CHANGE: Final = 1
PLAINLY: Final = 12
"""Letters of a word that is also compared in the plain way."""


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a name that is not found by itself.

    data: `query` and `names`, a text and a list of them; or the query alone
    """
    query, names = _given(data)
    assert len(folded_words(query)) <= MAX_WORDS_OF_A_PERSON
    words = words_of(query)
    assert len(words) <= MAX_WORDS
    assert all(0 < len(word) <= MAX_TERM for word in words)
    titles = {fold(name) for name in names}
    assert len(NearTitles.of(titles).near(fold(query))) <= MAX_SHOWN
    for name in names:
        found = best_match({"en": [name]}, query)
        assert found is None or found.name == name
        found = best_match({"en": [name]}, name)
        assert (found is not None and found.rank == 0) == bool(fold(name))
        for word in words:
            for other in words_of(name) if len(word) <= PLAINLY else ():
                assert is_alike(word, other, slips_of(word)) == _is_alike(word, other)
    if names is not NAMES:  # the database takes longer than all the rest
        _look_up(query, names)


def _given(data: bytes) -> tuple[str, Sequence[str]]:
    try:
        given = parse_object(data)
    except StrictJsonError:
        return data.decode("utf-8", "replace")[:MAX_TEXT], NAMES
    names = given.get("names")
    listed = names if isinstance(names, list) else []
    texts = [one[:MAX_TEXT] for one in listed[:20] if isinstance(one, str)]
    return str(given.get("query"))[:MAX_TEXT], texts


def _look_up(query: str, names: Sequence[str]) -> None:
    connection = _connection()
    rows = [
        {"change": CHANGE, "term": term, "concept": number}
        for number, name in enumerate(names)
        for term in terms_of([name])
    ]
    with connection.begin() as transaction:
        if rows:
            connection.execute(insert(taxonomy_terms), rows)
        columns = taxonomy_terms.c
        index = TermIndex(connection, columns.term, columns.concept, columns.change, CHANGE)
        assert len(index.find(query)) <= MAX_FOUND
        for number, name in enumerate(names[:1]):
            if fold(name):
                assert number in index.named(name)
                assert number in index.find(name)
        transaction.rollback()


@cache
def _connection() -> Connection:
    engine = create_engine("sqlite://")
    taxonomy_terms.create(engine)
    return engine.connect()


def _is_alike(word: str, other: str) -> bool:
    """Return the same by the whole matrix, which is slower and plainer."""
    slips = slips_of(word)
    if not slips:
        return word == other
    rows = [[0] * (len(other) + 1) for _ in range(len(word) + 1)]
    for i in range(len(word) + 1):
        for j in range(len(other) + 1):
            if i == 0 or j == 0:
                rows[i][j] = i + j
                continue
            a, b = word[i - 1], other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return min(rows[-1]) <= slips
