import pathlib

import pytest

import journal

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = pathlib.Path(__file__).resolve().parent / "fixtures"


@pytest.fixture(scope="session")
def example():
    """The journal that the repository comes with."""
    with journal.open(ROOT / "journal.sqlite.example") as opened:
        yield opened


@pytest.fixture(scope="session")
def learned():
    """The journal that `fixtures/make.py` makes."""
    with journal.open(FIXTURES / "learned.sqlite") as opened:
        yield opened
