// What the graphics card runs: the programs of gdviz/ui/map/relief/programs.py, in WebGL's dialect.

const GLSL = "#extension GL_OES_standard_derivatives : enable\nprecision highp float;\n";

// Contour lines are where the height is halfway between two whole numbers of `levels`. On the
// ground there are these lines alone.
const SURFACE_PROGRAM = [
  `attribute vec3 place;
   attribute vec4 tint;
   uniform mat4 matrix;
   uniform float levels, is_ground, ground;
   varying vec4 shown;
   varying float level;
   void main() {
     shown = tint;
     level = levels * place.z;
     gl_Position = matrix * vec4(place.xy, mix(place.z, ground, is_ground), 1.0);
   }`,
  `uniform vec4 color;
   uniform float width, is_ground;
   varying vec4 shown;
   varying float level;
   void main() {
     float slope = length(vec2(dFdx(level), dFdy(level)));
     float away = abs(fract(level) - 0.5) / max(slope, 0.0001);
     float cover = slope > 0.0001 ? clamp(0.5 * width + 0.5 - away, 0.0, 1.0) : 0.0;
     vec4 line = vec4(color.rgb, color.a * cover);
     gl_FragColor = is_ground > 0.5 ? line : vec4(mix(shown.rgb, line.rgb, line.a), shown.a);
   }`,
];

// Each piece of a line is a rectangle, as many pixels wide wherever it is, moved towards the viewer
// a little, or the surface would cover it.
const LINE_PROGRAM = [
  `attribute vec3 start, end;
   attribute vec2 corner;
   uniform mat4 matrix;
   uniform vec3 eye;
   uniform vec2 size;
   uniform float lift, width;
   varying float across;
   vec4 seen(vec3 place) { return matrix * vec4(place + lift * normalize(eye - place), 1.0); }
   void main() {
     vec4 first = seen(start), last = seen(end);
     if (first.w < 0.01 || last.w < 0.01) {
       gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
       return;
     }
     vec2 way = 0.5 * size * (last.xy / last.w - first.xy / first.w);
     way = length(way) > 0.000001 ? normalize(way) : vec2(1.0, 0.0);
     vec4 at = corner.x < 0.0 ? first : last;
     across = corner.y * (0.5 * width + 0.5);
     vec2 move = way * corner.x * 0.35 * width + vec2(-way.y, way.x) * across;
     gl_Position = at + vec4(2.0 * move / size * at.w, 0.0, 0.0);
   }`,
  `uniform vec4 color;
   uniform float width;
   varying float across;
   void main() {
     float cover = clamp(0.5 * width + 0.5 - abs(across), 0.0, 1.0);
     gl_FragColor = vec4(color.rgb, color.a * cover);
   }`,
];

class Program {
  constructor(gl, [vertex, fragment]) {
    this.gl = gl;
    this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, GLSL + source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error("the graphics card takes no programs");
  }

  // Uniforms by name: numbers, vectors and a matrix.
  use(values) {
    const { gl } = this;
    gl.useProgram(this.program);
    for (const [name, value] of Object.entries(values)) {
      const at = gl.getUniformLocation(this.program, name);
      if (typeof value === "number") gl.uniform1f(at, value);
      else if (value.length === 16) gl.uniformMatrix4fv(at, false, value);
      else gl[`uniform${value.length}fv`](at, value);
    }
  }

  // Attributes of one buffer: [name, how many numbers], one after the other.
  bind(buffer, attributes, type, isNormalized = false) {
    const { gl } = this;
    const size = type === gl.FLOAT ? 4 : 1;
    const stride = size * attributes.reduce((sum, [, count]) => sum + count, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    let offset = 0;
    for (const [name, count] of attributes) {
      const at = gl.getAttribLocation(this.program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, count, type, isNormalized, stride, offset);
      offset += size * count;
    }
  }
}

const LINE_PARTS = [["start", 3], ["end", 3], ["corner", 2]];
const CORNERS = [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]];

// Lines as triangles for the line program.
function lineBuffer(lines) {
  const count = lines.reduce((sum, points) => sum + Math.max(0, points.length - 1), 0);
  const found = new Float32Array(count * CORNERS.length * 8);
  let at = 0;
  for (const points of lines) {
    for (let k = 1; k < points.length; k++) {
      for (const corner of CORNERS) {
        found.set(points[k - 1], at);
        found.set(points[k], at + 3);
        found.set(corner, at + 6);
        at += 8;
      }
    }
  }
  return found;
}

const rgba = (hex, alpha = 1) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255).concat(alpha);
