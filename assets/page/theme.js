// Light and dark: as the system has it, until the reader chooses; on paper light.

class ThemeSwitch {
  constructor(button, redraw, draw) {
    this.button = button;
    this.system = window.matchMedia("(prefers-color-scheme: dark)");
    this.chosen = "";
    this.redraw = redraw;
    button.addEventListener("click", () => {
      this.chosen = this.isDark ? "light" : "dark";
      this.apply();
    });
    this.system.addEventListener("change", () => this.apply());
    for (const [event, isPrinted] of [["beforeprint", true], ["afterprint", false]]) {
      window.addEventListener(event, () => {
        this.isPrinted = isPrinted;
        this.apply();
        draw(); // no frame comes before it is printed
      });
    }
    this.apply();
  }

  get isDark() {
    if (this.isPrinted) return false;
    return this.chosen ? this.chosen === "dark" : this.system.matches;
  }

  apply() {
    document.documentElement.dataset.theme = this.isDark ? "dark" : "light";
    this.button.textContent = this.isDark ? "Light" : "Dark";
    this.button.setAttribute("aria-label", `Show the page ${this.isDark ? "light" : "dark"}`);
    this.redraw();
  }
}
