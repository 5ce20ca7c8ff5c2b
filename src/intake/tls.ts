import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import type { Logger } from "pino";
import { ConfigError } from "../errors.ts";

const LOOKED_AFTER = 3_600_000;

/** The certificate of the server, read again when its files change. */
export interface Certificate {
  readonly options: TlsOptions;
  onRenewed(take: (options: TlsOptions) => void): void;
  close(): void;
}

/** @throws ConfigError naming the setting whose file is none */
export async function openCertificate(
  files: { readonly cert: string; readonly key: string; readonly ca: string | undefined },
  logger: Pick<Logger, "info" | "warn">,
): Promise<Certificate> {
  let options = await readOptions(files);
  const takers: ((options: TlsOptions) => void)[] = [];
  const look = async (): Promise<void> => {
    try {
      const next = await readOptions(files);
      if (next.cert === options.cert && next.key === options.key && next.ca === options.ca) return;
      options = next;
      for (const take of takers) take(next);
      logger.info("the certificate for syslog was renewed");
    } catch (error) {
      logger.warn({ err: error }, "the certificate for syslog cannot be renewed; the one before is kept");
    }
  };
  const timer = setInterval(() => void look(), LOOKED_AFTER);
  timer.unref();
  return {
    options,
    onRenewed: (take) => void takers.push(take),
    close: () => clearInterval(timer),
  };
}

async function readOptions({
  cert,
  key,
  ca,
}: {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}): Promise<TlsOptions> {
  const options: TlsOptions = {
    cert: await readPem("SYSLOG_TLS_CERT", cert),
    key: await readPem("SYSLOG_TLS_KEY", key),
    minVersion: "TLSv1.2",
    // With a list of who may sign senders' certificates, a sender has to have one.
    ...(ca !== undefined && {
      ca: await readPem("SYSLOG_TLS_CA", ca),
      requestCert: true,
      rejectUnauthorized: true,
    }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    // The words of OpenSSL are about the file's form and tell nothing of the key.
    const { message } = error as Error;
    throw new ConfigError(
      `SYSLOG_TLS_CERT and SYSLOG_TLS_KEY have to be files in PEM of one certificate and its key (${message})`,
    );
  }
  return options;
}

async function readPem(setting: string, file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    if (text.includes("-----BEGIN ")) return text;
  } catch (cause) {
    throw new ConfigError(
      `${setting} has to be a file that can be read (${(cause as NodeJS.ErrnoException).code})`,
    );
  }
  throw new ConfigError(`${setting} has to be a file in PEM`);
}
