/** Icons in the manner of VS Code's own: 16 by 16, drawn in the colour of the text around them. */
const SVG = "http://www.w3.org/2000/svg";

function icon(path: string): SVGSVGElement {
  const root = document.createElementNS(SVG, "svg");
  for (const [name, value] of [
    ["viewBox", "0 0 16 16"],
    ["width", "16"],
    ["height", "16"],
    ["aria-hidden", "true"],
    ["fill", "currentColor"],
  ] as const) {
    root.setAttribute(name, value);
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill-rule", "evenodd");
  root.append(shape);
  return root;
}

/** Bars of different heights on a line. */
export function volumeIcon(): SVGSVGElement {
  return icon("M1 14h14v1H1zM2 9h2v4H2zM5 5h2v8H5zM8 7h2v6H8zM11 2h2v11h-2z");
}

/** A key. */
export function keyIcon(): SVGSVGElement {
  return icon(
    "M10.5 1a4.5 4.5 0 0 0-4.35 5.65L1 11.8V15h3.2v-2h2v-2h1.7l.45-.45A4.5 4.5 0 1 0 10.5 1zm0 1" +
      "a3.5 3.5 0 1 1-1.17 6.8l-.3-.1L7.5 10H5.2v2h-2v2H2v-1.8l5.3-5.3-.1-.3A3.5 3.5 0 0 1 10.5 2z" +
      "M11.5 3.6a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z",
  );
}

/** A ribbon between pages. */
export function bookmarkIcon(): SVGSVGElement {
  return icon("M4 1h8v14l-4-3-4 3zm1 1v11l3-2.2 3 2.2V2z");
}

/** Three columns in a frame. */
export function columnsIcon(): SVGSVGElement {
  return icon("M1 2h14v12H1zm1 1v10h3V3zm4 0v10h4V3zm5 0v10h3V3z");
}

/** A cross. */
export function closeIcon(): SVGSVGElement {
  return icon("M8 7.3 12.3 3l.7.7L8.7 8l4.3 4.3-.7.7L8 8.7 3.7 13l-.7-.7L7.3 8 3 3.7l.7-.7z");
}
