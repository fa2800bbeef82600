// Paths on top of each other: the lower ones are wider, and leave a rim to be seen. The rule is that
// of gdviz/scene/map/nesting.py, for paths that are turned and hidden here.

// How far along paths, and how often, they are compared, and how near they lie on each other, in
// sides of the map; and along which part of the shorter one that has to be.
const FAR_ALONG = 3;
const EVERY = 0.02;
const NEAR_BY = 0.006;
const PART = 0.2;
const MOST_RIMS = 3;

// How many rims wider each path is drawn, from the lowest up.
function rimsOf(paths, range) {
  const along = paths.map((path) => alongOf(path, range));
  const found = paths.map(() => 0);
  for (let low = paths.length - 2; low >= 0; low--) {
    for (let high = low + 1; high < paths.length; high++) {
      if (lieOnEachOther(along[low], along[high])) found[low] = Math.max(found[low], 1 + found[high]);
    }
    found[low] = Math.min(found[low], MOST_RIMS);
  }
  return found;
}

// What was found of a path, which does not change.
const ALONG = new WeakMap();

function alongOf(path, range) {
  if (!ALONG.has(path)) ALONG.set(path, pointsAlong(path.theta, range));
  return ALONG.get(path);
}

// Points in equal distances along a path, in sides of the map.
function pointsAlong(theta, [aLow, aHigh, bLow, bHigh]) {
  // What diverges is on the map no longer.
  const placed = (value, low, high) => Math.max(-1, Math.min(2, (value - low) / (high - low)));
  const points = [];
  for (let k = 0; k < theta.length; k += 2) {
    const at = [placed(theta[k], aLow, aHigh), placed(theta[k + 1], bLow, bHigh)];
    if (!Number.isNaN(at[0] + at[1])) points.push(at);
  }
  const reached = [0];
  for (let k = 1; k < points.length; k++) reached.push(reached[k - 1] + apart(points[k - 1], points[k]));
  const last = points.length - 1;
  const count = Math.ceil((Math.min(reached[last], FAR_ALONG) + EVERY / 2) / EVERY);
  let before = 0;
  return Array.from({ length: count }, (_, k) => {
    const wanted = k * EVERY;
    while (before < last && reached[before + 1] <= wanted) before += 1;
    if (before === last) return points[last];
    const part = (wanted - reached[before]) / (reached[before + 1] - reached[before]);
    return points[before].map((from, axis) => from + part * (points[before + 1][axis] - from));
  });
}

const apart = ([x, y], [u, v]) => Math.hypot(x - u, y - v);

// Whether two paths are one along a part of the shorter, from the start on.
function lieOnEachOther(one, other) {
  const count = Math.min(one.length, other.length);
  let near = 0;
  for (let k = 0; k < count; k++) if (apart(one[k], other[k]) < NEAR_BY) near += 1;
  return near >= PART * count;
}
