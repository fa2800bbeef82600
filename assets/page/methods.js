// The methods: which are shown, what each spent, and how it ended.

class MethodsView {
  constructor(place, page) {
    this.page = page;
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const text of ["Method", "evals", "f", "‖∇f‖"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = table.createTBody();
    this.rows = page.data.runs.map((run) => this.addRow(body, run));
    if (!this.rows.length) {
      const cell = body.insertRow().insertCell();
      cell.colSpan = 4;
      cell.textContent = "No method is shown.";
    }
    place.append(table);
  }

  addRow(body, run) {
    const row = body.insertRow();
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => {
      run.isHidden = !box.checked;
      this.page.redraw();
    });
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.backgroundColor = run.color;
    const name = document.createElement("span");
    name.textContent = run.title;
    label.append(box, swatch, name);
    row.insertCell().append(label);
    const cells = [0, 1, 2].map(() => row.insertCell());
    const below = body.insertRow();
    below.className = "sentence";
    const sentence = below.insertCell();
    sentence.colSpan = 4;
    return { run, cells, sentence };
  }

  draw() {
    for (const { run, cells, sentence } of this.rows) {
      const { path } = run;
      const last = path.steps.length - 1;
      cells[0].textContent = formatAmount(path.evaluations[last]);
      cells[1].textContent = formatNumber(path.loss[last], 4);
      cells[2].textContent = run.hasGradient ? formatNumber(Math.hypot(...partOf(path.exact, last)), 4) : "—";
      sentence.textContent = run.isOld ? `${path.sentence}. ${run.oldBecause}` : path.sentence;
    }
  }
}
