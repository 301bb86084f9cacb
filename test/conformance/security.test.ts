/** Logins and TLS with the clients as people configure them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import kafkajs, { type KafkaConfig, type SASLOptions } from "kafkajs";
import { after, before, describe, it } from "mocha";
import { type LabProcess, startLab } from "../support/lab-process.ts";
import { skip } from "../support/skip.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { runKcat } from "./kcat-client.ts";
import { createTopic } from "./wire-client.ts";

const PROGRAMS = "test/conformance/clients";
/** Clients in Python, with the errors that they give for a root they do not know and a wrong password. */
const PYTHON_CLIENTS = [
  {
    name: "confluent-kafka (librdkafka)",
    program: "secure.py",
    scramUser: undefined,
    untrusted: "_SSL",
    unauthenticated: "_AUTHENTICATION",
  },
  {
    name: "kafka-python",
    program: "secure_kafka_python.py",
    // It does not escape what SCRAM has a meaning of its own for (RFC 5802).
    scramUser: "bob",
    untrusted: "KafkaTimeoutError",
    unauthenticated: "KafkaTimeoutError",
  },
  {
    name: "aiokafka",
    program: "secure_aiokafka.py",
    scramUser: undefined,
    untrusted: "KafkaConnectionError",
    unauthenticated: "KafkaConnectionError",
  },
] as const;
const PYTHON = process.env["PYTHON"] ?? "";
const KCAT = process.env["KCAT"] ?? "";
const USER = "alice, a=b";
const PASSWORD = "wönder,l=nd";
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;
const KAFKAJS_MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;

type Protocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";
type Config = Readonly<Record<string, string>>;
interface Result {
  readonly received?: string;
  readonly error?: string;
  readonly message?: string;
}

let folder: TempFolder;
let lab: LabProcess;
let topics = 0;

function bootstrap(protocol: Protocol): string {
  const found = lab.ready.listeners.find((listener) => listener.protocol === protocol);
  if (found === undefined) throw new Error(`no listener ${protocol}`);
  return found.bootstrap;
}

const rootFile = (): string => path.join(folder.path, "data", "tls", "ca.pem");

async function newTopic(): Promise<string> {
  const topic = `secure-${++topics}`;
  await createTopic(bootstrap("PLAINTEXT"), topic, 1);
  return topic;
}

/** What a client is told, under librdkafka's names, for a listener; `password` and `mechanism` where it asks for them. */
function configOf(protocol: Protocol, mechanism = "", password = PASSWORD): Config {
  return {
    "bootstrap.servers": bootstrap(protocol),
    "security.protocol": protocol.toLowerCase(),
    ...(protocol.endsWith("SSL") ? { "ssl.ca.location": rootFile() } : {}),
    ...(mechanism === ""
      ? {}
      : { "sasl.mechanism": mechanism, "sasl.username": USER, "sasl.password": password }),
  };
}

async function runPython(program: string, config: Config): Promise<Result> {
  const file = path.join(PROGRAMS, program);
  const child = spawn(PYTHON, [file], { stdio: ["pipe", "pipe", "inherit"] });
  const topic = await newTopic();
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stdin.end(JSON.stringify({ config, topic }));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, output);
  return JSON.parse(output) as Result;
}

describe("logins and TLS", () => {
  before(async () => {
    folder = tempFolder();
    const users = path.join(folder.path, "users.json");
    writeFileSync(
      users,
      JSON.stringify({ [USER]: { password: PASSWORD }, bob: { password: PASSWORD } }),
      { mode: 0o600 },
    );
    const listeners = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"];
    lab = await startLab({
      data: path.join(folder.path, "data"),
      args: [
        ...listeners.flatMap((protocol) => ["--listener", `${protocol}://127.0.0.1:0`]),
        ...["--users", users],
      ],
    });
  });
  after(async () => {
    await lab.stop();
    assert.doesNotMatch(lab.stderr(), new RegExp(PASSWORD), "a password in the log");
    folder.dispose();
  });

  for (const { name, program, scramUser, untrusted, unauthenticated } of PYTHON_CLIENTS) {
    describe(name, () => {
      const login = (config: Config) => {
        const isScram = config["sasl.mechanism"]?.startsWith("SCRAM") === true;
        const user = isScram && scramUser !== undefined ? { "sasl.username": scramUser } : {};
        return runPython(program, { ...config, ...user });
      };
      before(function () {
        if (PYTHON === "") skip(this, process.env["PYTHON_MISSING"] || "PYTHON is not set");
        // On a busy machine it can see the end of a refused connection before the reason that came first.
        const isSlow = name === "kafka-python" && process.env["CONFORMANCE"] !== "full";
        if (isSlow) skip(this, "in full mode (CONFORMANCE=full)");
      });

      it("SSL", async () => {
        assert.deepEqual(await login(configOf("SSL")), { received: "secret" });
      });

      it("SSL to a lab whose root it was not given: told so", async () => {
        const { "ssl.ca.location": _, ...config } = configOf("SSL");
        const { error, message } = await login(config);
        assert.equal(error, untrusted);
        assert.match(message ?? "", /certificate verify failed/i);
      });

      for (const mechanism of MECHANISMS) {
        for (const protocol of ["SASL_PLAINTEXT", "SASL_SSL"] as const) {
          it(`${protocol} with ${mechanism}`, async () => {
            assert.deepEqual(await login(configOf(protocol, mechanism)), { received: "secret" });
          });
        }

        it(`${mechanism} with a wrong password: an error of authentication`, async () => {
          const { error, message } = await login(configOf("SASL_PLAINTEXT", mechanism, "wrong"));
          assert.equal(error, unauthenticated);
          assert.match(message ?? "", /invalid credentials with SASL mechanism/);
        });
      }
    });
  }

  describe("kcat", () => {
    before(function () {
      if (KCAT === "") skip(this, process.env["KCAT_MISSING"] || "KCAT is not set");
    });

    const list = (config: Config) => {
      const options = Object.entries(config).flatMap(([name, value]) => ["-X", `${name}=${value}`]);
      return runKcat(KCAT, ["-L", "-m", "3", ...options], Buffer.alloc(0));
    };

    it("each listener names itself in its metadata, with every mechanism", async () => {
      for (const protocol of ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const) {
        for (const mechanism of protocol.startsWith("SASL") ? MECHANISMS : [""]) {
          const { code, stdout, stderr } = await list(configOf(protocol, mechanism));
          assert.equal(code, 0, stderr);
          assert.ok(stdout.toString().includes(`broker 1 at ${bootstrap(protocol)}`), protocol);
        }
      }
    });

    it("a wrong password, and a root it was not given: told so", async () => {
      const wrong = await list(configOf("SASL_PLAINTEXT", "SCRAM-SHA-256", "wrong"));
      assert.match(wrong.stderr, /invalid credentials with SASL mechanism SCRAM-SHA-256/);
      const { "ssl.ca.location": _, ...config } = configOf("SSL");
      assert.match((await list(config)).stderr, /certificate verify failed/);
    });

    it("a mechanism that is not offered: the list of those that are", async () => {
      const oauth = { "enable.sasl.oauthbearer.unsecure.jwt": "true" };
      const principal = { "sasl.oauthbearer.config": "principal=alice" };
      const config = { ...configOf("SASL_PLAINTEXT", "OAUTHBEARER"), ...oauth, ...principal };
      const { stderr } = await list(config);
      assert.match(stderr, /supported mechanisms: PLAIN,SCRAM-SHA-256,SCRAM-SHA-512/);
    });
  });

  describe("kafkajs", () => {
    async function roundTrip(config: KafkaConfig): Promise<string | undefined> {
      const kafka = new kafkajs.Kafka({ ...config, logLevel: kafkajs.logLevel.NOTHING });
      const topic = await newTopic();
      const producer = kafka.producer({ retry: { retries: 0 } });
      const consumer = kafka.consumer({ groupId: topic });
      try {
        await producer.connect();
        await producer.send({ topic, messages: [{ value: "secret" }] });
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        return await new Promise<string | undefined>((resolve, reject) => {
          const eachMessage = async ({ message }: { message: { value: Buffer | null } }) =>
            resolve(message.value?.toString());
          consumer.run({ eachMessage }).catch(reject);
        });
      } finally {
        await Promise.all([producer.disconnect(), consumer.disconnect()]);
      }
    }

    const sasl = (
      mechanism: (typeof KAFKAJS_MECHANISMS)[number],
      password = PASSWORD,
    ): SASLOptions => ({
      ...{ mechanism, username: USER, password },
    });
    const ssl = () => ({ ca: [readFileSync(rootFile(), "utf8")] });

    it("SSL", async () => {
      const brokers = [bootstrap("SSL")];
      assert.equal(await roundTrip({ brokers, ssl: ssl() }), "secret");
      await assert.rejects(
        roundTrip({ brokers, ssl: true, retry: { retries: 0 } }),
        /self-signed certificate/,
      );
    });

    for (const mechanism of KAFKAJS_MECHANISMS) {
      it(`SASL_PLAINTEXT and SASL_SSL with ${mechanism}`, async () => {
        const plain = { brokers: [bootstrap("SASL_PLAINTEXT")], sasl: sasl(mechanism) };
        assert.equal(await roundTrip(plain), "secret");
        const secure = { brokers: [bootstrap("SASL_SSL")], sasl: sasl(mechanism), ssl: ssl() };
        assert.equal(await roundTrip(secure), "secret");
      });

      it(`${mechanism} with a wrong password: an error of authentication`, async () => {
        const config = { brokers: [bootstrap("SASL_PLAINTEXT")], sasl: sasl(mechanism, "wrong") };
        await assert.rejects(roundTrip(config), /invalid credentials with SASL mechanism/);
      });
    }
  });
});
