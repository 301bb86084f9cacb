const META = /[\\^$.|?*+()[\]{}]/g;
/** In SIMILAR TO these have no meaning, in JavaScript they do. */
const NOT_SIMILAR = /[\\^$.]/g;

/**
 * The regular expression that a LIKE or SIMILAR TO pattern stands for: `%` is any text and `_` any
 * character. Undefined where what follows the escape character is neither of these nor itself.
 */
export function likePattern(
  pattern: string,
  escape: string | undefined,
  similar: boolean,
): RegExp | undefined {
  let source = "";
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    if (character === escape) {
      const escaped = characters[++i];
      if (escaped !== "%" && escaped !== "_" && escaped !== escape) return undefined;
      source += quoted(escaped);
    } else if (character === "%") {
      source += "[^]*";
    } else if (character === "_") {
      source += "[^]";
    } else {
      source += similar ? character.replace(NOT_SIMILAR, "\\$&") : quoted(character);
    }
  }
  return regularExpression(`^(?:${source})$`, "u");
}

/** A regular expression, or undefined where the source is not one. */
export function regularExpression(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

/** A text as a regular expression that finds just it. */
export function quoted(text: string): string {
  return text.replace(META, "\\$&");
}
