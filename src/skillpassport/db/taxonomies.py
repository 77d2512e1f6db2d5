"""Classifications as they are stored: found by code, URI and name, each version whole.

This service uses the ESCO classification of the European Commission.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, or_, select

from skillpassport.db.bulk import Values, as_json, bulk_change
from skillpassport.db.log import Recorder
from skillpassport.db.tables.taxonomies import (
    taxonomies,
    taxonomy_concepts,
    taxonomy_relations,
    taxonomy_terms,
)
from skillpassport.db.term_index import TermIndex
from skillpassport.frameworks.searching import all_names, best_match, terms_of
from skillpassport.frameworks.taxonomies.catalogue import ConceptSearch, FoundConcept
from skillpassport.frameworks.taxonomies.model import (
    Concept,
    ConceptKind,
    ConceptUnknown,
    Related,
    RelationKind,
    Scheme,
    Taxonomy,
    TaxonomyContent,
    TaxonomyUnknown,
)
from skillpassport.transparency.entries import Kind

_IN_ONE_STATEMENT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyChange:
    """What bringing in a version came to, in concepts; `taxonomy` is what holds now."""

    taxonomy: Taxonomy
    added: int
    changed: int
    unchanged: int
    gone: int


class TaxonomyStore:
    """The classifications within one transaction; a `TaxonomyCatalogue`."""

    def __init__(self, connection: Connection, record: Recorder) -> None:
        self._connection = connection
        self._record = record

    def all(self) -> Sequence[Taxonomy]:
        """Return every version that is known, each as it was brought in last."""
        query = select(taxonomies).order_by(taxonomies.c.revision)
        rows = self._connection.execute(query).mappings()
        newest = {(row["scheme"], row["version"]): _taxonomy(row) for row in rows}
        return sorted(newest.values(), key=lambda each: (each.scheme, _version_key(each.version)))

    def named(self, text: str) -> Taxonomy:
        """Return a classification by its scheme, in its newest version, or by `scheme@version`.

        Raises: TaxonomyUnknown
        """
        known = self.all()
        scheme, _, version = text.partition("@")
        for taxonomy in reversed(known):
            if taxonomy.scheme == scheme and version in {"", taxonomy.version}:
                return taxonomy
        raise TaxonomyUnknown([each.name for each in known])

    def concept(self, taxonomy: Taxonomy, reference: str) -> Concept:
        """Return a concept by its URI or code.

        Raises: ConceptUnknown
        """
        return _concept(self._row(taxonomy, reference))

    def concepts(
        self, taxonomy: Taxonomy, *, kind: ConceptKind | None, after: str | None, limit: int
    ) -> Sequence[Concept]:
        """Return concepts in the order of their URIs, those behind one of them."""
        query = select(taxonomy_concepts).where(taxonomy_concepts.c.change == taxonomy.change)
        if kind is not None:
            query = query.where(taxonomy_concepts.c.kind == kind.value)
        if after is not None:
            query = query.where(taxonomy_concepts.c.uri > after)
        rows = self._connection.execute(query.order_by(taxonomy_concepts.c.uri).limit(limit))
        return [_concept(row) for row in rows.mappings()]

    def search(
        self, taxonomy: Taxonomy, wanted: ConceptSearch, *, limit: int
    ) -> Sequence[FoundConcept]:
        """Return the concepts whose names answer a search best, best first."""
        numbers = self._terms(taxonomy).find(wanted.text)
        found = []
        for concept in self._numbered(taxonomy, numbers):
            if wanted.kind is None or concept.kind is wanted.kind:
                names = all_names(concept.labels, concept.alternatives)
                match = best_match(names, wanted.text, wanted.language)
                if match is not None:
                    found.append(FoundConcept(concept=concept, match=match))
        found.sort(key=lambda each: (*each.match.order, each.concept.uri))
        return found[:limit]

    def labelled(self, taxonomy: Taxonomy, label: str) -> Sequence[Concept]:
        """Return the concepts that have a name equal to this after folding, in any language."""
        return self._numbered(taxonomy, self._terms(taxonomy).named(label))

    def related(
        self, taxonomy: Taxonomy, uri: str, kind: RelationKind | None = None
    ) -> Sequence[Related]:
        """Return what a concept relates to: wider concepts, the skills of an occupation.

        Raises: ConceptUnknown
        """
        return self._relations(taxonomy, uri, kind, near="source", far="target")

    def relating(
        self, taxonomy: Taxonomy, uri: str, kind: RelationKind | None = None
    ) -> Sequence[Related]:
        """Return what relates to a concept: narrower concepts, the occupations of a skill.

        Raises: ConceptUnknown
        """
        return self._relations(taxonomy, uri, kind, near="target", far="source")

    def add(
        self,
        content: TaxonomyContent,
        *,
        origin: str,
        now: Callable[[], datetime],
        progress: Callable[[int, int], None] = lambda _more, _of: None,
    ) -> TaxonomyChange:
        """Bring in a version of a classification; nothing happens when this very content is there.

        origin: how it came in, in words
        now: asked for once something is to be written
        progress: told how many more rows are done, and of how many
        """
        known = self._newest(content.scheme, content.version)
        digest = content.digest()
        if known is not None and known.content_digest == digest:
            same = len(content.concepts)
            return TaxonomyChange(taxonomy=known, added=0, changed=0, unchanged=same, gone=0)
        before = {} if known is None else self._texts(known)
        numbers = _numbers(content)
        unchanged = sum(
            before.get(each.uri) == _concept_row(each, 0, 0) for each in content.concepts
        )
        there = len(numbers.keys() & before.keys())
        terms = _terms(content, numbers)
        # Each row counts twice, since it is read back.
        total = 2 * (len(numbers) + len(content.relations) + len(terms))
        with bulk_change(
            self._connection,
            self._record,
            origin=origin,
            now=now(),
            progress=lambda more: progress(more, total),
        ) as change:
            change.write(taxonomy_concepts, _concept_rows(content, numbers, change.number))
            change.write(taxonomy_relations, _relation_rows(content, numbers, change.number))
            change.write(
                taxonomy_terms, ((change.number, term, concept) for term, concept in terms)
            )
            number = change.number
        return TaxonomyChange(
            taxonomy=self._write(content, digest, number, known, origin),
            added=len(numbers) - there,
            changed=there - unchanged,
            unchanged=unchanged,
            gone=len(before) - there,
        )

    def _write(
        self,
        content: TaxonomyContent,
        digest: str,
        change: int,
        known: Taxonomy | None,
        origin: str,
    ) -> Taxonomy:
        row = {
            "scheme": content.scheme.value,
            "version": content.version,
            "revision": 1 if known is None else known.revision + 1,
            "change": change,
            "languages": list(content.languages),
            "counts": content.counts,
            "content_digest": digest,
            "origin": origin,
        }
        self._connection.execute(insert(taxonomies), [row])
        self._record(Kind.REGISTRY_EDITED, taxonomies, row)
        return _taxonomy(row)

    def was_read_from(self, scheme: Scheme, version: str, file_digest: str) -> Taxonomy | None:
        """Return a version, if a file with this digest was the last to bring it in.

        file_digest: as the origin of the import ends with it
        """
        known = self._newest(scheme, version)
        if known is None:
            return None
        query = select(taxonomies.c.origin).where(
            taxonomies.c.scheme == scheme.value,
            taxonomies.c.version == version,
            taxonomies.c.revision == known.revision,
        )
        origin = str(self._connection.scalar(query))
        return known if origin.endswith(f" {file_digest}") else None

    def _newest(self, scheme: Scheme, version: str) -> Taxonomy | None:
        query = (
            select(taxonomies)
            .where(taxonomies.c.scheme == scheme.value, taxonomies.c.version == version)
            .order_by(taxonomies.c.revision.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _taxonomy(row)

    def _texts(self, taxonomy: Taxonomy) -> dict[str, tuple[object, ...]]:
        """Return the values of each concept as kept, by URI."""
        query = select(taxonomy_concepts).where(taxonomy_concepts.c.change == taxonomy.change)
        found = (_concept(row) for row in self._connection.execute(query).mappings())
        return {each.uri: _concept_row(each, 0, 0) for each in found}

    def _row(self, taxonomy: Taxonomy, reference: str) -> RowMapping:
        columns = taxonomy_concepts.c
        is_meant = or_(columns.uri == reference, columns.code == reference)
        query = (
            select(taxonomy_concepts)
            .where(columns.change == taxonomy.change, is_meant)
            # ESCO's groups of fields share figures with its groups of occupations.
            .order_by(columns.uri != reference, columns.number)
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise ConceptUnknown(taxonomy.name)
        return row

    def _numbered(self, taxonomy: Taxonomy, numbers: Sequence[int]) -> list[Concept]:
        return [_concept(row) for row in self._rows(taxonomy, numbers)]

    def _rows(self, taxonomy: Taxonomy, numbers: Sequence[int]) -> Iterator[RowMapping]:
        columns = taxonomy_concepts.c
        for start in range(0, len(numbers), _IN_ONE_STATEMENT):
            query = select(taxonomy_concepts).where(
                columns.change == taxonomy.change,
                columns.number.in_(numbers[start : start + _IN_ONE_STATEMENT]),
            )
            yield from self._connection.execute(query.order_by(columns.number)).mappings()

    def _relations(
        self, taxonomy: Taxonomy, uri: str, kind: RelationKind | None, *, near: str, far: str
    ) -> Sequence[Related]:
        number = self._row(taxonomy, uri)["number"]
        columns = taxonomy_relations.c
        wanted: list[ColumnElement[bool]] = [
            columns.change == taxonomy.change,
            columns[near] == number,
        ]
        if kind is not None:
            wanted.append(columns.kind == kind.value)
        query = select(columns[far], columns.kind).where(*wanted)
        ends = [(row[0], RelationKind(row[1])) for row in self._connection.execute(query)]
        rows = self._rows(taxonomy, sorted({each for each, _ in ends}))
        concepts = {row["number"]: _concept(row) for row in rows}
        found = [Related(kind=how, concept=concepts[each]) for each, how in ends]
        return sorted(found, key=lambda each: (each.kind, each.concept.uri))

    def _terms(self, taxonomy: Taxonomy) -> TermIndex:
        columns = taxonomy_terms.c
        return TermIndex(
            self._connection,
            term=columns.term,
            item=columns.concept,
            scope=columns.change,
            value=taxonomy.change,
        )


def _numbers(content: TaxonomyContent) -> dict[str, int]:
    """Give each concept its place in the order of their URIs."""
    return {
        uri: number for number, uri in enumerate(sorted(each.uri for each in content.concepts), 1)
    }


def _concept_rows(
    content: TaxonomyContent, numbers: Mapping[str, int], change: int
) -> Iterator[Values]:
    for concept in sorted(content.concepts, key=lambda each: each.uri):
        yield _concept_row(concept, change, numbers[concept.uri])


def _concept_row(concept: Concept, change: int, number: int) -> Values:
    return (
        change,
        number,
        concept.uri,
        concept.code,
        concept.kind.value,
        as_json(dict(concept.labels)),
        as_json({tag: list(names) for tag, names in concept.alternatives.items()}),
        concept.isco_group,
        concept.skill_type,
        concept.reuse_level,
    )


def _relation_rows(
    content: TaxonomyContent, numbers: Mapping[str, int], change: int
) -> Iterator[Values]:
    ends = sorted(
        (numbers[each.source], each.kind.value, numbers[each.target]) for each in content.relations
    )
    for source, kind, target in ends:
        yield change, source, kind, target


def _terms(content: TaxonomyContent, numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return each term with each concept that is found by it, in the order of the index."""
    return sorted(
        (term, numbers[concept.uri])
        for concept in content.concepts
        for term in terms_of(
            name
            for names in all_names(concept.labels, concept.alternatives).values()
            for name in names
        )
    )


def _taxonomy(row: Mapping[Any, Any]) -> Taxonomy:
    return Taxonomy(
        scheme=Scheme(row["scheme"]),
        version=row["version"],
        revision=row["revision"],
        change=row["change"],
        languages=tuple(row["languages"]),
        counts=row["counts"],
        content_digest=row["content_digest"],
    )


def _concept(row: RowMapping) -> Concept:
    return Concept(
        uri=row["uri"],
        code=row["code"],
        kind=ConceptKind(row["kind"]),
        labels=row["labels"],
        alternatives={tag: tuple(names) for tag, names in row["alternatives"].items()},
        isco_group=row["isco_group"],
        skill_type=row["skill_type"],
        reuse_level=row["reuse_level"],
    )


def _version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Order versions by their numbers: 1.10 after 1.9."""
    parts = version.split(".")
    return tuple((int(part) if part.isdigit() else -1, part) for part in parts)
