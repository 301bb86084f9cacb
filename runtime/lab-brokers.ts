import type { Broker } from "./broker/broker.ts";
import type { BrokerControl } from "./control/handlers.ts";
import { KeyedLock } from "./core/keyed-lock.ts";
import type { BrokerStatus } from "./core/listener.ts";
import type { Listeners } from "./listeners.ts";

/** The brokers that the lab shows itself as, each with its listeners, which can be stopped and started. */
export class LabBrokers implements BrokerControl {
  readonly #broker: Broker;
  readonly #listeners: Listeners;
  readonly #turns = new KeyedLock();

  constructor(broker: Broker, listeners: Listeners) {
    this.#broker = broker;
    this.#listeners = listeners;
  }

  list(): BrokerStatus[] {
    const { nodes } = this.#broker;
    const leads = new Map<number, number>();
    for (const { partitions } of this.#broker.topics()) {
      for (const { placement } of partitions) {
        leads.set(placement.leader, (leads.get(placement.leader) ?? 0) + 1);
      }
    }
    return nodes.all().map((id) => ({
      id,
      up: nodes.isUp(id),
      leads: leads.get(id) ?? 0,
      listeners: this.#listeners.of(id),
    }));
  }

  /** Clients are told of the new leaders before their connections end, as in a controlled shutdown. */
  stop(id: number): Promise<void> {
    return this.#turns.run(String(id), async () => {
      await this.#broker.leadership.stop(id);
      await this.#listeners.close(id);
    });
  }

  start(id: number): Promise<void> {
    return this.#turns.run(String(id), async () => {
      await this.#listeners.open(id);
      await this.#broker.leadership.start(id);
    });
  }
}
