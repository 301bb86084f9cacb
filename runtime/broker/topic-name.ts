/** Longest topic name Kafka accepts, in characters. */
export const MAX_TOPIC_NAME_LENGTH = 249;

const LEGAL = /^[a-zA-Z0-9._-]+$/;

/**
 * Why `name` cannot be a topic's name, or undefined when it can. The rules are those of Kafka's
 * `Topic.validate`; they also make every name safe as the name of a folder.
 */
export function topicNameFault(name: string): string | undefined {
  if (name === "") return "A topic needs a name.";
  if (name === "." || name === "..") return `A topic cannot be named "${name}".`;
  if (name.length > MAX_TOPIC_NAME_LENGTH) {
    return `A topic name has at most ${MAX_TOPIC_NAME_LENGTH} characters, this one has ${name.length}.`;
  }
  if (!LEGAL.test(name)) {
    return "A topic name is made of ASCII letters, digits, '.', '_' and '-' only.";
  }
  return undefined;
}

/**
 * Kafka refuses two topics whose names differ only in '.' against '_', because its metric names
 * would collide; clients' tests rely on the refusal. Names that collide have this form in common. With
 * `foldCase`, for disks that do not tell upper from lower case, so do names that share a folder there.
 */
export function collisionForm(name: string, foldCase: boolean): string {
  const form = name.replaceAll(".", "_");
  return foldCase ? form.toLowerCase() : form;
}
