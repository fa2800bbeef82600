// Light and dark: as the system has it, until the reader chooses.

class ThemeSwitch {
  constructor(button, redraw) {
    this.button = button;
    this.system = window.matchMedia("(prefers-color-scheme: dark)");
    this.chosen = "";
    this.redraw = redraw;
    button.addEventListener("click", () => {
      this.chosen = this.isDark ? "light" : "dark";
      this.apply();
    });
    this.system.addEventListener("change", () => this.apply());
    this.apply();
  }

  get isDark() {
    return this.chosen ? this.chosen === "dark" : this.system.matches;
  }

  apply() {
    document.documentElement.dataset.theme = this.isDark ? "dark" : "light";
    this.button.textContent = this.isDark ? "Light" : "Dark";
    this.button.setAttribute("aria-label", `Show the page ${this.isDark ? "light" : "dark"}`);
    this.redraw();
  }
}
