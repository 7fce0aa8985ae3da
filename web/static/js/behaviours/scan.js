/** Once pressed, reads a label with the camera and goes to data-to?code=…; data-decoder is our own reader. */
export default function (button) {
  if (!navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  button.addEventListener("click", () => show(button.dataset));
}

async function show({ to, decoder, wait, denied, close }) {
  const { dialog, video, told } = opened(wait, close);
  let stop = () => {};
  dialog.addEventListener("close", () => {
    stop();
    dialog.remove();
  });
  try {
    const { watch } = await import("../camera.js");
    stop = await watch(video, decoder, (text) => location.assign(`${to}?code=${encodeURIComponent(text)}`));
    if (!dialog.open) stop();
  } catch {
    told.textContent = denied;
    video.remove();
  }
}

function opened(words, close) {
  const dialog = made("dialog", { className: "dialog scan-dialog", ariaLabel: words });
  const told = made("p", { textContent: words, role: "status" });
  const video = made("video", { className: "scan-view", playsInline: true, muted: true });
  const button = made("button", { className: "button button-second", type: "button", textContent: close });
  button.addEventListener("click", () => dialog.close());
  dialog.append(told, video, button);
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, video, told };
}

const made = (name, values) => Object.assign(document.createElement(name), values);
