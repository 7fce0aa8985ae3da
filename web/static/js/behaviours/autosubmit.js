/** A form of choices is sent as soon as one changes. */
export default function (form) {
  form.querySelectorAll("[data-nojs]").forEach((element) => (element.hidden = true));
  form.addEventListener("change", () => form.requestSubmit());
}
