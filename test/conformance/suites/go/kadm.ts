/** franz-go's own tests of its admin client. None of them asks a broker: see clients/go/admin.go. */
import { GoTestProgram } from "./module.ts";
import { runGoTests } from "./tests.ts";
import type { Suite } from "../suite.ts";

const VERSION = "v1.20.0";
const PACKAGE = { module: "github.com/twmb/franz-go/pkg/kadm", version: VERSION, name: "." };

export const KADM: Suite = {
  name: "kadm",
  title: `franz-go kadm ${VERSION}`,
  how: "go test . in the module github.com/twmb/franz-go/pkg/kadm",
  limitMinutes: 10,
  prepare: (folder) => new GoTestProgram(folder, PACKAGE).build(),
  run: (context) => {
    const program = new GoTestProgram(context.folder, PACKAGE);
    return runGoTests({ program, env: {}, limitMinutes: 5 }, context);
  },
};
