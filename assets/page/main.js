// The page: what is shown, and who draws it.

class Page {
  constructor(data) {
    this.data = data;
    this.start = data.start;
    this.turning = null;
    this.shown = "map";
    this.firstEvery = Math.max(1, ...data.runs.map(({ path }) => (path.steps.length > 2 ? path.steps[1] : 1)));
    this.every = this.firstEvery;
    this.isAsked = false;
    this.setStep(data.opensAt.step ?? this.longest);
  }

  get longest() {
    return Math.max(0, ...this.data.runs.map(({ path }) => path.updates));
  }

  shownRuns() {
    return this.data.runs.filter((run) => !run.isHidden);
  }

  // The same, with how many rims wider each is drawn on the map and the surface.
  nestedRuns() {
    const runs = this.shownRuns();
    const rims = rimsOf(runs.map(({ path }) => path), this.data.map.range);
    return runs.map((run, rank) => ({ run, rims: rims[rank] }));
  }

  thinPaths() {
    return this.data.thin
      .filter((thin) => !this.data.runs[thin.run].isHidden)
      .map((thin) => ({ ...thin, color: this.data.runs[thin.run].color }));
  }

  setStep(step) {
    this.step = Math.max(0, Math.min(this.longest, Math.round(step / this.every) * this.every || 0));
    if (step >= this.longest) this.step = this.longest;
    this.redraw();
  }

  setStart(start) {
    this.turning.turnSoon({ start });
  }

  pointAt(at) {
    this.readout.show(at);
  }

  // Once a frame, however much has changed in it.
  redraw() {
    if (this.isAsked || !this.views) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  }

  draw() {
    for (const view of this.views) view.draw();
  }

  open() {
    this.say();
    this.turning = offerTurning(this);
    this.readout = new Readout(document.getElementById("readout"), this);
    this.views = [
      new MapView(document.getElementById("map"), this),
      new PanelsView(document.getElementById("panels"), this),
      new MethodsView(document.getElementById("methods"), this),
      new Timeline(this),
    ];
    if (this.turning) this.views.push(this.turning);
    if (this.data.basins) this.basins = new BasinsPicture(this);
    if (this.basins) this.views.push(this.basins);
    this.switch = new ViewSwitch(this);
    this.theme = new ThemeSwitch(document.getElementById("theme"), () => this.redraw(), () => this.draw());
    new ResizeObserver(() => this.redraw()).observe(document.querySelector("main"));
    window.addEventListener("resize", () => this.redraw());
    this.redraw();
  }

  say() {
    const { data } = this;
    const put = (id, text) => {
      const place = document.getElementById(id);
      place.textContent = text;
      place.hidden = !text;
    };
    put("title", data.title);
    put("subject", data.subject);
    put("text", data.text);
    put("settings", `As gdviz computed it: ${data.settings}`);
    put("made", `Made with gdviz ${data.version}.`);
    const list = (id, sentences) => {
      for (const sentence of sentences) {
        const item = document.createElement("li");
        item.textContent = sentence;
        document.getElementById(id).append(item);
      }
    };
    list("notes", data.notes);
    list("notes-of-paths", data.notesOfPaths); // as they were computed: hidden where others are drawn
    list("left-out", data.leftOut);
    const experiment = readExperiment();
    const button = document.getElementById("download");
    button.hidden = experiment === null;
    button.addEventListener("click", () => save(experiment));
  }
}

// Hands the experiment to the reader as a file, which gdviz opens.
function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "experiment.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Rules that gdviz has as well are there to be asked.
window.gdviz = Object.assign(new Page(readData()), { formatNumber, formatAmount, errorOf, angleOf, lossAt, lossText });
window.gdviz.open();
