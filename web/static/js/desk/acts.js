import { sign, time } from "./device.js";
import { acts, dropAct, get, putAct, set } from "./store.js";

/** Writes down, signed, what was just done; it is sent as soon as there is network. */
export async function record(said) {
  const clientId = crypto.randomUUID();
  const at = (await time()).toISOString();
  const content = JSON.stringify({ client_id: clientId, at, ...said });
  const device = await get("device");
  await putAct({ clientId, device, at, content, signature: await sign(content), loan: said.loan, refused: "", again: false });
}

let sending = false;

/**
 * Sends what waits, in order. Answers with what became of it: how many are `left` for want of network, whether
 * one has to sign in again (`signedOut`), and how many are to be settled by somebody (`conflicts`).
 */
export async function send() {
  if (sending) return null;
  sending = true;
  try {
    const told = { left: 0, signedOut: false, conflicts: 0 };
    for (const act of inOrder(await acts())) {
      if (act.refused && !act.again) continue;
      const answer = await posted(act).catch(() => null);
      if (answer?.ok) {
        const [one] = (await answer.json()).items;
        told.conflicts += one.outcome === "conflict";
        await dropAct(act.clientId);
      } else if (answer && answer.status < 500 && ![401, 429].includes(answer.status)) {
        // Not to be taken as it is: it stays to be read and done again by hand. Somebody else may be signed in
        // just now: then it is tried again.
        const again = [403, 404].includes(answer.status);
        await putAct({ ...act, again, refused: (await answer.json()).title ?? String(answer.status) });
      } else {
        told.left = (await acts()).filter((one) => !one.refused).length;
        told.signedOut = answer?.status === 401;
        break;
      }
    }
    if (told.conflicts) await set("conflicts", true);
    return told;
  } finally {
    sending = false;
  }
}

async function posted({ device, content, signature }) {
  return fetch("/api/v1/desk/acts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ device, acts: [{ content, signature }] }),
  });
}

function inOrder(all) {
  return all.sort((one, other) => one.at.localeCompare(other.at));
}
