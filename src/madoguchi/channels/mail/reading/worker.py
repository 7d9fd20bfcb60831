"""The process that reads mails for `safely.py`: lengths and bytes on its input, lengths and JSON on its output.

It may use so much memory and processor time, write no file, and leave no core. Whoever breaks it breaks nothing else.
"""

from __future__ import annotations

import resource
import signal
import struct
import sys
from typing import BinaryIO

from madoguchi.channels.mail.reading.read import read
from madoguchi.channels.mail.reading.wire import packed

LENGTH = struct.Struct(">Q")


def main(seconds: float, megabytes: int) -> None:
    _limit(megabytes)
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while (marker := _block(incoming)) is not None and (raw := _block(incoming)) is not None:
        signal.setitimer(
            signal.ITIMER_PROF, seconds
        )  # processor time; when it is over, the signal ends the process
        told = packed(read(raw, marker=marker.decode()))
        signal.setitimer(signal.ITIMER_PROF, 0)
        outgoing.write(LENGTH.pack(len(told)) + told)
        outgoing.flush()


def _limit(megabytes: int) -> None:
    memory = megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _block(incoming: BinaryIO) -> bytes | None:
    head = incoming.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    return incoming.read(length)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
