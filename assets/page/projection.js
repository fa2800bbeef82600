// How a camera sees the box of the surface: see gdviz/scene/relief/projection.py.

const dotOf = (one, other) => one[0] * other[0] + one[1] * other[1] + one[2] * other[2];

class Projection {
  constructor(lens, camera, fit) {
    const [azimuth, elevation] = [camera.azimuth, camera.elevation].map((degrees) => (degrees * Math.PI) / 180);
    const [cosA, sinA, cosE, sinE] = [Math.cos(azimuth), Math.sin(azimuth), Math.cos(elevation), Math.sin(elevation)];
    this.right = [-sinA, cosA, 0];
    this.up = [-sinE * cosA, -sinE * sinA, cosE];
    this.towards = [cosE * cosA, cosE * sinA, sinE];
    this.target = [camera.center[0], camera.center[1], camera.center[2] + lens.middle];
    this.eye = this.target.map((x, k) => x + camera.distance * this.towards[k]);
    this.focal = 1 / Math.tan((lens.degrees * Math.PI) / 360);
    this.lens = lens;
    this.fit = fit;
  }

  // Where a point is seen, in units of the picture; null beside or behind the viewer.
  seen(point) {
    const from = point.map((x, k) => x - this.eye[k]);
    const depth = -dotOf(from, this.towards);
    if (!(depth > this.lens.near)) return null;
    return [(this.focal * dotOf(from, this.right)) / depth, (this.focal * dotOf(from, this.up)) / depth];
  }

  // The same in pixels from the left and from the top.
  pixel(point) {
    const at = this.seen(point);
    const { width, height, unit, shift } = this.fit;
    return at && [width / 2 + shift[0] + unit * at[0], height / 2 - shift[1] - unit * at[1]];
  }

  // From the box to clip space, column by column as WebGL takes it.
  matrix() {
    const { width, height, unit, shift } = this.fit;
    const { near, far } = this.lens;
    const look = [this.right, this.up, this.towards].map((axis) => [...axis, -dotOf(axis, this.eye)]);
    const row = (size, moved, axis) => look[axis].map((x, k) => ((2 * this.focal * unit) / size) * x - ((2 * moved) / size) * look[2][k]);
    const depth = look[2].map((x, k) => ((far + near) / (near - far)) * x + (k === 3 ? (2 * far * near) / (near - far) : 0));
    const rows = [row(width, shift[0], 0), row(height, shift[1], 1), depth, look[2].map((x) => -x)];
    const columns = [];
    for (let column = 0; column < 4; column++) for (const each of rows) columns.push(each[column]);
    return new Float32Array(columns);
  }
}

// Where the picture is in a rectangle: the box, seen from its usual distance, with room for words.
function fitted(relief, camera, width, height) {
  const usual = { ...camera, distance: 5.5, center: [0, 0, 0] };
  const from = new Projection(relief.lens, usual, null);
  const corners = [];
  for (const x of [-1, 1]) for (const y of [-1, 1]) for (const z of [relief.floor, relief.height]) corners.push(from.seen([x, y, z]));
  const side = (axis) => {
    const values = corners.map((corner) => corner[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [bottom, top]] = [side(0), side(1)];
  const [marginX, marginY] = [width < 480 ? 40 : 62, 34];
  const unit = Math.max(1, Math.min((width - 2 * marginX) / (right - left), (height - 2 * marginY) / (top - bottom)));
  return { width, height, unit, shift: [(-unit * (left + right)) / 2, (-unit * (bottom + top)) / 2] };
}

// The edges of the box for the axes of a, b and the loss: those that stand before nothing.
function boxEdges(relief, projection) {
  const [nearX, nearY] = [0, 1].map((k) => (projection.eye[k] - projection.target[k] >= 0 ? 1 : -1));
  const across = ([x, y]) => projection.right[0] * x + projection.right[1] * y;
  const sides = [
    { at: [nearX, -nearY], outwards: [0, -nearY, 0] },
    { at: [-nearX, nearY], outwards: [-nearX, 0, 0] },
  ].sort((one, other) => across(one.at) - across(other.at));
  const { at, outwards } = sides[0];
  return [
    { start: [-1, nearY, relief.floor], end: [1, nearY, relief.floor], outwards: [0, nearY, 0] },
    { start: [nearX, -1, relief.floor], end: [nearX, 1, relief.floor], outwards: [nearX, 0, 0] },
    { start: [...at, 0], end: [...at, relief.height], outwards },
  ];
}

const along = (edge, part, away = 0) => edge.start.map((x, k) => x + part * (edge.end[k] - x) + away * edge.outwards[k]);
