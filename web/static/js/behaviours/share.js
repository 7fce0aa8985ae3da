/** Hands data-title and data-url to the device's own way of sharing, where there is one. */
export default function (button) {
  if (!navigator.share) return;
  const { title, url } = button.dataset;
  (button.closest("li") ?? button).hidden = false;
  // Somebody who changes their mind has nothing to be told.
  button.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
}
