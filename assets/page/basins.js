// Basins on the map: their picture as gdviz drew it, with its legend. They follow nothing that is turned.

class BasinsPicture {
  constructor(page) {
    this.page = page;
    this.given = page.data.basins;
    this.image = null;
    this.place = document.getElementById("basins");
    this.build();
    this.read();
  }

  get isShown() {
    return this.page.shown === "basins";
  }

  // A picture from bytes that are there already asks for nothing, which the page's policy forbids.
  async read() {
    try {
      const bytes = bytesOf(this.given.picture);
      this.image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      this.page.redraw();
    } catch (error) {
      this.say("This browser does not read the picture of the basins.");
    }
  }

  build() {
    const { about, legend } = this.given;
    this.say(`Basins: ${about.join("; ")}`);
    const list = document.createElement("ul");
    list.className = "legend";
    for (const { glyph, color, text } of legend) {
      const item = document.createElement("li");
      const sign = document.createElement("span");
      sign.className = "glyph";
      sign.setAttribute("aria-hidden", "true");
      sign.textContent = glyph;
      sign.style.color = color;
      item.append(sign, text);
      list.append(item);
    }
    this.old = document.createElement("p");
    this.old.textContent = "These are the basins that gdviz computed: nothing that is turned changes them.";
    this.place.append(list, this.old);
  }

  say(sentence) {
    const said = document.createElement("p");
    said.textContent = sentence;
    this.place.append(said);
  }

  draw() {
    this.place.hidden = !this.isShown;
    const { turning } = this.page;
    this.old.hidden = !turning || turning.hasFirstRates;
  }

  // The outermost starts lie on the edges of the range, each in the middle of its square.
  drawOn(context, map) {
    const { image } = this;
    if (!image) return;
    const { range, starts } = this.given;
    const [aLow, aHigh, bLow, bHigh] = range;
    const [left, top] = [map.x(aLow), map.y(bHigh)];
    const half = image.width / starts / 2;
    const inner = image.width - 2 * half;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, half, half, inner, inner, left, top, map.x(aHigh) - left, map.y(bLow) - top);
  }

  // Numbers at the ends that the legend names.
  markOn(context, map) {
    context.font = `bold ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = DARK;
    context.fillStyle = LIGHT;
    for (const [a, b, mark] of this.given.marks) {
      const at = [map.x(a) + 11, map.y(b) - 11]; // beside a path's own mark
      context.strokeText(mark, ...at);
      context.fillText(mark, ...at);
    }
  }
}
