"""Starts `manga lab`, opens a notebook in a headless Chromium, runs all its cells, and sees its figures appear.

usage: python lab.py MANGA NOTEBOOK [SCREENSHOTS]

Also interrupts a cell, as a student would who has had enough, and checks that the notebook says what to do.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from chromium import chromium, report
from playwright.sync_api import TimeoutError

# Milliseconds: a kernel that starts on a busy machine, and all cells of a short notebook.
START, CELLS = 120_000, 300_000
# What the cells' numbers say. JupyterLab writes a star while a cell waits or runs.
PROMPTS = "[...document.querySelectorAll('.jp-Notebook-cell.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent)"
NONE_RAN = f"() => {PROMPTS}.length && {PROMPTS}.every(text => text.includes('[ ]'))"
SOME_RUN = f"() => {PROMPTS}.some(text => /[*0-9]/.test(text))"
NONE_WAITS = f"() => !{PROMPTS}.some(text => text.includes('*'))"


def start(manga, folder):
    """JupyterLab on this folder, and its address. It opens no browser of its own."""
    environment = dict(os.environ, BROWSER="true", MANGA_BUDGET="smoke")
    process = subprocess.Popen(
        [manga, "lab", "--notebooks", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://(?:127\.0\.0\.1|localhost)\S+token=\S+", line):
            # It must not wait for somebody who reads what it says.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, found.group(0)
    sys.exit("JupyterLab does not start:\n" + "".join(said))


def menu(page, *entries):
    """Chooses an entry of JupyterLab's menus."""
    for entry in entries[:-1]:
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{entry}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entries[-1]}")).first.click()


def until(page, condition, *entries):
    """Chooses an entry of the menus until this comes true: JupyterLab is deaf for a while when it has drawn its menus."""
    for _ in range(10):
        menu(page, *entries)
        try:
            page.wait_for_function(condition, timeout=5_000)
            return
        except TimeoutError:
            pass
    sys.exit(f"JupyterLab does not do this: {' > '.join(entries)}")


def main(manga, notebook, screenshots=None):
    # JupyterLab saves what is changed: this must not be the notebook itself.
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebook, folder)
        check(manga, folder, Path(notebook).name, screenshots)


def check(manga, folder, notebook, screenshots):
    wrong = []
    cells = json.loads((Path(folder) / notebook).read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
    kept = sum(any("image/svg+xml" in o.get("data", {}) for o in cell["outputs"]) for cell in code)
    process, url = start(manga, folder)
    try:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.on("pageerror", lambda error: wrong.append(f"JupyterLab: {error}"))
            page.goto(re.sub(r"/lab[^?]*\?", f"/lab/tree/{notebook}?reset&", url))
            page.wait_for_selector(".jp-Notebook:visible", timeout=START)
            page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=START)
            # What is kept in the notebook must not pass for what runs now.
            until(page, NONE_RAN, "Edit", "Clear Outputs of All Cells")
            until(page, SOME_RUN, "Run", "Run All Cells")
            seen, cells = watch(page, wrong)
            if cells != len(code):
                wrong.append(f"{cells} of {len(code)} cells ran")
            if seen != kept:
                wrong.append(f"{seen} figures appeared; the notebook is kept with {kept}")
            if screenshots:
                Path(screenshots).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=Path(screenshots) / "lab.png")
            said = interrupt(page)
            if screenshots:
                page.screenshot(path=Path(screenshots) / "lab-interrupted.png")
            if "Run the cells again from the top" not in said:
                wrong.append(f"after an interrupt the cell says only: {said!r}")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
    report(wrong, f"JupyterLab ran {cells} cells of {notebook}, showed {seen} figures, and explained an interrupt")


def watch(page, wrong):
    """Waits until all cells have run, from top to bottom as JupyterLab draws only what is in sight; counts figures."""
    page.wait_for_function(NONE_WAITS, timeout=CELLS)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=CELLS)
    page.wait_for_timeout(1500)
    seen, ran = set(), set()
    box = page.locator(".jp-Notebook:visible .jp-WindowedPanel-outer")
    height = box.evaluate("box => box.scrollHeight")
    for top in range(0, height + 1, 500):
        box.evaluate("(box, top) => box.scrollTop = top", top)
        page.wait_for_timeout(250)
        found = page.evaluate(
            """() => [...document.querySelectorAll('.jp-Notebook-cell.jp-CodeCell')].map(cell => ({
              id: cell.dataset.windowedListIndex,
              ran: /\\d/.test(cell.querySelector('.jp-InputPrompt')?.textContent || ''),
              figures: [...cell.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg[role=img]')]
                .filter(i => i.getBoundingClientRect().width && (i.naturalWidth ?? 1)).length,
              wrong: [...cell.querySelectorAll('[data-mime-type*=stderr], [data-mime-type*=error]')].map(e => e.textContent),
            }))"""
        )
        for cell in found:
            if cell["figures"]:
                seen.add(cell["id"])
            if cell["ran"]:
                ran.add(cell["id"])
            for text in cell["wrong"]:
                if (line := f"a cell says: {text}") not in wrong:
                    wrong.append(line)
    return len(seen), len(ran)


def interrupt(page):
    """Runs a cell that takes a minute, interrupts it, and returns what it says."""
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook:visible .jp-WindowedPanel-outer").evaluate("box => box.scrollTop = box.scrollHeight")
    page.wait_for_timeout(500)
    page.locator(".jp-Notebook:visible .jp-Notebook-cell").last.click(position={"x": 5, "y": 5})
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("std::thread::sleep(std::time::Duration::from_secs(60));")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]", timeout=START)
    # The cell is compiled first.
    page.wait_for_timeout(5000)
    menu(page, "Kernel", "Interrupt Kernel")
    said = page.locator(".jp-Notebook:visible [data-mime-type*=stderr], .jp-Notebook:visible [data-mime-type*=error]")
    said.first.wait_for(timeout=START)
    page.wait_for_timeout(2000)
    return "\n".join(said.all_inner_texts())


if __name__ == "__main__":
    main(*sys.argv[1:])
