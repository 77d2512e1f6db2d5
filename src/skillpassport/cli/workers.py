"""Several workers for one socket: copies of the process that prepared the instance.

Uvicorn starts each worker as a new interpreter, which imports everything a second time: more than
a second of CPU, and most of the time from a crash to the first answer. A copy has it already, and
shares the memory of it. Copied is only what is safe to copy: no thread runs and no connection is
open here; each worker opens its own instance.
"""

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess, parent_process
from types import FrameType
from typing import Final

_logger = logging.getLogger(__name__)

# Windows has no fork, and the system libraries of macOS do not bear one.
_CONTEXT = (
    multiprocessing.get_context("fork")
    if sys.platform == "linux"
    else multiprocessing.get_context("spawn")
)

STOP_SECONDS: Final = 20.0
"""Longer than uvicorn takes to end gracefully; who is not gone by then is killed."""

LOOK_SECONDS: Final = 0.2
"""Between two looks at the workers: one that ends at once is not started again in a busy loop."""

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)

_STARTUP_FAILED: Final = 3  # uvicorn's exit code: the next worker would fail the same way


class Workers:
    """Keeps so many workers running until told to stop by SIGINT or SIGTERM.

    work: the body of a worker, with the socket to serve; must be importable by name
    """

    def __init__(
        self, number: int, work: Callable[[socket.socket], None], listening: socket.socket
    ) -> None:
        self._work = work
        self._listening = listening
        self._stopping = False  # no Event: a signal handler may not take its lock
        self._wanted = number
        self._running: list[BaseProcess] = []

    def run(self) -> None:
        """Start the workers, replace each that ends, and end them all when told to."""
        for each in _ENDINGS:
            signal.signal(each, self._stop)
        gc.freeze()  # a collection in a worker must not touch, and so copy, what is shared
        self._running = [self._start() for _ in range(self._wanted)]
        while not self._stopping:
            time.sleep(LOOK_SECONDS)
            self._replace_the_ended()
        self._end_all()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self) -> BaseProcess:
        worker = _CONTEXT.Process(target=_serve, args=(self._work, self._listening))
        # Until the worker has put off what it inherits, an order to end would only set a flag in its
        # copy of the supervisor, and be lost: it is held back meanwhile.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        try:
            worker.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        return worker

    def _replace_the_ended(self) -> None:
        for place, worker in enumerate(self._running):
            if worker.exitcode is None or self._stopping:
                continue
            if worker.exitcode == _STARTUP_FAILED:
                _logger.error("a worker could not start; see above for the cause")
                self._stopping = True
                return
            _logger.warning("worker %s ended (%s); starting another", worker.pid, worker.exitcode)
            self._running[place] = self._start()

    def _end_all(self) -> None:
        for worker in self._running:
            worker.terminate()
        for worker in self._running:
            worker.join(STOP_SECONDS)
            if worker.exitcode is None:
                worker.kill()
                worker.join()


def _serve(work: Callable[[socket.socket], None], listening: socket.socket) -> None:
    for each in _ENDINGS:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
    threading.Thread(target=_end_with_the_parent, name="end-with-parent", daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        work(listening)


def _end_with_the_parent() -> None:
    """End this worker when its parent was killed: it would hold the port with nobody to ask it to.

    At once, as in a power cut: whoever starts the service again wants the port now.
    """
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)
