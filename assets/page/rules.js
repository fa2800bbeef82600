// Update rules, by name: see gdviz/engine/descent/rules. Each makes, of what is minimised, the
// rule's options and the estimate, a step (a, b, ga, gb, α) → [a, b], which keeps its state itself.

// Raised by a step that finds no next point.
class NoStep extends Error {}

// A recurrence (k, state, x, g, α) → [x, state] for each component, from k = 1 on.
function byComponent(initial, recurrence) {
  let k = 0;
  let [ofA, ofB] = [initial(), initial()];
  return (a, b, gA, gB, alpha) => {
    k += 1;
    let [nextA, nextB] = [0, 0];
    [nextA, ofA] = recurrence(k, ofA, a, gA, alpha);
    [nextB, ofB] = recurrence(k, ofB, b, gB, alpha);
    return [nextA, nextB];
  };
}

const rooted = (s, delta, inside) => (inside ? Math.sqrt(s + delta) : Math.sqrt(s) + delta);

function adamStep(o) {
  return (k, [m, s, top], x, g, alpha) => {
    m = o.beta1 * m + (1 - o.beta1) * g;
    s = o.beta2 * s + (1 - o.beta2) * (g * g);
    top = o.amsgrad ? Math.max(top, s) : s;
    const [first, second] = [1 - o.beta1 ** k, 1 - o.beta2 ** k];
    const root = o.uncorrected ? (Math.sqrt(top) + o.delta) / Math.sqrt(second) : Math.sqrt(top / second) + o.delta;
    return [x - alpha * (m / first / root), [m, s, top]];
  };
}

const RULES = {
  gd: () => (a, b, gA, gB, alpha) => [a - alpha * gA, b - alpha * gB],
  "fixed-length": () => (a, b, gA, gB, alpha) => {
    const length = Math.hypot(gA, gB);
    return [a - alpha * (gA / length), b - alpha * (gB / length)];
  },
  clipped: (f, o) => shapedGradient({ clip: o.threshold }, RULES.gd()),
  noisy: (f, o, gradient, noise) => shapedGradient({ deviation: o.deviation, fading: o.fading, noise }, RULES.gd()),
  momentum: (f, o) => byComponent(() => 0, (k, v, x, g, alpha) => {
    v = o.momentum * v + (k > 1 ? (1 - o.dampening) * g : g);
    return [x - alpha * v, v];
  }),
  "heavy-ball": (f, o) => byComponent(() => 0, (k, v, x, g, alpha) => {
    v = o.momentum * v - alpha * g;
    return [x + v, v];
  }),
  nesterov: (f, o) => byComponent(() => 0, (k, v, x, g, alpha) => {
    v = o.momentum * v + g;
    return [x - alpha * (g + o.momentum * v), v];
  }),
  "nesterov-1983": () => byComponent(() => [1, 0], (k, [t, kept], x, g, alpha) => {
    const next = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    const ahead = ((t - 1) / next) * (-alpha * g - kept);
    return [x - alpha * g + ahead, [next, -ahead]];
  }),
  adagrad: (f, o) => byComponent(() => o.start, (k, s, x, g, alpha) => {
    s += g * g;
    return [x - alpha * (g / rooted(s, o.delta, o.inside)), s];
  }),
  rmsprop: (f, o) => byComponent(() => o.start, (k, s, x, g, alpha) => {
    s = o.decay * s + (1 - o.decay) * (g * g);
    return [x - alpha * (g / rooted(s, o.delta, o.inside)), s];
  }),
  adadelta: (f, o) => byComponent(() => [0, 0], (k, [s, u], x, g, alpha) => {
    s = o.decay * s + (1 - o.decay) * (g * g);
    const d = (Math.sqrt(u + o.delta) / Math.sqrt(s + o.delta)) * g;
    u = o.decay * u + (1 - o.decay) * (d * d);
    return [x - alpha * d, [s, u]];
  }),
  rprop: (f, o) => byComponent(() => [0, 0], (k, [length, before], x, g, alpha) => {
    let now = Math.sign(g);
    const [same, turned] = [Math.max(now * before, 0), Math.max(-now * before, 0)];
    length = k === 1 ? alpha : length;
    length *= 1 + (o.grow - 1) * same + (o.shrink - 1) * turned;
    length = Math.min(Math.max(length, o.least), o.most);
    now *= 1 - turned;
    return [x - now * length, [length, now]];
  }),
  adam: (f, o) => byComponent(() => [0, 0, 0], adamStep(o)),
  adamw: (f, o) => {
    const step = adamStep(o);
    return byComponent(() => [0, 0, 0], (k, state, x, g, alpha) => step(k, state, x * (1 - alpha * o.weight_decay), g, alpha));
  },
  adamax: (f, o) => byComponent(() => [0, 0], (k, [m, u], x, g, alpha) => {
    m = o.beta1 * m + (1 - o.beta1) * g;
    u = Math.max(o.beta2 * u, Math.abs(g) + o.delta);
    return [x - alpha * (m / (1 - o.beta1 ** k) / u), [m, u]];
  }),
  nadam: (f, o) => {
    const schedule = (k) => o.beta1 * (1 - 0.5 * 0.96 ** (k * o.momentum_decay));
    return byComponent(() => [0, 0, 1], (k, [m, s, product], x, g, alpha) => {
      m = o.beta1 * m + (1 - o.beta1) * g;
      s = o.beta2 * s + (1 - o.beta2) * (g * g);
      const [mu, next] = [schedule(k), schedule(k + 1)];
      product *= mu;
      const ahead = (next * m) / (1 - product * next) + ((1 - mu) * g) / (1 - product);
      return [x - alpha * (ahead / (Math.sqrt(s / (1 - o.beta2 ** k)) + o.delta)), [m, s, product]];
    });
  },
  radam: (f, o) => {
    const longest = 2 / (1 - o.beta2) - 1;
    return byComponent(() => [0, 0], (k, [m, s], x, g, alpha) => {
      m = o.beta1 * m + (1 - o.beta1) * g;
      s = o.beta2 * s + (1 - o.beta2) * (g * g);
      let step = m / (1 - o.beta1 ** k);
      const second = 1 - o.beta2 ** k;
      const length = longest - (2 * k * o.beta2 ** k) / second;
      if (length > 5) {
        let ratio = (length - 4) * (length - 2) * longest;
        ratio /= (longest - 4) * (longest - 2) * length;
        step = (step * Math.sqrt(ratio * second)) / (Math.sqrt(s) + o.delta);
      }
      return [x - alpha * step, [m, s]];
    });
  },
  lion: (f, o) => byComponent(() => 0, (k, m, x, g, alpha) => {
    const way = Math.sign(o.beta1 * m + (1 - o.beta1) * g);
    m = o.beta2 * m + (1 - o.beta2) * g;
    return [x - alpha * (way + o.weight_decay * x), m];
  }),
  newton: (f, o) => (a, b, gA, gB, alpha) => {
    const [aa, ab, bb] = f.hessian(a, b);
    const [m, sAA] = [(aa + bb) / 2, (aa - bb) / 2];
    const r = Math.hypot(sAA, ab);
    const [high, low] = [1 / Math.max(Math.abs(m + r), o.floor), 1 / Math.max(Math.abs(m - r), o.floor)];
    const [mean, slope] = [(high + low) / 2, (high - low) / (2 * r + (r === 0 ? 1 : 0))];
    const stepA = mean * gA + slope * (sAA * gA + ab * gB);
    const stepB = mean * gB + slope * (ab * gA - sAA * gB);
    return [a - alpha * stepA, b - alpha * stepB];
  },
  "line-search": lineSearch,
  "barzilai-borwein": (f, o) => {
    let before = null;
    return (a, b, gA, gB, alpha) => {
      let t = alpha;
      if (before) {
        const [x, y, hA, hB] = before;
        const [sA, sB, yA, yB] = [a - x, b - y, gA - hA, gB - hB];
        const along = sA * yA + sB * yB;
        const [top, bottom] = o.short ? [along, yA * yA + yB * yB] : [sA * sA + sB * sB, along];
        t = along > 0 ? top / (bottom + (bottom === 0 ? 1 : 0)) : alpha;
      }
      before = [a, b, gA, gB];
      return [a - t * gA, b - t * gB];
    };
  },
  polyak: (f, o) => (a, b, gA, gB) => {
    const square = gA * gA + gB * gB;
    const t = Math.max(f.value(a, b) - o.minimum, 0) / (square + (square === 0 ? 1 : 0));
    return [a - t * gA, b - t * gB];
  },
};

// The rules that ask for the estimate at other points as well.
const TAKES_GRADIENT = new Set(["line-search"]);

function lineSearch(f, o, gradient) {
  let loss = null;
  return (a, b, gA, gB, alpha) => {
    if (loss === null) loss = f.value(a, b);
    const square = gA * gA + gB * gB;
    let [low, high, t] = [0, Infinity, alpha];
    for (let trial = 0; trial < 50; trial++) {
      const [toA, toB] = [a - t * gA, b - t * gB];
      const there = f.value(toA, toB);
      if (!(there <= loss - o.decrease * t * square)) high = t;
      else {
        let isEnough = !o.wolfe;
        if (o.wolfe) {
          const [hA, hB] = gradient(toA, toB);
          isEnough = !(hA * gA + hB * gB > o.curvature * square);
        }
        if (isEnough) {
          loss = there;
          return [toA, toB];
        }
        low = t;
      }
      t = high < Infinity ? (low + high) / 2 : 2 * t;
    }
    throw new NoStep(high === Infinity
      ? "f falls on along its line search, as far as that looks"
      : "its line search found no step that meets its conditions");
  };
}

// ĝ ← min(1, c/‖ĝ‖)·ĝ + σₖξ before a step: see gdviz/engine/descent/rules/shaping.py.
function shapedGradient({ clip = 0, deviation = 0, fading = 0, noise = null }, step) {
  if (!clip && !deviation) return step;
  let k = 0;
  return (a, b, gA, gB, alpha) => {
    if (clip) {
      const factor = clip / Math.max(Math.hypot(gA, gB), clip);
      [gA, gB] = [factor * gA, factor * gB];
    }
    if (deviation) {
      const sigma = deviation / (1 + k) ** (fading / 2);
      [gA, gB] = [gA + sigma * noise[2 * k], gB + sigma * noise[2 * k + 1]];
    }
    k += 1;
    return step(a, b, gA, gB, alpha);
  };
}

// A step that leads nowhere where a rule divides by an estimate that is zero by chance.
function stayingStep(step) {
  return (a, b, gA, gB, alpha) => {
    const moved = step(a, b, gA, gB, alpha);
    return gA === 0 && gB === 0 && Number.isNaN(moved[0] + moved[1]) ? [a, b] : moved;
  };
}

// How α changes along a path of n steps: see gdviz/engine/descent/schedules.py.
const SCHEDULES = {
  constant: null,
  inverse: (k, n, o) => 1 / (1 + o.decay * k),
  exponential: (k, n, o) => o.gamma ** k,
  cosine: (k, n, o) => o.floor + ((1 - o.floor) * (1 + Math.cos((Math.PI * k) / n))) / 2,
};
