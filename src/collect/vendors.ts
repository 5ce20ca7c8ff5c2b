import type { Config } from "../config.ts";
import { createBitwarden } from "./bitwarden.ts";
import { type CallerOptions, createCaller } from "./caller.ts";
import { createKeeper } from "./keeper.ts";
import { createOnePassword } from "./onepassword.ts";
import type { Vendor } from "./vendor.ts";

type Outside = Pick<CallerOptions, "pause"> & { readonly clock: () => number };

/** The vaults whose events can be collected, each made if the settings have what it takes. A further one is a file and an entry. */
const makers = {
  bitwarden({ COLLECT_BITWARDEN_URL: url, ...config }, { clock, pause }) {
    const { COLLECT_BITWARDEN_CLIENT_ID: clientId, COLLECT_BITWARDEN_CLIENT_SECRET: clientSecret } = config;
    if (clientId === undefined || clientSecret === undefined) return undefined;
    const credentials = "COLLECT_BITWARDEN_CLIENT_ID with COLLECT_BITWARDEN_CLIENT_SECRET";
    const caller = createCaller({ title: "Bitwarden", credentials, ...(pause && { pause }) });
    return createBitwarden({ url, clientId, clientSecret }, caller, clock);
  },
  onepassword({ COLLECT_ONEPASSWORD_URL: url, COLLECT_ONEPASSWORD_TOKEN: token }, { pause }) {
    if (token === undefined) return undefined;
    // 600 requests a minute.
    const caller = createCaller({
      title: "1Password",
      credentials: "COLLECT_ONEPASSWORD_TOKEN",
      apart: 100,
      ...(pause && { pause }),
    });
    return createOnePassword({ url, token }, caller);
  },
  keeper({ COLLECT_KEEPER_URL: url, COLLECT_KEEPER_TOKEN: token }, { pause }) {
    if (token === undefined) return undefined;
    const caller = createCaller({
      title: "Keeper",
      credentials: "COLLECT_KEEPER_TOKEN",
      ...(pause && { pause }),
    });
    return createKeeper({ url, token }, caller);
  },
} satisfies Record<string, (config: Config, outside: Outside) => Vendor | undefined>;

/** Those that the settings name. */
export function vendorsOf(config: Config, outside: Outside): Vendor[] {
  return Object.values(makers).flatMap((make) => make(config, outside) ?? []);
}
