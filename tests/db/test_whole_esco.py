"""The whole of ESCO in the database: 3,039 occupations, 13,937 skills, 129,004 relations."""

import pytest

from skillpassport.db.audit.bulk_rows import bulk_findings
from skillpassport.db.unit_of_work import Database
from skillpassport.frameworks.taxonomies.catalogue import ConceptSearch
from skillpassport.frameworks.taxonomies.esco import read_esco
from skillpassport.frameworks.taxonomies.model import RelationKind
from tests.support.shared_data import shared_data

pytestmark = [pytest.mark.slow, pytest.mark.data]


def test_the_whole_of_esco_is_kept_found_and_vouched_for(database: Database) -> None:
    with (shared_data() / "taxonomies" / "esco-1.2.0.zip").open("rb") as file:
        content, problems = read_esco(file, version="1.2.0")
    assert problems == ()
    done, totals = [], set()

    def progress(more: int, of: int) -> None:
        done.append(more)
        totals.add(of)

    with database.transaction() as work:
        change = work.taxonomies.add(
            content, origin="the tests", now=lambda: work.now, progress=progress
        )
    assert (change.added, change.changed, change.gone) == (18_235, 0, 0)
    assert {sum(done)} == totals
    with database.transaction() as work:
        again = work.taxonomies.add(content, origin="the tests", now=lambda: work.now)
    assert (again.added, again.unchanged) == (0, 18_235)
    with database.snapshot() as work:
        rows, findings = bulk_findings(work.connection)
        assert findings == []
        assert rows > 450_000
        store, esco = work.taxonomies, work.taxonomies.named("esco")
        assert esco.counts["occupation_skill"] == 129_004
        welder = store.concept(esco, "7212.3")
        assert len(store.related(esco, welder.uri, RelationKind.ESSENTIAL)) == 36
        for text, name in (
            ("weldor", "welder"),
            ("plumer", "plumber"),
            ("health care assistnat", "health care assistant"),
            ("mecanico naval", "mecánico naval/mecánica naval"),
        ):
            (first,) = store.search(esco, ConceptSearch(text=text), limit=1)
            assert first.match.name == name
