"""Own status lists, signed when somebody asks for them and kept until their bits turn."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from skillpassport.clock import Clock
from skillpassport.credentials.status_publication import (
    ListContent,
    PublishedList,
    publish,
    publish_as_cwt,
)
from skillpassport.db.statuses import EVERY_PURPOSE, StatusList
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.organisations.model import OrganisationId
from skillpassport.organisations.signing_keys import SigningKeyId
from skillpassport.vc.bitstring_status import REVOCATION, SUSPENSION

KEPT_LISTS: Final = 64

WINDOW_SECONDS: Final = 0.5
SIGNED_IN_A_WINDOW: Final = 10
"""While bits turn by the hundred, strangers who ask get bytes that are half a second old at most."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A signed list, and how often it was signed in the window that began at some second."""

    revision: int
    key: SigningKeyId | None
    published: PublishedList
    window: float
    signed: int


class SignedLists:
    """Gives the bytes of a list; the same ones in every worker for the same bits on the same day."""

    def __init__(self, clock: Clock, seconds: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._kept: OrderedDict[tuple[str, bool], _Kept] = OrderedDict()
        self._lock = Lock()

    def current(self, work: UnitOfWork, found: StatusList) -> PublishedList:
        """Return the list with each bit as it stands at this very instant.

        Raises: NoSigningKey
        """
        return self._signed(work, found, as_cwt=False, may_rest=False)

    def recent(self, work: UnitOfWork, found: StatusList, *, as_cwt: bool = False) -> PublishedList:
        """Return the list with each bit as it stood within `WINDOW_SECONDS`.

        as_cwt: in CBOR, where the list has that form besides
        Raises: NoSigningKey
        """
        return self._signed(work, found, as_cwt=as_cwt, may_rest=True)

    def _signed(
        self, work: UnitOfWork, found: StatusList, *, as_cwt: bool, may_rest: bool
    ) -> PublishedList:
        now = self._clock.now()
        # Asked each time: a list must not go on being signed by a key that was stolen.
        key = work.signing_keys.in_use(OrganisationId(found.owner))
        with self._lock:
            kept = self._kept.get((found.id, as_cwt))
        if kept and kept.key == key and now < kept.published.fresh_until:
            is_newest = kept.revision == found.revision
            if is_newest or (may_rest and self._rests(kept)):
                return kept.published
        published = _publish(work, found, now, as_cwt=as_cwt)
        self._keep((found.id, as_cwt), found.revision, key, published)
        return published

    def _rests(self, kept: _Kept) -> bool:
        is_same_window = self._seconds() - kept.window < WINDOW_SECONDS
        return is_same_window and kept.signed >= SIGNED_IN_A_WINDOW

    def _keep(
        self,
        which: tuple[str, bool],
        revision: int,
        key: SigningKeyId | None,
        published: PublishedList,
    ) -> None:
        second = self._seconds()
        with self._lock:
            before = self._kept.get(which)
            if before is not None and second - before.window < WINDOW_SECONDS:
                kept = _Kept(revision, key, published, before.window, before.signed + 1)
            else:
                kept = _Kept(revision, key, published, second, 1)
            self._kept[which] = kept
            self._kept.move_to_end(which)
            while len(self._kept) > KEPT_LISTS:
                self._kept.popitem(last=False)


def _publish(work: UnitOfWork, found: StatusList, now: datetime, *, as_cwt: bool) -> PublishedList:
    shared = found.purpose == EVERY_PURPOSE
    content = ListContent(
        form=found.form,
        url=found.url,
        did=found.did,
        purpose=found.purpose,
        length=found.length,
        changed_at=found.changed_at,
        changes=work.statuses.changes(found.id, REVOCATION if shared else None),
        suspensions=work.statuses.changes(found.id, SUSPENSION) if shared else None,
    )
    active = work.signing_keys.active(OrganisationId(found.owner), now)
    return (publish_as_cwt if as_cwt else publish)(content, active, now)
