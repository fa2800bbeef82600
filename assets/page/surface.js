// The surface as heights in its box, and lines laid on it: see gdviz/scene/relief.

// A line follows the surface in pieces as long as a cell of so many along the map.
const PIECES = 160;
// Of a path that runs across the map many times the pieces are longer.
const MOST_PIECES = 20_000;

class Surface {
  constructor(relief, map) {
    this.relief = relief;
    this.map = map;
    this.n = relief.size;
    this.along = unpack(relief.along);
    this.rim = unpack(relief.rim);
    this.cut = unpack(relief.cut);
    const places = unpack(relief.places);
    this.places = Float32Array.from(places, (place) => (place === LATTICE ? NaN : place / (LATTICE - 1)));
    this.shades = unpack(relief.shades);
    this.cutOf = new Map();
    unpack(relief.cutCells).forEach((cell, k) => {
      this.cutOf.set(cell, [...(this.cutOf.get(cell) || []), k]);
    });
  }

  // Places of the grid's points row by row, and then of the rim's; 0 high in holes.
  vertices() {
    const { n, along: axis, rim } = this;
    const { height } = this.relief;
    const found = new Float32Array(3 * (n * n) + rim.length);
    for (let k = 0; k < n * n; k++) {
      found[3 * k] = axis[k % n];
      found[3 * k + 1] = axis[Math.floor(k / n)];
      found[3 * k + 2] = height * (this.places[k] || 0);
    }
    for (let k = 0; k < rim.length; k++) found[3 * n * n + k] = k % 3 === 2 ? rim[k] * height : rim[k];
    return found;
  }

  // The map's colours at the vertices, shaded.
  colors() {
    const { colors: table } = this.map;
    const count = this.shades.length;
    const found = new Uint8Array(4 * count);
    for (let k = 0; k < count; k++) {
      const grid = this.n * this.n;
      const place = k < grid ? this.places[k] || 0 : this.rim[3 * (k - grid) + 2];
      const shade = (this.shades[k] / 255) * this.relief.brightest;
      const at = 3 * Math.floor(place * 255 + 0.5);
      for (let c = 0; c < 3; c++) found[4 * k + c] = Math.min(255, table[at + c] * shade);
      found[4 * k + 3] = 255;
    }
    return found;
  }

  isWhole(i, j) {
    const at = j * this.n + i;
    return ![at, at + 1, at + this.n, at + this.n + 1].some((k) => Number.isNaN(this.places[k]));
  }

  triangles() {
    const found = [];
    for (let j = 0; j < this.n - 1; j++) {
      for (let i = 0; i < this.n - 1; i++) {
        if (!this.isWhole(i, j)) continue;
        const first = j * this.n + i;
        found.push(first, first + 1, first + this.n + 1, first, first + this.n + 1, first + this.n);
      }
    }
    for (const corner of this.cut) found.push(corner);
    return new Uint32Array(found);
  }

  // A point of the map in units of the box.
  inBox(a, b) {
    const [aLow, aHigh, bLow, bHigh] = this.map.range;
    return [(2 * (a - aLow)) / (aHigh - aLow) - 1, (2 * (b - bLow)) / (bHigh - bLow) - 1];
  }

  onMap(x, y) {
    const [aLow, aHigh, bLow, bHigh] = this.map.range;
    return [aLow + ((x + 1) / 2) * (aHigh - aLow), bLow + ((y + 1) / 2) * (bHigh - bLow)];
  }

  // The height at a point of the box; nan beside the map and over a hole.
  heightAt(x, y) {
    if (!(Math.abs(x) <= 1 + 1e-9 && Math.abs(y) <= 1 + 1e-9)) return NaN;
    const [i, u] = this.cellOf(x);
    const [j, v] = this.cellOf(y);
    const at = j * this.n + i;
    const p = this.places;
    const lower = p[at] * (1 - u) + p[at + 1] * u;
    const upper = p[at + this.n] * (1 - u) + p[at + this.n + 1] * u;
    const height = (lower * (1 - v) + upper * v) * this.relief.height;
    return Number.isNaN(height) ? this.heightInCut(j * (this.n - 1) + i, x, y) : height;
  }

  cellOf(x) {
    const axis = this.along;
    let low = 0;
    let high = this.n - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (axis[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return [low, Math.max(0, Math.min(1, (x - axis[low]) / (axis[low + 1] - axis[low])))];
  }

  vertex(k) {
    const grid = this.n * this.n;
    if (k < grid) return [this.along[k % this.n], this.along[Math.floor(k / this.n)], this.places[k]];
    return [0, 1, 2].map((c) => this.rim[3 * (k - grid) + c]);
  }

  heightInCut(cell, x, y) {
    for (const k of this.cutOf.get(cell) || []) {
      const [p, q, r] = [0, 1, 2].map((c) => this.vertex(this.cut[3 * k + c]));
      const [ux, uy, vx, vy] = [q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]];
      const area = ux * vy - uy * vx;
      const s = ((x - p[0]) * vy - (y - p[1]) * vx) / area;
      const t = (ux * (y - p[1]) - uy * (x - p[0])) / area;
      if (s >= -1e-9 && t >= -1e-9 && s + t <= 1 + 1e-9) return (p[2] + s * (q[2] - p[2]) + t * (r[2] - p[2])) * this.relief.height;
    }
    return NaN;
  }

  // A polyline of the map, laid on the surface: lists of points of the box, one for each piece.
  drape(points) {
    const lines = [];
    let current = [];
    const end = () => {
      if (current.length > 1) lines.push(current);
      current = [];
    };
    const pieces = [];
    for (let k = 2; k < points.length; k += 2) {
      pieces.push(clippedTo(this.inBox(points[k - 2], points[k - 1]), this.inBox(points[k], points[k + 1]), 1));
    }
    const cells = ([from, to]) => Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) * (PIECES / 2);
    const coarser = Math.max(1, pieces.reduce((sum, piece) => sum + (piece ? cells(piece) : 0), 0) / MOST_PIECES);
    for (const piece of pieces) {
      if (!piece) {
        end();
        continue;
      }
      const [from, to] = piece;
      const count = Math.max(1, Math.ceil(cells(piece) / coarser));
      for (let part = 0; part <= count; part++) {
        const [x, y] = [0, 1].map((c) => from[c] + (part / count) * (to[c] - from[c]));
        const z = this.heightAt(x, y);
        if (Number.isNaN(z)) end();
        else if (part || !current.length) current.push([x, y, z]);
      }
    }
    end();
    return lines;
  }

  // A point of the map on the surface; null where there is none.
  lift([a, b]) {
    const [x, y] = this.inBox(a, b);
    const z = this.heightAt(x, y);
    return Number.isNaN(z) ? null : [x, y, z];
  }
}
