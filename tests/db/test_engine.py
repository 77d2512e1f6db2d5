import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from skillpassport.db.engine import create_database_engine


def test_a_new_file_that_another_process_is_setting_up_is_waited_for(tmp_path: Path) -> None:
    with closing(
        sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")  # SQLite refuses a change of mode beside it at once
        release = threading.Timer(0.1, other.rollback)
        release.start()
        engine = create_database_engine(f"sqlite:///{tmp_path / 'new.db'}")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        engine.dispose()
        release.join()
