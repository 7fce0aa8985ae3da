import { walk } from "../days.js";
import { wire } from "../wire.js";

/** Arrows walk from day to day; what is pressed changes the page in place, without a jump. */
const PARTS = [".lending", ".lending-bar"];
// Of two answers under way the one that was asked for last counts.
let asked = 0;

export default function (form) {
  form.addEventListener("keydown", (event) => walk(form, event));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    show(form, `${form.action.split(/[?#]/)[0]}?${new URLSearchParams(data)}`);
  });
  form.addEventListener("change", ({ target }) => target.matches("[type=date], [type=checkbox]") && form.requestSubmit());
  form.addEventListener("click", (event) => {
    const turn = event.target.closest("a[data-turn]");
    if (!turn || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(form, turn.href);
  });
}

async function show(form, url) {
  const focus = path(document.activeElement);
  const turn = ++asked;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return;
    PARTS.forEach((part) => document.querySelector(part)?.replaceWith(page.querySelector(part) ?? ""));
    history.replaceState(null, "", answer.url);
    (document.querySelector(focus) ?? document.getElementById("quand-titre"))?.focus({ preventScroll: true });
    PARTS.forEach((part) => document.querySelector(part) && wire(document.querySelector(part)));
  } catch {
    location.assign(url);
  }
}

function path(element) {
  if (element?.id) return `#${element.id}`;
  if (element?.name && element.value) return `.when [name="${element.name}"][value="${element.value}"]`;
  return element?.dataset.turn === undefined ? ".when h2" : `.when-turn:${element.matches(":first-child") ? "first" : "last"}-child`;
}
