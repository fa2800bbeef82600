// The map: colours, contour lines, paths, and what is pointed at.

const LIGHT = "#ffffff";
const DARK = "#12161c";
const HOLE = "#c9ced4";
const HOLE_HATCH = "#a3aab2";
const LATTICE = 65535;
// Widths in pixels: a path that others lie upon is wider, and leaves a rim of it to be seen.
const THINNEST = 2.2;
const RIM = 2;
// Pixels within which a path is pointed at.
const NEAR = 14;

class MapView {
  constructor(canvas, page) {
    this.canvas = canvas;
    this.page = page;
    const { data } = page;
    [this.aLow, this.aHigh, this.bLow, this.bHigh] = data.map.range;
    this.image = this.makeImage(data.map);
    canvas.setAttribute("aria-label", `Map of f over ${data.axes[0]} and ${data.axes[1]} with the paths of the methods`);
    canvas.addEventListener("pointermove", (event) => this.pointAt(event));
    canvas.addEventListener("pointerleave", () => page.pointAt(null));
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("lostpointercapture", () => { this.isDragged = false; });
    canvas.addEventListener("pointercancel", () => this.takeBack());
  }

  // The colours, a pixel for each point of the grid, the lowest b last.
  makeImage(map) {
    const n = map.size;
    const image = document.createElement("canvas");
    image.width = image.height = n;
    const pixels = new ImageData(n, n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        const place = map.places[j * n + i];
        const at = 4 * ((n - 1 - j) * n + i);
        if (place === LATTICE) continue;
        const color = 3 * Math.round((place / (LATTICE - 1)) * 255);
        pixels.data[at] = map.colors[color];
        pixels.data[at + 1] = map.colors[color + 1];
        pixels.data[at + 2] = map.colors[color + 2];
        pixels.data[at + 3] = 255;
      }
    }
    image.getContext("2d").putImageData(pixels, 0, 0);
    return image;
  }

  x(a) {
    return this.left + ((a - this.aLow) / (this.aHigh - this.aLow)) * this.width;
  }

  y(b) {
    return this.top + (1 - (b - this.bLow) / (this.bHigh - this.bLow)) * this.height;
  }

  // Where a pointer is on the map; null beside it.
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < this.left || x > this.left + this.width || y < this.top || y > this.top + this.height) return null;
    return {
      x,
      y,
      a: this.aLow + ((x - this.left) / this.width) * (this.aHigh - this.aLow),
      b: this.bLow + (1 - (y - this.top) / this.height) * (this.bHigh - this.bLow),
    };
  }

  press(event) {
    const at = this.under(event);
    if (!at || event.button !== 0) return;
    const near = this.nearest(at);
    if (this.page.turning && !near) {
      this.isDragged = true;
      this.startBefore = this.page.start;
      this.canvas.setPointerCapture(event.pointerId);
      this.page.setStart(this.startAt(at));
    } else if (near) {
      this.page.setStep(near.step);
    }
    this.pointAt(event);
  }

  // A finger that turns out to scroll the page has set no start.
  takeBack() {
    if (this.isDragged) this.page.setStart(this.startBefore);
    this.isDragged = false;
  }

  // A point of the map with as many digits as a pixel has.
  startAt({ a, b }) {
    const rounded = (value, span, pixels) => {
      const exponent = Math.floor(Math.log10(span / pixels));
      return Number(`${Math.round(value / 10 ** exponent)}e${exponent}`);
    };
    return [rounded(a, this.aHigh - this.aLow, this.width), rounded(b, this.bHigh - this.bLow, this.height)];
  }

  pointAt(event) {
    const at = this.under(event);
    if (this.isDragged && at) this.page.setStart(this.startAt(at));
    this.page.pointAt(at && { ...at, near: this.isDragged ? null : this.nearest(at) });
  }

  // The path's point that is pointed at, of those that are drawn.
  nearest(at) {
    let found = null;
    let least = NEAR;
    for (const run of this.page.shownRuns()) {
      const { path } = run;
      for (let place = 0; place < path.steps.length; place++) {
        const distance = Math.hypot(this.x(path.theta[2 * place]) - at.x, this.y(path.theta[2 * place + 1]) - at.y);
        if (distance < least) {
          least = distance;
          found = { run, place, step: path.steps[place] };
        }
      }
    }
    return found;
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    const height = pictureHeight(width);
    const context = fitCanvas(this.canvas, width, height);
    const colors = look();
    const bar = width < 480 ? 60 : 66;
    this.left = 52;
    this.top = 10;
    this.width = width - this.left - bar - 14;
    this.height = height - this.top - 44;
    const { ratio } = this.page.data.map;
    if (ratio) {
      this.width = Math.min(this.width, this.height * ratio);
      this.height = this.width / ratio;
    }
    this.drawAxes(context, colors);
    const { basins } = this.page;
    const hasBasins = Boolean(basins && basins.isShown && basins.image);
    if (!hasBasins) this.drawBar(context, colors, this.left + this.width + 14, bar);
    context.save();
    context.beginPath();
    context.rect(this.left, this.top, this.width, this.height);
    context.clip();
    if (hasBasins) basins.drawOn(context, this);
    else this.drawGround(context);
    this.drawContours(context);
    this.drawThin(context);
    this.drawTrajectory(context);
    this.drawMinima(context);
    this.drawPaths(context);
    this.drawStart(context);
    if (hasBasins) basins.markOn(context, this);
    context.restore();
  }

  drawAxes(context, colors) {
    const { data } = this.page;
    context.font = FONT;
    context.fillStyle = colors.text;
    context.strokeStyle = colors.axis;
    context.lineWidth = 1;
    context.textAlign = "center";
    context.textBaseline = "top";
    const bottom = this.top + this.height;
    for (const [value, text] of roundTicks(this.aLow, this.aHigh, Math.max(2, this.width / 90))) {
      line(context, [[this.x(value), bottom], [this.x(value), bottom + 5]]);
      context.fillText(text, this.x(value), bottom + 8);
    }
    context.fillText(data.axes[0], this.left + this.width / 2, bottom + 25);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, text] of roundTicks(this.bLow, this.bHigh, this.height / 60)) {
      line(context, [[this.left - 5, this.y(value)], [this.left, this.y(value)]]);
      context.fillText(text, this.left - 8, this.y(value));
    }
    context.save();
    context.translate(12, this.top + this.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(data.axes[1], 0, 0);
    context.restore();
  }

  // The colours of the losses, in so many pixels with their words.
  drawBar(context, colors, left, room) {
    const { colors: table, scale } = this.page.data.map;
    const size = 14;
    const gradient = context.createLinearGradient(0, this.top + this.height, 0, this.top);
    for (let k = 0; k <= 16; k++) {
      const at = 3 * Math.round((k / 16) * 255);
      gradient.addColorStop(k / 16, `rgb(${table[at]}, ${table[at + 1]}, ${table[at + 2]})`);
    }
    context.fillStyle = gradient;
    context.fillRect(left, this.top, size, this.height);
    context.fillStyle = colors.text;
    context.strokeStyle = colors.axis;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const [place, text] of scale.ticks) {
      const y = this.top + (1 - place) * this.height;
      line(context, [[left + size, y], [left + size + 4, y]]);
      context.fillText(text, left + size + 7, y, room - size - 7);
    }
  }

  drawGround(context) {
    const { map } = this.page.data;
    if (map.hasHoles) {
      context.fillStyle = HOLE;
      context.fillRect(this.left, this.top, this.width, this.height);
      context.strokeStyle = HOLE_HATCH;
      context.lineWidth = 1;
      for (let at = -this.height; at < this.width; at += 9) {
        line(context, [[this.left + at, this.top + this.height], [this.left + at + this.height, this.top]]);
      }
    }
    // The outermost points of the grid lie on the map's edges. Of a hole there is nothing to
    // interpolate with.
    context.imageSmoothingEnabled = !map.hasHoles;
    context.imageSmoothingQuality = "high";
    const inner = map.size - 1;
    context.drawImage(this.image, 0.5, 0.5, inner, inner, this.left, this.top, this.width, this.height);
  }

  drawContours(context) {
    const { points, counts } = this.page.data.map.contours;
    context.strokeStyle = "rgba(255, 255, 255, 0.4)";
    context.lineWidth = 0.8;
    context.lineJoin = "round";
    context.beginPath();
    let at = 0;
    for (const count of counts) {
      for (let k = 0; k < count; k++, at += 2) {
        const x = this.left + (points[at] / LATTICE) * this.width;
        const y = this.top + (1 - points[at + 1] / LATTICE) * this.height;
        if (k) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
    }
    context.stroke();
  }

  drawThin(context) {
    for (const thin of this.page.thinPaths()) {
      context.globalAlpha = 0.75;
      context.strokeStyle = thin.color;
      context.lineWidth = 1.1;
      this.strokePoints(context, thin.points);
      if (thin.end[0] !== null) this.dot(context, thin.end, 2, thin.color, DARK, 0.5);
      context.globalAlpha = 1;
    }
    for (const start of this.page.data.moreStarts) this.dot(context, start, 2.8, "transparent", LIGHT, 1.2);
  }

  drawTrajectory(context) {
    const points = this.page.data.trajectory;
    if (!points.length) return;
    context.setLineDash([6, 3]);
    for (const [color, width] of [[LIGHT, 2.6], [DARK, 1.1]]) {
      context.strokeStyle = color;
      context.lineWidth = width;
      this.strokePoints(context, points);
    }
    context.setLineDash([]);
  }

  drawMinima(context) {
    context.fillStyle = LIGHT;
    context.strokeStyle = DARK;
    context.lineWidth = 1;
    for (const [a, b] of this.page.data.minima) {
      context.beginPath();
      for (let k = 0; k < 10; k++) {
        const radius = k % 2 ? 3 : 7;
        const angle = (k * Math.PI) / 5 - Math.PI / 2;
        context.lineTo(this.x(a) + radius * Math.cos(angle), this.y(b) + radius * Math.sin(angle));
      }
      context.closePath();
      context.fill();
      context.stroke();
    }
  }

  // Halos lie under all paths, and under all marks of the step. What comes after the current step is faint.
  drawPaths(context) {
    const { step } = this.page;
    context.lineJoin = context.lineCap = "round";
    const drawn = this.page.nestedRuns().map(({ run, rims }) => ({
      run,
      width: THINNEST + RIM * rims,
      last: placeOf(run.path, step),
    }));
    for (const { run, width } of drawn) {
      context.globalAlpha = 0.35;
      context.strokeStyle = run.color;
      context.lineWidth = Math.max(1.4, width * 0.6);
      this.strokePoints(context, run.path.theta);
      context.globalAlpha = 1;
    }
    for (const { run, width, last } of drawn) {
      const points = run.path.theta.subarray(0, 2 * (last + 1));
      context.strokeStyle = context.fillStyle = LIGHT;
      context.lineWidth = width + 2.4;
      this.strokePoints(context, points);
      if (run.path.isMarked) this.dots(context, points, width / 2 + 2.3);
    }
    for (const { run, width, last } of drawn) {
      const points = run.path.theta.subarray(0, 2 * (last + 1));
      context.strokeStyle = context.fillStyle = run.color;
      context.lineWidth = width;
      if (run.isOld) context.setLineDash([2, 5]);
      this.strokePoints(context, points);
      context.setLineDash([]);
      if (run.path.isMarked) this.dots(context, points, width / 2 + 1.1);
    }
    for (const { run, width, last } of drawn) this.dot(context, pointOf(run.path, last), width + 1.9, LIGHT, LIGHT, 1.4);
    for (const { run, width, last } of drawn) this.dot(context, pointOf(run.path, last), width + 1.2, run.color, "transparent", 0);
  }

  drawStart(context) {
    const [a, b] = this.page.start;
    const [x, y] = [this.x(a), this.y(b)];
    if (!Number.isFinite(x + y)) return;
    context.lineCap = "square";
    for (const [color, width] of [[DARK, 5], [LIGHT, 2.4]]) {
      context.strokeStyle = color;
      context.lineWidth = width;
      line(context, [[x - 5, y], [x + 5, y]]);
      line(context, [[x, y - 5], [x, y + 5]]);
    }
    context.lineCap = "butt";
  }

  // A line through points, with a gap where one is no number.
  strokePoints(context, points) {
    context.beginPath();
    let before = null;
    let isOn = false;
    for (let k = 0; k < points.length; k += 2) {
      const at = [bounded(this.x(points[k])), bounded(this.y(points[k + 1]))];
      const isKnown = !Number.isNaN(at[0] + at[1]);
      const piece = before && isKnown ? clipped(before, at) : null;
      if (piece) {
        if (!isOn || piece[0] !== before) context.moveTo(...piece[0]);
        context.lineTo(...piece[1]);
      }
      isOn = piece !== null && piece[1] === at;
      before = isKnown ? at : null;
    }
    context.stroke();
  }

  dots(context, points, radius) {
    context.beginPath();
    for (let k = 0; k < points.length; k += 2) {
      const [x, y] = [this.x(points[k]), this.y(points[k + 1])];
      if (!(Math.abs(x) < FAR_PX && Math.abs(y) < FAR_PX)) continue;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
  }

  dot(context, [a, b], radius, fill, edge, width) {
    const [x, y] = [this.x(a), this.y(b)];
    if (!(Math.abs(x) < FAR_PX && Math.abs(y) < FAR_PX)) return;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = edge;
    context.lineWidth = width;
    context.stroke();
  }
}

// Pixels beyond which canvases lose their exactness: there a diverging path is cut.
const FAR_PX = 1e5;

// So that differences do not overflow.
const bounded = (pixels) => Math.max(-1e100, Math.min(1e100, pixels));

// The part of a segment that canvases can draw; null where there is none.
const clipped = (from, to) => clippedTo(from, to, FAR_PX);

// The part of a segment within a square around 0 (Liang and Barsky); null where there is none.
function clippedTo(from, to, most) {
  if (Number.isNaN(from[0] + from[1] + to[0] + to[1])) return null;
  if (Math.max(...from.map(Math.abs), ...to.map(Math.abs)) <= most) return [from, to];
  let [first, last] = [0, 1];
  for (const axis of [0, 1]) {
    const delta = to[axis] - from[axis];
    if (delta === 0) {
      if (Math.abs(from[axis]) > most) return null;
      continue;
    }
    const [one, other] = [(-most - from[axis]) / delta, (most - from[axis]) / delta];
    first = Math.max(first, Math.min(one, other));
    last = Math.min(last, Math.max(one, other));
  }
  if (first > last) return null;
  const at = (part) => [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
  return [first > 0 ? at(first) : from, last < 1 ? at(last) : to];
}

function line(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
