import type { ErrorCode } from "./errors.ts";

/** What peers say to each other. Request ids are counted up by the asker and used once. */
export type RpcFrame =
  | {
      readonly kind: "request";
      readonly id: number;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | {
      readonly kind: "error";
      readonly id: number;
      readonly code: ErrorCode | (string & {});
      readonly message: string;
    }
  | { readonly kind: "event"; readonly name: string; readonly payload: unknown };

/** The frame that `message` is, or what is wrong with it. Params, results and payloads are not looked into. */
export function decodeRpcFrame(message: unknown): RpcFrame | string {
  if (!isObject(message)) return "a frame is not an object";
  const { kind, id, name } = message;
  if (kind === "event") {
    if (typeof name !== "string") return "an event has no name";
    return { kind, name, payload: message["payload"] };
  }
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 1)
    return "a frame has no request id";
  switch (kind) {
    case "request": {
      const { method, params } = message;
      if (typeof method !== "string") return "a request has no method";
      return { kind, id, method, params };
    }
    case "cancel":
      return { kind, id };
    case "result":
      return { kind, id, result: message["result"] };
    case "error": {
      const { code, message: text } = message;
      if (typeof code !== "string" || typeof text !== "string")
        return "an error has no code or message";
      return { kind, id, code, message: text };
    }
    default:
      return "a frame has no known kind";
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
