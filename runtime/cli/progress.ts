/** Shows how far a command has come, in one line that is written over; `undefined` takes it away. */
export type Progress = (text: string | undefined) => void;

/** Shows progress where a person looks on, and nothing where the stream is a file or a pipe. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const CLEAR_LINE = "\r\u001b[K";
  return (text) => {
    if (stream.isTTY) stream.write(CLEAR_LINE + (text ?? ""));
  };
}
