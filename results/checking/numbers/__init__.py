"""The sentences that hold numbers, and where each number comes from; a file for each text or section.

- `say(file, sentence, values…)`: a piece of a sentence in the text, with `{:.1f}` and the like in place of its numbers.
  A value is a function, called when the texts are compared: a file that is missing is a problem of one sentence only.
- `holds(file, sentence, condition)`: a sentence without numbers, and what must be true of the files for it to be true.
- `given(file, sentence, source)`: numbers that no file in results holds: settings, and what others published.
"""

from . import cross_validation, from_scratch, notebooks, one_split, readme, tried


def statements():
    """All of them."""
    sections = (readme, one_split, notebooks, from_scratch, cross_validation, tried)
    return [statement for section in sections for statement in section.statements()]
