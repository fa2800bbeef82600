// α, ε and the start, turned in the page: fields, and the methods' paths from them.

class Turning {
  constructor(place, page) {
    this.page = page;
    this.given = page.data.turning;
    const columns = this.given.columns.map(unpack);
    this.objective = new Objective(makeProgram(columns));
    this.choice = {
      ...this.given.choice,
      start: [...page.data.start],
      markedSteps: this.given.markedSteps,
    };
    this.first = { alpha: this.choice.alpha, epsilon: this.choice.epsilon, start: [...page.data.start] };
    this.computed = page.data.runs.map((run) => run.path);
    this.thin = page.data.thin;
    this.build(place);
  }

  valueAt(a, b) {
    return this.objective.value(a, b);
  }

  gradientAt(a, b) {
    return this.objective.exactGradient(a, b);
  }

  // What a method runs with: its own α and ε where it has them.
  choiceOf(run) {
    const { alpha, epsilon } = run.turning;
    return { ...this.choice, alpha: alpha ?? this.choice.alpha, epsilon: epsilon ?? this.choice.epsilon };
  }

  get hasFirstRates() {
    return this.choice.alpha === this.first.alpha && this.choice.epsilon === this.first.epsilon;
  }

  get isFirst() {
    return this.hasFirstRates && this.choice.start.every((value, k) => value === this.first.start[k]);
  }

  // Runs all methods that can be, unless what gdviz computed is asked for.
  run() {
    const { data } = this.page;
    const { isFirst } = this;
    data.runs.forEach((run, k) => {
      run.isOld = !isFirst && !run.turning;
      if (run.turning) {
        run.path = isFirst ? this.computed[k] : turnedPath(this.objective, run.turning, this.choiceOf(run), data.map.range);
      }
    });
    data.thin = isFirst ? this.thin : this.turnedThin();
    this.page.start = this.choice.start;
    this.page.every = isFirst ? this.page.firstEvery : 1;
  }

  // The paths from the other starts: those by other draws are as they were computed.
  turnedThin() {
    const { data } = this.page;
    const found = [];
    data.runs.forEach((run, k) => {
      if (!run.turning) return;
      for (const start of data.moreStarts) {
        const { theta } = trajectory(this.objective, run.turning, { ...this.choiceOf(run), start });
        found.push({ run: k, points: Float64Array.from(theta), end: theta.slice(-2) });
      }
    });
    return found;
  }

  // -- fields

  build(place) {
    place.hidden = false;
    const heading = document.createElement("h2");
    heading.textContent = "Turn α, ε and the start";
    place.append(heading);
    this.fields = [];
    this.inputs = [];
    if (this.given.uses.alpha) this.addSlider(place, "alpha", "α", "learning rate");
    if (this.given.uses.epsilon) this.addSlider(place, "epsilon", "ε", "finite-difference step");
    const row = document.createElement("div");
    row.className = "field";
    const name = document.createElement("span");
    name.textContent = "start";
    row.append(name);
    [0, 1].forEach((k) => {
      row.append(this.addField(`start, ${this.page.data.parameters[k]}`, () => this.choice.start[k], (value) => {
        const start = [...this.choice.start];
        start[k] = value;
        return { start };
      }, (value) => Math.abs(value) <= this.given.farthest, `a number from −${typed(this.given.farthest)} to ${typed(this.given.farthest)}`));
    });
    place.append(row);
    this.error = document.createElement("p");
    this.error.className = "error";
    this.error.setAttribute("role", "alert");
    this.reset = document.createElement("button");
    this.reset.type = "button";
    this.reset.textContent = "As gdviz computed it";
    this.reset.addEventListener("click", () => this.turn({ ...this.first, start: [...this.first.start] }));
    place.append(this.error, this.reset);
  }

  // A logarithmic slider with a field beside it.
  addSlider(place, key, sign, about) {
    const row = document.createElement("div");
    row.className = "field";
    const name = document.createElement("span");
    name.textContent = sign;
    name.title = about;
    const [low, high] = this.given.sliders[key].map(Math.log10);
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = "1000";
    slider.setAttribute("aria-label", `${sign}, ${about}`);
    slider.addEventListener("input", () => {
      const value = 10 ** (low + (Number(slider.value) / 1000) * (high - low));
      this.turnSoon({ [key]: Number(value.toPrecision(3)) });
    });
    const [least, most] = this.given.bounds[key];
    const field = this.addField(`${sign}, ${about}, as a number`, () => this.choice[key], (value) => ({ [key]: value }),
      (value) => value >= least && value <= most, `a number from ${typed(least)} to ${typed(most)}`);
    row.append(name, slider, field);
    place.append(row);
    this.fields.push(() => {
      slider.value = String(Math.round(((Math.log10(this.choice[key]) - low) / (high - low)) * 1000));
      slider.setAttribute("aria-valuetext", typed(this.choice[key]));
    });
  }

  addField(label, read, change, isGood, wanted) {
    const field = document.createElement("input");
    field.type = "text";
    field.inputMode = "decimal";
    field.spellcheck = false;
    field.autocomplete = "off";
    field.setAttribute("aria-label", label);
    field.addEventListener("change", () => {
      const value = numberIn(field.value);
      const isRefused = !isGood(value);
      field.setAttribute("aria-invalid", String(isRefused));
      const meanings = meaningsOf(field.value);
      const why = meanings ? `'${field.value.trim()}' may be ${meanings}` : `this must be ${wanted}, such as ${typed(read())}`;
      this.error.textContent = isRefused ? `${label}: ${why}.` : "";
      if (!isRefused) this.turn(change(value));
    });
    this.inputs.push(field);
    this.fields.push(() => {
      if (field.getAttribute("aria-invalid") !== "true") field.value = typed(read());
    });
    return field;
  }

  // Lets go of what was refused, which stands with its reason until something is turned.
  accept() {
    this.error.textContent = "";
    for (const field of this.inputs) field.setAttribute("aria-invalid", "false");
  }

  // Takes other values; the paths follow, and so does the timeline where it was at the end.
  turn(values) {
    const { page } = this;
    const isAtEnd = page.step >= page.longest;
    Object.assign(this.choice, values);
    this.accept();
    this.run();
    page.setStep(isAtEnd ? page.longest : page.step);
  }

  // The same once a frame, however many values come in it from a slider or a drag.
  turnSoon(values) {
    if (!this.coming) requestAnimationFrame(() => {
      const { coming } = this;
      this.coming = null;
      this.turn(coming);
    });
    this.coming = { ...this.coming, ...values };
  }

  draw() {
    for (const show of this.fields) show();
    this.reset.disabled = this.isFirst;
    document.getElementById("notes-of-paths").hidden = !this.isFirst;
  }
}

// What somebody typed as a number: see read_number of gdviz/base/format.py; nan where it is none, or
// may be two.
const plainNumber = (text) => text.trim().replaceAll("−", "-");

function numberIn(text) {
  const plain = plainNumber(text).replace(",", ".");
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain);
  return isNumber && !meaningsOf(text) ? Number(plain) : NaN;
}

// The two numbers that one may be whose comma separates decimals or thousands; else null.
function meaningsOf(text) {
  const found = /^([-+]?[1-9]\d{0,2}),(\d{3}(?:e[-+]?\d+)?)$/i.exec(plainNumber(text));
  return found && `${found[1]}.${found[2]} or ${found[1]}${found[2]}`;
}

// Offers to turn, or says why nothing can be.
function offerTurning(page) {
  const place = document.getElementById("turning");
  if (page.data.turning) return new Turning(place, page);
  if (page.data.whyNotTurned) {
    const said = document.createElement("p");
    said.className = "muted";
    said.textContent = page.data.whyNotTurned;
    place.append(said);
    place.hidden = false;
  }
  return null;
}
