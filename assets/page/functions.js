// What the formula's program calls beside Math, and f as a method sees it: counted.

// 1 − w², where w = tanh(t), which cancels where w is nearly ±1.
function tanhSlope(t, w) {
  if (Math.abs(w) < 0.75) return 1 - w * w;
  const power = Math.exp(-2 * Math.abs(t));
  return (4 * power) / ((1 + power) * (1 + power));
}

// The sum over the rows of the data, pairwise as NumPy adds them.
function rowSum(values) {
  if (typeof values === "number") return values;
  return pairwise(values, 0, values.length);
}

function pairwise(values, first, count) {
  if (count < 8) {
    let total = count ? values[first] : 0;
    for (let i = 1; i < count; i++) total += values[first + i];
    return total;
  }
  if (count <= 128) {
    const parts = Array.from({ length: 8 }, (_, k) => values[first + k]);
    let i = 8;
    for (; i < count - (count % 8); i += 8) for (let k = 0; k < 8; k++) parts[k] += values[first + i + k];
    let total = parts[0] + parts[1] + (parts[2] + parts[3]) + (parts[4] + parts[5] + (parts[6] + parts[7]));
    for (; i < count; i++) total += values[first + i];
    return total;
  }
  let half = Math.floor(count / 2);
  half -= half % 8;
  return pairwise(values, first, half) + pairwise(values, first + half, count - half);
}

// Raised where gdviz looks closer at f than a page does: at a kink, or where something overflows.
class CloserLook extends Error {}

// Where one looks at either side of a kink: see gdviz/engine/objectives/slopes.
const NEAR_KINK = 2 ** -46;
const KINK_NOISE = 1e-9;
const CLEARLY = 1e-3;

class Objective {
  constructor(program) {
    this.program = program;
  }

  value(a, b) {
    return this.program.value(a, b)[0];
  }

  // ∇f as a method takes it. Where f has no value there is none.
  gradient(a, b) {
    const [inA, inB, value, ...creases] = this.program.gradient(a, b);
    if (Number.isNaN(value)) return [NaN, NaN];
    const isOn = creases.some((crease) => crease === 0);
    if (!isOn && Number.isFinite(inA + inB)) return [inA, inB];
    if (!isOn) {
      const far = this.program.gradientFar(a, b);
      if (Number.isFinite(far[0] + far[1])) return [far[0], far[1]];
    }
    const taken = this.unlessKinksCancel(a, b);
    if (taken) return taken;
    throw new CloserLook();
  }

  // What the formula's derivatives are taken for, where those of either side say nothing else.
  unlessKinksCancel(a, b) {
    const at = (x, y) => this.program.gradient(x, y);
    const [stepA, stepB] = [NEAR_KINK * Math.max(1, Math.abs(a)), NEAR_KINK * Math.max(1, Math.abs(b))];
    const taken = at(a, b).slice(0, 2);
    const sides = [
      [at(a - stepA, b)[0], at(a + stepA, b)[0]],
      [at(a, b - stepB)[1], at(a, b + stepB)[1]],
    ];
    for (const k of [0, 1]) {
      const [before, after] = sides[k];
      if (!Number.isFinite(taken[k] + before + after)) return null;
      const noise = KINK_NOISE * (Math.abs(before) + Math.abs(after));
      const isTaken = Math.abs(before - taken[k]) <= noise && Math.abs(after - taken[k]) <= noise;
      if (!(isTaken || Math.abs(after - before) > CLEARLY * (Math.abs(before) + Math.abs(after)))) return null;
    }
    return taken;
  }

  // ∇f of the formula; nan at a kink, and where a page does not know it.
  exactGradient(a, b) {
    const [inA, inB, value, ...creases] = this.program.gradientFar(a, b);
    if (Number.isNaN(value) || creases.some((crease) => crease === 0)) return [NaN, NaN];
    return [inA, inB];
  }

  hessian(a, b) {
    return this.program.hessian(a, b);
  }

  tangent(a, b, u, v) {
    const [slope, ...creases] = this.program.tangent(a, b, u, v);
    if (Number.isFinite(slope) && !creases.some((crease) => crease === 0)) return slope;
    const [inA, inB] = this.gradient(a, b);
    return inA * u + inB * v;
  }

  complexValue(a, b) {
    return Complex.add(this.program.complexValue(a, b)[0], 0); // a formula may be a bare number
  }

  candidate(a, b) {
    return this.program.candidate.map((part) => part(a, b)[0]);
  }
}

// What a call of each kind costs in evaluations, at N = 2.
const COSTS = { value: 1, gradient: 2, hessian: 4, tangent: 1, complexValue: 1, candidate: 2 };

class Counted {
  constructor(objective) {
    this.evaluations = 0;
    for (const [name, cost] of Object.entries(COSTS)) {
      this[name] = (...at) => {
        this.evaluations += cost;
        return objective[name](...at);
      };
    }
  }
}
