import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import { createCache } from "./cache.ts";
import { patiently } from "./client.ts";

/** What Slack knows of a person, as far as it matters here. */
export interface SlackUser {
  readonly name: string;
  /** Their own zone, an IANA name; undefined where Slack does not say. */
  readonly timeZone: string | undefined;
  /** Lower case; undefined where Slack shows none, or where nobody has confirmed it. */
  readonly email: string | undefined;
  readonly isAdmin: boolean;
  /** Deactivated, a robot, or from another organisation: nobody who may be an admin here. */
  readonly isOutsider: boolean;
  /** Let into some channels only. */
  readonly isGuest: boolean;
}

/** Looks people and user groups up; what Slack said is kept for a minute, or five for ids and admins. */
export interface SlackUsers {
  /** Undefined for nobody. Throws where Slack cannot say. */
  user(id: string): Promise<SlackUser | undefined>;
  /** The members of a user group by its handle, without `@`; undefined where there is none. Throws likewise. */
  members(handle: string): Promise<ReadonlySet<string> | undefined>;
  /** The id of whoever has an e-mail; undefined for nobody. Throws likewise. */
  idOf(email: string): Promise<string | undefined>;
  /** The ids of the workspace's owners and admins. Throws likewise. */
  admins(): Promise<readonly string[]>;
}

const LIFETIME = 60_000;
const PAGE = 200;
const MOST_PAGES = 50;

/** Whose app this is; undefined where Slack does not say. */
export interface HomeOrganisation {
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
}

interface Membership {
  readonly team_id?: string;
  readonly is_stranger?: boolean;
  readonly enterprise_user?: { readonly enterprise_id?: string };
}

interface Standing {
  readonly is_admin?: boolean;
  readonly is_owner?: boolean;
  readonly is_primary_owner?: boolean;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
}

/** Whether a person is of another organisation, with which a channel is shared. */
function isForeign(user: Membership, { teamId, enterpriseId }: HomeOrganisation): boolean {
  if (user.is_stranger === true) return true;
  const isOfOurs = enterpriseId !== undefined && user.enterprise_user?.enterprise_id === enterpriseId;
  return user.team_id !== undefined && teamId !== undefined && user.team_id !== teamId && !isOfOurs;
}

export function createUsers(
  client: Pick<WebClient, "users" | "usergroups">,
  clock: () => number,
  home: () => HomeOrganisation,
): SlackUsers {
  const users = createCache<SlackUser | undefined>({ most: 1_000, lifetime: LIFETIME, clock });
  const groups = createCache<ReadonlyMap<string, string>>({ most: 1, lifetime: LIFETIME, clock });
  const ids = createCache<string | undefined>({ most: 100, lifetime: 5 * LIFETIME, clock });
  const admins = createCache<readonly string[]>({ most: 1, lifetime: 5 * LIFETIME, clock });
  const members = createCache<ReadonlySet<string>>({ most: 50, lifetime: LIFETIME, clock });

  async function loadUser(id: string): Promise<SlackUser | undefined> {
    try {
      const { user } = await patiently(() => client.users.info({ user: id }));
      if (user === undefined) return undefined;
      const { profile, is_email_confirmed } = user;
      return {
        name: user.real_name ?? user.name ?? id,
        timeZone: user.tz,
        email: is_email_confirmed === false ? undefined : profile?.email?.toLowerCase(),
        ...standingOf(user),
      };
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error === "user_not_found") return undefined;
      throw error;
    }
  }

  function standingOf(user: Standing & Membership): Pick<SlackUser, "isAdmin" | "isOutsider" | "isGuest"> {
    return {
      isAdmin: user.is_admin === true || user.is_owner === true || user.is_primary_owner === true,
      isOutsider: user.deleted === true || user.is_bot === true || isForeign(user, home()),
      isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
    };
  }

  async function loadAdmins(): Promise<readonly string[]> {
    const admins: string[] = [];
    let cursor = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const { members: people = [], response_metadata } = await patiently(() =>
        client.users.list({ limit: PAGE, ...(cursor === "" ? {} : { cursor }) }),
      );
      for (const person of people) {
        const { isAdmin, isOutsider } = standingOf(person);
        if (person.id !== undefined && isAdmin && !isOutsider) admins.push(person.id);
      }
      cursor = response_metadata?.next_cursor ?? "";
      if (cursor === "") break;
    }
    return admins;
  }

  async function loadId(email: string): Promise<string | undefined> {
    try {
      return (await patiently(() => client.users.lookupByEmail({ email }))).user?.id;
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error === "users_not_found") return undefined;
      throw error;
    }
  }

  async function loadGroups(): Promise<ReadonlyMap<string, string>> {
    const { usergroups = [] } = await patiently(() => client.usergroups.list());
    return new Map(
      usergroups.flatMap(({ handle, id }) => (handle && id ? [[handle.toLowerCase(), id]] : [])),
    );
  }

  return {
    user: (id) => users.get(id, () => loadUser(id)),
    admins: () => admins.get("all", loadAdmins),
    idOf: (email) => ids.get(email, () => loadId(email)),
    async members(handle) {
      const group = (await groups.get("all", loadGroups)).get(handle.toLowerCase());
      if (group === undefined) return undefined;
      return members.get(group, async () => {
        const { users = [] } = await patiently(() => client.usergroups.users.list({ usergroup: group }));
        return new Set(users);
      });
    },
  };
}
