/** A text area as high as its text, where the browser does not do it by itself. */
export default function (area) {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };
  area.addEventListener("input", grow);
  if (area.value) grow();
}
