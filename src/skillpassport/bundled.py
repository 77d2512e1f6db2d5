"""Files that travel with the package: migrations and schemas.

They live at the top of the checkout, where people look for them, and inside the wheel, where the
installed program finds them. An editable install shows only the former. The working directory is
never asked: every command works from anywhere.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def bundled(name: str) -> Path:
    """Return the folder of that name, in the package or else in the checkout.

    name: `migrations` or `schemas`
    Raises: FileNotFoundError when the installation is incomplete
    """
    for candidate in (_PACKAGE / f"_{name}", _CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"Expected '{name}' in the package or the checkout, found neither below {_PACKAGE}; "
        "install skillpassport again."
    )
