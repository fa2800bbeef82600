// Says in a sentence what fails, in the JavaScript that any browser knows: a page is never blank.
function gdvizFailed(why) {
  var place = document.getElementById("failure");
  if (!place || !place.hidden) {
    return;
  }
  place.textContent = "This browser cannot show all of the page (" + why +
    "). A newer one may; gdviz itself opens the file as well.";
  place.hidden = false;
}
window.addEventListener("error", function (event) {
  gdvizFailed(event.message || "a script failed");
});
window.addEventListener("DOMContentLoaded", function () {
  if (!window.gdviz) {
    gdvizFailed("its script did not run");
  }
});
