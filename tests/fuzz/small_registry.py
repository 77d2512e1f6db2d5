"""A registry that files are read against: the templates of the how-to page, the EQF, one of each.

The whole seed would do as well, but building it anew for each input takes most of a second.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from skillpassport.db.registry_parts import content_of, parts_of
from skillpassport.equivalence.importing.agreements import read_agreement_file
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.model import CompetentAuthority
from skillpassport.frameworks.registry import FrameworkRows
from tests.support.checkout import CHECKOUT
from tests.support.importing import ImportedRegistry
from tests.support.one_of_each import one_of_each
from tests.support.registry import SOURCE

TEMPLATES: Final = CHECKOUT / "docs" / "how-to" / "framework-templates"

AGREEMENTS: Final = (
    b'[{"id":"XZ-XY-2020","kind":"mutual recognition","source":"read in a gazette",'
    b'"parties":["XZ","XY"],"origin":"XZ","destination":"XY","isco":"2221|72","signed":"2020-06",'
    b'"period":["2021-01-01",null],"read":["text"],"note":{"en":"A note"}}]'
)

Tables = Mapping[str, Mapping[tuple[Any, ...], Any]]
"""Values by what names them, by the name of their table."""


def template(name: str) -> bytes:
    """Return a template of the how-to page."""
    return (TEMPLATES / name).read_bytes()


def by_table(content: RegistryContent) -> Tables:
    """Return values by what names them, by the name of their table."""
    return {
        codec.table.name: {codec.key_of(codec.encode(one)): one for one in values}
        for codec, values in parts_of(content)
    }


def with_more(content: RegistryContent) -> RegistryContent:
    """Return the small registry as it is once something was brought in."""
    more = by_table(content)
    known = _small_tables()
    return content_of({name: [*{**known[name], **more[name]}.values()] for name in known})


@cache
def small_registry() -> RegistrySnapshot:
    """Return the registry that files are read against."""
    return RegistrySnapshot.of_content(small_content())


@cache
def _small_tables() -> Tables:
    return by_table(small_content())


@cache
def small_content() -> RegistryContent:
    """Return the values of the small registry."""
    imported = ImportedRegistry()
    seed = read_registry_seed()
    (eqf,) = (one for one in seed.rows.frameworks if one.id == "EU:EQF")
    imported.keep(
        RegistryContent(
            rows=FrameworkRows(
                sources=seed.rows.sources,
                frameworks=(eqf,),
                editions=tuple(one for one in seed.rows.editions if one.framework == eqf.id),
                levels=tuple(one for one in seed.rows.levels if one.framework == eqf.id),
            )
        )
    )
    sources = template("sources.json")
    for kind in ("frameworks", "editions", "levels", "level-mappings"):
        suffix = "json" if kind == "frameworks" else "csv"
        reading = imported.bring_in(kind, template(f"{kind}.{suffix}"), sources)
        assert not reading.problems
    cited = {
        source
        for each in (
            *imported.frameworks.values(),
            *imported.editions.values(),
            *imported.levels.values(),
            *imported.mappings.values(),
        )
        for source in each.sources
    }
    agreements = read_agreement_file(AGREEMENTS, {}, imported.snapshot()).content.agreements
    authority = CompetentAuthority(
        id="NO-Board",
        jurisdiction="NO",
        name={"en": "Board of the other"},
        scope={"en": "Qualifications"},
        as_of=dt.date(2026, 1, 1),
        sources=(SOURCE,),
    )
    content = RegistryContent(
        rows=FrameworkRows(
            sources=tuple(imported.sources[one] for one in sorted(cited)),
            frameworks=tuple(imported.frameworks.values()),
            editions=tuple(imported.editions.values()),
            levels=tuple(imported.levels.values()),
            authorities=(authority,),
        ),
        mappings=tuple(imported.mappings.values()),
        agreements=agreements,
    )
    both = zip(parts_of(content), parts_of(one_of_each()), strict=True)
    return content_of({codec.table.name: [*here, *more] for (codec, here), (_, more) in both})
