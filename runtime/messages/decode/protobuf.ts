import protobuf from "protobufjs";
import { type Decoder, json, reasonOf, SchemaFault } from "./decoder.ts";
import { jsonText } from "./json-text.ts";

/** Types that are known to every `.proto` file; others it imports are read from its text only. */
const READ_AS = { longs: String, enums: String, bytes: Buffer, defaults: false, oneofs: false };

/** Which message of a `.proto` file is meant, and what it imports. */
export interface ProtobufOptions {
  /** The message's full name. */
  readonly name?: string;
  /**
   * Its place, as Confluent's serializers number it: among the messages of the file, then among those within it.
   * The first one of the file when neither is given.
   */
  readonly indexes?: readonly number[];
  /** Files that it imports by these names, directly or not. Google's own (`google/protobuf/...`) are known. */
  readonly imports?: readonly { readonly name: string; readonly text: string }[];
}

/** Reads bytes of a message of a `.proto` file, given by its text. Throws {@link SchemaFault}. */
export function protobufDecoder(proto: string, options: ProtobufOptions = {}): Decoder {
  const type = findType(proto, options);
  return {
    id: "protobuf",
    label: "Protobuf",
    decode(bytes) {
      try {
        return json(jsonText(type.toObject(type.decode(bytes), READ_AS)));
      } catch (error) {
        return reasonOf(error);
      }
    },
  };
}

function findType(proto: string, { name, indexes = [0], imports = [] }: ProtobufOptions) {
  try {
    // Alone, so that only its own messages are counted.
    const own = protobuf.parse(proto, { keepCase: true });
    const wanted = name ?? nameAt(own.root, indexes);
    if (wanted === undefined) {
      const place = indexes.join(", ");
      throw new SchemaFault(
        indexes.every((each) => each === 0) ? "it has no message" : `it has no message ${place}`,
      );
    }
    const type = rootOf(proto, imports).lookup(wanted, [protobuf.Type]);
    if (type instanceof protobuf.Type) return type;
    throw new SchemaFault(`it has no message ${wanted}`);
  } catch (error) {
    if (error instanceof SchemaFault) throw error;
    throw new SchemaFault(error instanceof Error ? error.message : String(error));
  }
}

/** Everything that the file can name. */
function rootOf(proto: string, imports: NonNullable<ProtobufOptions["imports"]>): protobuf.Root {
  const root = new protobuf.Root();
  const files = [...imports, { name: "", text: proto }];
  const given = new Set(imports.map(({ name }) => name));
  for (const { text } of files) {
    const parsed = protobuf.parse(text, root, { keepCase: true });
    for (const each of [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])]) {
      if (given.has(each)) continue;
      given.add(each);
      const known = protobuf.common.get(each);
      if (known?.nested !== undefined) root.addJSON(known.nested);
    }
  }
  root.resolveAll();
  return root;
}

/** The full name of the message at a place. */
function nameAt(root: protobuf.Root, [first = 0, ...rest]: readonly number[]): string | undefined {
  let found = messagesOf(root)[first];
  for (const index of rest) {
    found = found?.nestedArray.filter((each) => each instanceof protobuf.Type)[index];
  }
  return found?.fullName;
}

/** The messages of a file in their order; its package is a namespace around them. */
function messagesOf(inside: protobuf.NamespaceBase): protobuf.Type[] {
  return inside.nestedArray.flatMap((each) => {
    if (each instanceof protobuf.Type) return [each];
    return each instanceof protobuf.Namespace ? messagesOf(each) : [];
  });
}
