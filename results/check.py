#!/usr/bin/env python3
"""Compares the numbers in the project's texts with the files that they come from.

    python3 results/check.py            a line for each number that differs, and exit code 1 if there is one
    python3 results/check.py --write    renders the marked tables again first

Python 3.10 or newer, nothing to install. What is compared:

- tables between `<!-- table: NAME … -->` and `<!-- end -->`, with what checking/tables.py renders from the files;
- sentences in checking/numbers, with the values that stand beside them there;
- every percentage and every difference in points that is in neither of the two: there must be none in the texts of
  `COVERED` (a number that does not come from a file needs a line in checking/numbers, which says where it comes from);
- links from one text to another file or heading, which must be there;
- the outputs kept in the notebooks, which must not be of the shortest budget;
- `results/summary.csv` with the runs of each recipe, and the leaderboard with the predictions of each method.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from checking import files, links, numbers, outputs, tables, texts  # noqa: E402

# Texts in which every percentage must have a source.
COVERED = ["README.md", "results/README.md"] + sorted(
    str(path.relative_to(files.ROOT)) for path in (files.ROOT / "docs").glob("*.md")
)
# Texts whose links are followed.
LINKED = sorted(
    str(path.relative_to(files.ROOT))
    for pattern in ("*.md", "docs/*.md", "results/**/*.md", "benches/*.md", "workflow/*.md")
    for path in files.ROOT.glob(pattern)
)


def main():
    statements = numbers.statements()
    names = COVERED + sorted({statement.file for statement in statements} - set(COVERED))
    problems = []
    for name in names:
        if not (files.ROOT / name).is_file():
            problems.append(f"{name} is not there, but results/checking/numbers has sentences of it")
            continue
        if "--write" in sys.argv[1:] and (failed := texts.write_tables(name, tables.RENDERED)):
            sys.exit(failed)
        text = texts.Text(name)
        problems += text.compare_tables(tables.RENDERED)
        for statement in statements:
            if statement.file == name:
                problems += text.compare(statement)
        if name in COVERED:
            problems += text.without_source()
    problems += [problem for name in LINKED for problem in links.broken(name)]
    problems += outputs.problems()
    for compare in (tables.compare_summary, tables.compare_leaderboard):
        try:
            problems += compare()
        except texts.PROBLEMS as error:
            problems.append(str(error))
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(
            f"{len(problems)} differences. After new results: python3 results/check.py --write, then sentences by hand."
        )
    print(f"{len(names)} texts and {len(statements)} sentences agree with the files in results.")


if __name__ == "__main__":
    main()
