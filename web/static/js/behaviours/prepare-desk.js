import { able, prepare } from "../desk/device.js";

/** Prepares this device for the desk of data-lender, then goes to its page without network. */
export default function (button) {
  if (!able()) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const told = document.getElementById(button.getAttribute("aria-describedby"));
    try {
      await prepare(Number(button.dataset.lender));
      location.assign("/prets/comptoir/hors-ligne");
    } catch (error) {
      told.textContent = error.message || button.dataset.failed;
      button.disabled = false;
    }
  });
}
