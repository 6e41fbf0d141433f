"""Makes OptimizersTests/Reference/rules.json: steps of hand-designed rules on fixed gradients, by their published code.

    python Tests/rule_figures.py

Rprop by PyTorch, Lion and NAdamW by optax, Schedule-Free SGD and AdamW by the authors' package schedulefree, all in float64,
from the start and the gradients of optimizers.json. Of the last two also the averages, by which they are judged.
"""

import json
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import optax
import schedulefree
import torch

folder = Path(__file__).parent / "OptimizersTests/Reference"
given = json.loads((folder / "optimizers.json").read_text())


def by_torch(make, judge=lambda optimizer, parameter: None):
    parameter = torch.nn.Parameter(torch.tensor(given["start"], dtype=torch.float64))
    optimizer = make([parameter])
    steps, judged = [], []
    for gradient in given["gradients"]:
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        steps.append(parameter.tolist())
        judged.append(judge(optimizer, parameter))
    return steps, judged


def by_optax(rule):
    parameter = jnp.array(given["start"])
    state = rule.init(parameter)
    steps = []
    for gradient in given["gradients"]:
        update, state = rule.update(jnp.array(gradient), state, parameter)
        parameter = optax.apply_updates(parameter, update)
        steps.append(parameter.tolist())
    return steps


def schedule_free(kind, **settings):
    def make(parameters):
        optimizer = kind(parameters, foreach=False, **settings)
        optimizer.train()
        return optimizer

    def judge(optimizer, parameter):
        optimizer.eval()
        average = parameter.tolist()
        optimizer.train()
        return average

    return by_torch(make, judge)


sgd, sgd_averages = schedule_free(schedulefree.SGDScheduleFree, lr=0.1, weight_decay=0.01, warmup_steps=4)
adamw, adamw_averages = schedule_free(schedulefree.AdamWScheduleFree, lr=0.01, weight_decay=0.01)
figures = {
    "about": "Ten steps on the gradients of optimizers.json, float64: rprop by PyTorch (first step 0.1), lion and nadamw by "
    "optax (rate 0.01, weight decay 0.01), scheduleFreeSGD (rate 0.1, warmup 4) and scheduleFreeAdamW (rate 0.01) by "
    "schedulefree, with weight decay 0.01",
    "trajectories": {
        "rprop": by_torch(lambda parameters: torch.optim.Rprop(parameters, lr=0.1))[0],
        "lion": by_optax(optax.lion(0.01, b1=0.9, b2=0.99, weight_decay=0.01)),
        "nadamw": by_optax(optax.nadamw(0.01, weight_decay=0.01)),
        "scheduleFreeSGD": sgd,
        "scheduleFreeAdamW": adamw,
    },
    "averages": {"scheduleFreeSGD": sgd_averages, "scheduleFreeAdamW": adamw_averages},
}
(folder / "rules.json").write_text(json.dumps(figures) + "\n")
print({name: steps[-1] for name, steps in figures["trajectories"].items()})
