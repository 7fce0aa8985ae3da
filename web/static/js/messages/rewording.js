/** Words of mine become a field, in their place. `onleave()` draws the line anew, `onedit(body)` hears other words. */
export function reword(line, words, onleave, onedit) {
  const form = document.getElementById("message-edit").content.firstElementChild.cloneNode(true);
  const area = form.elements.body;
  area.value = words;
  const leave = () => {
    line.classList.remove("message-editing");
    onleave();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = area.value.trim();
    if (!body) return area.focus();
    leave();
    if (body !== words) onedit(body);
  });
  form.querySelector("[type=button]").addEventListener("click", leave);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  line.classList.add("message-editing");
  line.querySelector(".message-bubble").append(form);
  area.style.height = `${area.scrollHeight + 4}px`;
  area.focus();
}
