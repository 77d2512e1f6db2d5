"""Every table, one module per domain. Only `skillpassport.db` may import this package.

Importing the package fills `metadata`, which migrations and `alembic check` read.
"""

from skillpassport.db.tables import (
    credentials,
    custody,
    equivalence,
    frameworks,
    log,
    organisations,
    profiles,
    qualifications,
    standards,
    statements,
    taxonomies,
)
from skillpassport.db.tables.metadata import metadata

__all__ = [
    "credentials",
    "custody",
    "equivalence",
    "frameworks",
    "log",
    "metadata",
    "organisations",
    "profiles",
    "qualifications",
    "standards",
    "statements",
    "taxonomies",
]
