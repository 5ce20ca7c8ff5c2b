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
}

/** Looks people and user groups up; what Slack said is kept for a minute. */
export interface SlackUsers {
  /** Undefined for nobody. Throws where Slack cannot say. */
  user(id: string): Promise<SlackUser | undefined>;
  /** The members of a user group by its handle, without `@`; undefined where there is none. Throws likewise. */
  members(handle: string): Promise<ReadonlySet<string> | undefined>;
}

const LIFETIME = 60_000;

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
        isAdmin: user.is_admin === true || user.is_owner === true || user.is_primary_owner === true,
        isOutsider: user.deleted === true || user.is_bot === true || isForeign(user, home()),
      };
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error === "user_not_found") return undefined;
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
