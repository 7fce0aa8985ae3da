/** Folded on a phone; where there is room it stands open, and its summary is only a heading. */
export default function (details) {
  const wide = matchMedia("(min-width: 60rem)");
  const fit = () => {
    details.open = wide.matches;
    details.querySelector("summary").tabIndex = wide.matches ? -1 : 0;
  };
  wide.addEventListener("change", fit);
  fit();
}
