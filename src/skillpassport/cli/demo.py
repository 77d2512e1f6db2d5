"""`skillpassport demo`: the whole story in a terminal, on data that is thrown away."""

import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from skillpassport.bootstrap import Instance, open_instance
from skillpassport.cli.output import Exit, answer, say
from skillpassport.cli.verifying import tell_meaning
from skillpassport.credentials.lifecycle import Reason
from skillpassport.credentials.model import Action, ReasonCode
from skillpassport.credentials.telling import report_of
from skillpassport.credentials.verifying import Findings
from skillpassport.demonstration.story import DESTINATION, Shown
from skillpassport.settings import Settings, load_settings
from skillpassport.web.pages.verification import online_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One verdict of the story, and whether it was the expected one."""

    corridor: str
    title: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    report: dict[str, Any]

    @property
    def as_expected(self) -> bool:
        """Whether verdict, code and meaning are the expected ones."""
        return self.expected == self.found


def tell(*, as_json: bool) -> Exit:
    """Tell the story and print it; return how the command ends."""
    with tempfile.TemporaryDirectory(prefix="skillpassport-demo-") as folder:
        instance = open_instance(_settings(Path(folder)))
        try:
            shown = instance.prepare().demonstration
            story = [(each, _steps(instance, each)) for each in shown]
        finally:
            instance.close()
    steps = [step for _, told in story for step in told]
    right = bool(steps) and all(step.as_expected for step in steps)
    answer(as_json, _as_json(steps, right=right), lambda: _narrate(story, right=right))
    return Exit.OK if right else Exit.INVALID


def _settings(folder: Path) -> Settings:
    settings = load_settings()
    return settings.model_copy(
        update={
            "data_dir": folder,
            "database_url": None,
            "subject_keys_url": None,
            "master_key": None,
            "old_master_key": None,
            "bootstrap_admin_key": None,
            "seed": "demo",
        }
    )


_MEANINGS = {"PL": "found", "GH": "unknown"}


def _steps(instance: Instance, shown: Shown) -> list[Step]:
    country = shown.corridor.country
    meaning = _MEANINGS[country]
    document = shown.credential.document
    steps = [
        _step(
            instance,
            shown,
            f"Verified for an employer in {DESTINATION}",
            ("valid", meaning),
            instance.verify.document(document, destination=DESTINATION),
        ),
        _step(
            instance,
            shown,
            "The same document with one word changed",
            ("invalid", "proof-invalid"),
            instance.verify.document(_tampered(document), destination=DESTINATION),
        ),
    ]
    instance.change_status(
        shown.provider.id,
        shown.credential.id,
        Action.REVOKE,
        Reason(text="Shown in the demonstration.", code=ReasonCode.ISSUED_IN_ERROR),
    )
    steps.append(
        _step(
            instance,
            shown,
            "After the provider revoked it",
            ("invalid", "credential-revoked"),
            instance.verify.code(shown.credential.code, destination=DESTINATION),
        )
    )
    return steps


def _tampered(document: str) -> str:
    claims = json.loads(document)
    claims["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    return json.dumps(claims, ensure_ascii=False)


def _step(
    instance: Instance, shown: Shown, title: str, expected: tuple[str, ...], findings: Findings
) -> Step:
    report = report_of(findings, public_url=instance.public_url)
    meaning = report["meaning"]
    codes = {check["code"] for check in report["checks"]}  # type: ignore[index,union-attr,call-overload]
    second = expected[1]
    if expected[0] == "valid":
        found = (findings.verdict.value, str(meaning["answer"]))  # type: ignore[index,call-overload]
    else:
        found = (findings.verdict.value, second if second in codes else "another-reason")
    return Step(
        corridor=f"{shown.corridor.country} to {DESTINATION}",
        title=title,
        expected=expected,
        found=found,
        report=report,
    )


def _as_json(steps: list[Step], *, right: bool) -> dict[str, Any]:
    return {
        "as_expected": right,
        "steps": [
            {
                "corridor": step.corridor,
                "title": step.title,
                "expected": list(step.expected),
                "found": list(step.found),
                "report": step.report,
            }
            for step in steps
        ],
    }


def _narrate(story: list[tuple[Shown, list[Step]]], *, right: bool) -> None:
    say("Frameworks and levels are real; organisations, people and awards are made up.")
    for shown, steps in story:
        achievement = shown.award.achievement
        say()
        say(f"== {steps[0].corridor}: {achievement.title['en']}")
        say(f"   {shown.authority.name['en']} accredited {shown.provider.name['en']}")
        say(
            f"   for {achievement.framework} level {achievement.level}; awarded {shown.award.awarded_on}."
        )
        say()
        say(_qr(shown))
        for step in steps:
            _narrate_step(step)
    say()
    say("Every verdict was the expected one." if right else "A verdict was NOT the expected one.")


def _narrate_step(step: Step) -> None:
    mark = "ok" if step.as_expected else "UNEXPECTED"
    say(f"-- {step.title}: {step.report['verdict']}  [{mark}]")
    for remark in step.report["remarks"]:
        say(f"   {remark['message']}")
    if step.report["verdict"] == "valid":
        issuer = step.report["issuer"]
        say(f"   issued by {issuer['name']['en']}, accredited on the day of the award")
        outcomes = [each["statement"]["en"] for each in step.report["achievement"]["outcomes"]]
        say(f"   ISCO-08 {', '.join(step.report['achievement']['isco'])}; " + " ".join(outcomes))
        tell_meaning(step.report["meaning"])


def _qr(shown: Shown) -> str:
    payload = online_payload(load_settings().public_url, shown.credential.code)
    drawing = io.StringIO()
    segno.make(payload, error="m", micro=False).terminal(drawing, compact=True, border=2)
    return drawing.getvalue()
