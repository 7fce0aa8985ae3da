// What axe has to say of a page, in one width and one colour scheme after the other.
known => {
    const LETTERS = "color-contrast", LINKS = "link-in-text-block";
    const WITHOUT_LETTERS = {rules: {[LETTERS]: {enabled: false}}};
    // These may lie on anything, which no look tells: they are weighed every time.
    const AFLOAT = ["absolute", "fixed", "sticky"];
    // Without a text of their own, and yet with letters.
    const FIELDS = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select";
    const passed = new Set(known);

    // Night changes colours alone: what depends on them is looked at again, the rest is the same document.
    window.lookWithAxe = async (scheme, colouredPart) => {
        const part = document.querySelector(colouredPart);
        const letters = await weighAll(part);
        const others = scheme === "light"
            ? await judged(document.documentElement, WITHOUT_LETTERS)
            : await judged(part, {runOnly: LINKS});
        return {faults: [...letters.faults, ...others.faults], passed: letters.passed};
    };

    // Weighing colours takes longest: letters that look like some which have passed are not weighed again.
    const weighAll = async part => {
        looks = new WeakMap();
        const alike = new Map();
        const first = await weigh(unknownParts(part, alike));
        // The first may have passed no judgement on those that look like it, as where something covers it.
        const rest = await weigh([...alike.values()].flat().filter(element => !passed.has(lookOf(element))));
        return {faults: [...first.faults, ...rest.faults], passed: [...first.passed, ...rest.passed]};
    };

    const weigh = async parts => {
        if (!parts.length) return {faults: [], passed: []};
        const {faults, fine} = await judged({include: parts}, {runOnly: LETTERS});
        fine.map(lookOf).forEach(look => passed.add(look));
        return {faults, passed: fine.map(lookOf)};
    };

    const judged = (part, options) => axe.run(part, {reporter: "as found", ...options});

    axe.addReporter("as found", (results, _, done) => done({
        faults: results.filter(({violations}) => violations.length).map(told),
        fine: results.flatMap(({passes}) => passes.map(({node}) => node.element)),
    }));

    const told = ({id, violations}) =>
        id + ": " + violations.slice(0, 3).map(({node}) => [node.selector].flat().join(" ")).join(", ");

    // One of those that look alike; the others are put down in `alike`.
    const unknownParts = (element, alike) => {
        const {display, position} = getComputedStyle(element);
        if (display !== "contents" && !element.checkVisibility()) return [];
        if (AFLOAT.includes(position)) return [element];
        if (hasLetters(element) && !passed.has(lookOf(element))) {
            const others = alike.get(lookOf(element));
            if (!others) {
                alike.set(lookOf(element), []);
                return [element];
            }
            others.push(element);
        }
        return [...element.children].flatMap(child => unknownParts(child, alike));
    };

    const hasLetters = element =>
        element.matches(FIELDS) ||
        [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());

    // With that of all around, since letters lie on what their ancestors paint.
    let looks;
    const lookOf = element => {
        if (!looks.has(element)) {
            const around = element.parentElement ? lookOf(element.parentElement) : "";
            looks.set(element, digest(around + ownLook(element)));
        }
        return looks.get(element);
    };

    // All that axe weighs: colours of letters and of what is behind them, and whether letters are large.
    const ownLook = element => {
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && parseFloat(style.fontWeight) >= 700);
        return [
            style.visibility, style.opacity, style.position, large,
            style.color, style.backgroundColor, style.backgroundImage, style.textShadow, style.filter,
        ].join();
    };

    // Short enough to carry hundreds from page to page.
    const digest = text => {
        let one = 0x811c9dc5, other = 0x01000193;
        for (let i = 0; i < text.length; i++) {
            one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
            other = Math.imul(other ^ text.charCodeAt(i), 0x85ebca6b);
        }
        return (one >>> 0).toString(36) + (other >>> 0).toString(36);
    };
}
