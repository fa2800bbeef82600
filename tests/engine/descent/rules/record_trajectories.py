"""Record what the optimizers of PyTorch, Keras and Optax do, for the test beside this script.

Run it by hand, where the three are installed (NumPy is all else that it needs)::

    KERAS_BACKEND=torch python tests/engine/descent/rules/record_trajectories.py

It writes ``recorded_trajectories.npz``: of each case and surface the points, shape (101, 2), from
the start on; all in float64. It was run with PyTorch 2.13.0, Keras 3.15.1 and Optax 0.2.8.
"""

from math import cos, sin
from pathlib import Path

import numpy as np

RECORDED = Path(__file__).with_name("recorded_trajectories.npz")
STEPS = 100
#: Formula, start, and the gradient as it is derived by hand.
SURFACES = {
    "rosenbrock": (
        "(1 - a)^2 + 100*(b - a^2)^2", (-1.2, 1.0),
        lambda a, b: (-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)),
    ),
    "himmelblau": (
        "(a^2 + b - 11)^2 + (a + b^2 - 7)^2", (-3.6, 3.0),
        lambda a, b: (
            4 * a * (a * a + b - 11) + 2 * (a + b * b - 7),
            2 * (a * a + b - 11) + 4 * b * (a + b * b - 7),
        ),
    ),
    "bowl": ("(a^2 + 25*b^2)/2", (3.0, 1.0), lambda a, b: (a, 25 * b)),
    "waves": (
        "sin(a)*cos(b) + (a^2 + b^2)/10", (2.0, 1.5),
        lambda a, b: (cos(a) * cos(b) + a / 5, -sin(a) * sin(b) + b / 5),
    ),
}  # fmt: skip
#: The learning rate of those whose steps are as long as the gradient, and of the others.
SMALL, RATE = 2e-4, 0.05


def with_torch(make):
    """Return the path of an optimizer of ``torch.optim``."""
    import torch

    torch.set_default_dtype(torch.float64)

    def path(start, gradient):
        theta = torch.nn.Parameter(torch.tensor(start))
        optimizer = make([theta])
        for _ in range(STEPS):
            theta.grad = torch.tensor(gradient(*theta.tolist()))
            optimizer.step()
            yield theta.tolist()

    return path


def with_keras(make):
    """Return the path of an optimizer of ``keras.optimizers``."""
    import keras

    keras.config.set_floatx("float64")

    def path(start, gradient):
        theta = keras.Variable(np.array(start), dtype="float64")
        optimizer = make()
        for _ in range(STEPS):
            grad = np.array(gradient(*keras.ops.convert_to_numpy(theta).tolist()))
            optimizer.apply([keras.ops.convert_to_tensor(grad, "float64")], [theta])
            yield keras.ops.convert_to_numpy(theta).tolist()

    return path


def with_optax(make):
    """Return the path of an optimizer of Optax."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)

    def path(start, gradient):
        theta, optimizer = np.array(start), make()
        state = optimizer.init(theta)
        for _ in range(STEPS):
            grad = np.array(gradient(*theta.tolist()))
            updates, state = optimizer.update(grad, state, theta)
            theta = np.asarray(optax.apply_updates(theta, updates))
            yield theta.tolist()

    return path


def cases():
    """Return the paths by the names of their cases: rule, framework, and what is no default."""
    import keras.optimizers as k
    import optax
    import torch.optim as t

    on_torch = {
        "momentum": lambda p: t.SGD(p, SMALL, momentum=0.9),
        "momentum dampened": lambda p: t.SGD(p, SMALL, momentum=0.9, dampening=0.4),
        "nesterov": lambda p: t.SGD(p, SMALL, momentum=0.9, nesterov=True),
        "adagrad": lambda p: t.Adagrad(p, RATE),
        "adagrad start": lambda p: t.Adagrad(p, RATE, initial_accumulator_value=0.1),
        "rmsprop": lambda p: t.RMSprop(p, RATE),
        "adadelta": lambda p: t.Adadelta(p, 1.0),
        "rprop": lambda p: t.Rprop(p, RATE),
        "rprop bounds": lambda p: t.Rprop(p, RATE, etas=(0.4, 1.5), step_sizes=(1e-3, 1.0)),
        "adam": lambda p: t.Adam(p, RATE),
        "adam amsgrad": lambda p: t.Adam(p, RATE, betas=(0.9, 0.9), amsgrad=True),
        "adamw": lambda p: t.AdamW(p, RATE),
        "adamax": lambda p: t.Adamax(p, RATE),
        "nadam": lambda p: t.NAdam(p, RATE),
        "radam": lambda p: t.RAdam(p, 5 * SMALL),
    }
    on_keras = {
        "heavy-ball": lambda: k.SGD(SMALL, momentum=0.9),
        "adagrad": lambda: k.Adagrad(RATE),
        "rmsprop": lambda: k.RMSprop(RATE),
        "adadelta": lambda: k.Adadelta(1.0),
        "adam": lambda: k.Adam(RATE),
        "adam amsgrad": lambda: k.Adam(RATE, beta_2=0.9, amsgrad=True),
        "adamw": lambda: k.AdamW(RATE),
        "nadam": lambda: k.Nadam(RATE),
        "lion": lambda: k.Lion(RATE),
    }
    on_optax = {
        "clipped": lambda: optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(RATE)),
        "momentum": lambda: optax.sgd(SMALL, momentum=0.9),
        "adagrad": lambda: optax.adagrad(RATE),
        "rmsprop": lambda: optax.rmsprop(RATE),
        "adadelta": lambda: optax.adadelta(1.0),
        "adam": lambda: optax.adam(RATE),
        "adamw": lambda: optax.adamw(RATE),
        "adamax": lambda: optax.adamax(RATE),
        "nadam": lambda: optax.nadam(RATE),
        "lion": lambda: optax.lion(RATE),
    }
    frameworks = ((with_torch, on_torch), (with_keras, on_keras), (with_optax, on_optax))
    return {
        f"{framework.__name__.removeprefix('with_')} {name}": framework(make)
        for framework, made in frameworks
        for name, make in made.items()
    }


if __name__ == "__main__":
    np.savez_compressed(
        RECORDED,
        **{
            f"{case} on {surface}": np.array([start, *path(start, gradient)])
            for case, path in cases().items()
            for surface, (_, start, gradient) in SURFACES.items()
        },
    )
