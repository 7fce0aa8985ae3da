"""The outline of a file, walked before any decoder sees it: is its end there, and is it made to be opened?

Decoders take pieces one by one, and some repeat the whole picture for each: a small file can cost hours.
"""

import re
from typing import Final

# A heavy photo has some hundred pieces; ten megabytes could hold millions.
MOST_SEGMENTS: Final = 1_000
MOST_CHUNKS: Final = 20_000
# Each scan of a progressive JPEG visits every pixel; encoders write about ten.
MOST_SCANS: Final = 32

_MARKER: Final = re.compile(rb"\xff{1,16}([^\x00\xff])")
# Inside a scan, 0xFF is followed by 0 or is a restart marker (ITU-T T.81, B.1.1).
_NEXT_IN_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SCAN: Final = 0xDA
_END: Final = 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def is_whole_jpeg(data: bytes) -> bool:
    """Whether markers lead from the first byte to the end of the picture, in a sensible number of steps."""
    at, scans = 2, 0
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.match(data, at)
        if found is None:
            return False
        at, kind = found.end(), found[1][0]
        if kind == _END:
            return True
        if kind in _ALONE:
            continue
        at += int.from_bytes(data[at : at + 2])
        if kind == _SCAN:
            scans += 1
            after = _NEXT_IN_SCAN.search(data, at)
            if after is None or scans > MOST_SCANS:
                return False
            at = after.start()
    return False


def is_whole_png(data: bytes) -> bool:
    """Whether chunks lead from the signature to IEND, in a sensible number of steps."""
    at = 8
    for _ in range(MOST_CHUNKS):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at <= len(data)
        if at > len(data):
            return False
    return False


def is_whole_webp(data: bytes) -> bool:
    """Whether the file is as long as it says."""
    return int.from_bytes(data[4:8], "little") + 8 <= len(data)
