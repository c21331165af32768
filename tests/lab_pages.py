"""Makes pages of small notebooks and documents by src/lab/pages, and looks at what is in them.

tests/kernel.rs runs it with the Python environment of the notebooks, as `PYTHON tests/lab_pages.py`.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from base64 import b64encode

PROGRAM = pathlib.Path(__file__).resolve().parents[1] / "src/lab/pages"
sys.path.insert(0, str(PROGRAM))

from bs4 import BeautifulSoup  # noqa: E402
from contents import figure_numbers  # noqa: E402
from rendering import Renderer, duration, size  # noqa: E402

SVG = '<svg role="img" aria-label="Per class &amp; set" width="900" height="20"><rect width="3"/></svg>'


def code(cell, source, *outputs):
    """A code cell, with its id; an output is the data of a result, or what was written."""
    whole = [
        {"output_type": "stream", "name": "stdout", "text": one}
        if isinstance(one, str)
        else {"output_type": "execute_result", "data": one, "metadata": {}, "execution_count": 1}
        for one in outputs
    ]
    return {"cell_type": "code", "id": cell, "source": source, "outputs": whole, "metadata": {}, "execution_count": 1}


def markdown(cell, source):
    return {"cell_type": "markdown", "id": cell, "source": source, "metadata": {}}


class Pages(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.project = pathlib.Path(kept.name).resolve() / "project"
        # A name that is no text, where there can be such.
        self.output = self.project / os.fsdecode(b"runs\xff" if sys.platform == "linux" else b"runs")
        for folder in (self.output, self.project / "notebooks"):
            folder.mkdir(parents=True)

    def file(self, path, text):
        (self.project / path).parent.mkdir(parents=True, exist_ok=True)
        (self.project / path).write_text(text, "utf-8")

    def notebook(self, name, *cells):
        whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        self.file(self.output / f"{name}.ipynb", json.dumps(whole))

    def make(self, *names, failure=None, claims=None, notebooks="notebooks"):
        """Runs the program; the last notebook failed for this reason."""
        runs = [{"name": name, "seconds": 3.0, "failure": None} for name in names]
        runs[-1]["failure"] = failure
        job = {
            "budget": "smoke",
            "photos": False,
            "runs": runs,
            "claims": claims or {"error": "no <results>"},
        }
        folders = [self.output, self.project / notebooks, self.project]
        command = [sys.executable, PROGRAM / "make_pages.py", *folders]
        done = subprocess.run(command, input=json.dumps(job), text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def page(self, name):
        return BeautifulSoup((self.output / f"{name}.html").read_text("utf-8"), "html.parser")

    def links(self, page):
        return [(link["href"], link.get_text()) for link in page("a") if "anchor-link" not in link.get("class", [])]

    def assert_in_order(self, parts, text):
        at = 0
        for part in parts:
            found = text.find(part, at)
            self.assertGreaterEqual(found, 0, f"{part} is missing or too early in\n{text}")
            at = found + len(part)

    def test_pages_lead_from_one_to_the_next_and_the_index_tells_what_failed(self):
        links = "[then](02_b.ipynb) [there](02_b.ipynb#cell-id=b) [later](03_c.ipynb)"
        self.notebook("01_a", markdown("a", f"# First\n\n{links}"))
        self.notebook("02_b", markdown("b", "# Second"))
        self.make("01_a", "02_b", failure="cell 3: x < y")
        first, second, index = self.page("01_a"), self.page("02_b"), self.page("index")
        around = [("index.html", "All notebooks"), ("02_b.html", "Second →")]
        within = [("02_b.html", "then"), ("02_b.html#cell-id=b", "there")]
        self.assertEqual(self.links(first), around + within + around)
        self.assertEqual(first.title.string, "First")
        # One that did not run has no page.
        self.assertIn("later (notebooks/03_c.ipynb)", first.get_text())
        self.assertEqual(self.links(second)[0], ("01_a.html", "← First"))
        self.assertIn(("01_a.html", "First"), self.links(index))
        self.assertIn("as they ran on faces drawn by the library", index.get_text().replace("\n", " "))
        self.assertIn("“smoke”", index.get_text())
        self.assertEqual(index.find(class_="failure").pre.string, "cell 3: x < y")
        self.assertIn("There is no table of the report's claims: no <results>.", index.get_text())

    def test_pages_refer_to_nothing_on_the_network(self):
        self.notebook("01_a", markdown("a", "![far](https://example.org/a.png)"), code("b", "1", {"text/plain": "1"}))
        self.make("01_a")
        for name in ("01_a", "index"):
            page = self.page(name)
            self.assertEqual(page(["script", "iframe"]) + page.select("[src]"), [])
            self.assertEqual([link["href"] for link in page("link")], ["data:,"])
        self.assertIn(("https://example.org/a.png", "far"), self.links(self.page("01_a")))

    def test_a_notebook_that_could_not_be_started_has_a_page_and_its_name_for_a_title(self):
        self.make("01_a<b", failure="no kernel")
        self.assertEqual(self.page("01_a<b").title.string, "01_a<b")
        self.assertIn(("01_a<b.html", "01_a<b"), self.links(self.page("index")))

    def test_the_title_is_the_text_of_the_first_heading_of_the_first_order(self):
        self.notebook("01_a", markdown("a", "## Before\n\n# Faces & *tears*\n\n# Other"))
        self.notebook("02_b", markdown("a", "## None"))
        self.make("01_a", "02_b")
        self.assertIn("<title>Faces &amp; tears</title>", (self.output / "01_a.html").read_text("utf-8"))
        self.assertEqual(self.page("02_b").title.string, "02_b")

    def test_the_index_shows_what_a_notebook_shows_and_leads_to_its_cells(self):
        text = "# 1 · *Faces*\n\n*Report: 2.1.1, figures 4 and 5.*\n\n**Aim.** To look.\n\n```\n# no heading\n```"
        self.notebook(
            "01_faces",
            markdown("a", text),
            code("empty", " "),
            code("said", "let x = 1;", "said"),
            markdown("b", "## Counts (figure 4)"),
            code("c", "counts()", {"image/svg+xml": SVG, "text/plain": "Figure"}),
            markdown("d", "How.\n\n**The report says** 463. **We find** more.\n\n**We find** 455."),
            code("e", "table()", {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"}),
            markdown("f", "## Nothing is shown here"),
            markdown("g", "## All"),
            code("h", "all()", {"text/html": '<table><caption style="x">A <i>b</i></caption></table>'}),
        )
        self.make("01_faces", failure="cell 4: x < y")
        index = self.page("index")
        html = index.main.decode()
        parts = [
            '<li><a href="#01_faces">1 · Faces</a> <strong class="failed">failed</strong> '
            '<span class="time">3 s</span></li>',
            '<tr><td>4</td><td><a href="01_faces.html">1 · Faces</a></td>'
            '<td><a href="01_faces.html#cell-id=c">Counts (figure 4), cell 2</a></td></tr>',
            '<tr><td>5</td><td><a href="01_faces.html">1 · Faces</a></td><td>the whole notebook</td></tr>',
            "In none of the notebooks that ran: 1, 2, 3, 6, 7,",
            '<section id="01_faces">',
            "<p><em>Report: 2.1.1, figures 4 and 5.</em></p>",
            "<p><strong>Aim.</strong> To look.</p>",
            "Ended after 3 s",
            "cell 4: x &lt; y",
            "<h3>Counts (figure 4)</h3>",
            '<span class="picture" style="--drawn: 900px; --shape: 45.000" tabindex="0">'
            '<svg aria-label="Per class &amp; set"',
            'Counts (figure 4) · <a href="01_faces.html#cell-id=c">Per class &amp; set</a> (cell 2)',
            "<p><strong>The report says</strong> 463. <strong>We find</strong> more.</p>",
            "<p><strong>We find</strong> 455.</p>",
            "<table><tr><td>1</td></tr></table>",
            '<a href="01_faces.html#cell-id=e">Counts (figure 4)</a> (cell 3)',
            "<h3>All</h3>",
            'All · <a href="01_faces.html#cell-id=h">A <i>b</i></a> (cell 4)',
        ]
        # The parser sorts attributes.
        self.assert_in_order(parts, html)
        self.assertEqual(html.count("The report says"), 1)
        self.assertEqual(len(index("h3")), 2)
        # The cell is where the index leads, and its figure can be focused.
        cell = self.page("01_faces").find(id="cell-id=c")
        self.assertEqual(cell.find(class_="picture")["tabindex"], "0")
        self.assertEqual(cell.svg["width"], "900")

    def test_documents_that_notebooks_link_to_are_pages_and_those_that_these_link_to(self):
        picture = b"\x89PNG\r\n\x1a\n"
        self.notebook("01_a", markdown("a", "[why](../docs/why.md#so-it-is) ![drawn](../results/a.svg)"))
        self.file("results/a.svg", SVG)
        self.file("results/a.csv", "1")
        (self.project / "results/a.png").write_bytes(picture)
        self.file(
            "docs/why.md",
            "# Why & how\n\n## So it is\n\n## So it is\n\n[a notebook](../notebooks/01_a.ipynb) [itself](#so-it-is-1) "
            "[deeper](../results/README.md) [`rows`](../results/a.csv) [results](../results) [out](../../secret.md) "
            "[far](https://example.org)\n\n![a curve](../results/a.svg) ![a face](../results/a.png) ![gone](no.png)",
        )
        self.file("results/README.md", "[back](../docs/why.md) [third](third.md)")
        self.file("results/third.md", "# Third")
        self.file("../secret.md", "# Secret")
        self.make("01_a")
        pages = {file.name for file in self.output.glob("*.html")}
        self.assertEqual(pages, {"01_a.html", "index.html", "docs-why.md.html", "results-README.md.html"})
        notebook = self.page("01_a")
        self.assertIn(("docs-why.md.html#so-it-is", "why"), self.links(notebook))
        self.assertEqual(notebook.svg["aria-label"], "Per class & set")
        why = self.page("docs-why.md")
        self.assertEqual(why.title.string, "Why & how")
        self.assertEqual([h["id"] for h in why(["h1", "h2"])], ["why--how", "so-it-is", "so-it-is-1"])
        back = ("index.html", "All notebooks")
        within = [
            ("01_a.html", "a notebook"),
            ("#so-it-is-1", "itself"),
            ("results-README.md.html", "deeper"),
            ("https://example.org", "far"),
        ]
        self.assertEqual(self.links(why), [back, *within, back])
        for shown in ("rows (results/a.csv)", "results out (secret.md)", "gone (docs/no.png)"):
            self.assertIn(shown, why.get_text())
        self.assertEqual(why.find(class_="picture").svg["aria-label"], "Per class & set")
        face = f"data:image/png;base64,{b64encode(picture).decode()}"
        self.assertEqual([(image["src"], image["alt"]) for image in why("img")], [(face, "a face")])
        # The second one has no heading, and what it links to is beyond the depth that is followed.
        readme = self.page("results-README.md")
        self.assertEqual(readme.h1.string, "results/README.md")
        self.assertEqual(self.links(readme)[1], ("docs-why.md.html", "back"))
        self.assertIn("third (results/third.md)", readme.get_text())
        listed = [("docs-why.md.html", "Why & how"), ("results-README.md.html", "results/README.md")]
        self.assertEqual(self.links(self.page("index").find(class_="contents"))[1:], listed)

    def test_notebooks_that_are_not_the_projects_have_documents_beside_them(self):
        self.file("../other/notes.md", "# Notes")
        (self.project / "../other/lessons").mkdir()
        self.notebook("01_a", markdown("a", "[notes](../notes.md) [theirs](../../project/docs/a.md)"))
        self.file("docs/a.md", "# A")
        self.make("01_a", notebooks="../other/lessons")
        self.assertIn(("notes.md.html", "notes"), self.links(self.page("01_a")))
        self.assertIn("theirs (a.md)", self.page("01_a").get_text())

    def test_odd_links_and_images_do_no_harm(self):
        with_image = markdown("a", "![kept](attachment:a.png) ![lost](attachment:b.png)")
        with_image["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
        links = f"[a](//[x) [b](a%00b.md) [c]({'c' * 300}.md) [d](odd.md) [e](mailto:a@example.org) [f](.)"
        self.notebook("01_a", with_image, markdown("b", links))
        (self.project / "notebooks/odd.md").write_bytes(b"# Odd \xff")
        self.make("01_a")
        page = self.page("01_a")
        images = [(image["src"], image["alt"]) for image in page("img")]
        self.assertEqual(images, [("data:image/png;base64,iVBORw0KGgo=", "kept")])
        self.assertIn("lost", page.get_text())
        self.assertIn("f (notebooks)", page.get_text())
        self.assertIn(("notebooks-odd.md.html", "d"), self.links(page))
        self.assertIn(("mailto:a@example.org", "e"), self.links(page))
        self.assertEqual(self.page("notebooks-odd.md").title.string, "Odd \ufffd")

    def test_a_claim_leads_to_the_cell_under_the_heading_that_it_names(self):
        self.notebook("08_evaluation", markdown("a", "# 8 · How good"), markdown("b", "## Its *report* (figure 14)"))
        names = ["8 · Its report (figure 14)", "8 · Gone", "9 · Other"]
        rows = "".join(f"<tr><td>{name}</td></tr>" for name in names)
        places = {name: {"notebook": int(name[0]), "heading": name[4:]} for name in names}
        self.make("08_evaluation", claims={"html": f"<table>{rows}</table><p>Three.</p>", "places": places})
        table = self.page("index").find(class_="claims")
        expected = [("08_evaluation.html#cell-id=b", names[0]), ("08_evaluation.html", names[1])]
        self.assertEqual(self.links(table), expected)
        self.assertEqual([cell.get_text() for cell in table("td")], names)
        self.assertEqual(table.p.string, "Three.")


class Parts(unittest.TestCase):
    def test_numbers_of_figures_are_read_one_by_one_in_lists_and_in_ranges(self):
        for text, numbers in [
            ("The learning rate (figure 9)", [9]),
            ("Figures 6 and 7", [6, 7]),
            ("(figures 14-16)", [14, 15, 16]),
            ("figures 8, 22–24.", [8, 22, 23, 24]),
            ("figures 17 to 19, with 7 classes", [17, 18, 19]),
            ("2.1.2, figures 5 and 21; 455 photos", [5, 21]),
            ("figure 4, and 455 faces in figure 7", [4, 7]),
            ("figures 3 to 999", list(range(3, 25))),
            ("12 figures of 3 faces", []),
            ("without a number", []),
        ]:
            self.assertEqual(figure_numbers(text), numbers, text)

    def test_ids_of_headings_are_those_of_github(self):
        # By github-slugger 2.0.0: for (const text of texts) console.log(slugger.slug(text))
        renderer = Renderer(None, None, github=True)
        for text, slug in [
            ("Training from scratch", "training-from-scratch"),
            ("On one split, as in the report", "on-one-split-as-in-the-report"),
            ("What's new? 76 % of `k`-NN", "whats-new-76--of-k-nn"),
            ("snake_case & more – dashes", "snake_case--more--dashes"),
            ("Training from scratch", "training-from-scratch-1"),
            ("Größe: 2 × 3", "größe-2--3"),
            ("Training from scratch 1", "training-from-scratch-1-1"),
            ("Training from scratch", "training-from-scratch-2"),
            ("a--b", "a--b"),
            ("😀 emoji", "-emoji"),
        ]:
            self.assertEqual(renderer.slug(text), slug)

    def test_a_figure_without_a_size_is_none(self):
        self.assertEqual(size('<svg width="900" height="20"></svg>'), (900.0, 20.0))
        for svg in ('<svg width="100%" height="20"/>', "<svg/>", "no figure", '<svg width="9" height="0"/>'):
            self.assertIsNone(size(svg))

    def test_seconds_are_told_as_minutes_from_two_on(self):
        self.assertEqual([duration(s) for s in (0.4, 119.4, 120, 754)], ["0 s", "119 s", "2 min", "13 min"])


if __name__ == "__main__":
    unittest.main()
