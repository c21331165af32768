"""Makes pages of notebooks that ran, of the documents that they link to, and an index that leads through all of them.

usage: python make_pages.py OUTPUT NOTEBOOKS PROJECT < JOB

OUTPUT has the notebooks as they ran, and gets the pages; NOTEBOOKS is the folder that they are from; PROJECT has the
documents. The job is JSON; `src/lab/pages.rs` says what is in it. Prints nothing. The pages refer to nothing on the network.
"""

import json
import sys
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from contents import Chapter, figures_of_the_report
from links import Links
from rendering import Exporter, Renderer, escape, markdown_of, plain_text, text_of

TITLE = "The expressions of manga characters"
# Documents that a notebook links to become pages, and those that these link to.
DEPTH = 2


def main(output, notebooks, project, job):
    output, folder = Path(output), Path(notebooks).resolve()
    names = [run["name"] for run in job["runs"]]
    links = Links(folder, Path(project).resolve(), names)
    notebooks = [read(output / f"{name}.ipynb") for name in names]
    documents = add_documents(links, notebooks)
    exporter = Exporter(links, folder)
    chapters = [Chapter(run, notebook, links, folder) for run, notebook in zip(job["runs"], notebooks)]
    for at, (chapter, notebook) in enumerate(zip(chapters, notebooks)):
        before, after = chapters[at - 1] if at else None, chapters[at + 1] if at + 1 < len(chapters) else None
        about = {"title": chapter.title, "before": before, "after": after}
        write(output / chapter.page, exporter.from_notebook_node(notebook, about)[0])
    titles = {}
    for file in documents:
        page, path = links.pages[file], links.shown(file)
        body = Renderer(links, file.parent, github=True).html(text_of(file))
        heading = title_of(body)
        titles[page] = heading or escape(path)
        write(output / page, exporter.page("document.html.j2", heading=heading, path=path, body=body))
    index = exporter.page(
        "index.html.j2",
        title=TITLE,
        photos=job["photos"],
        budget=job["budget"],
        chapters=chapters,
        documents=titles,
        figures=figures_of_the_report(chapters),
        claims=claims_table(job["claims"], chapters),
    )
    write(output / "index.html", index)


def read(file):
    """A notebook that ran; one that could not be started has left no file."""
    return nbformat.read(file, as_version=4) if file.exists() else nbformat.v4.new_notebook()


def write(file, text):
    file.write_text(text, "utf-8")


def add_documents(links, notebooks):
    """Gives documents pages, and returns their files."""
    renderer, found = Renderer(links, links.folder), []
    for notebook in notebooks:
        for source in markdown_of(notebook):
            renderer.html(source)
    for _ in range(DEPTH):
        new = links.take_unpaged()
        found += new
        for file in new:
            links.add(file)
            Renderer(links, file.parent).html(text_of(file))
    return found


def title_of(body):
    """The first heading, as HTML without tags; None where there is none."""
    heading = BeautifulSoup(body, "html.parser").find("h1")
    return heading and escape(plain_text(heading))


def claims_table(claims, chapters):
    """The table of the report's claims, in which the name of a notebook and of a heading leads to the cell there."""
    if "error" in claims:
        return f"<p>There is no table of the report's claims: {escape(claims['error'])}.</p>"
    table = BeautifulSoup(claims["html"], "html.parser")
    for cell in table("td"):
        place = claims["places"].get(cell.string)
        chapter = place and next((one for one in chapters if one.name.startswith(f"{place['notebook']:02}_")), None)
        if chapter:
            cell.string.wrap(table.new_tag("a", href=chapter.heading_link(place["heading"])))
    return str(table)


if __name__ == "__main__":
    main(*sys.argv[1:], json.load(sys.stdin.buffer))
