"""What the standard library's reader of ZIP archives raises of those that are not whole, or not plain."""

import zipfile
import zlib
from typing import Final

NOT_WHOLE: Final = (
    zipfile.BadZipFile,
    NotImplementedError,  # a way of packing, patching or encrypting that the library does not have
    RuntimeError,  # an encrypted file
    ValueError,  # an offset before the beginning, a name in no encoding
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    MemoryError,
)
