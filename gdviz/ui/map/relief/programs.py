"""The programs that run on the graphics card, in the language of OpenGL 2.1."""

from typing import Any

from OpenGL import GL
from OpenGL.GL import shaders
from PySide6.QtGui import QOpenGLContext

#: A vertex and a fragment shader.
Sources = tuple[str, str]

SURFACE: Sources = (
    """
    attribute vec3 place;
    attribute vec4 tint;
    uniform mat4 matrix;
    varying vec4 shown;
    void main() {
        shown = tint;
        gl_Position = matrix * vec4(place, 1.0);
    }
    """,
    """
    varying vec4 shown;
    void main() { gl_FragColor = shown; }
    """,
)
#: What lies on the surface is moved towards the viewer a little, or the surface would cover it.
_NEARER = """
    uniform mat4 matrix;
    uniform vec3 eye;
    uniform float lift;
    vec4 seen(vec3 place) { return matrix * vec4(place + lift * normalize(eye - place), 1.0); }
"""
HAIRLINES: Sources = (
    _NEARER
    + """
    attribute vec3 place;
    void main() { gl_Position = seen(place); }
    """,
    """
    uniform vec4 color;
    void main() { gl_FragColor = color; }
    """,
)
#: Each piece of a line is a rectangle of four corners, as many pixels wide wherever it is: not all
#: cards draw lines that are wider than a pixel. Its sides fade out over one pixel.
LINES: Sources = (
    _NEARER
    + """
    attribute vec3 start;
    attribute vec3 end;
    attribute vec2 corner;
    uniform vec2 size;
    uniform float width;
    varying float across;
    void main() {
        vec4 first = seen(start), last = seen(end);
        float near = 0.01;
        if (first.w < near && last.w < near) {
            gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
            return;
        }
        if (first.w < near) first = mix(first, last, (near - first.w) / (last.w - first.w));
        if (last.w < near) last = mix(last, first, (near - last.w) / (first.w - last.w));
        vec2 along = (last.xy / last.w - first.xy / first.w) * size;
        float pixels = length(along);
        along = pixels > 0.000001 ? along / pixels : vec2(1.0, 0.0);
        across = corner.y * (0.5 * width + 0.5);
        vec4 at = corner.x < 0.0 ? first : last;
        vec2 move = along * corner.x * 0.5 * width + vec2(-along.y, along.x) * across;
        gl_Position = at + vec4(2.0 * move / size * at.w, 0.0, 0.0);
    }
    """,
    """
    uniform vec4 color;
    uniform float width;
    varying float across;
    void main() {
        float cover = clamp(0.5 * width + 0.5 - abs(across), 0.0, 1.0);
        gl_FragColor = vec4(color.rgb, color.a * cover);
    }
    """,
)


class Program:
    """A program in the current context.

    Parameters
    ----------
    sources : (str, str)
        Its vertex and its fragment shader.
    attributes : dict of str to int
        How many numbers each attribute of a vertex has, in the order of the buffer.

    Raises
    ------
    RuntimeError
        If the driver does not take it.
    """

    def __init__(self, sources: Sources) -> None:
        context = QOpenGLContext.currentContext()
        first = (
            "#version 100\nprecision highp float;\n" if context.isOpenGLES() else ("#version 120\n")
        )
        kinds = GL.GL_VERTEX_SHADER, GL.GL_FRAGMENT_SHADER
        compiled = [
            shaders.compileShader(first + source, kind)
            for source, kind in zip(sources, kinds, strict=True)
        ]
        self._program: Any = shaders.compileProgram(*compiled, validate=False)
        self._places: dict[str, int] = {}

    def use(self) -> None:
        """Draw with it from now on."""
        GL.glUseProgram(self._program)

    def attribute(self, name: str) -> int:
        """Return the number of an attribute of a vertex."""
        return int(GL.glGetAttribLocation(self._program, name))

    def uniform(self, name: str) -> int:
        """Return the number of what is the same for all vertices."""
        if name not in self._places:
            self._places[name] = int(GL.glGetUniformLocation(self._program, name))
        return self._places[name]
