/**
 * What `{{name(arguments)}}` in a template can be, as data: the editor completes and checks by it, and
 * the lab has something for every name. Names with a dot are those of Faker (fakerjs.dev), the locale
 * is English.
 */

/** What comes of a placeholder. `time` is an ISO 8601 time in UTC. */
export type PlaceholderKind = "text" | "integer" | "number" | "boolean" | "time";

export interface ArgumentRule {
  readonly name: string;
  /** Used when the argument and those after it are left out; without it the argument is required. */
  readonly otherwise?: number | undefined;
  readonly least: number;
  readonly most: number;
  /** Fractions are allowed. */
  readonly fraction?: boolean | undefined;
}

export interface Placeholder {
  readonly name: string;
  readonly kind: PlaceholderKind;
  /** Numbers, or for `oneOf` any number of texts and numbers. */
  readonly args: readonly ArgumentRule[] | "choices";
  /** What it might give. */
  readonly example: string;
}

/** Most choices of a `oneOf`. */
export const MAX_CHOICES = 1_000;
/** Longest text that a placeholder makes, in characters. */
const MAX_LENGTH = 1_000_000;
const MAX_WORDS = 10_000;
const MAX_YEARS = 1_000;
const LEAST = Number.MIN_SAFE_INTEGER;
const MOST = Number.MAX_SAFE_INTEGER;

const none = (kind: PlaceholderKind, examples: Readonly<Record<string, string>>): Placeholder[] =>
  Object.entries(examples).map(([name, example]) => ({ name, kind, args: [], example }));

const counted = (
  name: string,
  kind: PlaceholderKind,
  argument: string,
  rule: readonly [otherwise: number, least: number, most: number],
  example: string,
): Placeholder => {
  const [otherwise, least, most] = rule;
  return { name, kind, args: [{ name: argument, otherwise, least, most }], example };
};

const ranged = (
  name: string,
  kind: PlaceholderKind,
  rule: readonly [least: number, most: number],
  example: string,
): Placeholder => {
  const fraction = kind === "number";
  const [least, most] = rule;
  const limits = { least: LEAST, most: MOST, fraction };
  return {
    ...{ name, kind, example },
    args: [
      { name: "min", otherwise: least, ...limits },
      { name: "max", otherwise: most, ...limits },
    ],
  };
};

export const PLACEHOLDERS: readonly Placeholder[] = [
  { name: "index", kind: "integer", args: [], example: "0, 1, 2, ..." },
  { name: "oneOf", kind: "text", args: "choices", example: "one of 'paid', 'sent', 3" },
  ranged("number.int", "integer", [0, 1_000_000], "481516"),
  ranged("number.float", "number", [0, 1], "0.8115"),
  { ...counted("datatype.boolean", "boolean", "percent", [50, 0, 100], "true") },
  counted("string.alpha", "text", "length", [10, 0, MAX_LENGTH], "qDbtKpWznF"),
  counted("string.alphanumeric", "text", "length", [10, 0, MAX_LENGTH], "u7Wq0ZbX2a"),
  counted("string.numeric", "text", "length", [10, 0, MAX_LENGTH], "4038157290"),
  counted("string.hexadecimal", "text", "length", [10, 0, MAX_LENGTH], "9f2c01ab7e"),
  counted("string.nanoid", "text", "length", [21, 1, MAX_LENGTH], "3kYhGzkDWpBxLOR_0IzeK"),
  ...none("text", {
    "string.uuid": "1e2c9f6a-8f5b-4c59-9d1b-3c2a7d0c1c9e",
    "string.ulid": "01JGFP1V00...",
  }),
  counted("date.recent", "time", "days", [1, 1, 365_000], "2025-12-31T17:03:09.120Z"),
  counted("date.soon", "time", "days", [1, 1, 365_000], "2026-01-01T08:41:55.003Z"),
  counted("date.past", "time", "years", [1, 1, MAX_YEARS], "2025-04-02T11:20:31.555Z"),
  counted("date.future", "time", "years", [1, 1, MAX_YEARS], "2026-09-13T02:59:40.018Z"),
  ...none("time", { "date.birthdate": "1984-06-30T05:10:12.871Z" }),
  ...none("text", {
    "person.firstName": "Ada",
    "person.lastName": "Hudson",
    "person.fullName": "Mr. Karl Weber",
    "person.jobTitle": "Senior Data Planner",
    "internet.email": "ada.hudson@example.net",
    "internet.username": "Ada_Hudson42",
    "internet.url": "https://quiet-harbour.org/",
    "internet.domainName": "quiet-harbour.org",
    "internet.ipv4": "203.0.113.7",
    "internet.ipv6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "internet.mac": "32:8e:2e:09:c6:05",
    "internet.userAgent": "Mozilla/5.0 (X11; Linux x86_64) ...",
    "internet.httpMethod": "PATCH",
    "phone.number": "961-770-7727",
    "location.city": "Jacksonville",
    "location.country": "Norway",
    "location.countryCode": "NO",
    "location.state": "Oregon",
    "location.streetAddress": "5447 Jena Gateway",
    "location.zipCode": "60203-1205",
    "location.timeZone": "Europe/Oslo",
    "company.name": "Zieme, Hauck and McClure",
    "company.catchPhrase": "Upgradable systematic flexibility",
    "commerce.department": "Garden",
    "commerce.product": "Chair",
    "commerce.productName": "Elegant Wooden Chair",
    "commerce.isbn": "978-0-06-112008-4",
    "finance.accountNumber": "92842238",
    "finance.iban": "DE84099027110018040650",
    "finance.bic": "WYAUPGX1",
    "finance.creditCardNumber": "4427163488668",
    "finance.currencyCode": "EUR",
    "finance.transactionType": "payment",
  }),
  ranged("finance.amount", "number", [0, 1_000], "617.87"),
  ranged("commerce.price", "number", [1, 1_000], "828.00"),
  ...none("integer", { "internet.httpStatusCode": "404" }),
  ...none("number", { "location.latitude": "59.9139", "location.longitude": "10.7522" }),
  counted("lorem.words", "text", "count", [3, 1, MAX_WORDS], "qui praesentium pariatur"),
  counted(
    "lorem.sentence",
    "text",
    "words",
    [8, 1, MAX_WORDS],
    "Laborum voluptatem officiis est et.",
  ),
  counted("lorem.paragraph", "text", "sentences", [3, 1, 1_000], "Nam rerum... Ut aut..."),
  ...none("text", {
    "lorem.word": "temporibus",
    "lorem.slug": "dolores-illo-est",
    "color.human": "magenta",
    "color.rgb": "#8be4ab",
    "system.fileName": "self_enabling_accountant.mpg",
    "system.mimeType": "video/vnd.vivo",
    "system.semver": "1.1.2",
    "vehicle.vehicle": "BMW Explorer",
    "vehicle.vin": "YV1MH682762184654",
    "airline.flightNumber": "2405",
    "animal.type": "crocodilia",
    "book.title": "Romeo and Juliet",
    "food.dish": "Tagine-Rubbed Venison Salad",
    "git.commitSha": "2c6e3880fd94ddb7ef72d34e683cdc0c47bec6e6",
    "hacker.phrase": "We need to parse the neural SSL bus!",
    "music.genre": "Electronic",
  }),
];

/** The placeholder of a name. */
export function findPlaceholder(name: string): Placeholder | undefined {
  return PLACEHOLDERS.find((one) => one.name === name);
}
