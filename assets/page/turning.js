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
    this.lacking = [];
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
    for (const run of data.runs) run.isOld = !isFirst && !run.turning;
    this.lacking = [];
    this.page.start = this.choice.start;
    if (isFirst) {
      data.runs.forEach((run, k) => { run.path = this.computed[k]; });
      data.thin = this.thin;
      this.page.every = this.page.firstEvery;
      return;
    }
    const turned = data.runs.filter((run) => run.turning);
    const paths = turned.map((run) => {
      const choice = this.choiceOf(run);
      return turnedPath(this.objective, run.turning, choice, data.map.range, trajectory(this.objective, run.turning, choice));
    });
    this.page.every = everyOf(paths.map(({ updates }) => updates), data.most.points);
    turned.forEach((run, k) => { run.path = thinned(paths[k], this.page.every); });
    if (this.page.every > 1) this.lacking.push(`Of the turned paths one step in ${this.page.every} is kept, and the last.`);
    data.thin = this.turnedThin(turned);
  }

  // The paths from the other starts. Those by other draws are gdviz's alone: their draws are not here.
  turnedThin(turned) {
    const { data } = this.page;
    const starts = data.moreStarts;
    if (data.hasOtherDraws) this.lacking.push("The thin lines of other draws are as gdviz computed them, and not drawn here.");
    const work = turned.length * starts.length * this.choice.steps * this.given.rows;
    if (work > this.given.mostWork) {
      this.lacking.push("The paths from the other starts are not drawn: it would take a browser too long.");
      return [];
    }
    const walked = turned.flatMap((run) => starts.map((start) => {
      const { theta } = trajectory(this.objective, run.turning, { ...this.choiceOf(run), start });
      return { run: data.runs.indexOf(run), theta };
    }));
    const every = everyOf(walked.map(({ theta }) => theta.length / 2 - 1), data.most.thin);
    return walked.map(({ run, theta }) => {
      const isKept = (k) => k % every === 0 || k === theta.length / 2 - 1;
      return { run, points: Float64Array.from(theta.filter((_, k) => isKept(k >> 1))), end: theta.slice(-2) };
    });
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
    this.said = document.createElement("p");
    this.said.className = "muted";
    place.append(this.error, this.reset, this.said);
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
    this.said.textContent = this.lacking.join(" ");
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
