"""Links from one text of the project to another file, or to a heading."""

import re

from .files import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")


def broken(name):
    """A problem for each link that leads to no file, or to no heading of it."""
    problems = []
    text = (ROOT / name).read_text(encoding="utf-8")
    for match in LINK.finditer(text):
        path, _, anchor = match.group(1).partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (ROOT / name).parent / path if path else ROOT / name
        line = text.count("\n", 0, match.start()) + 1
        if not target.exists():
            problems.append(f"{name}:{line}: there is no {match.group(1)}")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            problems.append(f"{name}:{line}: {path or name} has no heading #{anchor}")
    return problems


def anchors(text):
    """The headings of a Markdown text as GitHub names them in links."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
