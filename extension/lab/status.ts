import type { RunningLab } from "./client.ts";

/**
 * What this window knows of its lab, as one value. The status bar, the context keys, the views and
 * the commands all follow it; nothing else says whether the lab runs.
 */
export type LabStatus =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting"; readonly afterCrash: boolean }
  | { readonly kind: "running"; readonly lab: RunningLab }
  | { readonly kind: "stopping" }
  | { readonly kind: "failed"; readonly message: string };

export type LabStatusKind = LabStatus["kind"];

/** The port of a bootstrap address such as `127.0.0.1:9092` or `[::1]:9092`. */
export function portOf(bootstrap: string): string {
  return bootstrap.slice(bootstrap.lastIndexOf(":") + 1);
}
