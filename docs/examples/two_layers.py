"""A network of two layers in NumPy, trained by gradient descent: gdviz docs/examples/two_layers.py.

It has all that gdviz asks a network for: its parameters, their loss, and, as nothing differentiates
NumPy, the gradient. trajectory() is what --directions pca is made of.
"""

import numpy as np

STEPS, ALPHA = 400, 0.3

# Two half moons, one around the other, in four hundred points.
random = np.random.default_rng(0)
angle = np.pi * random.random((200, 1))
upper = np.hstack([np.cos(angle), np.sin(angle)])
X = np.vstack([upper, [1.0, 0.5] - upper]) + 0.15 * random.standard_normal((400, 2))
Y = np.repeat([1.0, 0.0], 200)


def start():
    """Return parameters that nothing was learned by."""
    draw = np.random.default_rng(1).standard_normal
    return {"V": draw((2, 8)), "b": np.zeros(8), "w": draw((8, 1)), "c": np.zeros(1)}


def layers(p):
    """Return the hidden layer, and the logits."""
    hidden = np.tanh(X @ p["V"] + p["b"])
    return hidden, (hidden @ p["w"] + p["c"])[:, 0]


def loss(p):
    """Return the mean cross-entropy, log(1 + e^s) − y·s."""
    _, s = layers(p)
    return np.mean(np.logaddexp(0.0, s) - Y * s)


def gradient(p):
    """Return its derivatives by all parameters: backpropagation by hand."""
    hidden, s = layers(p)
    above = ((1.0 / (1.0 + np.exp(-s)) - Y) / len(Y))[:, None]
    below = (above @ p["w"].T) * (1.0 - hidden**2)
    return {"V": X.T @ below, "b": below.sum(0), "w": hidden.T @ above, "c": above.sum(0)}


def trajectory():
    """Return the parameters after every tenth step, from the first to the last."""
    p, points = start(), []
    for step in range(STEPS + 1):
        if step % 10 == 0:
            points.append(p)
        p = {name: p[name] - ALPHA * slope for name, slope in gradient(p).items()}
    return points


def parameters():
    """Return what was learned: the middle of the map."""
    return trajectory()[-1]
