/** Reads a label with the camera. What reads the drawing, where the browser cannot, is fetched only then. */
const EVERY = 150;
const SIDE = 640;

/** Shows the camera in `video` and gives `found` the first text that it reads; returns how to stop. */
export async function watch(video, decoder, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let over = false;
  const stop = () => {
    over = true;
    stream.getTracks().forEach((track) => track.stop());
  };
  try {
    const read = await reader(decoder);
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      if (over) return;
      const text = await read(video).catch(() => "");
      if (over) return;
      if (!text) return setTimeout(look, EVERY);
      stop();
      found(text);
    };
    look();
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

/** What reads the text of a drawing on a picture or video: the browser itself, else the module `decoder`. */
export async function reader(decoder) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? "";
  }
  const { decodeQR } = await import(decoder);
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (source) => {
    const [width, height] = [source.videoWidth ?? source.naturalWidth, source.videoHeight ?? source.naturalHeight];
    const scale = Math.min(1, SIDE / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    paper.drawImage(source, 0, 0, canvas.width, canvas.height);
    return decodeQR(paper.getImageData(0, 0, canvas.width, canvas.height)) ?? "";
  };
}
