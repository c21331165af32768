"""The outputs kept in the notebooks: none of the shortest budget, whose networks have hardly learnt."""

import json

from . import files

KEPT = ("class", "report")


def problems():
    for path in sorted((files.ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        name, budget = path.relative_to(files.ROOT), notebook["metadata"].get("manga", {}).get("budget")
        if budget not in KEPT:
            yield f"{name}: its outputs are of the budget {budget}, not of {' or '.join(KEPT)} (environment.md says how to make them)"
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
        if not any(cell["outputs"] for cell in cells):
            yield f"{name}: it keeps no outputs"
