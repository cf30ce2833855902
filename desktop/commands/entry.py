"""What the installed command calls. Its imports are light: Ctrl+C is heard from the start."""

from __future__ import annotations

import signal
import sys

from desktop.commands.interrupt import leave


def command() -> int:
    """Run one command and return the exit code; Ctrl+C never meets a half-ended program."""
    signal.signal(signal.SIGINT, leave)
    from desktop.commands.cli import main

    try:
        return main()
    finally:  # also where the options end it
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(command())
