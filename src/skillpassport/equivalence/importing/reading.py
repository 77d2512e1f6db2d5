"""What a file says of the registry, and what of it is refused."""

from dataclasses import dataclass

from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.importing.problems import RowProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file as values that can be added to the registry.

    content: what the rows say that are not refused, with the sources that they cite
    counted: name of the table whose rows the file is about, as a change of the registry counts
        them: `frameworks`, `level_mappings`
    rows: how many rows of the file are in `content`
    """

    content: RegistryContent
    counted: str
    rows: int
    problems: tuple[RowProblem, ...] = ()
