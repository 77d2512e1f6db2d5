"""What Alembic runs: the migrations of the main database, on the connection it is given.

Started by `skillpassport.db.migrate` and by `make migrations`; there is no alembic.ini.
"""

from alembic import context
from sqlalchemy import Connection

from skillpassport.db.tables import metadata


def run(connection: Connection) -> None:
    """Run in one transaction, so that a migration that fails leaves nothing behind."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite can alter almost nothing in place: Alembic rebuilds the table instead.
        render_as_batch=connection.dialect.name == "sqlite",
        # Said on purpose: Alembic assumes that SQLite's DDL cannot be rolled back. It can, since
        # the engine begins transactions itself.
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
