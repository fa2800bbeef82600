"""The surface and lines as items of pyqtgraph's, whose buffers are updated in place.

pyqtgraph's own mesh computes normals and makes its arrays anew for each change, which takes half a
second for 200 × 200 points. Here arrays come as the card takes them, and only those that changed.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL
from OpenGL.raw.GL.VERSION.GL_2_0 import glVertexAttribPointer
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from PySide6.QtGui import QColor

from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import LEVELS
from gdviz.scene.relief.mesh import Colors, Indices, Vertices
from gdviz.scene.relief.rays import NEARER
from gdviz.scene.relief.surface import FLOOR, HEIGHT
from gdviz.ui.map.relief.geometry import PIECE, line_pieces, piece_triangles
from gdviz.ui.map.relief.programs import LINES, SURFACE, Program, Sources


class Buffer:
    """An array on the graphics card, which is written over as long as the next one has room.

    Parameters
    ----------
    kind : int, default GL_ARRAY_BUFFER
        Of vertices, or of indices.
    """

    def __init__(self, kind: int = GL.GL_ARRAY_BUFFER) -> None:
        self._kind = kind
        self._name = self._room = 0
        self._new: NDArray[Any] | None = None
        self.count = 0

    def set(self, array: NDArray[Any]) -> None:
        """Take an array, which is written when there is a context."""
        self._new, self.count = np.ascontiguousarray(array), array.size

    def bind(self) -> None:
        """Make it the current one of its kind."""
        if not self._name:
            self._name = int(GL.glGenBuffers(1))
        GL.glBindBuffer(self._kind, self._name)
        if self._new is not None:
            size = self._new.nbytes
            if size > self._room:
                GL.glBufferData(self._kind, size, self._new, GL.GL_DYNAMIC_DRAW)
                self._room = size
            elif size:
                GL.glBufferSubData(self._kind, 0, size, self._new)
            self._new = None


@dataclass(frozen=True)
class Seen:
    """How items are seen.

    Attributes
    ----------
    matrix : ndarray, shape (4, 4)
        From the box to OpenGL's clip space.
    eye : ndarray, shape (3,)
        Where the viewer is.
    size : (float, float)
        The picture's width and height in pixels.
    pixel : float
        Pixels of the picture that are one of the screen's.
    """

    matrix: Array
    eye: Array
    size: tuple[float, float]
    pixel: float


class ReliefItem(GLGraphicsItem):
    """An item with one program.

    Parameters
    ----------
    sources : (str, str)
        Its program.
    """

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self._sources = sources
        self._program: Program | None = None

    def _begin(self) -> Program:
        """Draw with its program, and tell that how it is seen."""
        if self._program is None:
            self._program = Program(self._sources)
        program, seen = self._program, self.view().seen
        program.use()
        matrix = seen.matrix.astype(np.float32)
        GL.glUniformMatrix4fv(program.uniform("matrix"), 1, GL.GL_TRUE, matrix)
        return program


def _point(program: Program, fields: Sequence[tuple[str, int]], kind: int, size: int) -> list[int]:
    """Say how the current buffer's vertices are made of attributes.

    Parameters
    ----------
    program : Program
        Whose attributes.
    fields : sequence of (str, int)
        Their names and how many numbers each has, in order.
    kind, size : int
        Of a number: OpenGL's name, and its bytes.
    """
    stride, offset, places = sum(count for _, count in fields) * size, 0, []
    for name, count in fields:
        place = program.attribute(name)
        # Not by PyOpenGL's wrapper, which asks a platform for the context that may not be Qt's.
        normalized = kind == GL.GL_UNSIGNED_BYTE
        glVertexAttribPointer(place, count, kind, normalized, stride, ctypes.c_void_p(offset))
        GL.glEnableVertexAttribArray(place)
        offset += count * size
        places.append(place)
    return places


def _finish(places: Sequence[int]) -> None:
    for place in places:
        GL.glDisableVertexAttribArray(place)
    GL.glUseProgram(0)
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)
    GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, 0)


class SurfaceItem(ReliefItem):
    """The surface: triangles with a colour at each vertex, and contour lines on it and below it."""

    def __init__(self) -> None:
        super().__init__(SURFACE)
        self._places, self._colors = Buffer(), Buffer()
        self._triangles, self._ground = (Buffer(GL.GL_ELEMENT_ARRAY_BUFFER) for _ in range(2))
        self._lines: tuple[QColor, QColor] | None = None

    def set_shape(self, places: Vertices, triangles: Indices, ground: Indices) -> None:
        """Take another shape.

        Parameters
        ----------
        places : ndarray of float32, shape (m, 3)
            The vertices.
        triangles : ndarray of uint32, shape (t, 3)
            Which of them make up the surface.
        ground : ndarray of uint32, shape (k, 3)
            Which of them make up what lies below it, where there are contour lines alone.
        """
        self._places.set(places)
        self._triangles.set(triangles)
        self._ground.set(ground)

    def set_colors(self, colors: Colors) -> None:
        """Take the colour of each vertex."""
        self._colors.set(colors)

    def set_lines(self, lines: tuple[QColor, QColor] | None) -> None:
        """Take the colours of contour lines on the surface and on the floor; None for no lines."""
        self._lines = lines

    def paint(self) -> None:
        """Draw it."""
        if not self._triangles.count:
            return
        program = self._begin()
        self._places.bind()
        places = _point(program, [("place", 3)], GL.GL_FLOAT, 4)
        self._colors.bind()
        places += _point(program, [("tint", 4)], GL.GL_UNSIGNED_BYTE, 1)
        on_surface, on_floor = self._lines or (QColor(0, 0, 0, 0), QColor(0, 0, 0, 0))
        GL.glUniform1f(program.uniform("levels"), LEVELS / HEIGHT)
        GL.glUniform1f(program.uniform("ground"), FLOOR)
        GL.glUniform1f(program.uniform("width"), self.view().seen.pixel)
        GL.glEnable(GL.GL_DEPTH_TEST)
        GL.glDepthMask(GL.GL_TRUE)
        GL.glDisable(GL.GL_BLEND)
        self._draw(program, self._triangles, on_surface, is_ground=False)
        if self._lines:
            _blend()
            self._draw(program, self._ground, on_floor, is_ground=True)
        _finish(places)

    def _draw(self, program: Program, triangles: Buffer, lines: QColor, is_ground: bool) -> None:
        triangles.bind()
        GL.glUniform4f(program.uniform("color"), *_rgba(lines))
        GL.glUniform1f(program.uniform("is_ground"), float(is_ground))
        GL.glDrawElements(GL.GL_TRIANGLES, triangles.count, GL.GL_UNSIGNED_INT, None)


class LineItem(ReliefItem):
    """A line of some pixels and one colour, and what lies around it."""

    def __init__(self) -> None:
        super().__init__(LINES)
        self._pieces, self._triangles = Buffer(), Buffer(GL.GL_ELEMENT_ARRAY_BUFFER)
        self._room = 0
        self._color, self._width, self._lift = QColor(), 1.0, NEARER

    def set_points(self, points: Array) -> None:
        """Take points of the box, shape (n, 3), with rows of nan between lines."""
        pieces = line_pieces(points)
        self._pieces.set(pieces)
        if len(pieces) > self._room:
            self._room = len(pieces)
            self._triangles.set(piece_triangles(len(pieces) // 4))

    def set_look(self, color: QColor, width: float, lift: float = NEARER) -> None:
        """Take how it looks.

        Parameters
        ----------
        color : QColor
            The colour.
        width : float
            In pixels of the screen.
        lift : float, optional
            How far before its place it is drawn, in units of the box. Along half a width the
            surface comes nearer to the viewer, and covers a side of a line that is too wide for it.
        """
        self._color, self._width, self._lift = color, width, lift

    def paint(self) -> None:
        """Draw it."""
        if not self._pieces.count:
            return
        program, seen = self._begin(), self.view().seen
        GL.glUniform3f(program.uniform("eye"), *seen.eye.tolist())
        GL.glUniform1f(program.uniform("lift"), self._lift)
        GL.glUniform4f(program.uniform("color"), *_rgba(self._color))
        GL.glUniform2f(program.uniform("size"), *seen.size)
        GL.glUniform1f(program.uniform("width"), self._width * seen.pixel)
        _blend()
        self._pieces.bind()
        fields = [("before", 3), ("start", 3), ("end", 3), ("after", 3), ("corner", 2)]
        places = _point(program, fields, GL.GL_FLOAT, 4)
        self._triangles.bind()
        count = self._pieces.count // (4 * PIECE) * 6
        GL.glDrawElements(GL.GL_TRIANGLES, count, GL.GL_UNSIGNED_INT, None)
        _finish(places)


def _rgba(color: QColor) -> tuple[float, float, float, float]:
    return color.redF(), color.greenF(), color.blueF(), color.alphaF()


def _blend() -> None:
    """Draw over what is there, as far as nothing is before it, and hide nothing.

    The picture stays opaque: of what is not, a widget would show what is behind it as well.
    """
    GL.glEnable(GL.GL_DEPTH_TEST)
    GL.glDepthMask(GL.GL_FALSE)
    GL.glEnable(GL.GL_BLEND)
    of_colors = GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA
    GL.glBlendFuncSeparate(*of_colors, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
