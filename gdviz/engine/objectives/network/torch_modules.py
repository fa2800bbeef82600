"""Parameters in PyTorch's tensors, and its modules, which are left as they are found."""

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

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
#: Bytes at which PyTorch's allocator has a tensor begin: where one begins elsewhere, what
#: multiplies matrices may sum in another order.
_ALIGNED = 64


def _torch() -> Any:
    return sys.modules["torch"]  # the person's file has imported it


class _Vectors(AffinePlane):
    """Where parameters lie, lent as parts of two vectors: what is displaced, and what is not.

    A cell of a small network takes a millisecond. An operation for each array would be a tenth of
    that, for after a pass nothing of it is in the processor's caches. Each number is worked out as
    by :meth:`leaves`, so it is the same to the last bit.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        moved = [i for i, is_moved in enumerate(self.is_moved) if is_moved]
        still = [i for i, is_moved in enumerate(self.is_moved) if not is_moved]
        origin, first, second = (
            _as_vector([arrays[i] for i in moved]) for arrays in (self.centre, *self.axes)
        )
        self._in_first = self.kept(lambda a: origin + a * first)
        self._in_second = self.kept(lambda b: b * second)
        self._still = _as_vector([self.centre[i] for i in still])
        self._lent = _torch().empty_like(origin), _torch().empty_like(self._still)
        parts: dict[int, Any] = {}
        for places, vector in zip((moved, still), self._lent, strict=True):
            parts |= dict(
                zip(places, _parts(vector, [self.centre[i] for i in places]), strict=True)
            )
        self._parts = [parts[i] for i in range(len(self.centre))]

    def lent(self, a: float, b: float) -> Leaves:
        """Return the parameters at a point, which are those of another after the next call."""
        moved, still = self._lent
        _torch().add(self._in_first(a), self._in_second(b), out=moved)
        still.copy_(self._still)  # a loss may have written into it
        return self._parts


def _as_vector(arrays: Leaves) -> Any:
    """Return arrays of one type as a vector, in which each begins as by itself."""
    torch = _torch()
    padded = [torch.nn.functional.pad(x.reshape(-1), (0, _room(x) - x.numel())) for x in arrays]
    return torch.cat(padded) if padded else torch.empty(0)


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
    _records = False  # whether a value needs what is recorded for derivatives

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
        """Return it in the type of a leaf, or its own."""
        tensor = _torch().from_numpy(np.array(value, order="C"))
        return tensor if leaf is None else tensor.to(leaf.dtype)

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns, recorded only where it differentiates something itself."""
        torch = _torch()
        if not self._records:
            try:
                with torch.no_grad(), forward.displaced(leaves) as variables:
                    return forward(variables)
            except RuntimeError as error:
                if "require" not in str(error):
                    raise
                self._records = True
        with torch.enable_grad(), forward.displaced(leaves) as variables:
            return forward(variables)

    def gradient(self, forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters."""
        with _torch().enable_grad(), forward.displaced(_recorded(leaves)) as variables:
            return _slopes(forward(variables), variables)

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
            return _Vectors(plane.centre, plane.axes, plane.is_moved)
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
                with torch.set_grad_enabled(self._records):
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
        self._modules, self._parameters = tuple(module.modules()), parameters
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
    def displaced(self, leaves: Leaves) -> Iterator[Leaves]:
        """Put parameters in place, and the old ones back."""
        required = [parameter.requires_grad for parameter in self._parameters]
        # Where it is recorded, a loss may call backward(), which adds to what is there.
        recorded = self._parameters if _torch().is_grad_enabled() else []
        slopes = [parameter.grad for parameter in recorded]
        kept = self._keep()
        try:
            for parameter in recorded:
                parameter.grad = None
            for parameter, leaf in zip(self._parameters, leaves, strict=True):
                if leaf.requires_grad:
                    parameter.data = leaf.detach()
                    parameter.requires_grad_()
                else:
                    parameter.data = leaf
            yield self._parameters
        finally:
            for parameter, own, requires in zip(self._parameters, self._own, required, strict=True):
                parameter.data = own
                if parameter.requires_grad != requires:
                    parameter.requires_grad_(requires)
            for parameter, slope in zip(recorded, slopes, strict=True):
                parameter.grad = slope
            self._put_back(kept)

    @contextmanager
    def left_as_found(self) -> Iterator[None]:
        """Let other code change the module, which is put back."""
        with self.displaced([own.clone() for own in self._own]):
            yield

    def functional(self, leaves: Leaves) -> Any:
        """Return the loss where the module has other tensors in the parameters' places."""
        named = {name: leaves[i] for name, i in self._places.items()}
        kept = self._keep()
        try:
            # Told of weights that are tied by a module of two names, it would not put them back:
            # github.com/pytorch/pytorch/issues/164759.
            return _torch().func.functional_call(self._whole, named, (), tie_weights=False)
        finally:
            self._put_back(kept)

    def _keep(self) -> tuple[list[tuple[Any, str, Any]], list[bool]]:
        """Put copies in the buffers' places, and return what puts them and the modes back.

        A cell of a small network takes a millisecond or two, of which no more than some percent
        may be spent here.
        """
        buffers = [
            (holds, name, buffer)
            for holds in self._buffers
            for name, buffer in holds.items()
            if buffer is not None
        ]
        for holds, name, buffer in buffers:
            holds[name] = buffer.clone()
        return buffers, [module.training for module in self._modules]

    def _put_back(self, kept: tuple[list[tuple[Any, str, Any]], list[bool]]) -> None:
        for holds, name, buffer in kept[0]:
            holds[name] = buffer
        for module, mode in zip(self._modules, kept[1], strict=True):
            if module.training != mode:  # which setting it would take long to say
                module.training = mode


#: What a module is called within the one that is its loss.
_MODEL = "model"


def _as_module(model: Any, loss: Callable[[], Any]) -> Any:
    """Return a loss as a module that holds the one it is of, whose parameters can be exchanged."""
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
