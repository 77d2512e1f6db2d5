"""Fuzz target: records in JSON that an operator brings into the registry."""

from contextlib import suppress

from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.importing.problems import FileUnreadable
from tests.fuzz.registry_tables import RECORDS, bring_in, bring_in_qualifications


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for records that no database or registry takes."""
    with suppress(FileUnreadable):
        assert all(source.id == name for name, source in read_sources(data).items())
    for kind in (*RECORDS, "standards"):
        bring_in(kind, data)
    bring_in_qualifications(data)
