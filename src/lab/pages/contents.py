"""What notebooks show: figures and tables with captions, under their headings."""

import re
from dataclasses import dataclass
from itertools import takewhile

from bs4 import BeautifulSoup

from rendering import Renderer, escape, plain_text

# The number of figures in the report.
FIGURES = 24
# How paragraphs start that tell what a notebook is for, and those that compare with the report.
OPENINGS = ["Report:", "Aim."]
COMPARISONS = ["The report says", "We find"]


@dataclass
class Heading:
    text: str
    cell: str


@dataclass
class Comparison:
    html: str


@dataclass
class Shown:
    """A figure or table: the result of a code cell, which has a number among them, under its nearest heading."""

    cell: str
    number: int
    heading: str
    title: str | None
    figure: str | None = None
    table: str | None = None


class Chapter:
    """A notebook that ran, as the index shows it."""

    def __init__(self, run, notebook, links, folder):
        self.name, self.seconds, self.failure = run["name"], run["seconds"], run["failure"]
        self.page = f"{self.name}.html"
        self.openings, self.parts, first = {}, [], None
        heading, number = "", 0
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                renderer = Renderer(links, folder, attachments=cell.get("attachments", {}))
                for element in BeautifulSoup(renderer.html(cell.source), "html.parser")(re.compile("^(h[1-6]|p)$")):
                    if element.name == "p":
                        self.paragraph(element)
                        continue
                    heading = plain_text(element)
                    self.parts.append(Heading(heading, cell.get("id", "")))
                    first = first or (heading if element.name == "h1" else None)
            elif cell.cell_type == "code" and cell.source.strip():
                number += 1
                for output in cell.outputs:
                    self.parts += shown(output.get("data", {}), cell.get("id", ""), number, heading)
        self.title = escape(first or self.name)

    def paragraph(self, element):
        """Keeps what the index shows of the text."""
        # As in "**Aim.** …": what is emphasised at its start.
        first = next(iter(element.contents), None)
        start = first.get_text() if first and first.name in ("em", "strong") else ""
        for opening in OPENINGS:
            if start.startswith(opening):
                self.openings.setdefault(opening, str(element))
        if start.startswith(tuple(COMPARISONS)):
            self.parts.append(Comparison(str(element)))

    def link(self, cell):
        """Where a cell is; nbconvert gives it this id. In notebooks of before 2021 cells have none."""
        return f"{self.page}#cell-id={cell}" if cell else self.page

    def heading_link(self, text):
        """Where the cell with this heading is, or the notebook where there is none."""
        cells = [part.cell for part in self.parts if isinstance(part, Heading) and part.text == text]
        return self.link(cells[0] if cells else "")

    def blocks(self):
        """What the index shows, from top to bottom: a heading only above a figure or table, and not the title."""
        heading = None
        for part in self.parts:
            if isinstance(part, Heading):
                heading = part
                continue
            if isinstance(part, Shown):
                if heading and escape(heading.text) != self.title:
                    yield heading
                heading = None
            yield part


def shown(data, cell, number, heading):
    """The figure or table among what a cell has put out."""
    if svg := data.get("image/svg+xml"):
        tag = BeautifulSoup(svg, "html.parser").find("svg")
        yield Shown(cell, number, heading, escape(tag.get("aria-label", "")) if tag else None, figure=svg)
    if html := data.get("text/html"):
        caption = BeautifulSoup(html, "html.parser").find("caption")
        yield Shown(cell, number, heading, caption and caption.decode_contents(), table=html)


def figures_of_the_report(chapters):
    """Where each figure of the report is: rows of its number, the chapter, a link and its text, or None for the whole
    notebook; and the numbers that are nowhere. Headings name figures; else a notebook's line "Report: …" does."""
    rows = []
    for chapter in chapters:
        found = set()
        for at, part in enumerate(chapter.parts):
            if not isinstance(part, Heading):
                continue
            # The first figure or table under a heading is what it promises.
            under = takewhile(lambda other: not isinstance(other, Heading), chapter.parts[at + 1 :])
            first = next((other for other in under if isinstance(other, Shown)), None)
            link = chapter.link(first.cell if first else part.cell)
            where = f"{part.text}, {f'cell {first.number}' if first else 'text'}"
            for number in figure_numbers(part.text):
                found.add(number)
                rows.append((number, chapter, link, where))
        for number in figure_numbers(plain_text(chapter.openings.get(OPENINGS[0], ""))):
            if number not in found:
                found.add(number)
                rows.append((number, chapter, None, None))
    rows.sort(key=lambda row: row[0])
    missing = [number for number in range(1, FIGURES + 1) if number not in {row[0] for row in rows}]
    return {"rows": rows, "missing": missing}


def figure_numbers(text):
    """The numbers of figures that a text names: 4 for "(figure 4)", 6 and 7 for "figures 6 and 7", 14, 15 and 16 for
    "figures 14-16" and "figures 14 to 16"."""
    numbers = []
    for words in re.split("figures?", text.lower())[1:]:
        range_from = None
        for word in re.findall(r"\d+|[^\W\d]+|[^\w\s]+", words):
            if word.isdecimal():
                first, last = (range_from + 1 if range_from else int(word)), int(word)
                numbers += [number for number in range(first, min(last, FIGURES) + 1) if number > 0]
                range_from = None
            elif word in ("-", "–", "to"):
                range_from = numbers[-1] if numbers else None
            elif word not in (",", "and", "&"):
                break
    return numbers
