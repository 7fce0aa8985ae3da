// What axe has to say of a page, in one width and one colour scheme after the other.
(() => {
    const COLOURS = ["color-contrast", "link-in-text-block"];
    const WITHOUT_COLOURS = Object.fromEntries(COLOURS.map(rule => [rule, {enabled: false}]));
    // These may lie on anything: where they come to lie changes with the width alone.
    const AFLOAT = ["absolute", "fixed", "sticky"];
    const seen = {light: new WeakMap(), dark: new WeakMap()};

    // Night changes colours alone: what depends on them is looked at again, the rest is the same document.
    window.lookWithAxe = async (scheme, colouredPart) => {
        const parts = notYetSeen(document.querySelector(colouredPart), seen[scheme]);
        const found = parts.length ? await violations({include: parts}, {runOnly: COLOURS}) : [];
        if (scheme === "light") {
            found.push(...await violations(document.documentElement, {rules: WITHOUT_COLOURS}));
        }
        return found.map(({id, nodes}) =>
            id + ": " + nodes.slice(0, 3).map(node => node.target.join(" ")).join(", "));
    };

    const violations = async (part, options) =>
        (await axe.run(part, {resultTypes: ["violations"], ...options})).violations;

    // Weighing colours takes longest: of another width, only what looks different there. It is remembered.
    const notYetSeen = (part, looks) => {
        const around = ancestors(part).some(element => looks.get(element) !== lookOf(element));
        const parts = around ? [part] : differentParts(part, looks);
        [...ancestors(part), part, ...part.querySelectorAll("*")].forEach(
            element => looks.set(element, lookOf(element)));
        return parts;
    };

    const ancestors = element =>
        element.parentElement ? [element.parentElement, ...ancestors(element.parentElement)] : [];

    const differentParts = (element, looks) => {
        const style = getComputedStyle(element);
        if (style.display === "none") return [];
        if (AFLOAT.includes(style.position) || looks.get(element) !== lookOf(element)) return [element];
        return [...element.children].flatMap(child => differentParts(child, looks));
    };

    // All that axe weighs: colours of letters and of what is behind them, and whether letters are large.
    const lookOf = element => {
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize), weight = parseFloat(style.fontWeight);
        const large = size >= 24 || (size >= 18.66 && weight >= 700);
        return [
            style.display === "none", style.visibility, style.opacity, style.position, large,
            style.color, style.backgroundColor, style.backgroundImage, style.textShadow, style.filter,
            ...(element.localName === "a" ? linkOf(style, weight) : []),
        ].join();
    };

    // By what else than its colour a link is known within a sentence.
    const linkOf = (style, weight) =>
        [style.display, style.textDecorationLine, style.borderBottomStyle, style.borderBottomWidth, weight];
})();
