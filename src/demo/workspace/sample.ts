import type { Channel, User, Usergroup } from "./types.ts";

/** An invented workspace: one of every kind of person and channel that an app has to tell apart. */
export function defaultDirectory(botUserId: string): {
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups: readonly Usergroup[];
} {
  const person = (id: string, name: string, real_name: string, more: Partial<User> = {}): User => ({
    id,
    name,
    real_name,
    email: `${name}@example.com`,
    ...more,
  });
  const everyone = ["U0OWNER", "U0ADMIN", "U0MANAGER", "U0PERSON"];
  return {
    users: [
      person("U0OWNER", "ingrid.solem", "Ingrid Solem", { is_owner: true, is_admin: true }),
      person("U0ADMIN", "tomas.vale", "Tomas Vale", { is_admin: true }),
      person("U0MANAGER", "priya.nandan", "Priya Nandan", { tz: "Asia/Kolkata" }),
      person("U0PERSON", "zoe.angstrom", "Zoë Ångström"),
      person("U0GONE", "milo.brandt", "Milo Brandt", { deleted: true }),
      person(botUserId, "vault-usage", "Vault Usage", { is_bot: true }),
    ],
    channels: [
      { id: "C0GENERAL", name: "general", members: [...everyone, botUserId] },
      { id: "C0SECURITY", name: "security", members: ["U0OWNER", "U0ADMIN", botUserId] },
      { id: "C0NOBOT", name: "coffee", members: everyone },
      { id: "C0PRIVATE", name: "leads", is_private: true, members: ["U0OWNER", "U0MANAGER", botUserId] },
      { id: "C0HIDDEN", name: "board", is_private: true, members: ["U0OWNER"] },
      { id: "C0OLD", name: "old-reports", is_archived: true, members: [...everyone, botUserId] },
    ],
    usergroups: [
      { id: "S0ADMINS", handle: "vault-admins", name: "Vault admins", users: ["U0OWNER", "U0ADMIN"] },
    ],
  };
}
