/** Copies data-text, or the page's address, and says so on the button. */
export default function (button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const word = button.querySelector("span") ?? button;
  const before = word.textContent;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    await navigator.clipboard.writeText(button.dataset.text || location.href);
    word.textContent = button.dataset.done || before;
    setTimeout(() => (word.textContent = before), 4000);
  });
}
