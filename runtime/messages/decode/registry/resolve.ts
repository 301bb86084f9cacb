import {
  type RegisteredSchema,
  type RegistryClient,
  RegistryFault,
  type SchemaType,
} from "./registry-client.ts";

/** A schema with all that it names. */
export interface ResolvedSchema {
  readonly type: SchemaType;
  readonly text: string;
  /** What it refers to, directly or not, each after what it refers to itself. */
  readonly references: readonly NamedText[];
}

export interface NamedText {
  /** As the schema that refers to it names it. */
  readonly name: string;
  readonly text: string;
}

/** Most schemas that one may lead to. */
const MAX_SCHEMAS = 200;

/** Gets everything that a schema refers to. Throws RegistryFault. */
export async function resolveReferences(
  client: RegistryClient,
  schema: RegisteredSchema,
): Promise<ResolvedSchema> {
  const references: NamedText[] = [];
  const known = new Set<string>();
  const take = async ({ references: named }: RegisteredSchema): Promise<void> => {
    for (const reference of named) {
      if (known.has(reference.name)) continue;
      known.add(reference.name);
      if (known.size > MAX_SCHEMAS) {
        throw new RegistryFault(`the schema refers to more than ${MAX_SCHEMAS} others`);
      }
      const found = await client.byVersion(reference);
      await take(found);
      references.push({ name: reference.name, text: found.text });
    }
  };
  await take(schema);
  return { type: schema.type, text: schema.text, references };
}
