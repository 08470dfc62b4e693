"""Runs a solver that is a program, with a clock and a hard end."""

import subprocess
import time


def run_timed(command, time_limit):
    """(seconds, standard output, exit status or None when it had to be killed)."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=1.5 * time_limit + 10, check=False
        )
    except subprocess.TimeoutExpired:
        return time.perf_counter() - start, "", None
    return time.perf_counter() - start, done.stdout, done.returncode
