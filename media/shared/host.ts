import { type Contract, type Handlers, type Pipe, RpcPeer } from "../../runtime/api/rpc.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension as seen from a webview: a peer, and the state that survives a window reload. */
export interface Host<Local extends Contract, Remote extends Contract> {
  readonly peer: RpcPeer<Local, Remote>;
  setState(state: unknown): void;
}

/** Connects this webview with the extension. To be called once: VS Code hands its API out once. */
export function connectHost<Local extends Contract, Remote extends Contract>(
  handlers: Handlers<Local>,
): Host<Local, Remote> {
  const api = acquireVsCodeApi();
  const pipe: Pipe = {
    send: (message) => api.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener("message", (event: MessageEvent<unknown>) => listener(event.data)),
    // The webview ends together with its panel; nothing is left then that could be told.
    onClose: () => undefined,
    close: () => undefined,
  };
  return {
    peer: new RpcPeer<Local, Remote>(pipe, handlers),
    setState: (state) => api.setState(state),
  };
}
