import { type Exchange, failed, MAX_TOKEN_BYTES } from "./exchange.ts";
import { decodeUtf8, MAX_PASSWORD_BYTES, normalizeUserName } from "./user-name.ts";

/** Whether this is the user's password, in a time that does not depend on the user or the password. */
export type CheckPassword = (user: string, password: string) => boolean;

/**
 * PLAIN (RFC 4616): one token of authorization identity, user name and password, separated by NUL.
 * As in Kafka, nobody acts for another: an authorization identity must be the user itself.
 */
export function plainExchange(check: CheckPassword): Exchange {
  return (token) => {
    if (token.length > MAX_TOKEN_BYTES) return failed("the PLAIN token is too long");
    const parts = decodeUtf8(token)?.split("\0");
    if (parts?.length !== 3) return failed("malformed PLAIN token");
    const [authorizationId = "", name = "", password = ""] = parts;
    const user = normalizeUserName(name);
    if (user === undefined) return failed("the user name cannot be one");
    if (password === "" || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
      return failed("the password is empty or too long");
    }
    if (!check(user, password)) return failed("unknown user or wrong password");
    if (authorizationId !== "" && normalizeUserName(authorizationId) !== user) {
      return failed("a client may act only as the user it is");
    }
    return { kind: "done", token: Buffer.alloc(0), user };
  };
}
