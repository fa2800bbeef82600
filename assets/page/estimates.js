// Gradient estimates, by name: see gdviz/engine/descent/estimates. Each makes, of what is minimised,
// ε, whether differences are divided by the step that was really taken, and what draws for a step,
// a function of the point.

const NO_STEP = [NaN, NaN]; // θ + ε was θ

const forwardDifference = (f, epsilon, isRepresentable) => (a, b) => {
  const [aUp, bUp] = [a + epsilon, b + epsilon];
  const [stepA, stepB] = isRepresentable ? [aUp - a, bUp - b] : [epsilon, epsilon];
  const here = f.value(a, b);
  const found = [(f.value(aUp, b) - here) / stepA, (f.value(a, bUp) - here) / stepB];
  return stepA && stepB ? found : NO_STEP;
};

const backwardDifference = (f, epsilon, isRepresentable) => (a, b) => {
  const [aDown, bDown] = [a - epsilon, b - epsilon];
  const [stepA, stepB] = isRepresentable ? [a - aDown, b - bDown] : [epsilon, epsilon];
  const here = f.value(a, b);
  const found = [(here - f.value(aDown, b)) / stepA, (here - f.value(a, bDown)) / stepB];
  return stepA && stepB ? found : NO_STEP;
};

const centralDifference = (f, epsilon, isRepresentable) => (a, b) => {
  const [aUp, bUp, aDown, bDown] = [a + epsilon, b + epsilon, a - epsilon, b - epsilon];
  const twice = epsilon + epsilon;
  const [spanA, spanB] = isRepresentable ? [aUp - aDown, bUp - bDown] : [twice, twice];
  const found = [(f.value(aUp, b) - f.value(aDown, b)) / spanA, (f.value(a, bUp) - f.value(a, bDown)) / spanB];
  return spanA && spanB ? found : NO_STEP;
};

const richardson = (f, epsilon, isRepresentable) => {
  const whole = centralDifference(f, epsilon, isRepresentable);
  const half = centralDifference(f, epsilon * 0.5, isRepresentable);
  return (a, b) => {
    const [far, near] = [whole(a, b), half(a, b)];
    return [(4 * near[0] - far[0]) / 3, (4 * near[1] - far[1]) / 3];
  };
};

// The ε that is best at each point: see gdviz/engine/descent/estimates/adaptive.py.
const EPS = 2 ** -52;

function bestStep(value, x) {
  const size = 1 + Math.abs(x);
  let [h, longest] = [4 * EPS ** (1 / 3) * size, 0.5 * size];
  h = Math.min(h, longest);
  let [found, isRising] = [0, false];
  for (let trial = 0; trial < 6; trial++) {
    const [f2, f1, b1, b2] = [2, 1, -1, -2].map((k) => value(x + k * h));
    const third = Math.abs(f2 - b2 - 2 * (f1 - b1));
    const rounding = 6 * EPS * Math.max(...[f2, f1, b1, b2].map(Math.abs));
    if (!Number.isFinite(third)) {
      h /= 10;
      longest /= 10;
    } else if (third === 0 || rounding > 0.1 * third) {
      if (found || h >= longest) break;
      h = Math.min(10 * h, longest);
      isRising = true;
    } else {
      found = Math.min(h, h * (rounding / third) ** (1 / 3));
      if (isRising || rounding >= 1e-3 * third) break;
      h /= 10;
    }
  }
  return found || h;
}

const adaptive = (f) => (a, b) => {
  const inA = bestStep((x) => f.value(x, b), a);
  const inB = bestStep((x) => f.value(a, x), b);
  const [aUp, aDown, bUp, bDown] = [a + inA, a - inA, b + inB, b - inB];
  return [(f.value(aUp, b) - f.value(aDown, b)) / (aUp - aDown), (f.value(a, bUp) - f.value(a, bDown)) / (bUp - bDown)];
};

// Estimates along random directions take the numbers that gdviz drew for a step.
const spsa = (f, epsilon, isRepresentable, draw) => (a, b) => {
  const [dA, dB] = draw();
  const [alongA, alongB] = [epsilon * dA, epsilon * dB];
  const slope = (f.value(a + alongA, b + alongB) - f.value(a - alongA, b - alongB)) / (epsilon + epsilon);
  return [slope / dA, slope / dB];
};

const evolution = (f, epsilon, isRepresentable, draw, pairs) => (a, b) => {
  const drawn = draw();
  let [gA, gB] = [0, 0];
  for (let k = 0; k < 2 * pairs; k += 2) {
    const [alongA, alongB] = [epsilon * drawn[k], epsilon * drawn[k + 1]];
    const change = f.value(a + alongA, b + alongB) - f.value(a - alongA, b - alongB);
    const slope = change / ((epsilon + epsilon) * pairs);
    gA += slope * drawn[k];
    gB += slope * drawn[k + 1];
  }
  return [gA, gB];
};

const randomCoordinate = (f, epsilon, isRepresentable, draw) => (a, b) => {
  const [eA, eB] = draw();
  const [alongA, alongB] = [epsilon * eA, epsilon * eB];
  const [upA, downA, upB, downB] = [a + alongA, a - alongA, b + alongB, b - alongB];
  const span = isRepresentable ? upA - downA + (upB - downB) : epsilon + epsilon;
  const slope = 2 * ((f.value(upA, upB) - f.value(downA, downB)) / span);
  return span ? [slope * eA, slope * eB] : NO_STEP;
};

const forwardGradient = (f, epsilon, isRepresentable, draw) => (a, b) => {
  const [uA, uB] = draw();
  const slope = f.tangent(a, b, uA, uB);
  return [slope * uA, slope * uB];
};

const ESTIMATES = {
  analytic: (f) => (a, b) => f.gradient(a, b),
  forward: forwardDifference,
  backward: backwardDifference,
  central: centralDifference,
  richardson,
  adaptive,
  "complex-step": (f, epsilon) => (a, b) => [
    f.complexValue([a, epsilon], [b, 0])[1] / epsilon,
    f.complexValue([a, 0], [b, epsilon])[1] / epsilon,
  ],
  "forward-mode": (f) => (a, b) => [f.tangent(a, b, 1, 0), f.tangent(a, b, 0, 1)],
  mistaken: (f, epsilon) => (a, b) => [f.value(epsilon, b) / epsilon, f.value(a, 1)],
  yours: (f) => (a, b) => f.candidate(a, b),
  spsa,
  gaussian: evolution,
  evolution,
  "random-coordinate": randomCoordinate,
  "forward-gradient": forwardGradient,
};
