"""Parameters in PyTorch's tensors, and its modules, which are left as they are found."""

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.forward import (
    AffinePlane,
    Arrays,
    Forward,
    Leaves,
    NotDifferentiable,
    of_model,
)
from gdviz.engine.objectives.network.peak_memory import OF_TORCH
from gdviz.engine.objectives.returned import Array

_LEFT = (
    "PyTorch's autograd cannot follow the loss back to its parameters: they are detached, or go "
    "through .item(), .data, torch.no_grad() or NumPy"
)
_SPENT = (
    "the loss calls backward() by itself, after which PyTorch's autograd cannot follow it again: "
    "leave that out"
)
#: Bytes at which PyTorch's allocator has a tensor begin: where one begins elsewhere, what
#: multiplies matrices may sum in another order.
_ALIGNED = 64


def _torch() -> Any:
    return sys.modules["torch"]  # the person's file has imported it


class _Vector(AffinePlane):
    """Where parameters lie, lent as parts of one vector.

    A cell of a small network takes a millisecond. An operation for each array would be a tenth of
    that, for after a pass nothing of it is in the processor's caches. Each number is worked out as
    by :meth:`leaves`, so it is the same to the last bit.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        places = sorted(range(len(self.centre)), key=lambda i: not self.is_moved[i])
        self._origin, self._first, self._second = (
            _as_vector([arrays[i] for i in places]) for arrays in (self.centre, *self.axes)
        )
        self._still = slice(sum(_room(self.centre[i]) for i in places if self.is_moved[i]), None)
        self._in_first, self._in_second = self.kept(self._vector_in_a), self.kept(self._vector_in_b)
        self._lent = _torch().empty_like(self._origin)
        parts = zip(places, _parts(self._lent, [self.centre[i] for i in places]), strict=True)
        self._parts = [part for _, part in sorted(parts, key=itemgetter(0))]

    def lent(self, a: float, b: float) -> Leaves:
        """Return the parameters at a point, which are those of another after the next call."""
        _torch().add(self._in_first(a), self._in_second(b), out=self._lent)
        return self._parts

    def _vector_in_a(self, a: float) -> Any:
        vector = self._origin + a * self._first
        vector[self._still] = self._origin[self._still]
        return vector

    def _vector_in_b(self, b: float) -> Any:
        vector = b * self._second
        vector[self._still] = -0.0  # which changes no number: 0.0 would make another one of -0.0
        return vector


def _as_vector(arrays: Leaves) -> Any:
    """Return arrays of one type as a vector, in which each begins as by itself."""
    torch = _torch()
    return torch.cat(
        [torch.nn.functional.pad(x.reshape(-1), (0, _room(x) - x.numel())) for x in arrays]
    )


def _parts(vector: Any, like: Leaves) -> Iterator[Any]:
    """Yield the arrays of a vector, which share its memory."""
    end = 0
    for x in like:
        yield vector[end : end + x.numel()].view(x.shape)
        end += _room(x)


def _room(array: Any) -> int:
    """Return how many numbers there are to where the next array may begin."""
    unit = _ALIGNED // int(array.element_size())
    return -(-int(array.numel()) // unit) * unit


class TorchArrays(Arrays):
    """What can be done with tensors."""

    autodiff = "PyTorch's autograd"
    filter_axis = 0
    meter = OF_TORCH
    batched_by = "torch.func.vmap"

    def holds(self, value: Any) -> bool:
        """Tell whether it is a tensor."""
        return isinstance(value, _torch().Tensor)

    def why_not(self, value: Any) -> str:
        """Say that it holds no real numbers, or is not in this machine's memory."""
        if not value.is_floating_point():
            return f"it holds {value.dtype}, not real numbers"
        if value.device.type != "cpu":
            return f"it is on the device {value.device}, not on the CPU: move it there with .cpu()"
        return ""

    def plain(self, value: Any) -> Array:
        """Return it in float64 or float32."""
        torch = _torch()
        value = value.detach()
        value = value if value.dtype == torch.float64 else value.to(torch.float32)
        array: Array = value.contiguous().numpy()
        return array

    def like(self, value: Array, leaf: Any = None) -> Any:
        """Return an array as a tensor of the type of a parameter, or of its own type."""
        tensor = _torch().from_numpy(np.array(value, order="C"))
        return tensor if leaf is None else tensor.to(leaf.dtype)

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns, recorded only where it differentiates something itself."""
        torch = _torch()
        if not forward.differentiates:
            try:
                # As no_grad(), which takes three times as long.
                with torch.set_grad_enabled(False), forward.displaced(leaves) as variables:
                    return forward(variables)
            except RuntimeError as error:
                if "require" not in str(error):
                    raise
                forward.differentiates = True
        if not isinstance(forward, _Module):  # whose own parameters require what they do
            leaves = _recorded(leaves)
        with torch.enable_grad(), forward.displaced(leaves) as variables:
            return forward(variables)

    def gradient(self, forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters."""
        with _torch().enable_grad(), forward.displaced(_recorded(leaves)) as variables:
            try:
                return _slopes(forward(variables), variables)
            except RuntimeError as error:
                if "backward through the graph a second time" in str(error):
                    raise NotDifferentiable(_SPENT) from None
                raise

    def plane(self, forward: Forward, plane: AffinePlane) -> AffinePlane:
        """Return a plane of few numbers, of one type, as one that displaces them together.

        Of a module alone: tensors that a loss is handed itself it may ask for a gradient, which
        those of the next cell must not have.
        """
        every = [*plane.centre, *plane.axes[0], *plane.axes[1]]
        is_plain = all(type(x) is _torch().Tensor and x.is_contiguous() for x in every)
        if (
            isinstance(forward, _Module)
            and plane.is_small
            and is_plain
            and len({x.dtype for x in every}) == 1
        ):
            return _Vector(plane.centre, plane.axes, plane.is_moved)
        return plane

    def batched(self, forward: Forward, plane: AffinePlane, _size: int) -> Callable[..., Array]:
        """Return a function of many a and b.

        Parameters
        ----------
        forward : Forward
            The loss.
        plane : AffinePlane
            Where the cells lie.
        """
        torch = _torch()
        places = [0 if is_moved else None for is_moved in plane.is_moved]
        every = torch.func.vmap(forward.functional, in_dims=(places,))

        def losses(a: Array, b: Array) -> Array:
            leaves = [
                c + _along(a, c) * d + _along(b, c) * e if is_moved else c * 1
                for c, d, e, is_moved in zip(plane.centre, *plane.axes, plane.is_moved, strict=True)
            ]
            with torch.no_grad():
                found = every(leaves)
            return np.asarray(found.reshape(len(a)).numpy(), np.float64)

        return losses

    def slope(self, forward: Forward, leaves: Leaves, vector: Leaves) -> Any:
        """Return the slope along a vector, by dual numbers.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.
        """
        torch = _torch()
        dual = torch.autograd.forward_ad
        with torch.no_grad(), dual.dual_level():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of how PyTorch itself is made
                pairs = [dual.make_dual(x, v) for x, v in zip(leaves, vector, strict=True)]
            with forward.displaced(pairs) as variables:
                for variable, pair in zip(variables, pairs, strict=True):
                    if variable is not pair:  # a module's own, which takes its tangent by a copy
                        variable.copy_(pair)
                with torch.set_grad_enabled(forward.differentiates):
                    found = dual.unpack_dual(forward(variables)).tangent
                if found is None:
                    raise NotDifferentiable(_LEFT)
                return found.sum().clone()

    def curvature(
        self, forward: Forward, leaves: Leaves, vectors: Sequence[Leaves]
    ) -> list[Leaves]:
        """Return the Hessian times each of some vectors, by differentiating twice."""
        with _torch().enable_grad(), forward.displaced(_recorded(leaves)) as variables:
            slopes = _slopes(forward(variables), variables, create_graph=True)
            found = []
            for i, vector in enumerate(vectors):
                along = sum((g * v).sum() for g, v in zip(slopes, vector, strict=True))
                keeps = i < len(vectors) - 1
                found.append(_slopes(along, variables, retain_graph=keeps, is_zero=True))
            return found


def _along(numbers: Array, leaf: Any) -> Any:
    """Return numbers as a first axis before those of a parameter, in its type."""
    return _torch().as_tensor(numbers, dtype=leaf.dtype).reshape(-1, *[1] * leaf.ndim)


def _recorded(leaves: Leaves) -> Leaves:
    return [leaf.detach().requires_grad_() for leaf in leaves]


def _slopes(found: Any, variables: Leaves, is_zero: bool = False, **options: Any) -> Leaves:
    """Return derivatives, zeros where nothing depends on a parameter."""
    torch = _torch()
    if not getattr(found, "requires_grad", False):
        if is_zero:  # a gradient that is constant
            return [torch.zeros_like(variable) for variable in variables]
        raise NotDifferentiable(_LEFT)
    slopes = torch.autograd.grad(found.sum(), variables, allow_unused=True, **options)
    if not is_zero and all(slope is None for slope in slopes):
        raise NotDifferentiable(_LEFT)
    return [
        torch.zeros_like(variable) if slope is None else slope
        for slope, variable in zip(slopes, variables, strict=True)
    ]


class _Found(NamedTuple):
    """What a pass may change of a module, beside the parameters' memory, as it was before."""

    parameters: list[tuple[bool, Any]]
    buffers: list[tuple[dict[str, Any], str, Any]]
    modes: list[bool]


class _Module(Forward):
    """A loss of what a module holds, displaced in the module itself.

    A loss reaches the parameters in ways of its own, so it is their memory that is exchanged, for
    the time of a pass. All else that a pass changes, such as the running means of batch
    normalisation, it changes in copies.
    """

    def __init__(
        self, module: Any, loss: Callable[..., Any], names: tuple[str, ...], parameters: Leaves
    ) -> None:
        self._own = [parameter.data for parameter in parameters]
        super().__init__(names, self._own, of_model(loss), lambda _: module, filter_axis=0)
        self.evaluation = "model.eval()"
        self._modules, self._parameters = tuple(module.modules()), parameters
        self._found: _Found | None = None
        every = (each._buffers for each in self._modules)  # noqa: SLF001 - its only way
        self._buffers = [holds for holds in every if holds]
        self._whole = _as_module(module, lambda: self.loss(module))
        number = {id(parameter): i for i, parameter in enumerate(parameters)}
        self._places = {  # of each in each module that has it, which has one name here
            ".".join(filter(None, (path, name))): number[id(p)]
            for path, holds in self._whole.named_modules()
            for name, p in holds.named_parameters(recurse=False, remove_duplicate=False)
            if id(p) in number
        }

    @contextmanager
    def many_passes(self) -> Iterator[None]:
        """Put back once, after the last pass, what all passes within have changed."""
        if self._found is not None:
            yield
            return
        self._found = found = _Found(
            [(parameter.requires_grad, parameter.grad) for parameter in self._parameters],
            [
                (holds, name, buffer)
                for holds in self._buffers
                for name, buffer in holds.items()
                if buffer is not None
            ],
            [module.training for module in self._modules],
        )
        try:
            yield
        finally:
            self._found = None
            self._put(self._own, found)
            for parameter, (_, slope) in zip(self._parameters, found.parameters, strict=True):
                parameter.grad = slope
            for holds, name, buffer in found.buffers:
                holds[name] = buffer

    @contextmanager
    def displaced(self, leaves: Leaves) -> Iterator[Leaves]:
        """Put parameters in place, and the old ones back."""
        with self.many_passes():
            assert self._found is not None
            self._put(leaves, self._found)
            for holds, name, buffer in self._found.buffers:
                holds[name] = buffer.clone()
            yield self._parameters

    @contextmanager
    def left_as_found(self) -> Iterator[None]:
        """Let other code change the module, which is put back."""
        with self.displaced([own.clone() for own in self._own]):
            yield

    def functional(self, leaves: Leaves) -> Any:
        """Return the loss where the module has other tensors in the parameters' places."""
        named = {name: leaves[i] for name, i in self._places.items()}
        with self.displaced(self._own):
            # Told of weights that are tied by a module of two names, it would not put them back:
            # github.com/pytorch/pytorch/issues/164759.
            return _torch().func.functional_call(self._whole, named, (), tie_weights=False)

    def _put(self, leaves: Leaves, found: "_Found") -> None:
        """Put parameters in place, and all else of them and the modes as they were found.

        A cell of a small network takes a millisecond or two, of which no more than some percent
        may be spent here.
        """
        is_recorded = leaves[0].requires_grad
        every = zip(self._parameters, leaves, found.parameters, strict=True)
        for parameter, leaf, (requires, _) in every:
            parameter.data = leaf.detach() if is_recorded else leaf
            if parameter.requires_grad != (is_recorded or requires):
                parameter.requires_grad_(is_recorded or requires)
            if parameter.grad is not None:  # a loss may call backward(), which adds to it
                parameter.grad = None
        for module, mode in zip(self._modules, found.modes, strict=True):
            if module.training != mode:  # which setting it would take long to say
                module.training = mode


#: What a module is called within the one that is its loss.
_MODEL = "model"


def _as_module(model: Any, loss: Callable[[], Any]) -> Any:
    """Return a module that computes the loss, and holds the model: `functional_call` takes one."""
    module = _torch().nn.Module

    class Loss(module):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            self.add_module(_MODEL, model)

        def forward(self) -> Any:
            return loss()

    return Loss()


def module_forward(model: Any, loss: Callable[..., Any]) -> Forward | None:
    """Return the loss of a module; None if it is none.

    What is displaced is what is trained: the parameters that require a gradient, or all where none
    does.

    Raises
    ------
    CodeError
        If it has no parameters.
    """
    if not isinstance(model, _torch().nn.Module):
        return None
    named = list(model.named_parameters())
    trained = [(name, p) for name, p in named if p.requires_grad]
    shown = trained or named
    if not shown:
        raise CodeError("model has no parameters")
    forward = _Module(model, loss, tuple(name for name, _ in shown), [p for _, p in shown])
    if trained and len(trained) < len(named):
        left = sum(p.numel() for _, p in named if not p.requires_grad)
        forward.note = f"{left:,} parameters do not require a gradient, and are not displaced"
    return forward
