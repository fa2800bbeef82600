// What is seen: the map in colours of the loss or with basins, or the surface in three dimensions.

const NO_WEBGL = "The surface in three dimensions needs WebGL, which this browser does not offer: the map shows the same.";
const CARD_GONE = "The graphics card is gone: the map shows the same.";

class ViewSwitch {
  constructor(page) {
    this.page = page;
    [this.group, this.flat, this.solid, this.said, this.canvas] =
      ["views", "map-place", "relief-place", "no-relief", "relief"].map((id) => document.getElementById(id));
    const { basins, relief, opensAt } = page.data;
    const offered = { map: "Map", ...(basins && { basins: "Basins" }), ...(relief && { relief: "3-D" }) };
    this.buttons = new Map(Object.entries(offered).map(([name, text]) => [name, this.offer(name, text)]));
    this.relief = null;
    this.canvas.addEventListener("webglcontextlost", () => this.refuse(CARD_GONE));
    this.show(relief && opensAt.relief ? "relief" : basins ? "basins" : "map");
  }

  offer(name, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => this.show(name));
    this.group.append(button);
    return button;
  }

  show(name) {
    this.page.shown = name;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === name));
    this.group.hidden = this.buttons.size < 2;
    this.flat.hidden = name === "relief";
    this.solid.hidden = name !== "relief";
    this.page.pointAt(null);
    this.page.redraw();
    if (name === "relief" && !this.relief) this.makeRelief();
  }

  // It is made when it is first looked at, for a browser may take a second to begin with WebGL; one
  // that has none is told of then, in the surface's place.
  makeRelief() {
    try {
      this.relief = new ReliefView(this.canvas, document.getElementById("relief-words"), this.page);
      this.page.views.push(this.relief);
    } catch (error) {
      this.refuse(NO_WEBGL);
    }
  }

  refuse(sentence) {
    this.page.views = this.page.views.filter((each) => each !== this.relief);
    this.said.textContent = sentence;
    this.said.hidden = false;
    this.buttons.get("relief").remove();
    this.buttons.delete("relief");
    if (this.page.shown === "relief") this.show("map");
    else this.group.hidden = this.buttons.size < 2;
  }
}
