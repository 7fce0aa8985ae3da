/** A <details> menu closes by Escape, and by a click or a focus elsewhere. */
export default function (details) {
  const summary = details.querySelector("summary");
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  const leave = (event) => {
    if (!details.contains(event.target)) details.open = false;
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
}
