// A path: its points and what was measured there, at the steps that the page holds.

// As gdviz computed it.
function computedPath(run) {
  const steps = unpack(run.steps);
  return {
    steps,
    theta: unpack(run.theta),
    loss: unpack(run.loss),
    gradient: unpack(run.gradient),
    exact: unpack(run.exact),
    evaluations: unpack(run.evaluations),
    taken: run.taken,
    isMarked: run.isMarked,
    sentence: run.sentence,
    updates: steps[steps.length - 1],
  };
}

// Of how many steps one is kept, so that all paths have so many points at most: as _every of
// gdviz/export/page/contents.py.
function everyOf(updates, most) {
  const longest = Math.max(0, ...updates);
  const points = (every) => updates.reduce((sum, count) => sum + Math.floor(count / every) + 2, 0);
  let every = 1;
  while (points(every) > most && every < longest) every += 1;
  return every;
}

// What is kept of a path: each so manieth step, and the last.
function thinned(path, every) {
  if (every === 1) return path;
  const steps = path.steps.filter((step) => step % every === 0 || step === path.updates);
  const kept = { steps };
  for (const [name, width] of [["theta", 2], ["loss", 1], ["gradient", 2], ["exact", 2], ["evaluations", 1]]) {
    kept[name] = new Float64Array(width * steps.length);
    steps.forEach((step, k) => kept[name].set(path[name].subarray(width * step, width * (step + 1)), width * k));
  }
  return { ...path, ...kept };
}

// The place of the last step that a path holds up to a step of the timeline.
function placeOf(path, step) {
  let low = 0;
  let high = path.steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (path.steps[middle] <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

const pointOf = (path, place) => [path.theta[2 * place], path.theta[2 * place + 1]];
const partOf = (values, place) => [values[2 * place], values[2 * place + 1]];

// ‖ĝ − ∇f‖; nan where one of them is not known, or none was taken.
function errorOf(path, place) {
  if (path.steps[place] >= path.taken) return NaN;
  const [g, e] = [partOf(path.gradient, place), partOf(path.exact, place)];
  return Math.hypot(g[0] - e[0], g[1] - e[1]);
}

// The angle between ĝ and ∇f in degrees.
function angleOf(path, place) {
  const [g, e] = [partOf(path.gradient, place), partOf(path.exact, place)];
  const cross = g[0] * e[1] - g[1] * e[0];
  const dot = g[0] * e[0] + g[1] * e[1];
  return cross === 0 && dot === 0 ? NaN : (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}
