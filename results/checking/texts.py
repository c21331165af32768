"""A text, and what differs in it from the files."""

import re

from . import files

MARKED = re.compile(r"<!-- table: ([^>]*?) -->\n(.*?)<!-- end -->", re.DOTALL)
NUMBER = r"[+-]?\d+(?:[.,]\d+)*"
# What a file that is missing, cut off, or of another form raises.
PROBLEMS = (OSError, LookupError, TypeError, ValueError, StopIteration)
# A percentage or a difference in points; "95 % interval" is a kind of interval and no result.
RESULT = re.compile(rf"({NUMBER})(?: ?%(?! interval)| points\b)")


class Text:
    """A Markdown file; sentences are looked for as if they stood on one line."""

    def __init__(self, name):
        self.name = name
        self.whole = (files.ROOT / name).read_text(encoding="utf-8")
        self.spans = [match.span() for match in MARKED.finditer(self.whole)]
        self.flat, self.places = flattened(self.whole)

    def line(self, place):
        """The number of the line on which a character of the whole text stands."""
        return self.whole.count("\n", 0, place) + 1

    def compare_tables(self, rendered):
        """A problem for each line of a marked table that is not what the files give."""
        problems = []
        for match in MARKED.finditer(self.whole):
            try:
                wanted = render(match.group(1), self.name, rendered)
            except PROBLEMS as error:
                problems.append(f"{self.name}:{self.line(match.start())}: table {match.group(1)}: {error}")
                continue
            shown = match.group(2).splitlines()
            first = self.line(match.start(2))
            for at in range(max(len(shown), len(wanted))):
                here = shown[at] if at < len(shown) else "nothing"
                there = wanted[at] if at < len(wanted) else "nothing"
                if here != there:
                    problems.append(
                        f"{self.name}:{first + at}: the table has\n    {here}\n  the files give\n    {there}"
                    )
        return problems

    def compare(self, statement):
        """A problem for each number of a statement that is not what the files give."""
        try:
            values = statement.values()
        except PROBLEMS as error:
            return [f'{self.name}: "{statement.template}": {error}']
        fields = re.findall(r"\{[^}]*\}", statement.template)
        wanted = [field.format(value) for field, value in zip(fields, values, strict=True)]
        literal = re.split(r"\{[^}]*\}", " ".join(statement.template.split()))
        pattern = f"({NUMBER})".join(re.escape(part) for part in literal)
        found = list(re.finditer(pattern, self.flat))
        if not found:
            return [f'{self.name}: the sentence "{statement.template}" of results/checking/numbers is not there']
        problems = []
        for match in found:
            self.spans.append((self.places[match.start()], self.places[match.end() - 1] + 1))
            for at, value in enumerate(wanted, 1):
                if match.group(at) != value:
                    line = self.line(self.places[match.start(at)])
                    problems.append(
                        f'{self.name}:{line}: {match.group(at)} in "{match.group()}", where the files have {value}'
                    )
        return problems

    def without_source(self):
        """A problem for each percentage that neither a marked table nor a statement holds."""
        problems = []
        for match in RESULT.finditer(self.flat):
            place = self.places[match.start()]
            if not any(begin <= place < end for begin, end in self.spans):
                before = self.flat[max(0, match.start() - 50) : match.end() + 10]
                problems.append(f'{self.name}:{self.line(place)}: nothing is behind {match.group()} in "…{before}…"')
        return problems


def flattened(text):
    """The text with each run of white space as one blank, and the place of each of its characters in the text."""
    flat, places = [], []
    for match in re.finditer(r"\s+|\S", text):
        flat.append(" " if match.group().isspace() else match.group())
        places.append(match.start())
    return "".join(flat), places


def render(call, name, rendered):
    """The lines of the table that a marker asks for: its name, then its arguments."""
    table, *arguments = call.split()
    if table not in rendered:
        raise LookupError(f"there is no such table; there are {', '.join(sorted(rendered))}")
    return rendered[table](name, *arguments)


def write_tables(name, rendered):
    """Renders the marked tables of a text again; if that fails, why."""
    path = files.ROOT / name
    text = path.read_text(encoding="utf-8")

    def again(match):
        lines = "".join(f"{line}\n" for line in render(match.group(1), name, rendered))
        return f"<!-- table: {match.group(1)} -->\n{lines}<!-- end -->"

    try:
        new = MARKED.sub(again, text)
    except PROBLEMS as error:
        return f"{name}: {error}"
    if new != text:
        path.write_text(new, encoding="utf-8")
    return None
