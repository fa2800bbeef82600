// The timeline: the step that is shown, and playing them.

// Milliseconds that all steps take, and the least for one.
const WHOLE_MS = 6000;
const LEAST_MS = 16;

class Timeline {
  constructor(page) {
    this.page = page;
    this.range = document.getElementById("step");
    this.text = document.getElementById("step-text");
    this.button = document.getElementById("play");
    this.timer = 0;
    this.range.addEventListener("input", () => {
      this.stop();
      page.setStep(Number(this.range.value));
    });
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("keydown", (event) => this.press(event));
  }

  // Keys for whoever is in no field: arrows go on and back, a space plays.
  press(event) {
    const isElsewhere = event.target instanceof Element && event.target.closest("input, button");
    if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1, End: Infinity, Home: -Infinity };
    if (event.key in moves) this.page.setStep(this.page.step + moves[event.key] * this.page.every);
    else if (event.key === " ") this.toggle();
    else return;
    event.preventDefault();
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    if (this.page.step >= this.page.longest) this.page.setStep(0);
    const { longest, every } = this.page;
    const pause = Math.max(LEAST_MS, WHOLE_MS / Math.max(1, longest / every));
    const stride = every * Math.max(1, Math.round((LEAST_MS * longest) / every / WHOLE_MS));
    this.timer = setInterval(() => {
      this.page.setStep(this.page.step + stride);
      if (this.page.step >= this.page.longest) this.stop();
    }, pause);
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.show();
  }

  show() {
    this.button.textContent = this.timer ? "❚❚" : "▶";
    this.button.setAttribute("aria-label", this.timer ? "Pause" : "Play the steps");
  }

  draw() {
    const { step, longest, every } = this.page;
    this.range.max = String(Math.ceil(longest / every) * every);
    this.range.step = String(every);
    this.range.value = String(step);
    this.text.textContent = `step ${step} of ${longest}`;
    this.range.setAttribute("aria-valuetext", this.text.textContent);
  }
}
