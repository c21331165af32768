"""Runs one notebook to its end or to the first cell that fails, and saves it as it ran.

usage: python -c "$(cat run_notebook.py)" KERNEL NOTEBOOK SAVED

Tells what happens as lines of JSON. A cell fails if the kernel says so, if it writes to standard error (evcxr calls a
cell a success that panicked or whose `?` met an error, but their messages are there), or if its result is an `Err`.
Jupyter's own tag "raises-exception" marks a cell that may fail.
"""

import json
import os
import queue
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete
from nbclient.exceptions import CellExecutionError, DeadKernelError

# Seconds without news after which a finished cell has nothing more to say: evcxr passes on what a cell wrote to standard
# error on its own time, which can be after it has called the cell finished.
QUIET = 0.1
# The same for a cell that failed, and for the last one, after which nobody listens any more.
QUIET_AT_THE_END = 1.0
# How often a kernel is started. Its ports are chosen before it opens them, and another program may take one in between, as
# another kernel that starts at the same time.
STARTS = 3
# What evcxr adds to a panic's own message.
TERMINATED = "Subprocess terminated with status"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def tell(event, **about):
    print(json.dumps({"event": event, **about}), flush=True)


def failure(cell):
    """Why this cell failed, or None."""
    outputs = cell.get("outputs", [])
    errors = [o for o in outputs if o.output_type == "error"]
    said = "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stderr").strip()
    if errors:
        reports = [COLOURS.sub("", "\n".join(e.traceback)) or e.evalue for e in errors]
        if said:
            reports = [said] + [r for r in reports if not r.startswith(TERMINATED)]
        return "\n".join(reports)
    if said:
        return said
    for output in outputs:
        result = output.get("data", {}).get("text/plain", "")
        if output.output_type == "execute_result" and result.startswith("Err("):
            return result
    return None


class Failed(Exception):
    """A cell failed: its number among the code cells, and why."""

    def __init__(self, number, cell, why):
        super().__init__(why)
        self.number, self.cell, self.why = number, cell, why


def joined(outputs):
    """The outputs with each line of a stream put together with the lines before it."""
    whole = []
    for output in outputs:
        before = whole[-1] if whole else None
        if before and output.output_type == before.output_type == "stream" and output.name == before.name:
            before.text += output.text
        else:
            whole.append(output)
    return whole


class Client(NotebookClient):
    """nbclient, which also waits for what evcxr says after it has called a cell finished."""

    cells = 0
    number = 0
    request = None

    def process_message(self, msg, cell, cell_index):
        self.request = msg["parent_header"].get("msg_id")
        if msg["msg_type"] == "stream" and (text := msg["content"]["text"].strip()):
            tell("output", text=text.splitlines()[-1])
        return super().process_message(msg, cell, cell_index)

    async def hear_out(self, cell, cell_index, quiet):
        while True:
            try:
                message = await self.kc.get_iopub_msg(timeout=quiet)
            except queue.Empty:
                return
            if message["parent_header"].get("msg_id") == self.request:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    pass

    async def async_execute_cell(self, cell, cell_index, **options):
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        self.number += 1
        tell("cell", number=self.number)
        tags = cell.metadata.get("tags", [])
        start = time.monotonic()
        try:
            try:
                await super().async_execute_cell(cell, cell_index, **options)
            finally:
                tell("done", number=self.number, seconds=time.monotonic() - start, trains="trains" in tags)
            last = self.number == self.cells
            await self.hear_out(cell, cell_index, QUIET_AT_THE_END if last else QUIET)
        except CellExecutionError:
            await self.hear_out(cell, cell_index, QUIET_AT_THE_END)
        except DeadKernelError as error:
            raise Failed(self.number, cell, f"the kernel ended: {error}") from error
        cell.outputs = joined(cell.outputs)
        # The kernel counts from 2.
        cell.execution_count = self.number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = self.number
        why = failure(cell)
        if why and "raises-exception" not in tags:
            raise Failed(self.number, cell, why)
        return cell


def execute(notebook, kernel, source, cells):
    """Runs all cells. Returns the failure of the one that failed, or None."""
    for start in range(1, STARTS + 1):
        client = Client(
            notebook,
            kernel_name=kernel,
            timeout=None,
            startup_timeout=600,
            record_timing=False,
            allow_errors=False,
            resources={"metadata": {"path": str(Path(source).parent)}},
        )
        client.cells = cells
        try:
            client.execute()
            return None
        except Failed as error:
            return error
        except RuntimeError:  # The kernel died before it answered.
            if client.number > 0 or start == STARTS:
                raise


def main(kernel, source, saved):
    notebook = nbformat.read(source, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    tell("start", cells=len(code))
    failed = execute(notebook, kernel, source, len(code))
    notebook.metadata.pop("widgets", None)
    # What the outputs are of: those of the shortest budget are not to be kept.
    notebook.metadata.setdefault("manga", {})["budget"] = os.environ.get("MANGA_BUDGET", "class")
    nbformat.write(notebook, saved)
    if failed:
        tell("failed", number=failed.number, source=failed.cell.source, why=failed.why)
    else:
        tell("finished")


if __name__ == "__main__":
    main(*sys.argv[1:])
