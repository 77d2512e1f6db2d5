"""The master key that is generated for the embedded default and kept beside the data.

Good for one machine and a loopback address: whoever copies the folder has key and data. A service
for others takes the key from elsewhere (`SKILLPASSPORT_MASTER_KEY`, `…_MASTER_KEY_FILE`).
"""

import os
import secrets
import stat
from pathlib import Path

from skillpassport.custody.master import format_master_key, parse_master_key
from skillpassport.custody.sealing import new_key
from skillpassport.errors import SkillPassportError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class MasterKeyFileExposed(SkillPassportError):
    """Others on the machine may read the generated master key."""

    code = "master-key-file-exposed"

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            f"Expected '{path}' to be readable by its owner alone (mode 0600), found mode "
            f"{mode:04o}; run `chmod 600 {path}`, and change the key if others may have read it."
        )
        self.path = path


def read_or_create_key_file(path: Path) -> bytes:
    """Return the master key in a file, which is made with mode 0600 when absent.

    Several workers may start at once: the file appears whole or not at all, and all get one key.

    Raises: MasterKeyFileExposed, MasterKeyInvalid
    """
    if not path.exists():
        _create(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        raise MasterKeyFileExposed(path, mode)
    return parse_master_key(path.read_text(encoding="ascii", errors="replace"))


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(format_master_key(new_key()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails when another worker was first; a rename would replace its key.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
