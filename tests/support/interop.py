"""The table of what becomes of other makers' credentials: `python -m tests.support.interop`.

Each file is verified by the library alone, as of one day and without a network, so that the table
is the same wherever it is made. Who issued a credential, and whether anybody vouches for them, is
judged by the service and not here. File names come from the shared test data; nothing of what the
files hold is repeated but the words of the verdict.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from skillpassport.vc import Form, Offline, Outcome, Verdict, Verification, verify
from tests.support.checkout import CHECKOUT
from tests.support.shared_data import shared_data_folder

PAGE: Final = CHECKOUT / "docs" / "reference" / "interop.md"
AS_OF: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INDEXES: Final = frozenset({"INDEX.csv", "INSPECT.csv", "EXPECTED_1edtech.csv"})

_SPOKEN: Final = {
    Form.DATA_INTEGRITY: "a credential with a Data Integrity proof",
    Form.VC_JWT: "a credential as a token (vc+jwt)",
    Form.UNSECURED: "a credential without a proof",
}


_INTRODUCTION: Final = (
    "Made by `make interop`; do not edit. Each file of the shared test data is verified by the "
    f"library as of {AS_OF:%Y-%m-%d}, without a network: a status list, a DID document on the web "
    "or a schema elsewhere is therefore never reached, and the verdict says so. Whether anybody "
    "vouches for an issuer is for the service to say and is left out here. What is not read is "
    "named, and nothing is guessed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one file.

    file: relative to the folder of credentials
    """

    file: str
    what: str
    verdict: Verdict
    reason: str

    @property
    def maker(self) -> str:
        """The first folder, which is named after who made the file."""
        return self.file.partition("/")[0]


def lines(folder: Path) -> Iterator[Line]:
    """Yield one line for each file of a folder of credentials, in the order of their names."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name not in INDEXES:
            yield judged(name, file.read_bytes())


def judged(name: str, raw: bytes) -> Line:
    """Return what becomes of one file."""
    verification = verify(raw, resolvers=Offline(), now=AS_OF)
    what = verification.seems_to_be or _SPOKEN.get(verification.form, str(verification.form))
    return Line(
        file=name,
        what=what,
        verdict=verification.report.verdict,
        reason=_reason(verification),
    )


def _reason(verification: Verification) -> str:
    """Return the words of the checks that decided: the failed ones, or those left unchecked."""
    checks = verification.report.checks
    if verification.seems_to_be is not None:
        beyond = checks[0].message.removeprefix(f"This seems to be {verification.seems_to_be}.")
        return beyond.strip() or "Not a form that is read here."
    for outcome in (Outcome.FAILED, Outcome.UNCHECKED):
        said = [each.message for each in checks if each.outcome is outcome]
        if said:
            return " ".join(dict.fromkeys(said))
    return "Every check passed."


def page(told: Sequence[Line]) -> str:
    """Return the page, with the figures first."""
    total = Counter(line.verdict for line in told)
    figures = ", ".join(f"{total[each]} {each.value}" for each in Verdict if total[each])
    parts = [
        "# Credentials of other makers",
        "",
        _INTRODUCTION,
        "",
        f"{len(told)} files: {figures}.",
        "",
        "| maker | files | " + " | ".join(each.value for each in Verdict) + " |",
        "|---|---|" + "---|" * len(Verdict),
    ]
    makers = sorted({line.maker for line in told})
    for maker in makers:
        own = Counter(line.verdict for line in told if line.maker == maker)
        shown = " | ".join(str(own[each]) for each in Verdict)
        parts.append(f"| {maker} | {own.total()} | {shown} |")
    for maker in makers:
        parts += [
            "",
            f"## {maker}",
            "",
            "| file | what it is | verdict | reason |",
            "|---|---|---|---|",
        ]
        parts += [_row(line) for line in told if line.maker == maker]
    return "\n".join(parts) + "\n"


def _row(line: Line) -> str:
    cells = (line.file.partition("/")[2], line.what, line.verdict.value, line.reason)
    name, *others = (_cell(text) for text in cells)
    return "| " + " | ".join((f"`{name}`", *others)) + " |"


def _cell(text: str) -> str:
    """Return a text that cannot break the table, nor mean anything in it."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.split())


def main() -> int:
    """Write the page."""
    told = list(lines(shared_data_folder() / "credentials"))
    if not told:
        sys.stderr.write("The shared test data are not here; set SKILLPASSPORT_TEST_DATA.\n")
        return 1
    PAGE.write_text(page(told), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(CHECKOUT)}: {len(told)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
