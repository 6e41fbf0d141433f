"""What can go wrong, in words for the person who called."""

import difflib


class JournalError(Exception):
    """Not a journal, one of another format, or one that cannot be read."""


class MissingFileError(JournalError, FileNotFoundError):
    """There is no such file."""


class UnknownNameError(JournalError, LookupError):
    """The journal has nothing of that name."""


class UnsupportedOptimizerError(JournalError, NotImplementedError):
    """A learned optimizer whose updates cannot be computed here."""


def suggestion(name, known):
    """The end of a message on an unknown name: the nearest known one if it looks like a slip, then what there is."""
    known = list(dict.fromkeys(known))
    if not known:
        return "; it has none"
    near = difflib.get_close_matches(name, known, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{meant}; it has {', '.join(known[:20])}{', …' if len(known) > 20 else ''}"
