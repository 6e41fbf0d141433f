"""Learned optimizers: their weights, and what they compute."""

from .optimizer import LearnedOptimizer
from .sources import read_optimizer, stored, table

__all__ = ["LearnedOptimizer", "read_optimizer", "stored", "table"]
