import { createRandom, randomUuid } from "./random.ts";

export type SampleTeam = "engineering" | "support" | "sales" | "finance" | "operations" | "management";

/** What sets somebody apart from the team. */
export interface Story {
  /** Began so many days ago. */
  readonly since?: number;
  /** Stopped so many days ago. */
  readonly until?: number;
  /** Left so many days ago and came back so many days ago. */
  readonly away?: readonly [left: number, back: number];
  /** Signs in and does nothing, or does not even that. */
  readonly only?: "sign-ins" | "nothing";
  /** As the member list has it; "member" unless said. */
  readonly membership?: keyof typeof memberStatus;
  /** Still tries to sign in, in vain, so many days ago. */
  readonly refused?: number;
}

/** Somebody invented. */
export interface SamplePerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly team: SampleTeam;
  /** Place within the team, from 0; turns and shifts go by it. */
  readonly place: number;
  readonly story: Story;
}

type Row = readonly [mailbox: string, name: string, story?: Story];

/** Bitwarden's numbers. */
const memberStatus = { revoked: -1, invited: 0, member: 2 };

/** Those with a story, and those whom the local Slack workspace knows by the same e-mail. */
const known: readonly (readonly [SampleTeam, ...Row])[] = [
  ["engineering", "zoe.angstrom", "Zoë Ångström"],
  ["engineering", "alice.ferreira", "Alice Ferreira-Holt"],
  ["operations", "tomas.vale", "Tomas Vale"],
  ["management", "ingrid.solem", "Ingrid Solem"],
  ["support", "priya.nandan", "Priya Nandan"],
  ["sales", "milo.brandt", "Milo Brandt", { until: 62, membership: "revoked", refused: 20 }],
  ["sales", "fiadh.oconarain", "Fiadh Ó Conaráin", { until: 50 }],
  ["engineering", "nthabiseng.molapong", "Nthabiseng Molapong", { until: 36 }],
  ["engineering", "tadeusz.wroblicki", "Tadeusz Wróblicki", { since: 10 }],
  ["management", "gwendolyn.achterberg", "Gwendolyn Achterberg", { only: "sign-ins" }],
  ["finance", "soren.lykkegard", "Søren Lykkegård-Holm", { only: "sign-ins" }],
  ["sales", "ikaika.palakiko", "Ikaika Palakiko", { only: "nothing" }],
  ["finance", "margit.szentgali", "Margit Szentgáli", { only: "nothing" }],
  ["support", "yonas.tekleab", "Yonas Tekleab", { only: "nothing", membership: "invited" }],
  ["engineering", "chikage.morikawa", "森川 千景"],
  ["finance", "najla.zaytuni", "نجلاء الزيتوني"],
  ["support", "bram.oosterveld", "Bram “🦊” Oosterveld"],
];

const others: Readonly<Record<SampleTeam, readonly Row[]>> = {
  engineering: [
    ["mateus.quintanilha", "Mateus Quintanilha"],
    ["anneliese.vogtmann", "Anneliese Vogtmann"],
    ["dilnoza.qodirxonova", "Dilnoza Qodirxonova"],
    ["wanjiru.kamotho", "Wanjiru Kamotho"],
    ["thorbjorg.hrafnsdal", "Þorbjörg Hrafnsdal"],
    ["rohan.deshkulkarni", "Rohan Deshkulkarni", { away: [64, 8] }],
    ["ximena.arrazate", "Ximena Arrazate"],
    ["quynh.le", "Lê Thảo Quỳnh"],
    ["caoimhe.dunleary", "Caoimhe Dunleary"],
    ["bartlomiej.gasiorek", "Bartłomiej Gąsiorek"],
    ["mara.tolvanen", "Mara Tolvanen"],
  ],
  support: [
    ["chidinma.ezeafor", "Chidinma Ezeafor"],
    ["joaquin.penaloza", "Joaquín Peñaloza"],
    ["sunniva.rodland", "Sunniva Rødland"],
    ["mara.costigan", "Mara Costigan"],
    ["naveen.thirumal", "Naveen Thirumal"],
    ["elodie.garrouste", "Élodie Garrouste"],
    ["arman.ghukasyants", "Arman Ghukasyants"],
    ["malakai.fonoti", "Malakai Fonoti"],
    ["hande.cakiroglu", "Hande Çakıroğlu"],
  ],
  sales: [
    ["ottavia.brusadelli", "Ottavia Brusadelli"],
    ["kwabena.asiedu-frey", "Kwabena Asiedu-Frey"],
    ["jolanda.kuipers", "Jolanda Kuipers-Maat"],
    ["rafael.montecinos", "Rafael Montecinos"],
    ["siddharth.palnitkar", "Siddharth Palnitkar"],
    ["aroha.tamatea", "Aroha Tamatea"],
    ["desiree.lachapelle", "Désirée Lachapelle-Roy"],
    ["zsofia.kemenesi", "Zsófia Kemenesi"],
  ],
  finance: [
    ["edvard.stromqvist", "Edvard Strömqvist"],
    ["lindiwe.mabizela", "Lindiwe Mabizela"],
    ["cornelia.ritzenhoff", "Cornelia Ritzenhoff"],
    ["haeun.pyo", "Ha-eun Pyo"],
  ],
  operations: [
    ["jarek.dobrosielski", "Jarek Dobrosielski"],
    ["oluwaseun.adigbite", "Oluwaseun Adigbite"],
    ["petronella.vanderwiel", "Petronella van der Wiel"],
    ["ruslan.achmetgalin", "Ruslan Achmetgalin"],
    ["tevita.moala", "Tevita Moala"],
    ["lior.benhadar", "Lior Ben-Hadar"],
    ["ines.carvalhosa", "Inês Carvalhosa"],
    ["nikau.rangihuna", "Nikau Rangihuna"],
  ],
  management: [
    ["archibald.penhaligon", "Archibald Penhaligon-Ross"],
    ["meera.vaidyalingam", "Meera Vaidyalingam"],
    ["hakon.brattvaer", "Håkon Brattvær"],
  ],
};

const rows = [
  ...known,
  ...Object.entries(others).flatMap(([team, members]) =>
    members.map((member) => [team as SampleTeam, ...member] as const),
  ),
];

/** The sample's people; fewer of them are the first of the list, which have the stories. */
export const samplePeople: readonly SamplePerson[] = rows.map(([team, mailbox, name, story = {}], i) => ({
  id: `u${String(i + 1).padStart(2, "0")}`,
  email: `${mailbox}@example.com`,
  name,
  team,
  place: rows.slice(0, i).filter(([other]) => other === team).length,
  story,
}));

/**
 * A member list as Bitwarden's Public API gives it. An e-mail's case differs from that in the events, as it does
 * in life; who was only invited has no account there yet.
 */
export function sampleMembers(people: readonly SamplePerson[] = samplePeople): object {
  const data = people.map(({ email, name, team, story }) => {
    const random = createRandom(`member/${email}`);
    const membership = story.membership ?? "member";
    return {
      object: "member",
      id: randomUuid(random),
      userId: membership === "invited" ? null : randomUuid(random),
      name,
      email: team === "management" ? `${email.charAt(0).toUpperCase()}${email.slice(1)}` : email,
      twoFactorEnabled: membership !== "invited",
      status: memberStatus[membership],
      type: team === "operations" ? 1 : 2,
      collections: null,
    };
  });
  return { object: "list", data, continuationToken: null };
}

/** Who leads each team, by mailbox. */
const leads: Readonly<Record<SampleTeam, string>> = {
  engineering: "meera.vaidyalingam",
  support: "priya.nandan",
  sales: "archibald.penhaligon",
  finance: "hakon.brattvaer",
  operations: "tomas.vale",
  management: "ingrid.solem",
};

/** The organisation's own list of people, with teams and managers; nobody is their own. */
export function sampleDirectory(people: readonly SamplePerson[] = samplePeople): object[] {
  return people.map(({ email, name, team }) => {
    const lead = `${leads[team]}@example.com`;
    const manager = lead === email ? `${leads.management}@example.com` : lead;
    return {
      email,
      name,
      team: `${team.charAt(0).toUpperCase()}${team.slice(1)}`,
      manager: manager === email ? null : manager,
      kind: "person",
    };
  });
}
