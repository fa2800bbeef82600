// The view in three dimensions: the surface, its contour lines, and the paths on it.

// In units of the box: by how much lines lie above the surface, and the ticks' length.
const LIFT = 0.02;
const TICK = 0.04;
const NAME = 0.3;

class ReliefView {
  constructor(canvas, words, page) {
    this.canvas = canvas;
    this.words = words;
    this.page = page;
    this.surface = new Surface(page.data.relief, page.data.map);
    this.relief = page.data.relief;
    this.first = this.relief.camera;
    this.camera = { ...this.first };
    const { axes } = page.data;
    canvas.setAttribute("aria-label", `The surface f over ${axes[0]} and ${axes[1]} with the paths; arrow keys go around it, plus and minus zoom`);
    this.gl = contextOf(canvas);
    if (!this.gl) throw new Error("no WebGL");
    this.prepare();
    this.listen();
  }

  prepare() {
    const { gl, surface } = this;
    this.program = new Program(gl, SURFACE_PROGRAM);
    this.lines = new Program(gl, LINE_PROGRAM);
    const filled = (target, data) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(target, buffer);
      gl.bufferData(target, data, gl.STATIC_DRAW);
      return buffer;
    };
    const triangles = surface.triangles();
    this.count = triangles.length;
    this.vertices = filled(gl.ARRAY_BUFFER, surface.vertices());
    this.tints = filled(gl.ARRAY_BUFFER, surface.colors());
    this.triangles = filled(gl.ELEMENT_ARRAY_BUFFER, triangles);
    this.line = gl.createBuffer();
  }

  listen() {
    const { canvas } = this;
    const pointers = new Map();
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      canvas.setPointerCapture(event.pointerId);
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(kind, (event) => pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => this.page.pointAt(null));
    canvas.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) {
        this.pointAt(event);
        return;
      }
      const now = [event.clientX, event.clientY];
      if (pointers.size === 2) {
        const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        const span = (at) => Math.hypot(at[0] - other[0], at[1] - other[1]);
        this.zoom(span(now) / Math.max(1, span(before)));
        this.orbit(0, (now[1] - before[1]) * 0.2); // one finger that goes up or down scrolls the page
      } else if (event.shiftKey) this.pan(now[0] - before[0], now[1] - before[1]);
      else this.orbit((before[0] - now[0]) * 0.4, (now[1] - before[1]) * 0.4);
      pointers.set(event.pointerId, now);
    });
    canvas.addEventListener("wheel", (event) => {
      // The wheel scrolls the page, unless one has come to turn the surface; a pinch has Ctrl.
      if (document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * 0.001));
    }, { passive: false });
    canvas.addEventListener("dblclick", () => {
      this.camera = { ...this.first };
      this.draw();
    });
    canvas.addEventListener("keydown", (event) => {
      const turns = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in turns) this.orbit(...turns[event.key]);
      else if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 1.1 : 1 / 1.1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // Tells which step of a path is pointed at, of those that the surface does not hide.
  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    let [near, least] = [null, NEAR];
    for (const run of this.page.shownRuns()) {
      for (let place = 0; place < run.path.steps.length; place++) {
        const point = this.surface.lift(pointOf(run.path, place));
        const pixel = point && this.projection.pixel(point);
        const distance = pixel ? Math.hypot(pixel[0] - at[0], pixel[1] - at[1]) : Infinity;
        if (distance < least && !this.isHidden(point)) [near, least] = [{ run, place, step: run.path.steps[place] }, distance];
      }
    }
    this.page.pointAt(near && { near });
  }

  bounded(name, value) {
    const [low, high] = this.relief.bounds[name];
    return Math.max(low, Math.min(high, value));
  }

  orbit(right, up) {
    this.camera.azimuth = ((((this.camera.azimuth + right + 180) % 360) + 360) % 360) - 180;
    this.camera.elevation = this.bounded("elevation", this.camera.elevation + up);
    this.draw();
  }

  zoom(factor) {
    this.camera.distance = this.bounded("distance", this.camera.distance / factor);
    this.draw();
  }

  pan(x, y) {
    const { unit } = this.projection.fit;
    const size = this.camera.distance / this.projection.focal;
    this.camera.center = this.camera.center.map((at, k) =>
      this.bounded("center", at - (size / unit) * (x * this.projection.right[k] - y * this.projection.up[k])));
    this.draw();
  }

  draw() {
    if (!this.canvas.clientWidth) return;
    const width = this.canvas.clientWidth;
    const height = pictureHeight(width);
    const ratio = window.devicePixelRatio || 1;
    const { canvas, gl } = this;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    canvas.style.height = `${height}px`;
    this.projection = new Projection(this.relief.lens, this.camera, fitted(this.relief, this.camera, width, height));
    gl.viewport(0, 0, ...size);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.shared = { matrix: this.projection.matrix(), size: new Float32Array(size), eye: new Float32Array(this.projection.eye) };
    this.ratio = ratio;
    const colors = look();
    this.edges = boxEdges(this.relief, this.projection);
    this.drawSurface(colors);
    this.drawFrame(colors);
    this.drawPaths();
    this.drawWords(width, height, colors);
  }

  drawSurface(colors) {
    const { gl, program } = this;
    program.bind(this.vertices, [["place", 3]], gl.FLOAT);
    program.bind(this.tints, [["tint", 4]], gl.UNSIGNED_BYTE, true);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.triangles);
    const levels = this.relief.levels / this.relief.height;
    const common = { matrix: this.shared.matrix, levels, ground: this.relief.floor, width: 0.9 * this.ratio };
    program.use({ ...common, is_ground: 0, color: [1, 1, 1, 0.45] });
    gl.drawElements(gl.TRIANGLES, this.count, gl.UNSIGNED_INT, 0);
    gl.depthMask(false);
    program.use({ ...common, is_ground: 1, color: hexOrGrey(colors.muted, 0.5) });
    gl.drawElements(gl.TRIANGLES, this.count, gl.UNSIGNED_INT, 0);
    gl.depthMask(true);
  }

  strokeLines(lines, color, width, lift = LIFT) {
    const data = lineBuffer(lines);
    if (!data.length) return;
    const { gl } = this;
    this.lines.bind(this.line, LINE_PARTS, gl.FLOAT);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STREAM_DRAW);
    this.lines.use({ ...this.shared, color, width: width * this.ratio, lift });
    gl.depthMask(false); // lines cover each other in their order, and the surface covers them
    gl.drawArrays(gl.TRIANGLES, 0, data.length / 8);
    gl.depthMask(true);
  }

  drawFrame(colors) {
    const { floor } = this.relief;
    const outline = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x, y]) => [x, y, floor]);
    this.strokeLines([outline], hexOrGrey(colors.grid), 1, 0);
    this.strokeLines(this.edges.map((edge) => [edge.start, edge.end]), hexOrGrey(colors.axis), 1.2, 0);
    const ticks = this.edges.flatMap((edge, k) => this.ticks(k).map(([part]) => [along(edge, part), along(edge, part, TICK)]));
    this.strokeLines(ticks, hexOrGrey(colors.axis), 1, 0);
  }

  // Where on an edge round numbers are, as a part of it, and how they are written.
  ticks(k) {
    const { range, scale } = this.page.data.map;
    if (k === 2) return scale.ticks;
    const [low, high] = range.slice(2 * k, 2 * k + 2);
    return roundTicks(low, high, 5).map(([value, text]) => [(value - low) / (high - low), text]);
  }

  // As on the map, all halos lie under all paths.
  drawPaths() {
    for (const thin of this.page.thinPaths()) this.strokeLines(this.surface.drape(thin.points), rgba(thin.color, 0.75), 1.2);
    const drawn = this.page.nestedRuns().map(({ run, rims }) => ({
      run,
      width: THINNEST + RIM * rims,
      lift: LIFT * (1 + rims), // the surface comes nearer to the viewer along the half of a width
      lines: this.surface.drape(run.path.theta.subarray(0, 2 * (placeOf(run.path, this.page.step) + 1))),
    }));
    for (const { run, width } of drawn) this.strokeLines(this.surface.drape(run.path.theta), rgba(run.color, 0.35), width * 0.6, LIFT * 0.8);
    for (const { width, lift, lines } of drawn) this.strokeLines(lines, [1, 1, 1, 1], width + 2.4, lift);
    for (const { run, width, lift, lines } of drawn) this.strokeLines(lines, rgba(run.color), width, lift);
  }

  // What is written, and marks, on a canvas of its own above.
  drawWords(width, height, colors) {
    const context = fitCanvas(this.words, width, height);
    context.font = FONT;
    context.fillStyle = colors.text;
    context.textBaseline = "middle";
    context.textAlign = "center";
    const names = [...this.page.data.axes, this.page.data.valueName];
    this.edges.forEach((edge, k) => {
      for (const [part, text] of this.ticks(k)) this.writeBeside(context, along(edge, part, TICK), edge.outwards, text);
      const at = k === 2 ? along(edge, 1 + 0.15, 0) : along(edge, 0.5, NAME);
      const [x, y] = this.projection.pixel(at) || [NaN, NaN];
      if (Number.isFinite(x)) context.fillText(names[k], x, y);
    });
    for (const [a, b] of this.page.data.minima) this.mark(context, [a, b], LIGHT, DARK, 4);
    const ends = this.page.nestedRuns().map(({ run, rims }) => ({
      color: run.color,
      at: pointOf(run.path, placeOf(run.path, this.page.step)),
      radius: 5 + RIM * rims,
    }));
    for (const { at, radius } of ends) this.mark(context, at, LIGHT, LIGHT, radius);
    for (const { at, radius, color } of ends) this.mark(context, at, color, color, radius - 1.5);
    this.mark(context, this.page.start, "transparent", DARK, 6);
    this.mark(context, this.page.start, "transparent", LIGHT, 5);
  }

  writeBeside(context, at, outwards, text) {
    const place = this.projection.pixel(at);
    const further = this.projection.pixel(at.map((x, k) => x + 0.02 * outwards[k]));
    if (!place || !further) return;
    const [dx, dy] = [further[0] - place[0], further[1] - place[1]];
    const length = Math.hypot(dx, dy) || 1;
    const half = context.measureText(text).width / 2;
    const away = Math.min(half / Math.max(Math.abs(dx) / length, 1e-6), 7 / Math.max(Math.abs(dy) / length, 1e-6)) + 4;
    context.fillText(text, place[0] + (dx / length) * away, place[1] + (dy / length) * away);
  }

  // A mark on the surface, unless that hides it.
  mark(context, point, fill, edge, radius) {
    const at = this.surface.lift(point);
    if (!at || this.isHidden(at)) return;
    const [x, y] = this.projection.pixel(at) || [NaN, NaN];
    if (!Number.isFinite(x)) return;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = edge;
    context.lineWidth = 1.5;
    context.stroke();
  }

  // Whether the surface is before a point: looked at along the way to the viewer.
  isHidden(at) {
    const { eye } = this.projection;
    for (let part = 0.02; part < 1; part += 0.01) {
      const [x, y, z] = at.map((from, k) => from + part * (eye[k] - from));
      if (Math.abs(x) > 1 || Math.abs(y) > 1) return false;
      if (this.surface.heightAt(x, y) > z + 0.004) return true;
    }
    return false;
  }
}

// A colour of the style sheet, which may be said otherwise than as #rrggbb.
const hexOrGrey = (color, alpha = 1) => (/^#[0-9a-f]{6}$/i.test(color) ? rgba(color, alpha) : [0.5, 0.5, 0.5, alpha]);

// WebGL with what the programs need; null where the browser does not have it.
function contextOf(canvas) {
  const gl = canvas.getContext("webgl", { antialias: true, alpha: true, premultipliedAlpha: false, preserveDrawingBuffer: true });
  const needed = ["OES_standard_derivatives", "OES_element_index_uint"];
  return gl && needed.every((name) => gl.getExtension(name)) ? gl : null;
}
