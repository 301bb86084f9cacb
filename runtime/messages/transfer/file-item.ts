import type { NewMessage } from "../../api/model.ts";

/** A message of a file and where it stands, for what may be wrong with it: `line 7`. */
export interface PlacedMessage {
  readonly kind: "message";
  readonly place: string;
  readonly message: NewMessage;
}

/** What is wrong with a file and where: `line 7, column 12`. */
export interface FileFault {
  readonly kind: "fault";
  readonly place: string;
  readonly message: string;
}

export type FileItem = PlacedMessage | FileFault;
