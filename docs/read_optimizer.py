"""Prints what a learned optimizer's file holds; needs `pip install safetensors numpy`.

    journal export optimizer example --to example.safetensors --journal journal.sqlite.example
    python docs/read_optimizer.py example.safetensors
"""

import json
import sys

from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    metadata = file.metadata()
    print(metadata["kind"], json.loads(metadata["configuration"]))
    print("learned by", metadata["experiment"], "with an evaluation loss of", metadata["evaluationLoss"])
    for name in file.keys():
        tensor = file.get_tensor(name)
        print(name, tensor.shape, tensor.dtype)
