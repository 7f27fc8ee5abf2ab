"""The program `landbridge`, also run by `python -m landbridge`: a signal ends it in order from its first imports on."""

import os
import signal
from types import FrameType
from typing import NoReturn

from landbridge.networks.little_memory import LITTLE_MEMORY, lacks_memory


def main() -> None:
    """Run the command line and exit the process with its exit code."""
    # Nothing is in hand while the program is imported; an exception in the middle of an import would be garbled.
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _end_at_once)
    try:
        from landbridge.routing.cli.main import main as run

        run()
    except Exception as error:
        if not lacks_memory(error):
            raise
        # The end of the interpreter takes memory, too.
        os.write(2, f"{LITTLE_MEMORY}\n".encode())
        os._exit(3)


def _end_at_once(number: int, _: FrameType | None) -> NoReturn:
    os.write(2, b"landbridge: interrupted before it began\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
