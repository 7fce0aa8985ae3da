import { clientId } from "./text.js";

const ANSWER_WITHIN = 8000;

/**
 * Has something done to message number `target`: over the socket if it is open, else over HTTP, under one name.
 * Gives "" when it is done, else the code of the refusal, or "offline".
 */
export async function ask(live, frame) {
  const named = { ...frame, client_id: clientId() };
  const code = live.open ? await overSocket(live, named) : "offline";
  return code === "offline" ? overHttp(named) : code;
}

function overSocket(live, frame) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const { signal } = over;
    const end = (code) => {
      clearTimeout(timer);
      over.abort();
      resolve(code);
    };
    const timer = setTimeout(() => end("offline"), ANSWER_WITHIN);
    const answered = ({ detail }) => detail.client_id === frame.client_id && end(detail.code ?? "");
    live.addEventListener("ack", answered, { signal });
    live.addEventListener("refusal", answered, { signal });
    live.addEventListener("away", () => end("offline"), { signal });
    live.send(frame);
  });
}

async function overHttp({ type, conversation, target, client_id, body, emoji, on }) {
  const message = `/api/v1/conversations/${conversation}/messages/${target}`;
  const named = `?client_id=${client_id}`;
  const [method, address] = {
    edit: ["PATCH", message],
    delete: ["DELETE", message + named],
    react: [on ? "PUT" : "DELETE", `${message}/reactions/${encodeURIComponent(emoji)}${named}`],
  }[type];
  try {
    const answer = await fetch(address, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify({ client_id, body }) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    if (answer.ok) return "";
    const { code } = await answer.json();
    return code === "not_found" ? "not_member" : code;
  } catch {
    return "offline";
  }
}
