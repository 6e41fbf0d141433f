"""The examples of `docs/python.md` run as they are."""

import re

import pytest
from conftest import FIXTURES, ROOT

TEXT = (ROOT / "docs/python.md").read_text()


@pytest.mark.parametrize("needed", [None, "torch", "optax"])
def test_examples(needed, monkeypatch):
    if needed:
        pytest.importorskip(needed, reason=f"{needed} is not installed")
    monkeypatch.chdir(ROOT)
    names = {}
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    for block in blocks:
        libraries = {name for name in ("torch", "optax") if f"import {name}" in block or f", {name}" in block}
        if libraries <= {needed}:
            exec(block.replace('"example.safetensors"', repr(str(FIXTURES / "learned-lstm.safetensors"))), names)
    assert names["means"].shape == (101, 3) and len(names["answers"]) == 5
    assert len(blocks) == 7
    names["opened"].close()
