/** A disk of a few megabytes that is a folder: a tmpfs, which only root may mount, and only on Linux. */
import { spawnSync } from "node:child_process";
import { tempFolder } from "../../support/temp-folder.ts";

export interface TinyDisk {
  readonly path: string;
  /** From then on nothing on it can be written, not even by root. */
  readOnly(on: boolean): void;
  /** Takes it away with all that is on it. */
  dispose(): void;
}

function mount(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** The disk, or the reason why there can be none here. */
export function tinyDisk(megabytes: number): TinyDisk | { readonly missing: string } {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return { missing: "it mounts a tmpfs, which takes root on Linux" };
  }
  const folder = tempFolder();
  const failure = mount("-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder.path);
  if (failure !== undefined) {
    folder.dispose();
    return { missing: `a tmpfs cannot be mounted: ${failure}` };
  }
  const unmount = (): void => void spawnSync("umount", ["-l", folder.path]);
  process.once("exit", unmount);
  return {
    path: folder.path,
    readOnly(on) {
      const reason = mount("-o", `remount,${on ? "ro" : "rw"}`, folder.path);
      if (reason !== undefined) throw new Error(reason);
    },
    dispose() {
      process.removeListener("exit", unmount);
      unmount();
      folder.dispose();
    },
  };
}
