"""Makes slides of a notebook, with the Python that the program set up for Jupyter.

    PYTHON docs/slides.py notebooks/02_networks.ipynb slides

writes slides/02_networks.slides.html; a browser shows it, and the space bar goes on. A heading begins a slide; each
cell of code comes below it, with its output. The exercises are left out. A cell tagged `no-slide` is left out, too.
The page loads reveal.js and its helpers from the network.
"""

import argparse
import pathlib

import nbformat
from nbconvert import SlidesExporter


def with_slides(notebook):
    """Gives each cell its place: a slide for a heading, one below it for code, nothing for exercises."""
    exercises = False
    for cell in notebook.cells:
        heading = cell.cell_type == "markdown" and cell.source.lstrip().startswith("#")
        if heading or "## Exercises" in cell.source:
            exercises = "## Exercises" in cell.source
        if "no-slide" in cell.metadata.get("tags", []) or (exercises and "## Exercises" not in cell.source):
            place = "skip"
        elif heading:
            place = "slide"
        elif cell.cell_type == "code":
            place = "subslide"
        else:
            place = "-"
        # A place that the author chose stays.
        cell.metadata.setdefault("slideshow", {}).setdefault("slide_type", place)
        if "## Exercises" in cell.source:
            cell.source = cell.source.split("## Exercises")[0]
            if not cell.source.strip():
                cell.metadata["slideshow"]["slide_type"] = "skip"
    return notebook


def main():
    arguments = argparse.ArgumentParser(description="Makes slides of notebooks.")
    arguments.add_argument("notebooks", nargs="+", type=pathlib.Path)
    arguments.add_argument("output", type=pathlib.Path)
    given = arguments.parse_args()
    exporter = SlidesExporter()
    given.output.mkdir(parents=True, exist_ok=True)
    for path in given.notebooks:
        notebook = with_slides(nbformat.read(path, as_version=4))
        page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
        target = given.output / f"{path.stem}.slides.html"
        target.write_text(page, encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main()
