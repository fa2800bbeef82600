"""Record what the optimizers of four frameworks do, for the test beside this script.

Run it by hand, where those that are named are installed (NumPy is all else that it needs)::

    KERAS_BACKEND=torch python tests/engine/descent/rules/record_trajectories.py torch keras optax
    python tests/engine/descent/rules/record_trajectories.py tensorflow

It writes ``recorded_trajectories.npz``: of each case and surface the points, shape (101, 2), from
the start on; all in float64. What was recorded of other frameworks stays. It was run with PyTorch
2.13.0, Keras 3.15.1 and Optax 0.2.8, and with TensorFlow 2.21.0, of which it is the optimizers of
its first version, in ``tensorflow.compat.v1.train``.
"""

import sys
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


def with_tensorflow(make):
    """Return the path of an optimizer of ``tensorflow.compat.v1.train``."""
    import tensorflow as tf

    def path(start, gradient):
        theta, optimizer = tf.Variable(start, dtype=tf.float64), make()
        for _ in range(STEPS):
            grad = tf.constant(gradient(*theta.numpy().tolist()), tf.float64)
            optimizer.apply_gradients([(grad, theta)])
            yield theta.numpy().tolist()

    return path


def of_torch():
    """Return how PyTorch's optimizers are made."""
    import torch.optim as t

    return {
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


def of_keras():
    """Return how Keras's optimizers are made."""
    import keras.optimizers as k

    return {
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


def of_optax():
    """Return how Optax's optimizers are made."""
    import optax

    return {
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
        "adam clipped": lambda: optax.chain(optax.clip_by_global_norm(5.0), optax.adam(RATE)),
        "momentum clipped": lambda: optax.chain(
            optax.clip_by_global_norm(5.0), optax.sgd(SMALL, momentum=0.9)
        ),
    }


def of_tensorflow():
    """Return how the optimizers of TensorFlow's first version are made, with its defaults.

    A number that is no tensor becomes one of float32 there, whatever θ is.
    """
    from tensorflow import constant, float64
    from tensorflow.compat.v1 import train

    def number(x):
        return constant(x, float64)

    return {
        "momentum": lambda: train.MomentumOptimizer(number(SMALL), number(0.9)),
        "adagrad": lambda: train.AdagradOptimizer(number(RATE)),
        "rmsprop": lambda: train.RMSPropOptimizer(
            number(RATE), decay=number(0.9), momentum=number(0.0), epsilon=number(1e-10)
        ),
    }


#: How a path is taken, and the optimizers by the names of their cases, by the framework.
FRAMEWORKS = {
    "torch": (with_torch, of_torch),
    "keras": (with_keras, of_keras),
    "optax": (with_optax, of_optax),
    "tensorflow": (with_tensorflow, of_tensorflow),
}


def record(framework):
    """Return what the optimizers of a framework do, by case and surface."""
    take, made = FRAMEWORKS[framework]
    return {
        f"{framework} {case} on {surface}": np.array([start, *take(make)(start, gradient)])
        for case, make in made().items()
        for surface, (_, start, gradient) in SURFACES.items()
    }


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(FRAMEWORKS)
    with np.load(RECORDED) as file:
        kept = {name: file[name] for name in file if name.partition(" ")[0] not in wanted}
    new = [record(framework) for framework in wanted]
    np.savez_compressed(
        RECORDED, **{name: path for paths in (kept, *new) for name, path in paths.items()}
    )
