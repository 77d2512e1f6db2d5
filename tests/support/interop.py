"""The table of what becomes of other makers' credentials: `python -m tests.support.interop`.

Each file is verified by the library alone, as of one day and without a network, so that the table
is the same wherever it is made. Who issued a credential, and whether anybody vouches for them, is
judged by the service and not here. File names come from the shared test data; nothing of what the
files hold is repeated but the words of the verdict.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from skillpassport.vc import Form, Offline, Outcome, Policy, Verdict, Verification, verify
from skillpassport.vc.foreign import ALL_FOREIGN
from skillpassport.vc.jose import FOREIGN_ALGORITHMS, OWN_ALGORITHMS
from skillpassport.vc.kinds import kind_of
from tests.support.checkout import CHECKOUT
from tests.support.interop_reasons import EXPLAINED, KINDS, Kind, kind_of_file
from tests.support.shared_data import shared_data_folder

PAGE: Final = CHECKOUT / "docs" / "reference" / "interop.md"
AS_OF: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INDEXES: Final = frozenset({"INDEX.csv", "INSPECT.csv", "EXPECTED_1edtech.csv"})

EXPECTED: Final = "EXPECTED_1edtech.csv"

_SPOKEN: Final = {
    Form.DATA_INTEGRITY: "with a Data Integrity proof",
    Form.VC_JWT: "as a token (vc+jwt)",
    Form.JWT_VC: "as a token of the data model 1.1",
    Form.JADES: "under a seal (JAdES)",
    Form.UNSECURED: "without a proof",
}

_INTRODUCTION: Final = (
    "Made by `make interop`; do not edit. Each file of the shared test data is verified by the "
    f"library as of {AS_OF:%Y-%m-%d}, with all foreign forms accepted, the contexts beside the files "
    "at hand, no trust anchor, and without a network: a status list, a DID document on the web "
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
    codes: frozenset[str] = frozenset()

    @property
    def maker(self) -> str:
        """The first folder, which is named after who made the file."""
        return self.file.partition("/")[0]

    @property
    def kind(self) -> Kind | None:
        """The group of files that fare so for the same reason; None for the valid ones."""
        return kind_of_file(self.verdict, self.file, self.what, self.codes)


def policy_over(contexts: Path | None) -> Policy:
    """Return a policy that reads whatever can be read."""
    return Policy(
        foreign=ALL_FOREIGN,
        jws_algorithms=OWN_ALGORITHMS | FOREIGN_ALGORITHMS,
        contexts_folder=contexts,
    )


def lines(folder: Path) -> Iterator[Line]:
    """Yield one line for each file of a folder of credentials, in the order of their names."""
    contexts = folder.parent / "contexts"
    policy = policy_over(contexts if contexts.is_dir() else None)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name not in INDEXES:
            yield judged(name, file.read_bytes(), policy)


def judged(name: str, raw: bytes, policy: Policy | None = None) -> Line:
    """Return what becomes of one file."""
    verification = verify(raw, resolvers=Offline(), now=AS_OF, policy=policy or policy_over(None))
    kind = kind_of(verification.document or {}) or "a credential"
    form = _SPOKEN.get(verification.form, f"of the form {verification.form}")
    what = verification.seems_to_be or f"{kind}, {form}"
    return Line(
        file=name,
        what=what,
        verdict=verification.report.verdict,
        reason=_reason(verification),
        codes=frozenset(check.code for check in verification.report.failures),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What 1EdTech's own validator says of a file, beside what is said here."""

    line: Line
    theirs: str

    @property
    def agreement(self) -> str:
        """Whether both say the same; a verdict that is left open agrees with nothing."""
        if self.theirs not in _THEIR_VERDICTS:
            return "theirs is not stated"
        if self.line.verdict is Verdict.UNDETERMINED:
            return "left open here"
        is_same = _THEIR_VERDICTS[self.theirs] is self.line.verdict
        return "the same" if is_same else "another"

    @property
    def why(self) -> str:
        """Why the verdicts differ; empty where they do not, or where nobody has said."""
        if self.agreement == "the same":
            return ""
        explained = EXPLAINED.get(self.line.file)
        is_known = explained is not None and explained.codes == self.line.codes
        return explained.why if explained is not None and is_known else ""


_THEIR_RULES: Final = (
    "Their tests run with a clock of their own, fetch schemas and contexts, and judge by the rules of "
    "Open Badges and CLR alone."
)
_THEIR_VERDICTS: Final = {
    "Valid": Verdict.VALID,
    "Warning": Verdict.VALID,
    "Invalid": Verdict.INVALID,
}


def comparisons(told: Sequence[Line], folder: Path) -> list[Comparison]:
    """Return what 1EdTech's validator says of the files that it has a test for."""
    with (folder / EXPECTED).open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row["upstream_assertion"] for row in csv.DictReader(file)}
    return [Comparison(line=line, theirs=rows[line.file]) for line in told if line.file in rows]


def _compared(found: Sequence[Comparison]) -> list[str]:
    counted = Counter(each.agreement for each in found)
    figures = ", ".join(f"{number} {agreement}" for agreement, number in sorted(counted.items()))
    return [
        "",
        "## Beside 1EdTech's own validator",
        "",
        f"{_THEIR_RULES} {len(found)} files: {figures}.",
        "",
        "| file | theirs | here | agreement | why |",
        "|---|---|---|---|---|",
        *(
            "| "
            + " | ".join(
                (
                    f"`{_cell(each.line.file)}`",
                    each.theirs,
                    each.line.verdict.value,
                    each.agreement,
                    _cell(each.why),
                )
            )
            + " |"
            for each in found
        ),
    ]


def _by_kind(told: Sequence[Line]) -> list[str]:
    counted = Counter(line.kind for line in told)
    rows = [
        f"| {kind.verdict.value} | {counted[kind]} | {kind.title} | {kind.why} |"
        for kind in KINDS
        if counted[kind]
    ]
    return [
        "",
        "## Why, by kind",
        "",
        "Each file is counted once, under the first reason that it fits.",
        "",
        "| verdict | files | what | why |",
        "|---|---|---|---|",
        *rows,
    ]


def page(told: Sequence[Line], compared: Sequence[Comparison] = ()) -> str:
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
    parts += _by_kind(told)
    parts += _compared(compared) if compared else []
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
    folder = shared_data_folder() / "credentials"
    told = list(lines(folder))
    if not told:
        sys.stderr.write("The shared test data are not here; set SKILLPASSPORT_TEST_DATA.\n")
        return 1
    PAGE.write_text(page(told, comparisons(told, folder)), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(CHECKOUT)}: {len(told)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
