// Descent in the page: the same loop as gdviz/engine/descent/loop.py, and what is measured of it.

const VANISHED = 1e-10;
const SAFE = 2 * VANISHED ** 2;

// What a path may not leave: its bounds, widened to the start, and once more on each side.
function limitsOf([aLow, aHigh, bLow, bHigh], [a, b]) {
  [aLow, aHigh, bLow, bHigh] = [Math.min(aLow, a), Math.max(aHigh, a), Math.min(bLow, b), Math.max(bHigh, b)];
  const [aMargin, bMargin] = [aHigh - aLow, bHigh - bLow];
  return [aLow - aMargin, aHigh + aMargin, bLow - bMargin, bHigh + bMargin];
}

// A gradient that is not computed again at the point where it was asked for last.
function remembered(gradient) {
  let [at, last] = [null, null];
  return (a, b) => {
    if (!at || at[0] !== a || at[1] !== b) {
      last = gradient(a, b);
      at = [a, b];
    }
    return last;
  };
}

// Runs a method from a start: points, estimates, evaluations, and how it ended.
function trajectory(objective, method, choice) {
  const f = new Counted(objective);
  let taken = 0;
  const draw = () => {
    const count = 2 * method.pairs;
    taken += count;
    return method.draws.subarray(taken - count, taken);
  };
  let gradient = ESTIMATES[method.estimate](f, choice.epsilon, choice.isRepresentable, draw, method.pairs);
  if (TAKES_GRADIENT.has(method.rule)) gradient = remembered(gradient);
  let step = shapedGradient(method, RULES[method.rule](f, method.options, gradient, method.noise));
  if (method.draws) step = stayingStep(step);
  // Where it draws, an estimate vanishes by chance.
  const least = method.draws ? -1 : VANISHED;
  const [aLow, aHigh, bLow, bHigh] = limitsOf(method.bounds, choice.start);
  const factor = SCHEDULES[choice.schedule];
  const found = { theta: [...choice.start], gradient: [], evaluations: [], status: "step-limit", message: "" };
  let [a, b] = choice.start;
  try {
    for (let k = 0; k < choice.steps; k++) {
      const alpha = factor ? choice.alpha * factor(k, choice.steps, choice.scheduleOptions) : choice.alpha;
      const [gA, gB] = gradient(a, b);
      found.gradient.push(gA, gB);
      const square = gA * gA + gB * gB;
      if (!(SAFE < square && square < Infinity)) {
        const norm = Math.hypot(gA, gB);
        if (!(least < norm && norm < Infinity)) {
          found.evaluations.push(f.evaluations);
          found.status = norm <= VANISHED ? "estimate-vanished" : "not-a-number";
          break;
        }
      }
      try {
        [a, b] = step(a, b, gA, gB, alpha);
      } catch (error) {
        if (!(error instanceof NoStep)) throw error;
        found.status = "stopped";
        found.message = error.message;
        found.evaluations.push(f.evaluations);
        break;
      }
      found.evaluations.push(f.evaluations);
      found.theta.push(a, b);
      if (!(aLow <= a && a <= aHigh && bLow <= b && b <= bHigh)) {
        found.status = "left-map";
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof CloserLook)) throw error;
    found.status = "closer-look";
    found.gradient.length = Math.min(found.gradient.length, found.theta.length - 2);
    found.evaluations.length = found.gradient.length / 2;
  }
  return found;
}

// A path: what was measured along a trajectory, and its sentence.
function turnedPath(objective, method, choice, shown, run) {
  let count = run.theta.length / 2;
  const loss = Array.from({ length: count }, (_, k) => objective.value(run.theta[2 * k], run.theta[2 * k + 1]));
  const broken = loss.findIndex((value) => !Number.isFinite(value));
  const isLeft = run.status === "left-map" && (broken < 0 || broken === count - 1);
  if (broken >= 0) count = broken + 1;
  const [a, b] = run.theta.slice(2 * count - 2, 2 * count);
  const status = finalStatus(run.status, isLeft, a, b, loss[count - 1], loss[0]);
  const gradient = new Float64Array(2 * count).fill(NaN);
  gradient.set(run.gradient.slice(0, 2 * count));
  let taken = Math.min(run.gradient.length / 2, count);
  if (status === "undefined") {
    gradient.fill(NaN, 2 * count - 2);
    taken = Math.min(taken, count - 1);
  }
  const isExact = method.estimate === "analytic" && method.isSmooth;
  const exact = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    const isTaken = isExact && k < taken;
    exact.set(isTaken ? partOf(gradient, k) : objective.exactGradient(run.theta[2 * k], run.theta[2 * k + 1]), 2 * k);
  }
  const last = run.evaluations.slice(0, taken);
  const evaluations = Float64Array.from({ length: count }, (_, k) => (last.length ? last[Math.min(k, last.length - 1)] : 0));
  const path = {
    steps: Uint32Array.from({ length: count }, (_, k) => k),
    theta: Float64Array.from(run.theta.slice(0, 2 * count)),
    loss: Float64Array.from(loss.slice(0, count)),
    gradient,
    exact,
    evaluations,
    taken,
    isMarked: count - 1 <= choice.markedSteps,
    updates: count - 1,
    status,
  };
  const said = [outcome(path, shown, run.message), ruleRemark(objective, method, path), choice.remark].filter(Boolean).join("; ");
  path.sentence = /^[a-z]{2}/.test(said) ? said.charAt(0).toUpperCase() + said.slice(1) : said; // f stays f
  return path;
}

// At how many steps Newton's rule changed the Hessian; empty for none, and for other rules.
function ruleRemark(objective, method, path) {
  if (method.rule !== "newton") return "";
  let changed = 0;
  for (let k = 0; k < path.updates; k++) {
    const [aa, ab, bb] = objective.hessian(...pointOf(path, k));
    if ((aa + bb) / 2 - Math.hypot((aa - bb) / 2, ab) < method.options.floor) changed += 1;
  }
  if (!changed) return "";
  const floor = formatNumber(method.options.floor);
  return `at ${countedSteps(changed)} the Hessian was not positive definite (it had a λ < ${floor}), so |λ| replaced its eigenvalues λ`;
}

// How a path ended: see final_status of gdviz/engine/descent/descend.py.
function finalStatus(status, isLeft, a, b, loss, first) {
  const isBroken = !Number.isFinite(loss);
  if (!isLeft && !isBroken) return status;
  const isLost = isBroken && !(Number.isFinite(a) && Number.isFinite(b));
  const isUndefined = isBroken && !isLost && !(isLeft && !Number.isNaN(loss));
  if (isLost || (isLeft && !isUndefined && loss > first)) return "diverged";
  return isUndefined ? "undefined" : status;
}

// ‖∇f‖ at or below which a point where the estimate vanished counts as stationary.
const STATIONARY = 1e-8;

// How a path ended, in gdviz's words; of what takes a closer look less is said.
const OUTCOMES = {
  "step-limit": (path) => `reached the limit of ${countedSteps(path.updates)} with ${slopeText(path)}`,
  "left-map": (path, shown) => leftText(path, shown),
  diverged: (path) => {
    const end = pointOf(path, path.updates);
    if (!end.every(Number.isFinite)) {
      return `diverged at step ${path.updates}: the step is ${end.some(Number.isNaN) ? "not a number" : "infinite"}`;
    }
    return `diverged at step ${path.updates}: f rose from ${formatNumber(path.loss[0], 4)} to ${formatNumber(path.loss[path.updates], 4)}`;
  },
  "estimate-vanished": (path) => {
    const norm = Math.hypot(...partOf(path.exact, path.updates));
    if (!Number.isFinite(norm)) {
      const what = Number.isNaN(norm) ? "undefined" : "infinite";
      return `the estimate vanished at step ${path.updates} where ∇f is ${what}, f = ${formatNumber(path.loss[path.updates], 6)}`;
    }
    if (norm <= STATIONARY) return `the gradient vanished at step ${path.updates}, f = ${formatNumber(path.loss[path.updates], 6)}`;
    return `the estimate vanished at step ${path.updates}, but ∇f did not: ${slopeText(path)}`;
  },
  "not-a-number": (path) => {
    const isMissing = partOf(path.gradient, path.updates).some(Number.isNaN);
    return `the gradient is ${isMissing ? "not a number" : "infinite"} at step ${path.updates}`;
  },
  undefined: (path) => {
    const what = Number.isNaN(path.loss[path.updates]) ? "undefined" : "infinite";
    return `f is ${what} at ${formatPair(pointOf(path, path.updates))}, reached at step ${path.updates}`;
  },
  stopped: (path, shown, message) =>
    `stopped at step ${path.updates} with f = ${formatNumber(path.loss[path.updates], 4)}, ${slopeText(path)}: ${message}`,
  "closer-look": (path) => `the page goes no further than step ${path.updates}: f has a kink there, or something in it overflows, and gdviz looks closer`,
};

const countedSteps = (count) => (count === 1 ? "1 step" : `${count} steps`);

const outcome = (path, shown, message) => OUTCOMES[path.status](path, shown, message);

function slopeText(path) {
  const norm = Math.hypot(...partOf(path.exact, path.updates));
  return Number.isNaN(norm) ? "no gradient there" : `‖∇f‖ = ${formatNumber(norm, 4)}`;
}

function leftText(path, [aLow, aHigh, bLow, bHigh]) {
  const isWithin = (k) => {
    const [a, b] = pointOf(path, k);
    return aLow <= a && a <= aHigh && bLow <= b && b <= bHigh;
  };
  let within = path.updates;
  while (within >= 0 && !isWithin(within)) within -= 1;
  const left = within + 1;
  const isFalling = path.loss[path.updates] < path.loss[path.updates - 1];
  const where = left ? `left the map at step ${left}` : "off the map from step 0";
  const followed = left < path.updates ? `, followed to step ${path.updates}` : "";
  return `${where}${followed}, f = ${formatNumber(path.loss[path.updates], 4)}${isFalling ? " and falling" : ""}`;
}
