/** Shows the chosen photos, and tells of too many or too heavy ones before they are sent. */
export default function (field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-list]");
  const told = field.querySelector("[data-told]");

  input.addEventListener("change", () => {
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    const photos = [...input.files];
    const complaint = wrong(photos, field.dataset);
    list.replaceChildren(...(complaint ? [] : photos.map(thumbnail)));
    told.textContent = complaint || count(photos.length, field.dataset.words);
    told.toggleAttribute("data-wrong", Boolean(complaint));
    input.setCustomValidity(complaint);
  });
}

function wrong(photos, { maxBytes, maxCount, tooHeavy, tooMany }) {
  if (photos.length > Number(maxCount)) return tooMany;
  const heavy = photos.find((photo) => photo.size > Number(maxBytes));
  return heavy ? `${heavy.name}\u00a0: ${tooHeavy}` : "";
}

function thumbnail(photo) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = URL.createObjectURL(photo);
  image.alt = photo.name;
  item.append(image);
  return item;
}

function count(number, words) {
  const [one, many] = words.split("|");
  return number ? `${number} ${number > 1 ? many : one}` : "";
}
