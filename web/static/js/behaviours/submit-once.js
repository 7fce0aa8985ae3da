/** A second click while the first is under way sends nothing; the button says so. */
export default function (form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (!button) return;
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => {
      if (event.defaultPrevented) return void delete form.dataset.sent;
      button.setAttribute("aria-busy", "true");
      const word = button.querySelector("span");
      if (word && form.dataset.sending) word.textContent = form.dataset.sending;
    });
  });
  const rest = () => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  // Coming back by the browser's arrow finds the form usable.
  addEventListener("pageshow", (event) => event.persisted && rest());
}
