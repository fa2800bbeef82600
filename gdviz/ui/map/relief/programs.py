"""The programs that run on the graphics card, in the language of OpenGL 2.1."""

from typing import Any

from OpenGL import GL
from OpenGL.GL import shaders
from PySide6.QtGui import QOpenGLContext

#: A vertex and a fragment shader.
Sources = tuple[str, str]

#: What a shader begins with, and on OpenGL ES.
_FIRST = {
    False: "#version 120\n",
    True: (
        "#version 100\n#extension GL_OES_standard_derivatives : enable\nprecision highp float;\n"
    ),
}

#: Contour lines are where the height is halfway between two whole numbers of `levels`: so they lie
#: on what is drawn, as wide wherever they are. On the ground there are these lines alone.
SURFACE: Sources = (
    """
    attribute vec3 place;
    attribute vec4 tint;
    uniform mat4 matrix;
    uniform float levels;
    uniform float is_ground;
    uniform float ground;
    varying vec4 shown;
    varying float level;
    void main() {
        shown = tint;
        level = levels * place.z;
        gl_Position = matrix * vec4(place.xy, mix(place.z, ground, is_ground), 1.0);
    }
    """,
    """
    uniform vec4 color;
    uniform float width;
    uniform float is_ground;
    varying vec4 shown;
    varying float level;
    void main() {
        float slope = length(vec2(dFdx(level), dFdy(level)));
        float away = abs(fract(level) - 0.5) / max(slope, 0.0001);
        float cover = slope > 0.0001 ? clamp(0.5 * width + 0.5 - away, 0.0, 1.0) : 0.0;
        vec4 line = vec4(color.rgb, color.a * cover);
        gl_FragColor = is_ground > 0.5 ? line : vec4(mix(shown.rgb, line.rgb, line.a), shown.a);
    }
    """,
)
#: What lies on the surface is moved towards the viewer a little, or the surface would cover it.
_NEARER = """
    uniform mat4 matrix;
    uniform vec3 eye;
    uniform float lift;
    vec4 seen(vec3 place) { return matrix * vec4(place + lift * normalize(eye - place), 1.0); }
"""
#: Each piece of a line is a rectangle of four corners, as many pixels wide wherever it is: not all
#: cards draw lines that are wider than a pixel. Its sides fade out over one pixel. Where the next
#: piece goes on in about the same direction both share a mitred border, so that what is
#: translucent is nowhere covered twice; at a line's ends and sharp turns it is as much longer.
LINES: Sources = (
    _NEARER
    + """
    attribute vec3 before;
    attribute vec3 start;
    attribute vec3 end;
    attribute vec3 after;
    attribute vec2 corner;
    uniform vec2 size;
    uniform float width;
    varying float across;
    const float near = 0.01;
    vec2 pixel(vec4 place) { return 0.5 * size * place.xy / place.w; }
    vec2 beside(vec2 along) { return vec2(-along.y, along.x); }
    void main() {
        vec4 first = seen(start), last = seen(end);
        if (first.w < near && last.w < near) {
            gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
            return;
        }
        if (first.w < near) first = mix(first, last, (near - first.w) / (last.w - first.w));
        if (last.w < near) last = mix(last, first, (near - last.w) / (first.w - last.w));
        vec2 along = pixel(last) - pixel(first);
        along = length(along) > 0.000001 ? normalize(along) : vec2(1.0, 0.0);
        vec4 at = corner.x < 0.0 ? first : last;
        vec4 next = seen(corner.x < 0.0 ? before : after);
        vec2 joint = next.w < near ? vec2(0.0) : corner.x * (pixel(next) - pixel(at));
        across = corner.y * (0.5 * width + 0.5);
        vec2 move = along * corner.x * 0.5 * width + beside(along) * across;
        if (length(joint) > 0.000001 && dot(normalize(joint), along) > 0.7) {
            vec2 border = normalize(beside(along + normalize(joint)));
            move = border * across / dot(border, beside(along));
        }
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
        first = _FIRST[context.isOpenGLES()]
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
