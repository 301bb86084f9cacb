/** The client's side of SCRAM, written apart from the server's. */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

export class ScramClient {
  readonly nonce = "fyko+d2lbbFgONRv9qkxdawL";
  /** What the server has to answer at the end; known once `final` has been called. */
  verifier = "";
  readonly #hash: string;
  readonly #password: string;
  readonly #gs2Header: string;
  readonly #bare: string;

  /** `name` is written as it is: a comma in it has to be escaped. */
  constructor(hash: string, name: string, password: string, gs2Header = "n,,", extension = "") {
    this.#hash = hash;
    this.#password = password;
    this.#gs2Header = gs2Header;
    this.#bare = `n=${name},r=${this.nonce}${extension}`;
  }

  first(): Buffer {
    return Buffer.from(this.#gs2Header + this.#bare);
  }

  /** `before` is put in front of the nonce. */
  final(challenge: string, before = ""): Buffer {
    const parts = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge);
    const [, nonce = "", salt = "", iterations = ""] = parts ?? [];
    const bytes = createHash(this.#hash).digest().length;
    const saltBytes = Buffer.from(salt, "base64");
    const salted = pbkdf2Sync(this.#password, saltBytes, Number(iterations), bytes, this.#hash);
    const binding = Buffer.from(this.#gs2Header).toString("base64");
    const withoutProof = `c=${binding},r=${before}${nonce}`;
    const signed = `${this.#bare},${challenge},${withoutProof}`;
    const clientKey = this.#hmac(salted, "Client Key");
    const signature = this.#hmac(createHash(this.#hash).update(clientKey).digest(), signed);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
    this.verifier = `v=${this.#hmac(this.#hmac(salted, "Server Key"), signed).toString("base64")}`;
    return Buffer.from(`${withoutProof},p=${proof.toString("base64")}`);
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest();
  }
}
