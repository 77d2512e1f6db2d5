"""When a serving process collects garbage: seldom, and never through the application itself.

Python lets go of almost everything as soon as nothing names it; the collector is for what hangs
together in circles. A full collection goes through every object while all requests wait. The
application alone is 170,000 objects, a tenth of a second; ten thousand connections are as much
again, and there was a full collection at each quarter more (`tests/faults/slow_clients.py`).
"""

import gc
from typing import Final

FULL_AFTER: Final = 100
"""Middle collections, each of which comes after 7,000 objects more; Python's own is ten."""


def put_off() -> None:
    """Collect nothing while a server starts: what it makes then, it keeps."""
    gc.disable()


def begin() -> None:
    """Collect from now on, and leave alone what there is: it lives as long as the process."""
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_AFTER)
    gc.enable()
