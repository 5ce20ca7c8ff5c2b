import type { Target } from "../domain/target.ts";
import { orList } from "../domain/words.ts";
import { AppError, DeliveryError, UsageError } from "../errors.ts";
import { emailTemplate } from "../messages/email-template.ts";
import type { Channel } from "./channel.ts";
import { type ComposeDeps, composeEmail } from "./compose-email.ts";
import { domainOf, parseAddress } from "./mail-address.ts";
import { createMailer, type MailPatience } from "./mailer.ts";

export interface EmailDeps extends ComposeDeps {
  /** `smtp://…` or `smtps://…`, with user and password where the server wants them. */
  readonly smtpUrl: string;
  /** In lower case; each is meant without those below it. */
  readonly allowedDomains: readonly string[];
  isUnsubscribed(schedule: string, email: string): Promise<boolean>;
  readonly patience?: MailPatience;
}

/** E-mail, a message of its own for each address. */
export function createEmailChannel(deps: EmailDeps): Channel {
  const { allowedDomains } = deps;
  const mailer = createMailer(deps.smtpUrl, deps.patience);
  const isAllowed = (address: string): boolean => allowedDomains.includes(domainOf(address));

  async function check({ to }: Target): Promise<string> {
    if (parseAddress(to) === to && isAllowed(to)) return `${domainOf(to)} is among MAIL_ALLOWED_DOMAINS`;
    throw new DeliveryError(`${to} may get no e-mail`, {
      userMessage: `${to} may get no e-mail: ${domainOf(to)} is not among MAIL_ALLOWED_DOMAINS.`,
    });
  }

  return {
    isOpen: () => false,
    async warm() {
      await Promise.all([emailTemplate(), mailer.warm()]);
    },
    async read(word) {
      if (!/^[^@#].*@/s.test(word)) return undefined;
      const to = parseAddress(word);
      if (to === undefined)
        throw new UsageError(`“${word.slice(0, 80)}” is no e-mail address such as ann@${allowedDomains[0]}`);
      if (!isAllowed(to))
        throw new UsageError(`e-mails go to ${orList(allowedDomains)} only, not to ${domainOf(to)}`);
      return { channel: "email", to, name: to };
    },
    check,
    async send(target, parcel) {
      const { to } = target;
      try {
        await check(target);
        if (await deps.isUnsubscribed(parcel.schedule.id, to)) {
          const userMessage = `${to} has unsubscribed from this report.`;
          throw new DeliveryError("unsubscribed", { userMessage, fate: "unwanted" });
        }
        parcel.signal.throwIfAborted();
        const { mail, receipt } = await composeEmail(deps, to, parcel);
        parcel.signal.throwIfAborted();
        await mailer.send(mail);
        return receipt;
      } catch (error) {
        throw error instanceof DeliveryError ? error : notMade(error, to);
      }
    },
  };
}

/** What fails before a message is handed to the mail server has not arrived for sure. */
function notMade(error: unknown, to: string): DeliveryError {
  return new DeliveryError(`no e-mail to ${to} could be made`, {
    cause: error,
    retryable: error instanceof AppError ? error.retryable : true,
    userMessage: `The e-mail to ${to} could not be made, or not in time.`,
  });
}
