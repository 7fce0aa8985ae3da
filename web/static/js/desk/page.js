/** The desk's page without network: the day, a code to find, and acts that wait to be sent. */
import { record, send } from "./acts.js";
import { refresh, time } from "./device.js";
import { acts, dropAct, get, set, wipe } from "./store.js";

const SHELVES = ["late", "out", "in", "prepare"];
const TRY_AGAIN = 20_000;
const page = document.querySelector("[data-desk]");
const words = page.dataset;
let open = 0;

await begin();

async function begin() {
  await expire();
  addEventListener("online", meet);
  addEventListener("offline", draw);
  page.querySelector("[data-find]").addEventListener("submit", find);
  await draw();
  await meet();
  setInterval(meet, TRY_AGAIN);
}

/** With network: what waits is sent, then the sheet is read anew. */
async function meet() {
  if (navigator.onLine) {
    const told = await send();
    if (told && !told.left) await refresh().catch(() => null);
    if (told?.signedOut) page.querySelector("[data-signed-out]").hidden = false;
  }
  await expire();
  await draw();
}

async function expire() {
  const sheet = await get("sheet");
  if (sheet && (await time()) > new Date(sheet.until)) await wipe();
}

async function draw() {
  const sheet = await get("sheet");
  const waiting = await acts();
  page.querySelector("[data-none]").hidden = !!sheet || waiting.length > 0;
  page.querySelector("[data-day]").hidden = !sheet;
  banner(waiting);
  refused(waiting.filter((act) => act.refused));
  page.querySelector("[data-conflicts]").hidden = !(await get("conflicts"));
  if (!sheet) return;
  page.querySelector("[data-lender]").textContent = sheet.lender;
  // Whatever is being filled in stays as it is.
  if (page.contains(document.activeElement) && document.activeElement.closest("[data-act]")) return;
  for (const shelf of SHELVES) fill(shelf, sheet.loans.filter((loan) => loan.shelf === shelf), waiting);
}

function banner(waiting) {
  const told = page.querySelector("[data-state]");
  const left = waiting.filter((act) => !act.refused).length;
  const parts = [navigator.onLine ? words.online : words.offline];
  if (left) parts.push((left === 1 ? words.oneLeft : words.manyLeft).replace("{n}", left));
  const said = parts.join(" · ");
  if (told.textContent !== said) told.textContent = said;
  told.classList.toggle("desk-away", !navigator.onLine || left > 0);
}

function refused(lost) {
  const box = page.querySelector("[data-refused]");
  box.hidden = !lost.length;
  const list = box.querySelector("ul");
  list.replaceChildren(...lost.map(refusedLine));
}

function refusedLine(act) {
  const line = document.createElement("li");
  const said = JSON.parse(act.content);
  line.textContent = `${said.units.join(", ")} : ${act.refused} `;
  const button = document.createElement("button");
  button.className = "button button-quiet";
  button.textContent = words.forget;
  button.addEventListener("click", async () => {
    await dropAct(act.clientId);
    await draw();
  });
  line.append(button);
  return line;
}

function fill(shelf, loans, waiting) {
  const section = page.querySelector(`[data-shelf="${shelf}"]`);
  section.hidden = !loans.length;
  section.querySelector("ul").replaceChildren(...loans.map((loan) => line(loan, waiting)));
}

function line(loan, waiting) {
  const item = page.querySelector("[data-line]").content.firstElementChild.cloneNode(true);
  const said = (name, text) => (item.querySelector(`[data-said="${name}"]`).textContent = text);
  const out = loan.state === "out";
  said("title", loan.title);
  said("who", loan.who);
  said("codes", loan.units.map((unit) => unit.code).join(", "));
  said("at", new Date(loan.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }));
  const done = waiting.some((act) => act.loan === loan.id && !act.refused);
  said("done", done ? words.toSend : "");
  const fold = item.querySelector("details");
  fold.open = open === loan.id;
  fold.addEventListener("toggle", () => fold.open && (open = loan.id));
  said("act", out ? words.takeBack : words.handOver);
  const form = item.querySelector("form");
  form.querySelector("button span").textContent = out ? words.takeBack : words.handOver;
  form.querySelector("[data-units]").replaceChildren(...loan.units.map((unit) => unitFields(unit)));
  form.addEventListener("submit", (event) => act(event, loan, out ? "return" : "handover"));
  if (loan.shelf === "prepare" || !loan.units.length) fold.hidden = true;
  return item;
}

function unitFields(unit) {
  const fields = page.querySelector("[data-unit]").content.firstElementChild.cloneNode(true);
  fields.dataset.code = unit.code;
  fields.querySelector("legend").textContent = unit.code;
  const there = fields.querySelector("[data-there]");
  for (const name of unit.accessories) {
    const label = there.content.firstElementChild.cloneNode(true);
    label.querySelector("input").value = name;
    label.querySelector("span").textContent = name;
    there.before(label);
  }
  return fields;
}

async function act(event, loan, verb) {
  event.preventDefault();
  const form = event.target;
  const said = { act: verb, loan: loan.id, units: [], conditions: {}, missing: {}, words: form.elements.words.value };
  for (const fields of form.querySelectorAll("[data-code]")) {
    if (!fields.querySelector("[name=taken]").checked) continue;
    const { code } = fields.dataset;
    said.units.push(code);
    const condition = fields.querySelector("select").value;
    if (condition) said.conditions[code] = condition;
    const missing = [...fields.querySelectorAll("[name=there]:not(:checked)")].map((box) => box.value);
    if (missing.length) said.missing[code] = missing;
  }
  if (!said.units.length) return form.querySelector("[name=taken]").focus();
  form.querySelector("button").disabled = true;
  await record(said);
  await settle(loan, said);
  open = 0;
  document.activeElement.blur();
  page.querySelector("[data-told]").textContent = words.noted.replace("{codes}", said.units.join(", "));
  await meet();
}

/** The sheet as it is after this, until the server's own is read. */
async function settle(loan, said) {
  const sheet = await get("sheet");
  if (!sheet) return;
  const one = sheet.loans.find((other) => other.id === loan.id);
  if (!one) return;
  const rest = one.units.filter((unit) => !said.units.includes(unit.code));
  if (said.act === "return") one.units = rest;
  else Object.assign(one, { state: "out", shelf: "in", units: one.units.filter((unit) => !rest.includes(unit)) });
  sheet.loans = sheet.loans.filter((other) => other.units.length);
  await set("sheet", sheet);
}

async function find(event) {
  event.preventDefault();
  const code = event.target.elements.code.value.split("/").pop().trim().toUpperCase().replace(/[^A-Z0-9]+/g, "-");
  const sheet = await get("sheet");
  const loan = sheet?.loans.find((one) => one.units.some((unit) => unit.code === code));
  page.querySelector("[data-told]").textContent = loan ? "" : words.unknown.replace("{code}", code);
  if (!loan) return;
  open = loan.id;
  event.target.elements.code.blur();
  await draw();
  page.querySelector("details[open] [name=taken]")?.focus();
}
