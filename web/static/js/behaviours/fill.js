/** A ready sentence goes into the text area, to be finished by hand. */
export default function (button) {
  const area = document.getElementById(button.dataset.target);
  if (!area) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    area.value = area.value.trim() ? `${area.value.trimEnd()} ${button.dataset.text}` : button.dataset.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
