// Axes of the page's pictures: round numbers, and where they stand.

// Multiples of 1, 2 or 5 times a power of ten, about so many.
function roundTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const exponent = Math.floor(Math.log10(rough));
  const power = 10 ** exponent;
  const multiple = [1, 2, 5, 10].find((m) => m * power >= rough * (1 - 1e-9)) || 10;
  const [first, last] = [Math.ceil(low / (multiple * power) - 1e-9), Math.floor(high / (multiple * power) + 1e-9)];
  const ticks = [];
  for (let k = first; k <= last; k++) {
    // k·m·10^e by the shortest decimal, so that 0.3 is not 0.30000000000000004.
    const value = Number(`${k * multiple}e${exponent}`);
    ticks.push([value, formatNumber(value, 10)]);
  }
  return ticks;
}

// Powers of ten between two logarithms, each so manieth; of few decades twice and five times them.
function decadeTicks(low, high, count) {
  if (high - low < 2) {
    const multiples = high - low < 1.4 ? [1, 2, 5] : [1, 3];
    const found = [];
    for (let k = Math.floor(low); k <= high; k++) {
      for (const multiple of multiples) {
        const at = k + Math.log10(multiple);
        if (at >= low && at <= high) found.push([at, formatNumber(multiple * 10 ** k, 3)]);
      }
    }
    return found;
  }
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const ticks = [];
  const farthest = Math.max(Math.abs(low), Math.abs(high));
  for (let k = Math.ceil(low / every - 1e-9) * every; k <= high + 1e-9; k += every) {
    ticks.push([k, farthest < 3.5 ? formatNumber(10 ** k, 3) : k === 0 || k === 1 ? String(10 ** k) : `10${superscript(k)}`]);
  }
  return ticks;
}

// A canvas as sharp as the screen: its context in units of CSS pixels, and its size.
function fitCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(w / width, 0, 0, h / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// How high the map and the surface are: on a narrow screen nearly as high as wide, and nowhere higher
// than most of the screen.
function pictureHeight(width) {
  const wanted = Math.max(width * (width < 560 ? 0.9 : 0.72), 260);
  return Math.round(Math.min(wanted, Math.max(300, window.innerHeight * 0.68)));
}

// The colours around pictures, which follow the theme.
function look() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return { text: color("text"), muted: color("muted"), grid: color("grid"), axis: color("axis"), accent: color("accent") };
}

const FONT = '12px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
