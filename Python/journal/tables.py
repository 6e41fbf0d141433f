"""Rows of the journal as data frames."""

import json

import pandas


def frame(cursor, json_columns=()):
    """A cursor's rows as a data frame; what is JSON in the columns named, as what it says."""
    rows = cursor.fetchall()
    table = pandas.DataFrame.from_records(rows, columns=[column[0] for column in cursor.description])
    for name in json_columns:
        table[name] = pandas.Series([parsed(text) for text in table[name]], index=table.index, dtype=object)
    return table


def parsed(text):
    """What a JSON text says; None where there is none."""
    return None if text is None else json.loads(text)


def placeholders(values):
    return ", ".join("?" * len(values))
