"""Counts and durations of requests, for Prometheus.

Labels are route templates and status classes, never a path: a path holds codes and ids, and each
would become a series of its own.
Source: Prometheus text exposition format 0.0.4
"""

import threading
from bisect import bisect_left
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLASSES = tuple(f"{hundreds}xx" for hundreds in range(10))

_Series = tuple[str, str, str]


@dataclass(slots=True)
class _Durations:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0


class Metrics:
    """What one worker has served since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: dict[_Series, _Durations] = {}

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request.

        method: one of HTTP's own, else it is counted as OTHER
        route: the template, from a closed set
        """
        series = (method if method in _METHODS else "OTHER", route, _CLASSES[status // 100])
        with self._lock:
            durations = self._series.get(series)
            if durations is None:
                durations = self._series[series] = _Durations()
            durations.counts[bisect_left(BUCKETS, seconds)] += 1
            durations.total += seconds

    def exposition(self) -> str:
        """Return everything in the text format."""
        name = "skillpassport_request_seconds"
        lines = [f"# HELP {name} Time to answer a request.", f"# TYPE {name} histogram"]
        with self._lock:
            for (method, route, status), durations in sorted(self._series.items()):
                labels = f'method="{method}",route="{_escaped(route)}",status="{status}"'
                lines += _histogram(name, labels, durations)
        return "\n".join(lines) + "\n"


def _histogram(name: str, labels: str, durations: _Durations) -> list[str]:
    lines, count = [], 0
    for bound, bucket in zip((*BUCKETS, "+Inf"), durations.counts, strict=True):
        count += bucket
        lines.append(f'{name}_bucket{{{labels},le="{bound}"}} {count}')
    lines.append(f"{name}_sum{{{labels}}} {durations.total:.6f}")
    lines.append(f"{name}_count{{{labels}}} {count}")
    return lines


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
