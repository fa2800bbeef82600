// Numbers as text, as gdviz writes them: see gdviz/base/format.py.

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const superscript = (exponent) => [...String(exponent)].map((sign) => SUPERSCRIPTS[sign]).join("");

// So many digits as Python rounds them: of what lies in the middle, to the even one.
function rounded(value, digits) {
  const text = value.toExponential(digits - 1);
  const [exact, power] = value.toExponential(100).split("e");
  const end = exact.indexOf(".") + digits;
  const isMiddle = /^50*$/.test(exact.slice(end));
  if (!isMiddle || Number(exact.slice(0, end).replace(".", "").slice(-1)) % 2) return text.split("e");
  return [digits > 1 ? exact.slice(0, end) : exact.slice(0, end - 1), power];
}

// Python's format "g": so many digits at most, without zeros at the end.
function general(value, digits) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value === 0) return "0"; // which has no sign
  const [mantissa, power] = rounded(value, digits);
  const exponent = Number(power);
  const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent < -4 || exponent >= digits) return `${short(mantissa)}e${exponent}`;
  return short(Number(`${mantissa}e${power}`).toFixed(Math.max(0, digits - 1 - exponent)));
}

function formatNumber(value, digits = 6) {
  let text = general(value, digits);
  if (text.includes("e") && Math.abs(value) >= 1e-4 && Math.abs(Number(text)) < 1e5) {
    text = String(Number(text));
  }
  const [mantissa, exponent] = text.replace(/^-/, "−").split("e");
  if (exponent === undefined) return mantissa;
  const power = `10${superscript(Number(exponent))}`;
  if (mantissa === "1") return power;
  return mantissa === "−1" ? `−${power}` : `${mantissa}·${power}`;
}

const formatPair = (pair, digits = 4) =>
  `(${formatNumber(pair[0], digits)}, ${formatNumber(pair[1], digits)})`;

// A count, of which there may be a part: 1,240 or 0.4.
function formatAmount(value) {
  if (value % 1) return formatNumber(value, 4);
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

// As one types it, with all digits.
const typed = (value) => String(value).replace("e+", "e");
