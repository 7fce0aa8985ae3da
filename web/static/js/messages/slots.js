import { request } from "./asking.js";
import { clientId } from "./text.js";

/** Answers to a proposed moment go without a new page; where that fails, by the form as it stands. */
export function answerSlots(thread) {
  // A ready answer with the same words is that answer.
  document.getElementById("quick").addEventListener("click", (event) => {
    const words = event.target.closest("button")?.value;
    const card = [...thread.list.querySelectorAll(".slot-answers")].pop();
    const same = card && [...card.elements].find((one) => one.textContent.trim() === words);
    if (!same) return;
    event.preventDefault();
    same.click();
  });
  thread.list.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".slot-answers")) return;
    event.preventDefault();
    const { seq } = form.closest("[data-seq]").dataset;
    const agreed = event.submitter?.value === "oui";
    const address = `/api/v1/conversations/${thread.id}/messages/${seq}/answer`;
    const { ok } = await request("POST", address, { client_id: clientId(), agreed });
    if (ok) return thread.fill();
    const said = document.createElement("input");
    Object.assign(said, { type: "hidden", name: "reponse", value: agreed ? "oui" : "autre" });
    form.append(said);
    form.submit();
  });
}
