"""Meta-steps of learning to learn, in PyTorch: seconds of one. The work is that of `learning_to_learn_jax.py`."""
import measuring

chosen = measuring.options(["l2l-mnist", "l2l-mnist-second", "quadratic"])

import math

import torch
import torch.nn.functional as functional

UNROLL, EPOCH, BATCH, UNITS = 20, 5, 128, 20
INPUT_SCALE, OUTPUT_SCALE = 5.0, 0.01
KEEPS_SECOND = chosen.work == "l2l-mnist-second"

torch.manual_seed(1)
torch.set_num_threads(chosen.threads)
if chosen.work == "quadratic":
    shapes = [(BATCH, 10)]
    matrices, targets = torch.rand(BATCH, 10, 10), torch.rand(BATCH, 10)
else:
    shapes = [(784, 20), (20,), (20, 10), (10,)]
    images, labels = torch.rand(10_000, 784), torch.randint(0, 10, (10_000,))
sizes = [math.prod(shape) for shape in shapes]

layers = [torch.nn.LSTMCell(2, UNITS), torch.nn.LSTMCell(UNITS, UNITS)]
linear = torch.nn.Linear(UNITS, 1)
learned = [*layers[0].parameters(), *layers[1].parameters(), *linear.parameters()]
meta_optimizer = torch.optim.Adam(learned, 1e-3)


def loss(parameters):
    tensors = [part.view(shape) for part, shape in zip(parameters.split(sizes), shapes)]
    if chosen.work == "quadratic":
        return (torch.einsum("bij,bj->bi", matrices, tensors[0]) - targets).square().sum(1).mean()
    weight1, bias1, weight2, bias2 = tensors
    rows = torch.randint(0, len(images), (BATCH,))
    return functional.cross_entropy(torch.sigmoid(images[rows] @ weight1 + bias1) @ weight2 + bias2, labels[rows])


def inputs(gradient):
    magnitude = (torch.log(gradient.abs() + 2.0**-23) / INPUT_SCALE).clamp(min=-1)
    return torch.stack([magnitude, (gradient * math.exp(INPUT_SCALE)).clamp(-1, 1)], 1)


def fresh():
    count = sum(sizes)
    return 0.01 * torch.randn(count), [(torch.zeros(count, UNITS), torch.zeros(count, UNITS)) for _ in layers]


def begin(number):
    global parameters, state
    if number % EPOCH == 0:
        parameters, state = fresh()


def run(number):
    global parameters, state
    parameters = parameters.detach().requires_grad_()
    state = [(output.detach(), memory.detach()) for output, memory in state]
    total = 0
    for _ in range(UNROLL):
        value = loss(parameters)
        total = total + value
        (gradient,) = torch.autograd.grad(value, parameters, retain_graph=True, create_graph=KEEPS_SECOND)
        values = inputs(gradient)
        for index, layer in enumerate(layers):
            state[index] = layer(values, state[index])
            values = state[index][0]
        parameters = parameters + OUTPUT_SCALE * linear(values)[:, 0]
    total = total + loss(parameters)
    meta_optimizer.zero_grad()
    total.backward()
    meta_optimizer.step()


measuring.report(f"PyTorch {torch.__version__.split('+')[0]}", run, chosen.repeats, prepare=begin)
