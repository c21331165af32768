"""A headless Chromium for the tests beside this file, and a list of what is wrong."""

import shutil
import sys
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]


def program():
    """Where Chromium is, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def chromium():
    """The browser, as a context that closes it."""
    path = program()
    if path is None:
        sys.exit(f"no Chromium: none of {', '.join(NAMES)} is on the search path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def report(wrong, checked):
    """Prints the outcome, and ends with a failure if there is anything wrong."""
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(checked)
