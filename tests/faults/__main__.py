"""Run a short series of every fault script, one after the other; what `make faults` does.

    python -m tests.faults

Each script prints a line for each promise; the exit code is 1 when one was broken. Longer series are
run by the scripts themselves. Figures in seconds mean something only on a machine that has little
else to do.
"""

import subprocess
import sys
from collections.abc import Mapping
from typing import Final

SHORT: Final[Mapping[str, int]] = {
    "kill_while_issuing": 3,
    "same_key_four_times": 20,
    "postgres_restart": 2,
    "disk_full": 1,
    "kill_while_importing": 3,
    "crowded_imports": 1,
    "locked_database": 1,
    "key_rotation_under_load": 2,
    "backup_restore": 1,
    "overload": 1,
    "hostile_hosts": 1,
    "slow_clients": 2_000,
}
"""Rounds, or for slow clients their number."""


def main() -> int:
    """Run every script and return the exit code."""
    broken = [name for name, rounds in SHORT.items() if _run(name, rounds) != 0]
    if broken:
        print(f"BROKEN: {', '.join(broken)}", flush=True)  # noqa: T201
    return 1 if broken else 0


def _run(name: str, rounds: int) -> int:
    command = [sys.executable, "-m", f"tests.faults.{name}", str(rounds)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
