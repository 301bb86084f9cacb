import type { MessageRef } from "../../runtime/api/view.ts";
import type { Services } from "../commands/services.ts";
import { cellOf, pickTopic, targetOf } from "../commands/targets.ts";
import type { MoveTargetArg } from "./ask-source.ts";

/**
 * What a command that moves messages was called on: an element of the tree, a topic's name, messages of the
 * grid in front, `{topic, partition, messages}`, or a topic that is asked for.
 */
export async function moveArg(
  services: Services,
  title: string,
  arg: unknown,
): Promise<MoveTargetArg | undefined> {
  const grid = services.grids.active?.state;
  const cell = cellOf(arg);
  const target = targetOf(arg);
  if (target !== undefined) {
    const filter = grid?.topic === target.topic ? grid.filter : undefined;
    return { ...target, messages: messagesOf(arg), filter };
  }
  if (grid !== undefined) {
    const { topic, partition, filter, selected } = grid;
    const message = cell ?? selected;
    return { topic, partition, filter, messages: message ? [place(message)] : [] };
  }
  const topic = await pickTopic(services, title);
  return topic === undefined
    ? undefined
    : { topic, partition: undefined, messages: [], filter: undefined };
}

const place = ({ partition, offset }: MessageRef): MessageRef => ({ partition, offset });

function messagesOf(arg: unknown): readonly MessageRef[] {
  if (typeof arg !== "object" || arg === null || !("messages" in arg)) return [];
  const given: readonly unknown[] = Array.isArray(arg.messages) ? arg.messages : [];
  return given.flatMap((each) => {
    const cell = cellOf(each);
    return cell === undefined ? [] : [place(cell)];
  });
}
