const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Arrows walk from day to day among the buttons of a month. */
export function walk(form, event) {
  const days = [...form.querySelectorAll("button[name=jour]")];
  const at = days.indexOf(document.activeElement);
  if (at < 0) return;
  const to = target(days, at, event.key);
  if (!to) return;
  event.preventDefault();
  to.focus();
}

// A day that is taken or closed has no button: the next one beyond it, on the same side.
function target(days, at, key) {
  if (key === "Home") return days[0];
  if (key === "End") return days.at(-1);
  const step = STEPS[key];
  if (!step) return null;
  const wanted = Date.parse(days[at].value) + step * 864e5;
  const far = (day) => (Date.parse(day.value) - wanted) * Math.sign(step);
  return days.filter((day) => far(day) >= 0).sort((one, other) => far(one) - far(other))[0];
}
