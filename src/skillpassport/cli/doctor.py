"""`skillpassport doctor`: what is wrong with this instance, each finding with its remedy."""

from skillpassport.cli.opening import readable_instance
from skillpassport.cli.output import Exit, answer, say
from skillpassport.diagnosis import examine as examine_instance

_SIGNS = {"ok": "ok  ", "warning": "warn", "failure": "FAIL"}


def examine(*, as_json: bool) -> Exit:
    """Print every examination; return how the command ends: failures count, warnings do not."""
    instance = readable_instance()
    try:
        examinations = examine_instance(instance)
    finally:
        instance.close()
    failed = any(each.outcome == "failure" for each in examinations)

    def tell() -> None:
        for each in examinations:
            say(f"{_SIGNS[each.outcome]}  {each.name}: {each.message}")
            if each.remedy:
                say(f"      {each.remedy}")

    rows = [
        {"name": e.name, "outcome": e.outcome, "message": e.message, "remedy": e.remedy}
        for e in examinations
    ]
    answer(as_json, {"ok": not failed, "examinations": rows}, tell)
    return Exit.INVALID if failed else Exit.OK
