/** A refused form opens on its summary. */
export default function (element) {
  element.focus();
}
