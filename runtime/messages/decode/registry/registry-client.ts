/** A registry did not give what it was asked for; the message is a sentence that says why and what to do. */
export class RegistryFault extends Error {
  override readonly name = "RegistryFault";
}

/** Where a schema registry is and who asks it. */
export interface RegistryAddress {
  /** `http:` or `https:`, without user and password. */
  readonly url: string;
  /** `user:password` for basic authentication; nobody when undefined. */
  readonly userInfo: string | undefined;
}

export const SCHEMA_TYPES = ["AVRO", "PROTOBUF", "JSON"] as const;
export type SchemaType = (typeof SCHEMA_TYPES)[number];

/** A schema that another one names. */
export interface SchemaReference {
  /** As the other one names it: the full name of a type in Avro, a path in Protobuf. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface RegisteredSchema {
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
}

/** How long one answer may take. */
export const REGISTRY_TIME_LIMIT_MS = 5_000;
/** Most bytes of one answer. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_REFERENCES = 100;
const ACCEPT = "application/vnd.schemaregistry.v1+json, application/json";

/**
 * Asks a registry that speaks the API of Confluent's Schema Registry (Karapace, Apicurio and Redpanda do too).
 * Each request is bounded in time and size. Throws RegistryFault.
 */
export class RegistryClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, userInfo }: RegistryAddress) {
    this.#base = url.replace(/\/+$/, "");
    const authorization =
      userInfo === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(userInfo).toString("base64")}` };
    this.#headers = { accept: ACCEPT, ...authorization };
  }

  byId(id: number): Promise<RegisteredSchema> {
    return this.#schema(`/schemas/ids/${id}`, `schema ${id}`);
  }

  byGuid(guid: string): Promise<RegisteredSchema> {
    return this.#schema(`/schemas/guids/${guid}`, `schema ${guid}`);
  }

  byVersion({ subject, version }: SchemaReference): Promise<RegisteredSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    return this.#schema(path, `version ${version} of ${subject}`);
  }

  async #schema(path: string, what: string): Promise<RegisteredSchema> {
    const answer = await this.#get(path, what);
    let parsed: unknown;
    try {
      parsed = JSON.parse(answer);
    } catch {
      throw new RegistryFault(
        `${this.#base}${path} did not answer with JSON. Is it a schema registry?`,
      );
    }
    const schema = readSchema(parsed);
    if (schema !== undefined) return schema;
    throw new RegistryFault(
      `${this.#base}${path} did not answer with a schema of Avro, Protobuf or JSON Schema`,
    );
  }

  async #get(path: string, what: string): Promise<string> {
    const url = `${this.#base}${path}`;
    let response: Response;
    try {
      response = await fetch(url, {
        headers: this.#headers,
        signal: AbortSignal.timeout(REGISTRY_TIME_LIMIT_MS),
        redirect: "error",
      });
      if (response.ok) return await boundedText(response, url);
    } catch (error) {
      if (error instanceof RegistryFault) throw error;
      throw new RegistryFault(
        `the schema registry at ${this.#base} cannot be asked: ${causeOf(error)}`,
      );
    }
    await response.body?.cancel();
    if (response.status === 404) {
      throw new RegistryFault(`the schema registry at ${this.#base} has no ${what}`);
    }
    const hint =
      response.status === 401 || response.status === 403 ? ": it wants to know who asks" : "";
    throw new RegistryFault(`${url} answered ${response.status} ${response.statusText}${hint}`);
  }
}

async function boundedText(response: Response, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      throw new RegistryFault(`${url} answered with more than ${MAX_ANSWER_BYTES} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Node.js says "fetch failed" and keeps the reason behind it. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${REGISTRY_TIME_LIMIT_MS / 1_000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === "" && "code" in cause ? String(cause.code) : cause.message;
}

function readSchema(answer: unknown): RegisteredSchema | undefined {
  const members = membersOf(answer);
  const text = members.get("schema");
  const named = members.get("schemaType") ?? "AVRO";
  const type = SCHEMA_TYPES.find((each) => each === named);
  const references = members.get("references") ?? [];
  if (typeof text !== "string" || type === undefined || !Array.isArray(references))
    return undefined;
  if (references.length > MAX_REFERENCES) return undefined;
  const read = references.flatMap((each) => readReference(each) ?? []);
  return read.length === references.length ? { type, text, references: read } : undefined;
}

function readReference(reference: unknown): SchemaReference | undefined {
  const members = membersOf(reference);
  const [name, subject, version] = ["name", "subject", "version"].map((each) => members.get(each));
  const isReference =
    typeof name === "string" && typeof subject === "string" && typeof version === "number";
  return isReference ? { name, subject, version } : undefined;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === "object" && value !== null;
  return new Map<string, unknown>(isObject ? Object.entries(value) : []);
}
