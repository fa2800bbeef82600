// What is pointed at on the map: a path's step, or f there.

class Readout {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.show(null);
  }

  show(at) {
    this.place.textContent = at ? (at.near ? this.ofStep(at.near) : this.ofPoint(at)) : this.hint();
  }

  // What a panel shows at a step, of each method that has got there.
  showStep(step, panel, title) {
    const parts = [`${title}, step ${step}`];
    for (const { path, title: name } of this.page.shownRuns()) {
      if (path.updates < step) continue;
      const value = panel.value(path, placeOf(path, step));
      if (!Number.isNaN(value)) parts.push(`${name} ${value % 1 ? formatNumber(value, 4) : formatAmount(value)}`);
    }
    this.place.textContent = parts.join(" · ");
  }

  hint() {
    if (this.page.shown === "relief") return "Drag to go around; pinch, or the wheel once you have dragged, zooms; a double click brings the first view back.";
    return this.page.turning
      ? "Point at a path for its numbers. A click on the map sets the start."
      : "Point at a path for its numbers.";
  }

  named(point, digits) {
    return this.page.data.parameters.map((name, k) => `${name} = ${formatNumber(point[k], digits)}`).join(", ");
  }

  ofStep({ run, place }) {
    const { path } = run;
    const parts = [`${run.title}, step ${path.steps[place]}`, this.named(pointOf(path, place), 6)];
    parts.push(`f = ${formatNumber(path.loss[place], 6)}`);
    if (path.steps[place] < path.taken) {
      parts.push(`ĝ = ${formatPair(partOf(path.gradient, place))}`);
      if (run.hasGradient) {
        parts.push(`∇f = ${formatPair(partOf(path.exact, place))}`);
        parts.push(`‖ĝ − ∇f‖ = ${formatNumber(errorOf(path, place), 3)}`);
        const angle = angleOf(path, place);
        if (!Number.isNaN(angle)) parts.push(`angle ${formatNumber(angle, 3)}°`);
      }
      parts.push(`${formatAmount(path.evaluations[place])} evaluations so far`);
    }
    return parts.join(" · ");
  }

  ofPoint({ a, b }) {
    const { turning } = this.page;
    const at = this.named([a, b], 4);
    if (turning) {
      const value = turning.valueAt(a, b);
      const slope = turning.gradientAt(a, b);
      const gradient = slope.some(Number.isNaN) ? "none" : formatPair(slope);
      return Number.isNaN(value) ? `${at} · f has no value here` : `${at} · f = ${formatNumber(value, 4)} · ∇f = ${gradient}`;
    }
    const place = this.placeNear(a, b);
    return place === null ? `${at} · f has no value here` : `${at} · f ${lossText(this.page.data.map.scale, place)}`;
  }

  // Where the loss at the nearest point of the map's grid is on the colour scale; null in a hole.
  placeNear(a, b) {
    const { map } = this.page.data;
    const [aLow, aHigh, bLow, bHigh] = map.range;
    const index = (x, low, high) => Math.round(((x - low) / (high - low)) * (map.size - 1));
    const place = map.places[index(b, bLow, bHigh) * map.size + index(a, aLow, aHigh)];
    return place === LATTICE ? null : place / (LATTICE - 1);
  }
}

// The loss at a place on the colour scale: see gdviz/engine/analysis/color_scale.py.
function lossAt(scale, place) {
  let part = place;
  if (scale.kind === "sqrt") part = place * place;
  if (scale.kind === "log") part = Math.expm1(place * Math.log1p(1e5)) / 1e5;
  return scale.low + part * (scale.high - scale.low);
}

// The same as text: of losses that are beyond the scale, on which side.
function lossText(scale, place) {
  const sign = place === 0 && scale.below ? "≤" : place === 1 && scale.above ? "≥" : "≈";
  return `${sign} ${formatNumber(lossAt(scale, place), 3)}`;
}
