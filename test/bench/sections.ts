/** Parts of a Markdown file that are measured apart from the rest: a heading of the second level up to the next. */

function boundsOf(text: string, heading: string): [from: number, to: number] | undefined {
  const from = text.indexOf(`${heading}\n`);
  if (from < 0) return undefined;
  const next = text.indexOf("\n## ", from + heading.length);
  return [from, next < 0 ? text.length : next + 1];
}

/** The section with its heading, or nothing. */
export function sectionOf(text: string, heading: string): string {
  const bounds = boundsOf(text, heading);
  return bounds === undefined ? "" : text.slice(...bounds);
}

/** The text with the section, which begins with its heading, in place of the old one or at the end. */
export function withSection(text: string, heading: string, section: string): string {
  const bounds = boundsOf(text, heading);
  if (section === "") return text;
  if (bounds === undefined) return `${text.trimEnd()}\n\n${section.trimEnd()}\n`;
  const after = text.slice(bounds[1]).trimStart();
  const rest = after === "" ? "" : `\n${after}`;
  return `${text.slice(0, bounds[0])}${section.trimEnd()}\n${rest}`;
}
