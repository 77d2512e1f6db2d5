"""Facts that were read before, for as long as nobody has changed a database since.

Kept are facts, never conclusions: an award with its accreditations, a DID document, a signed list.
Whether a credential holds is judged anew from them each time. They are kept for one state of the
databases; the first commit by anybody ends them all, so that a revocation is seen at once.
"""

import threading
from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from skillpassport.db.states import DatabaseState, StateUnknown, Token

MAX_FACTS: Final = 1_000
"""Of one state; an award with its document takes about ten kilobytes."""

Fact = tuple[Hashable, ...]
"""What kind of fact, and about what."""


class Page:
    """The facts of one state of the databases, to be read by any thread.

    token: of the state; None for a page that is never kept
    """

    __slots__ = ("facts", "token")

    def __init__(self, token: Token | None) -> None:
        self.token = token
        self.facts: dict[Fact, object] = {}


class Facts:
    """A bounded memory that is as new as the databases are."""

    def __init__(self, states: Sequence[DatabaseState], max_facts: int = MAX_FACTS) -> None:
        """Begin with nothing known.

        states: of every database that a fact may depend on
        """
        self._states = tuple(states)
        self._max_facts = max_facts
        self._lock = threading.Lock()
        self._page = Page(None)
        self.immediate = all(state.immediate for state in self._states)

    @property
    def latest(self) -> Page:
        """The facts that held when they were last asked for; no database is asked whether they do now.

        A page that is no longer the latest never is again.
        """
        return self._page

    def page(self) -> Page:
        """Return the facts that hold now; an empty page where that cannot be told.

        Raises: DatabaseUnavailable, DatabaseBusy
        """
        try:
            token = tuple([state.token() for state in self._states])
        except StateUnknown:
            return Page(None)
        page = self._page
        if page.token != token:
            with self._lock:
                page = self._page
                if page.token != token:
                    self._page = page = Page(token)
        return page

    def keep(self, page: Page, found: Mapping[Fact, object]) -> None:
        """Keep what was read after a page was opened, unless anything was committed since.

        Equal states before and after the reading mean that it saw this very state.

        Raises: DatabaseUnavailable, DatabaseBusy
        """
        if not found or page.token is None or self.page() is not page:
            return
        with self._lock:
            page.facts.update(found)
            while len(page.facts) > self._max_facts:
                del page.facts[next(iter(page.facts))]

    def close(self) -> None:
        """Forget everything and release what tells the states."""
        with self._lock:
            self._page = Page(None)
        for state in self._states:
            state.close()
