const wired = new WeakMap();

/** Gives each element of `root` marked data-behaviour="a b" its behaviours, once; data-wired="a" tells that a is there. */
export function wire(root) {
  const marked = [...root.querySelectorAll("[data-behaviour]")];
  if (root instanceof Element && root.dataset.behaviour) marked.unshift(root);
  for (const element of marked) {
    const had = wired.get(element) ?? new Set();
    wired.set(element, had);
    for (const name of element.dataset.behaviour.split(" ")) {
      if (!name || had.has(name)) continue;
      had.add(name);
      import(`./behaviours/${name}.js`).then((module) => {
        module.default(element);
        element.dataset.wired = `${element.dataset.wired ?? ""} ${name}`;
      });
    }
  }
}
