import protobuf from "protobufjs";
import { type Decoder, json, reasonOf, SchemaFault } from "./decoder.ts";
import { jsonText } from "./json-text.ts";

/** Types that are known to every `.proto` file; others it imports are read from its text only. */
const READ_AS = { longs: String, enums: String, bytes: Buffer, defaults: false, oneofs: false };

/**
 * Reads bytes of a message of a `.proto` file, given by its text. `name` is the message's full name; its
 * first one when undefined, as Confluent's serializers number it. Throws {@link SchemaFault}.
 */
export function protobufDecoder(proto: string, name?: string): Decoder {
  const type = findType(proto, name);
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

function findType(proto: string, name: string | undefined): protobuf.Type {
  let root: protobuf.Root;
  try {
    root = protobuf.parse(proto, { keepCase: true }).root;
    root.resolveAll();
  } catch (error) {
    throw new SchemaFault(error instanceof Error ? error.message : String(error));
  }
  const found = name === undefined ? firstType(root) : namedType(root, name);
  if (found !== undefined) return found;
  throw new SchemaFault(name === undefined ? "it has no message" : `it has no message ${name}`);
}

function firstType(inside: protobuf.NamespaceBase): protobuf.Type | undefined {
  for (const each of inside.nestedArray) {
    if (each instanceof protobuf.Type) return each;
    const deeper = each instanceof protobuf.Namespace ? firstType(each) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function namedType(root: protobuf.Root, name: string): protobuf.Type | undefined {
  try {
    return root.lookupType(name);
  } catch {
    return undefined;
  }
}
