"""Learned optimizers: their weights, and what they compute."""

from .optimizer import LearnedOptimizer
from .sources import has_replicates, read_optimizer, stored, table

__all__ = ["LearnedOptimizer", "has_replicates", "read_optimizer", "stored", "table"]
