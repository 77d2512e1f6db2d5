"""Batches of a hundred awards, recorded by the product in process: see `bench.bursts`."""

import sys
from datetime import date
from pathlib import Path

from bench.bursts import serve
from bench.inserting import BATCH
from bench.instance import PUBLIC_URL
from skillpassport.bootstrap import open_instance
from skillpassport.credentials.model import Award, Subject
from skillpassport.settings import load_settings

PERSON = Subject(name="Example Person (Poland)", birth_date=date(1998, 3, 14))
"""As in the demonstration's award, whose rows the floor writes again."""

AWARDED_ON = date(2024, 6, 28)


def _serve(folder: Path, organisation: str, achievement: str) -> None:
    settings = load_settings(data_dir=folder, public_url=PUBLIC_URL, rate_limits="off", seed="none")
    instance = open_instance(settings)
    issuer = instance.organisation(organisation)
    assert issuer is not None
    awarded = instance.achievement_of(issuer, achievement)
    assert awarded is not None
    batch = [Award(achievement=awarded, subject=PERSON, awarded_on=AWARDED_ON)] * BATCH
    serve(lambda _: instance.issue.batch(issuer, batch), BATCH)
    instance.close()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), *sys.argv[2:])
