import { clientId } from "./text.js";

const ANSWER_WITHIN = 8000;

/**
 * Has something done to message number `target`: over the socket if it is open, else over HTTP, under one name.
 * Gives "" when it is done, else the code of the refusal, "other" of an accident, or "offline".
 */
export async function ask(live, frame) {
  const named = { ...frame, client_id: clientId() };
  const { type, code, retry_ms } = live.open ? await answer(live, named) : {};
  if (!type) return overHttp(named);
  return type === "ack" ? "" : retry_ms && code === "unavailable" ? "other" : code;
}

/** What the socket answers to a frame with a name, `ack` or `refusal`; nothing ({}) where it is gone first. */
export function answer(live, frame) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const { signal } = over;
    const timer = setTimeout(() => live.restart(), ANSWER_WITHIN);
    const end = (detail) => {
      clearTimeout(timer);
      over.abort();
      resolve(detail);
    };
    const hear = ({ detail }) => (!detail || detail.client_id === frame.client_id) && end(detail ?? {});
    for (const name of ["ack", "refusal", "away", "signedout"]) live.addEventListener(name, hear, { signal });
    live.send(frame);
  });
}

/** The answer over HTTP, and `ok`; `code` is of a refusal, no accident. Nothing ({}) without connection. */
export async function request(method, address, body) {
  try {
    const answered = await fetch(address, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    const { ok, status, headers } = answered;
    const said = await answered.json().catch(() => ({}));
    const code = said.code === "not_found" ? "not_member" : said.code;
    return { ...said, ok, code: status < 500 && code, retry_ms: 1000 * headers.get("retry-after") };
  } catch {
    return {};
  }
}

/** What the server draws at an address; nothing where it does not. */
export async function drawn(address) {
  const answered = await fetch(address).catch(() => null);
  const html = answered?.ok && !answered.redirected && (await answered.text().catch(() => ""));
  return html && document.createRange().createContextualFragment(html);
}

async function overHttp({ type, conversation, target, client_id, body, emoji, on }) {
  const message = `/api/v1/conversations/${conversation}/messages/${target}`;
  const named = `?client_id=${client_id}`;
  const [method, address] = {
    edit: ["PATCH", message],
    delete: ["DELETE", message + named],
    react: [on ? "PUT" : "DELETE", `${message}/reactions/${encodeURIComponent(emoji)}${named}`],
  }[type];
  const { ok, code } = await request(method, address, body && { client_id, body });
  return ok ? "" : code || (ok === false ? "other" : "offline");
}
