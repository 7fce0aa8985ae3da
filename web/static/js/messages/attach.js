const PHOTO = /^image\/(jpeg|png|webp)$/;

/**
 * What goes with a message: chosen, shown, sent ahead with its progress, described, taken away again. The composer asks
 * for it by an event "attachments" ({ids, wait}) on its form, and tells by "sent" that it is on its way; what has to be
 * waited for asks the form to be submitted once more.
 */
export class Attaching {
  #tiles = new Set();
  #busy = 0;
  #asked = false;

  constructor(form) {
    this.form = form;
    this.panel = document.getElementById("attach");
    this.list = document.getElementById("attached");
    this.told = document.getElementById("attach-told");
    this.words = this.panel.dataset;
    const input = this.panel.querySelector("input[type=file]");
    // Each photo has a line of its own.
    this.panel.querySelector("[data-plain]").hidden = true;
    const take = () => {
      const files = [...input.files];
      input.value = "";
      this.panel.open = false;
      this.add(files);
    };
    input.addEventListener("change", take);
    if (input.files.length) take();
    form.elements.body.addEventListener("paste", (event) => {
      const { files } = event.clipboardData;
      if (!files.length) return;
      event.preventDefault();
      this.add([...files]);
    });
    form.addEventListener("attachments", ({ detail }) => this.#answer(detail));
    form.addEventListener("sent", () => this.#clear());
  }

  add(files) {
    const room = Number(this.words.most) - this.list.childElementCount;
    this.told.textContent = files.length > room ? this.words.tooMany : "";
    for (const file of files.slice(0, room)) this.#add(file);
  }

  #add(file) {
    const line = document.getElementById("attach-tile").content.firstElementChild.cloneNode(true);
    const tile = { file, line, id: 0, preview: "", request: null };
    for (const one of line.querySelectorAll(".attached-name, [data-name]")) one.textContent = file.name;
    if (PHOTO.test(file.type)) this.#preview(tile);
    line.querySelector("[data-remove]").addEventListener("click", () => this.#remove(tile));
    line.querySelector(".attached-retry").addEventListener("click", () => this.#upload(tile));
    this.#tiles.add(tile);
    this.list.append(line);
    if (file.size > Number(this.words.maxBytes)) this.#fail(tile, this.words.tooHeavy);
    else this.#upload(tile);
  }

  #preview(tile) {
    const image = new Image();
    image.src = tile.preview = URL.createObjectURL(tile.file);
    image.alt = "";
    tile.line.querySelector(".attached-shown").replaceChildren(image);
    const alt = tile.line.querySelector(".attached-alt");
    alt.addEventListener("change", () => this.#describe(tile, alt.value));
  }

  #upload(tile) {
    const progress = tile.line.querySelector("progress");
    const request = (tile.request = new XMLHttpRequest());
    const body = new FormData();
    body.append("file", tile.file, tile.file.name);
    this.#fail(tile, "");
    progress.hidden = false;
    request.open("POST", this.words.url);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => (progress.value = total ? loaded / total : 0));
    request.addEventListener("loadend", () => {
      tile.request = null;
      progress.hidden = true;
      const { id, errors, title } = request.response ?? {};
      if (request.status === 201) this.#joined(tile, id);
      else if (tile.line.isConnected) this.#fail(tile, errors?.file?.[0] ?? title ?? this.words.failed, request.status < 400);
      this.#done();
    });
    this.#busy += 1;
    request.send(body);
  }

  #joined(tile, id) {
    if (!tile.line.isConnected) return this.#forget(id);
    tile.id = id;
    tile.line.querySelector(".attached-alt").hidden = !tile.preview;
    this.told.textContent = this.words.joined.replace("{name}", () => tile.file.name);
  }

  #fail(tile, words, again = false) {
    const error = tile.line.querySelector(".attached-error");
    error.textContent = words;
    error.hidden = !words;
    tile.line.querySelector("progress").hidden = true;
    tile.line.querySelector(".attached-retry").hidden = !again;
    if (words) this.told.textContent = `${tile.file.name}\u00a0: ${words}`;
  }

  async #describe(tile, alt) {
    if (!tile.id) return;
    this.#busy += 1;
    const headers = { "content-type": "application/json" };
    await fetch(`${this.words.url}/${tile.id}`, { method: "PATCH", headers, body: JSON.stringify({ alt }) }).catch(() => {});
    this.#done();
  }

  #remove(tile) {
    this.#drop(tile);
    tile.request?.abort();
    if (tile.id) this.#forget(tile.id);
    this.told.textContent = "";
    this.form.elements.body.focus();
  }

  /** What is never sent is forgotten within a day in any case. */
  #forget(id) {
    fetch(`${this.words.url}/${id}`, { method: "DELETE" }).catch(() => {});
  }

  #drop(tile) {
    this.#tiles.delete(tile);
    tile.line.remove();
    if (tile.preview) URL.revokeObjectURL(tile.preview);
  }

  #answer(detail) {
    const failed = [...this.#tiles].some((tile) => !tile.id && !tile.request);
    this.#asked = this.#busy > 0;
    detail.wait = this.#asked || failed;
    if (detail.wait) this.told.textContent = this.#asked ? this.words.wait : this.words.clear;
    const kept = [...this.list.querySelectorAll("[name=pieces]:checked")].map((one) => Number(one.value));
    detail.ids = [...kept, ...[...this.#tiles].map((tile) => tile.id)];
  }

  #done() {
    this.#busy -= 1;
    if (this.#busy || !this.#asked) return;
    this.#asked = false;
    this.form.requestSubmit();
  }

  #clear() {
    for (const tile of this.#tiles) this.#drop(tile);
    this.list.replaceChildren();
    this.told.textContent = "";
  }
}
