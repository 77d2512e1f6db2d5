"""Looking an instance over: what would go wrong, before it does, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from skillpassport.bootstrap import Instance
from skillpassport.db.log import CLOCK_TOLERANCE
from skillpassport.db.migrate import current_revision, head_revision
from skillpassport.db.statuses import StatusList
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import SERVICE, service_did
from skillpassport.organisations.signing_keys import SigningKey
from skillpassport.transparency.checkpoint import read_checkpoint
from skillpassport.vc.checks.session import Session
from skillpassport.vc.checks.token_status import prove_status_list
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.status_refusals import StatusListError
from skillpassport.vc.verify import DEFAULT_POLICY, Resolvers, verify

WARN_BEFORE: Final = (timedelta(days=90), timedelta(days=30), timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One thing that was looked at."""

    name: str
    outcome: Literal["ok", "warning", "failure"]
    message: str
    remedy: str | None = None


def examine(instance: Instance) -> tuple[Examination, ...]:
    """Return every examination; a failure in one does not keep the others from being made."""
    revision = _guarded("database revision", lambda: [_revision(instance)])
    if any(each.outcome == "failure" for each in revision):
        return (_public_url(instance), *revision)
    checks: tuple[tuple[str, Callable[[], Iterable[Examination]]], ...] = (
        ("stored DIDs", lambda: [_dids(instance)]),
        ("signing keys", lambda: _keys(instance)),
        ("status lists", lambda: [_status_lists(instance)]),
        ("clock", lambda: [_clock(instance)]),
        ("log", lambda: [_log(instance)]),
    )
    made = [each for name, check in checks for each in _guarded(name, check)]
    return (_public_url(instance), *revision, *made)


def _guarded(name: str, check: Callable[[], Iterable[Examination]]) -> tuple[Examination, ...]:
    try:
        return tuple(check())
    except SkillPassportError as error:
        return (Examination(name=name, outcome="failure", message=error.message),)
    except (ValueError, TypeError, LookupError) as error:
        return (
            Examination(
                name=name,
                outcome="failure",
                message=f"A row cannot be read ({type(error).__name__}): it was altered by hand.",
                remedy="Run `skillpassport log verify` to see which; restore from a backup.",
            ),
        )


def _public_url(instance: Instance) -> Examination:
    parts = urlsplit(instance.public_url)
    if parts.scheme == "https":
        return Examination(name="public URL", outcome="ok", message=instance.public_url)
    return Examination(
        name="public URL",
        outcome="warning",
        message=f"{instance.public_url} is not https: did:web over http is for development only, "
        "and nobody else can verify what is issued here.",
        remedy="Set SKILLPASSPORT_PUBLIC_URL to the https address of this service before issuing.",
    )


def _revision(instance: Instance) -> Examination:
    found, wanted = current_revision(instance.database.engine), head_revision()
    if found == wanted:
        return Examination(name="database revision", outcome="ok", message=str(found))
    return Examination(
        name="database revision",
        outcome="failure",
        message=f"The database is at '{found or 'empty'}', this version needs '{wanted}'.",
        remedy="Run `skillpassport db upgrade`.",
    )


def _dids(instance: Instance) -> Examination:
    bases = tuple(service_did(base) for base in instance.settings.public_bases)
    stored = [organisation.did for organisation in instance.organisations()]
    with instance.database.snapshot() as work:
        stored += {key.did for key in work.signing_keys.of(SERVICE)}
        stored += work.profiles.web_dids()
    known = tuple(f"{base}:" for base in bases)
    foreign = [did for did in stored if not f"{did}:".startswith(known)]
    if not foreign:
        return Examination(name="stored DIDs", outcome="ok", message=f"{len(stored)} checked.")
    return Examination(
        name="stored DIDs",
        outcome="failure",
        message=f"{len(foreign)} of {len(stored)} DIDs lie under another address, "
        f"the first one {foreign[0]}; DIDs never change, so nobody can resolve it now.",
        remedy="Add the former address to SKILLPASSPORT_PUBLIC_URL_ALIASES, and let it lead here.",
    )


def _keys(instance: Instance) -> Iterable[Examination]:
    now = instance.clock.now()
    owners = [(SERVICE, "this service")]
    owners += [(each.id, each.slug) for each in instance.organisations()]
    with instance.database.snapshot() as work:
        keys = {
            name: [k for k in work.signing_keys.of(owner) if k.signs_at(now)]
            for owner, name in owners
        }
    troubles = [_key(name, usable, instance) for name, usable in keys.items()]
    found = [trouble for trouble in troubles if trouble is not None]
    if found:
        return found
    return [Examination(name="signing keys", outcome="ok", message=f"{len(keys)} owners checked.")]


def _key(name: str, usable: list[SigningKey], instance: Instance) -> Examination | None:
    argument = "" if name == "this service" else f" {name}"
    remedy = f"Run `skillpassport keys rotate{argument}`."
    if not usable:
        return Examination(
            name="signing keys",
            outcome="failure",
            message=f"No key of {name} can sign: the last one has expired or was revoked.",
            remedy=remedy,
        )
    left = max(key.signs_until for key in usable) - instance.clock.now()
    if left > WARN_BEFORE[0]:
        return None
    step = min(limit for limit in WARN_BEFORE if left <= limit)
    return Examination(
        name="signing keys",
        outcome="warning",
        message=f"The key of {name} signs for {left.days} days more (warning at {step.days}).",
        remedy=remedy,
    )


def _status_lists(instance: Instance) -> Examination:
    with instance.database.snapshot() as work:
        lists = work.statuses.all_lists()
    broken = []
    for each in lists:
        published = instance.published_list(each.id)
        with instance.verify.sources() as sources:
            if published is None or not _holds(
                published.document, each, sources.resolvers, instance.clock.now()
            ):
                broken.append(each.url)
    if not broken:
        return Examination(name="status lists", outcome="ok", message=f"{len(lists)} verified.")
    return Examination(
        name="status lists",
        outcome="failure",
        message=f"{len(broken)} of {len(lists)} lists do not verify, the first one {broken[0]}.",
        remedy="See the findings on DIDs and signing keys; then ask again.",
    )


def _holds(document: bytes, listed: StatusList, resolvers: Resolvers, now: datetime) -> bool:
    if listed.form is StatusForm.BITSTRING:
        return verify(document, resolvers=resolvers, now=now).report.verified()
    try:
        prove_status_list(
            document, listed.did, Session(resolvers=resolvers, now=now, policy=DEFAULT_POLICY)
        )
    except StatusListError:
        return False
    return True


def _clock(instance: Instance) -> Examination:
    head = read_checkpoint(str(instance.log_head()["note"]))
    now = instance.clock.now()
    if now >= head.time - CLOCK_TOLERANCE:
        return Examination(name="clock", outcome="ok", message=f"{now.isoformat()}")
    return Examination(
        name="clock",
        outcome="failure",
        message=f"The clock says {now.isoformat()}, the log was signed at {head.time.isoformat()}.",
        remedy="Set the machine's clock; nothing is issued until then.",
    )


def _log(instance: Instance) -> Examination:
    report = instance.verify_log()
    if not report.findings:
        message = f"{report.entries} entries fit {report.rows} rows and {report.heads} heads."
        return Examination(name="log", outcome="ok", message=message)
    return Examination(
        name="log",
        outcome="failure",
        message=f"{len(report.findings)} findings, the first one: {report.findings[0].message}",
        remedy="Run `skillpassport log verify` for the whole list; restore from a backup.",
    )
