"""Sources as files cite them: by id, or in free text."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from skillpassport.frameworks.importing.problems import FileUnreadable, RowRefused
from skillpassport.frameworks.importing.record_file import read_named_records
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry

CITED_BY_ID: Final = "cited by its id; its record was not brought in"
CITED_AS_TEXT: Final = "cited in words, without a record of its own"

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ID_IN_TEXT: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_MEMBERS: Final = ("name", "where", "verified", "note")


def read_sources(data: bytes) -> dict[SourceId, Source]:
    """Return the sources of a file, by their ids.

    data: a JSON object of `{"name","where","verified","note"}` by id; `verified` says what was read
    Raises: FileUnreadable, since what cites a source depends on all of it
    """
    sources = {}
    for name, record in read_named_records(data):
        try:
            record.check_members(_MEMBERS)
            identifier = _source_id(name, "id")
            sources[identifier] = Source(
                id=identifier,
                title=record.needed("name"),
                where=record.text("where"),
                read=record.text("verified"),
                note=record.text("note"),
            )
        except RowRefused as refused:
            raise FileUnreadable(
                f"In the file of sources: {refused.message}",
                line=record.line,
                column=refused.column,
            ) from refused
    return sources


def source_of_text(text: str) -> Source:
    """Return the source that free text is; equal text, whatever its case, is the same source."""
    digest = hashlib.sha256(fold(text).encode()).hexdigest()[:12]
    return Source(id=SourceId(f"TEXT-{digest}"), title=text, where=text, read=CITED_AS_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """Which sources a file cites; those that the registry lacks are collected.

    given: sources that came with the file
    is_strict: whether a source that is neither given nor in the registry is refused; else a record
        stands in for it until the source itself is brought in
    """

    registry: Registry
    given: Mapping[SourceId, Source]
    is_strict: bool = False
    _new: dict[SourceId, Source] = field(default_factory=dict)

    def cite(self, ids: Iterable[str], text: str = "") -> tuple[SourceId, ...]:
        """Return the ids of the sources that a row names.

        ids: of the sources file
        text: free text, which becomes a source of its own
        Raises: RowRefused
        """
        cited = [self._known(_source_id(one, "source_id")) for one in ids]
        if text:
            source = source_of_text(text)
            self._keep(source)
            cited.append(source.id)
        return tuple(dict.fromkeys(cited))

    def cite_text(self, text: str) -> tuple[SourceId, ...]:
        """Return the sources of free text in which ids may stand between semicolons.

        A part that looks like an id is one, whether or not it is known: files may come in any order.
        """
        parts = [part.strip() for part in text.split(";")]
        ids = [part for part in parts if _ID_IN_TEXT.fullmatch(part)]
        words = "; ".join(part for part in parts if part and not _ID_IN_TEXT.fullmatch(part))
        return self.cite(ids, words)

    def sources(self) -> tuple[Source, ...]:
        """Return what has to come into the registry with the rows."""
        return tuple((self._new | dict(self.given)).values())

    def _known(self, source: SourceId) -> SourceId:
        if source not in self.given and not self.registry.has_source(source):
            if self.is_strict:
                raise RowRefused(
                    "source_id",
                    "source-unknown",
                    f"Expected the id of a source that is given or in the registry, found "
                    f"'{source}'; give its record with --sources.",
                )
            self._keep(Source(id=source, title=source, where="", read=CITED_BY_ID))
        return source

    def _keep(self, source: Source) -> None:
        if not self.registry.has_source(source.id):
            self._new.setdefault(source.id, source)


def _source_id(text: str, column: str) -> SourceId:
    if not _ID.fullmatch(text):
        raise RowRefused(
            column,
            "source-malformed",
            f"Expected ids of sources separated by ';', found '{text}'; an id has letters, "
            "figures, '.', '_' and '-'.",
        )
    return SourceId(text)
