"""Comparing the rows of bulk tables with the digests that their changes recorded."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table

from skillpassport.db.bulk import RowsDigest, bulk_tables, in_order, lots
from skillpassport.db.kept_values import as_kept
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.transparency.audit import Finding, FindingCode


def bulk_findings(connection: Connection) -> tuple[int, list[Finding]]:
    """Return how many rows of bulk tables are as recorded, and every change whose rows are not."""
    declared = _declared(connection)
    fitting, findings = 0, []
    for table in bulk_tables():
        found: dict[str, RowsDigest] = {}
        for batch in lots(connection, in_order(table)):
            place = list(table.columns.keys()).index("change")
            for row in batch:
                found.setdefault(str(row[place]), RowsDigest()).add(row)
        wanted = {number for number, tables in declared.items() if table.name in tables}
        for number in sorted(wanted | set(found)):
            now = found.get(number, RowsDigest()).told()
            recorded = declared.get(number, {}).get(table.name)
            if now == recorded:
                fitting += found[number].rows if number in found else 0
            else:
                findings.append(_finding(table, number, now, recorded))
    return fitting, findings


def _declared(connection: Connection) -> dict[str, Mapping[str, Any]]:
    """Return what each change says of its bulk rows; what is mangled says nothing."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in connection.execute(as_kept(registry_changes)).mappings():
        number, told = row["number"], row["bulk"]
        try:
            value: object = json.loads(told) if isinstance(told, str) else None
        except ValueError:
            value = None
        found[str(number)] = value if isinstance(value, dict) else {}
    return found


def _finding(table: Table, number: str, now: Mapping[str, object], recorded: object) -> Finding:
    subject = f"{table.name}/change/{number}"
    there, known = now["rows"], recorded.get("rows") if isinstance(recorded, Mapping) else None
    if known is None:
        code, what = FindingCode.ROW_ADDED, "no change of that number recorded any"
    elif not isinstance(known, int) or there == known:
        code, what = FindingCode.ROW_CHANGED, "they are not as they were recorded"
    elif isinstance(there, int) and there < known:
        code, what = FindingCode.ROW_DELETED, f"{known} were recorded, some are gone"
    else:
        code, what = FindingCode.ROW_ADDED, f"{known} were recorded, some were put in past the log"
    message = f"Table {table.name} has {there} rows of change {number} of the registry: {what}."
    return Finding(code=code, subject=subject, message=message)
