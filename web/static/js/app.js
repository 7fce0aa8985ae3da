// Wires what the page asks for by data-behaviour; without it every page still works.
import { wire } from "./wire.js";

wire(document);
document.addEventListener("htmx:after:swap", (event) => wire(event.target));
