"""Starts the kernel, runs cells, and tells how long each takes.

usage: python -c "$(cat latency.py)" KERNEL CELLS

CELLS is JSON: a list of [name, code]. Prints one line of JSON for each, the start of the kernel first. Ends with a
message at the first cell that fails.
"""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel


def tell(name, start):
    print(json.dumps({"name": name, "seconds": time.monotonic() - start}), flush=True)


def main(kernel, cells):
    start = time.monotonic()
    manager, client = start_new_kernel(startup_timeout=600, kernel_name=kernel)
    tell("ready", start)
    try:
        for name, code in json.loads(cells):
            said = []
            start = time.monotonic()
            reply = client.execute_interactive(code, output_hook=said.append, timeout=600)
            tell(name, start)
            complaints = [m for m in said if m["msg_type"] == "error" or m["content"].get("name") == "stderr"]
            if complaints or reply["content"]["status"] != "ok":
                sys.exit(f"{code}\n{[m['content'] for m in complaints]}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


if __name__ == "__main__":
    main(*sys.argv[1:])
