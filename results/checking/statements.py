"""What is said of a sentence in a text: the numbers in it, and where each comes from."""

import dataclasses
import typing


@dataclasses.dataclass
class Statement:
    """A piece of a sentence with a field, as `{:.1f}`, for each number that the files know."""

    file: str
    template: str
    values: typing.Callable[[], tuple]


def say(file, sentence, *values):
    """A sentence, and a function for each of its numbers."""
    return Statement(file, sentence, lambda: tuple(value() for value in values))


def holds(file, sentence, condition):
    """A sentence, and a function that says whether the files bear it out."""

    def values():
        if not condition():
            raise LookupError("the files no longer say so")
        return ()

    return Statement(file, sentence, values)


def given(file, sentence, source):
    """A sentence whose numbers come from elsewhere: `source` says where."""
    assert source
    return Statement(file, sentence, tuple)


def percent(value):
    """A function's fraction in percent."""
    return lambda: 100 * value()
