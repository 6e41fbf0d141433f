"""Reads journals of experiments on learned optimizers.

    import journal

    curves = journal.open("journal.sqlite").experiment("l2l-mnist").curves()

Nothing here writes to a journal, and reading one never makes the program that writes to it wait.
"""

from .errors import JournalError, MissingFileError, UnknownNameError, UnsupportedOptimizerError
from .experiment import Experiment
from .learned import LearnedOptimizer, read_optimizer
from .reader import Journal, open

__all__ = [
    "Experiment",
    "Journal",
    "JournalError",
    "LearnedOptimizer",
    "MissingFileError",
    "UnknownNameError",
    "UnsupportedOptimizerError",
    "open",
    "read_optimizer",
]
