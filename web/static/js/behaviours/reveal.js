/** Shows what is typed in a password field, and hides it again; data-target names the field. */
export default function (button) {
  const input = document.getElementById(button.dataset.target);
  if (!input) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  });
  input.form?.addEventListener("submit", () => (input.type = "password"));
}
