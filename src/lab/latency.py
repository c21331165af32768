"""Starts kernels as Jupyter does, runs cells in them, and tells how long each takes.

usage: python -c "$(cat latency.py)" KERNEL CELLS LONG

CELLS is JSON: a list of [name, code], the first of which defines `x`. LONG is the code of a cell that takes a minute.
Prints lines of JSON: {"name", "seconds"} for what is timed, {"name", "said"} for what a cell says after an interrupt and
after a crash. Ends with a message at the first cell that fails and should not.
"""

import json
import sys
import threading
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

# Seconds that a cell is given to begin before it is interrupted, and that its last words are given to arrive.
BEGIN = 3
LAST_WORDS = 1


def tell(name, **about):
    print(json.dumps({"name": name, **about}), flush=True)


def complaints(messages):
    """What a cell wrote to standard error, and its errors."""
    return [
        "\n".join(m["content"]["traceback"]) if m["msg_type"] == "error" else m["content"]["text"]
        for m in messages
        if m["msg_type"] == "error" or m["content"].get("name") == "stderr"
    ]


class Kernel:
    """A kernel that runs, as one open notebook has it."""

    def __init__(self, name):
        self.manager, self.client = start_new_kernel(startup_timeout=600, kernel_name=name)

    def run(self, code):
        """Runs a cell that must not fail."""
        said = []
        reply = self.client.execute_interactive(code, output_hook=said.append, timeout=600)
        wrong = complaints(said)
        if wrong or reply["content"]["status"] != "ok":
            sys.exit(f"{code}\n{wrong}")

    def failing(self, code, interrupt=False):
        """Runs a cell that fails, or is interrupted, and returns what it says."""
        timer = threading.Timer(BEGIN, self.manager.interrupt_kernel)
        if interrupt:
            timer.start()
        said = []
        self.client.execute_interactive(code, output_hook=said.append, timeout=600)
        # The new process speaks after the cell has ended.
        while True:
            try:
                said.append(self.client.get_iopub_msg(timeout=LAST_WORDS))
            except Empty:
                return "\n".join(complaints(said))

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def timed(name, action):
    start = time.monotonic()
    result = action()
    tell(name, seconds=time.monotonic() - start)
    return result


def main(name, cells, long):
    kernels = [timed("ready", lambda: Kernel(name))]
    try:
        first = kernels[0]
        for about, code in json.loads(cells):
            timed(about, lambda: first.run(code))
        kernels.append(timed("a second notebook, ready", lambda: Kernel(name)))
        second = kernels[1]
        # Each has its own variables, and the first is busy while the second answers.
        second.run("let x = 2;")
        busy = threading.Thread(target=first.failing, args=[long, True])
        busy.start()
        timed("1 + 1 while the other is busy", lambda: second.run("assert_eq!(x + 1, 3); 1 + 1"))
        busy.join()
        tell("after an interrupt, a cell that needs a variable", said=first.failing("x + 1"))
        timed("after an interrupt, 1 + 1", lambda: first.run("1 + 1"))
        tell("a crash", said=second.failing("std::process::abort();"))
        tell("after a crash, a cell that needs a variable", said=second.failing("x + 1"))
        tell("an interrupt", said=second.failing(long, True))
        timed("after a crash, 1 + 1", lambda: second.run("1 + 1"))
    finally:
        for kernel in kernels:
            kernel.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
