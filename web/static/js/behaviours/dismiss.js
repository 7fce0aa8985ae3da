/** Adds a way to close what was said. */
export default function (element) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = element.dataset.dismiss;
  close.addEventListener("click", () => {
    element.remove();
    document.getElementById("contenu")?.focus();
  });
  element.append(close);
}
