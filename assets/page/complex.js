// Complex numbers, [re, im]: see the column on_complex of gdviz/engine/language/operations.py.
// Where there is a kink the real part chooses the branch, and the imaginary one where that is zero.

const Complex = (() => {
  const of = (x) => (typeof x === "number" ? [x, 0] : x);
  const pair = (f) => (u, v) => f(of(u), of(v));
  const one = (f) => (u) => f(of(u));
  const add = pair(([a, b], [c, d]) => [a + c, b + d]);
  const sub = pair(([a, b], [c, d]) => [a - c, b - d]);
  const mul = pair(([a, b], [c, d]) => [a * c - b * d, a * d + b * c]);
  const neg = one(([a, b]) => [-a, -b]);
  // Smith's algorithm, as Python has it.
  const div = pair(([a, b], [c, d]) => {
    if (Math.abs(c) >= Math.abs(d)) {
      const ratio = d / c;
      const under = c + d * ratio;
      return [(a + b * ratio) / under, (b - a * ratio) / under];
    }
    const ratio = c / d;
    const under = c * ratio + d;
    return [(a * ratio + b) / under, (b * ratio - a) / under];
  });
  const exp = one(([a, b]) => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)]);
  const log = one(([a, b]) => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)]);
  const sqrt = one(([a, b]) => {
    if (a === 0 && b === 0) return [0, 0];
    const root = Math.sqrt((Math.abs(a) + Math.hypot(a, b)) / 2);
    const other = b / (2 * root);
    if (a >= 0) return [root, other];
    return [Math.abs(other), b >= 0 ? root : -root];
  });
  const sin = one(([a, b]) => [Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)]);
  const cos = one(([a, b]) => [Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)]);
  const sinh = one(([a, b]) => [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)]);
  const cosh = one(([a, b]) => [Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)]);
  const tanh = one(([a, b]) => {
    if (Math.abs(a) > 20) return [Math.sign(a), 4 * Math.sin(b) * Math.cos(b) * Math.exp(-2 * Math.abs(a))];
    const t = Math.tan(b);
    const beta = 1 + t * t;
    const s = Math.sinh(a);
    const rho = Math.sqrt(1 + s * s);
    const under = 1 + beta * s * s;
    return [(beta * rho * s) / under, t / under];
  });
  const tan = one(([a, b]) => {
    const [re, im] = tanh([-b, a]);
    return [im, -re];
  });
  // ±i·log(…), near the real axis.
  const atan = one(([a, b]) => [
    0.5 * Math.atan2(2 * a, 1 - a * a - b * b),
    0.25 * Math.log1p((4 * b) / (a * a + (1 - b) * (1 - b))),
  ]);
  const asin = one(([a, b]) => {
    if (Math.abs(a) >= 1) return mul([0, -1], log(add(mul([0, 1], [a, b]), sqrt(sub(1, mul([a, b], [a, b]))))));
    const [low, high] = [sqrt([1 - a, -b]), sqrt([1 + a, b])];
    return [Math.atan2(a, mul(low, high)[0]), Math.asinh(low[0] * high[1] - low[1] * high[0])];
  });
  const acos = one((z) => {
    const [re, im] = asin(z);
    return [Math.PI / 2 - re, -im];
  });
  const times = (u, count) => {
    let found = of(u);
    for (let k = 1; k < count; k++) found = mul(found, u);
    return found;
  };
  const isPositive = ([a, b]) => a > 0 || (a === 0 && b > 0);
  const choose = (isFirst, u, v) => (isFirst ? of(u) : of(v));
  const sigmoid = one((t) => {
    const isPast = t[0] >= 0;
    const power = exp(isPast ? neg(t) : t);
    return div(isPast ? 1 : power, add(1, power));
  });
  const softplus = one((t) => {
    const isPast = t[0] >= 0;
    const rest = log(add(1, exp(isPast ? neg(t) : t)));
    return isPast ? add(t, rest) : rest;
  });
  const whole = (base, power) => {
    let [found, square, left] = [[1, 0], base, Math.abs(power)];
    for (; left > 0; left = Math.floor(left / 2)) {
      if (left % 2) found = mul(found, square);
      square = mul(square, square);
    }
    return power < 0 ? div(1, found) : found;
  };
  const pow = pair((u, v) => {
    const isWhole = v[1] === 0 && v[0] % 1 === 0;
    if (isWhole && Math.abs(v[0]) <= 100) return whole(u, v[0]);
    if (u[0] < 0 && isWhole) {
      const value = pow(neg(u), v);
      return v[0] % 2 ? neg(value) : value;
    }
    if (u[0] === 0 && u[1] === 0) return v[0] > 0 ? [0, 0] : v[0] === 0 && v[1] === 0 ? [1, 0] : [NaN, NaN];
    const size = Math.hypot(...u);
    const angle = Math.atan2(u[1], u[0]);
    const length = v[0] === 0 && v[1] ? Math.exp(-v[1] * angle) : size ** v[0] * (v[1] ? Math.exp(-v[1] * angle) : 1);
    const turn = angle * v[0] + (v[1] ? v[1] * Math.log(size) : 0);
    return [length * Math.cos(turn), length * Math.sin(turn)];
  });
  const steps = (t) => (isPositive(t) ? 1 : 0);
  return {
    add, sub, mul, neg, div, exp, log, sqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, times, pow, sigmoid, softplus,
    log10: (t) => div(log(t), Math.log(10)),
    abs: one((t) => (isPositive(t) ? t : neg(t))),
    sign: one((t) => [steps(t) - steps(neg(t)), 0]),
    relu: one((t) => (isPositive(t) ? t : [0, 0])),
    step: one((t) => [steps(t), 0]),
    heaviside: one((t) => [(1 + steps(t) - steps(neg(t))) / 2, 0]),
    max: (u, v) => choose(isPositive(sub(u, v)), u, v),
    min: (u, v) => choose(isPositive(sub(v, u)), u, v),
    mask: mul,
    gate: mul,
  };
})();
