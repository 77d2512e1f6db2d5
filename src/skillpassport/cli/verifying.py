"""`skillpassport verify`: verdicts on files."""

import sys
from pathlib import Path
from typing import Any

from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import Exit, answer, say
from skillpassport.credentials.telling import report_of
from skillpassport.vc.badges import MAX_BADGE_BYTES
from skillpassport.vc.report import Verdict

_ENDS = {
    Verdict.VALID.value: Exit.OK,
    Verdict.UNDETERMINED.value: Exit.COULD_NOT_CHECK,
    Verdict.UNREADABLE.value: Exit.COULD_NOT_CHECK,
    Verdict.INVALID.value: Exit.INVALID,
}
_LONGEST = MAX_BADGE_BYTES + 1
"""Of a longer file this much is read, enough to be told that it is too long."""
_WORST_FIRST = (Exit.USAGE, Exit.INVALID, Exit.COULD_NOT_CHECK, Exit.OK)


def verify_files(files: list[str], *, destination: str | None, as_json: bool) -> Exit:
    """Print the report on each file; return how the command ends."""
    instance = prepared_instance()
    try:
        reports: dict[str, dict[str, Any]] = {}
        ends: list[Exit] = []
        for name in files:
            raw = _read(name)
            if raw is None:
                reports[name] = {"error": "cannot be read"}
                ends.append(Exit.USAGE)
                continue
            findings = instance.verify.document(raw, destination=destination)
            reports[name] = report_of(findings, public_url=instance.public_url)
            ends.append(_ENDS[findings.verdict.value])
    finally:
        instance.close()
    answer(as_json, {"files": reports}, lambda: _tell(reports))
    return next(end for end in _WORST_FIRST if end in ends)


def _read(name: str) -> bytes | None:
    try:
        if name == "-":
            return sys.stdin.buffer.read(_LONGEST)
        with Path(name).open("rb") as file:
            return file.read(_LONGEST)
    except OSError:
        return None


def _tell(reports: dict[str, dict[str, Any]]) -> None:
    for name, report in reports.items():
        say(f"{name}: {report.get('verdict', report.get('error'))}")
        for check in report.get("checks", ()):
            remedy = f" {check['remedy']}" if "remedy" in check else ""
            say(f"  {check['outcome']:<15} {check['message']}{remedy}")
        tell_meaning(report.get("meaning", {}))


def tell_meaning(meaning: dict[str, Any]) -> None:
    """Print what the achievement means in the destination."""
    if meaning.get("answer", "no_destination") == "no_destination":
        return
    say(f"  meaning in {meaning['destination']}: {meaning['answer']}")
    for each in meaning["answers"]:
        target = each["target"]
        say(f"    {target.get('framework')} level {target.get('level')} ({each['basis']})")
        for step in each["path"]:
            source, goal = step["from"], step["to"]
            say(
                f"      {source['framework']} {source['level']} -> {goal['framework']} "
                f"{goal.get('level')}, {step['relation']}; source: {', '.join(step['sources'])}"
            )
    if "explanation" in meaning:
        say(f"    {meaning['explanation']}")
    if "competent_authority" in meaning:
        name = meaning["competent_authority"]["name"]
        say(f"    whom to ask: {name.get('en', next(iter(name.values())))}")
    if "disclaimer" in meaning:
        say(f"    {meaning['disclaimer']}")
