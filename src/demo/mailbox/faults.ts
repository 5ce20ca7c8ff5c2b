/** Where a delivery meets a fault: at one of SMTP's commands, or when the message was taken and is to be answered. */
export type Stage = "mail" | "rcpt" | "data" | "taken";

/** What happens there: an answer by its code (400 to 599), a broken connection, or no answer ever. */
export type Failure =
  | { readonly code: number; readonly text?: string }
  | { readonly drop: true }
  | { readonly hang: true };

/**
 * At `data` the message is not taken: refused after its end, or broken off in its middle. At `taken` it is in the
 * mailbox, and the sender does not learn it.
 */
export type Fault = Failure & { readonly at: Stage };

/** How far a delivery has come, with the recipients that were named so far. */
export interface Step {
  readonly at: Stage;
  readonly from: string;
  readonly to: readonly string[];
}

/** Gives what a delivery meets at a step, if anything. */
export type Faulty = (step: Step) => Failure | undefined;

export interface Faults {
  /** The next `times` deliveries (at `rcpt`: recipients) that come to its stage meet it. Throws RangeError for a code that is no failure. */
  add(fault: Fault, times: number): void;
  clear(): void;
  /** What is met now; what was added goes before what `otherwise` says. */
  readonly meet: Faulty;
}

export function createFaults(otherwise: Faulty = () => undefined): Faults {
  let planned: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault, times) {
      if ("code" in fault && !(fault.code >= 400 && fault.code <= 599))
        throw new RangeError(`a fault needs a code from 400 to 599, not ${fault.code}`);
      planned.push({ fault, left: times });
    },
    clear() {
      planned = [];
    },
    meet(step) {
      const plan = planned.find(({ fault, left }) => fault.at === step.at && left > 0);
      if (plan === undefined) return otherwise(step);
      plan.left -= 1;
      return plan.fault;
    },
  };
}
