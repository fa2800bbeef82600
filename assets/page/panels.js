// The panels: total evaluations, gradient error and loss, by step.

const HUGE = 1e300;

// What each panel shows of a path at a place, and whether its logarithm is drawn.
const PANELS = [
  {
    value: (path, place) => (path.steps[place] < path.taken ? path.evaluations[place] : NaN),
    isLog: () => false,
  },
  { value: (path, place) => errorOf(path, place), isLog: () => true },
  {
    value: (path, place) => path.loss[place],
    isLog: (values, span) => {
      const [low, high] = ends(values);
      return low > 0 && low < high / span;
    },
  },
];

function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

class PanelsView {
  constructor(place, page) {
    this.page = page;
    this.panels = PANELS.map((panel, k) => {
      const heading = document.createElement("h2");
      heading.textContent = page.data.panels[k];
      const note = document.createElement("span");
      note.className = "muted";
      heading.append(" ", note);
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${page.data.panels[k]} by step`);
      canvas.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        this.before = page.step;
        canvas.setPointerCapture(event.pointerId);
        this.press(event, canvas);
      });
      canvas.addEventListener("pointercancel", () => page.setStep(this.before)); // a finger that scrolls
      canvas.addEventListener("pointermove", (event) => {
        if (event.buttons & 1) this.press(event, canvas);
        else page.readout.showStep(this.stepUnder(event, canvas), panel, page.data.panels[k]);
      });
      canvas.addEventListener("pointerleave", () => page.pointAt(null));
      place.append(heading, canvas);
      return { ...panel, canvas, note };
    });
  }

  press(event, canvas) {
    this.page.setStep(this.stepUnder(event, canvas));
  }

  stepUnder(event, canvas) {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    const { longest } = this.page;
    return Math.max(0, Math.min(longest, Math.round(((x - this.left) / this.width) * 1.06 * longest - 0.03 * longest)));
  }

  x(step) {
    const longest = this.page.longest || 1;
    return this.left + ((step + 0.03 * longest) / (1.06 * longest)) * this.width;
  }

  draw() {
    for (const panel of this.panels) this.drawPanel(panel);
  }

  drawPanel(panel) {
    const { page } = this;
    const colors = look();
    const [width, height] = [panel.canvas.clientWidth, 132];
    const context = fitCanvas(panel.canvas, width, height);
    this.left = 58;
    this.width = width - this.left - 10;
    const [top, bottom] = [8, height - 24];
    context.font = FONT;
    const runs = page.shownRuns();
    const series = runs.map(({ path }) => Array.from(path.steps, (_, place) => panel.value(path, place)));
    const finite = series.flat().filter(Number.isFinite);
    const log = panel.isLog(finite, page.data.logSpan);
    const drawn = series.map((values) => values.map((value) => {
      if (Number.isNaN(value)) return NaN;
      const within = Math.max(-HUGE, Math.min(HUGE, value));
      return log ? (within > 0 ? Math.log10(within) : NaN) : within;
    }));
    this.sayExact(panel, runs, series);
    let [low, high] = ends(drawn.flat().filter(Number.isFinite));
    this.drawSteps(context, colors, bottom, height);
    if (!(low <= high)) {
      context.fillStyle = colors.muted;
      context.textAlign = "center";
      context.fillText(this.whyEmpty(panel, runs, series), this.left + this.width / 2, (top + bottom) / 2);
      return;
    }
    const lacking = log ? Math.max(0, 1 - (high - low)) / 2 : high > low ? 0 : Math.max(Math.abs(high), 1) * 0.5;
    const room = 0.06 * (high - low + 2 * lacking);
    [low, high] = [low - lacking - room, high + lacking + room];
    if (panel === this.panels[0]) low = 0;
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
    const ticks = log ? decadeTicks(low, high, 5) : roundTicks(low, high, 4);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, text] of ticks) {
      context.strokeStyle = colors.grid;
      context.lineWidth = 1;
      line(context, [[this.left, y(value)], [this.left + this.width, y(value)]]);
      context.fillStyle = colors.text;
      context.fillText(text, this.left - 7, y(value), this.left - 10);
    }
    this.drawCurves(context, runs, drawn, y);
    context.strokeStyle = colors.accent;
    context.lineWidth = 1.2;
    line(context, [[this.x(page.step), top], [this.x(page.step), bottom]]);
  }

  drawSteps(context, colors, bottom, height) {
    context.fillStyle = colors.text;
    context.strokeStyle = colors.axis;
    context.lineWidth = 1;
    line(context, [[this.left, bottom], [this.left + this.width, bottom]]);
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const [step, text] of roundTicks(0, this.page.longest || 1, 5)) {
      if (step % 1) continue;
      line(context, [[this.x(step), bottom], [this.x(step), bottom + 4]]);
      context.fillText(text, this.x(step), height - 4);
    }
  }

  // What lies beneath an equal curve shows as its rim. By their order, and not by what lies on them as
  // paths: they often cross, and a panel is too low for wide ones.
  drawCurves(context, runs, drawn, y) {
    context.lineJoin = "round";
    drawn.forEach((values, rank) => {
      const { path, color, isOld } = runs[rank];
      context.strokeStyle = context.fillStyle = color;
      context.lineWidth = 1.6 + 0.8 * Math.min(runs.length - 1 - rank, MOST_RIMS);
      if (isOld) context.setLineDash([2, 4]);
      context.beginPath();
      let isOn = false;
      let known = 0;
      values.forEach((value, place) => {
        if (Number.isNaN(value)) {
          isOn = false;
          return;
        }
        const at = [this.x(path.steps[place]), y(value)];
        if (isOn) context.lineTo(...at);
        else context.moveTo(...at);
        isOn = true;
        known += 1;
      });
      context.stroke();
      context.setLineDash([]);
      if (known > 2) return;
      values.forEach((value, place) => {
        if (Number.isNaN(value)) return;
        context.beginPath();
        context.arc(this.x(path.steps[place]), y(value), 2.4, 0, 2 * Math.PI);
        context.fill();
      });
    });
  }

  // A logarithm has no zero: what is exact is named in place of being left out in silence.
  sayExact(panel, runs, series) {
    if (panel !== this.panels[1]) return;
    const exact = runs.filter((_, rank) => {
      const taken = series[rank].filter((value) => !Number.isNaN(value));
      return taken.length && taken.every((value) => value === 0);
    });
    panel.note.textContent = exact.length && exact.length < runs.length ? `${exact.length === 1 ? exact[0].title : `${exact.length} methods`}: exactly 0` : "";
  }

  whyEmpty(panel, runs, series) {
    if (!runs.length) return "no method is ticked";
    if (panel === this.panels[0]) return "no gradient was taken";
    if (panel === this.panels[2]) return "no finite loss";
    const taken = series.flat().filter((value) => !Number.isNaN(value));
    if (taken.length && taken.every((value) => value === 0)) return runs.length === 1 ? `${runs[0].title}: exactly 0` : "exactly 0, by all methods";
    return series.flat().every(Number.isNaN) ? "no exact gradient to compare with" : "no finite error";
  }
}
