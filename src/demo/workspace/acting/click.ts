import { type Interactive, interactives } from "../blocks/walk.ts";
import { setBounded } from "../bounded.ts";
import { ActingError } from "../errors.ts";
import { renderMessage, renderView } from "../render.ts";
import { type Choice, chosenState, elementStates, initialState, withValue } from "../state.ts";
import type { Delivery, Json, Message, StateValues, View } from "../types.ts";
import type { World } from "../world.ts";
import { type DeliverOptions, deliver, interactionBase } from "./deliver.ts";
import { activePerson, showNotice } from "./person.ts";

/** What is clicked, and with which choice; `blockId` where the action's name alone does not tell. */
export interface Click {
  readonly userId: string;
  readonly actionId: string;
  readonly choice?: Choice | undefined;
  readonly blockId?: string | undefined;
}

/** The one element of that name. Throws ActingError where there is none, or more than one. */
export function findElement(
  blocks: readonly Json[],
  click: Pick<Click, "actionId" | "blockId">,
): Interactive {
  const all = interactives(blocks);
  const found = all.filter(
    ({ actionId, blockId }) => actionId === click.actionId && blockId === (click.blockId ?? blockId),
  );
  const [first] = found;
  const there = all.map(({ actionId }) => actionId).join(", ") || "nothing";
  if (first === undefined) throw new ActingError(`there is no "${click.actionId}"; there is: ${there}`);
  if (found.length > 1)
    throw new ActingError(`"${click.actionId}" is there ${found.length} times; say which block`);
  return first;
}

/** A click or choice in a message. */
export async function clickMessage(
  world: World,
  requestUrl: string | undefined,
  message: Message,
  click: Click,
  options: DeliverOptions,
): Promise<Delivery> {
  const { userId } = click;
  const channel = world.directory.channel(message.channel);
  if (!channel?.members.includes(activePerson(world, userId).id))
    throw new ActingError(`${userId} is not in ${message.channel}`);
  const current = world.messages.find(message.channel, message.ts);
  const isSeen = current?.ephemeralTo === undefined || current.ephemeralTo === userId;
  if (current === undefined || !isSeen) throw new ActingError(`${userId} does not see that message`);
  const found = findElement(current.blocks, click);
  const key = `${current.channel}:${current.ts}:${userId}`;
  const { action, state } = act(world, found, click.choice, picksOf(current, world.picks.get(key)));
  setBounded(world.picks, key, state, 1000);
  const grant = { userId, channelId: current.channel, ts: current.ts };
  const responseUrl = `${world.origin()}/response/${world.responseUrls.issue(grant)}`;
  const isEphemeral = current.ephemeralTo !== undefined;
  const triggerId = world.triggers.issue(userId);
  const payload = {
    type: "block_actions",
    ...interactionBase(world, userId),
    container: {
      type: "message",
      message_ts: current.ts,
      channel_id: current.channel,
      is_ephemeral: isEphemeral,
    },
    trigger_id: triggerId,
    channel: { id: channel.id, name: channel.is_private === true ? "privategroup" : channel.name },
    // Slack does not hand an ephemeral message back.
    ...(isEphemeral ? {} : { message: renderMessage(world, current) }),
    state: { values: state },
    response_url: responseUrl,
    actions: [action],
  };
  const ack = await deliver(world, requestUrl, { kind: "interactive", payload }, options);
  if (ack.error !== undefined) showNotice(world, grant, `The app did not react (${ack.error}).`);
  return { kind: "interactive", payload, triggerId, responseUrl, ...ack };
}

/** A click or choice in a modal or Home tab: there is no response URL. */
export async function clickView(
  world: World,
  requestUrl: string | undefined,
  view: View,
  click: Click,
  options: DeliverOptions,
): Promise<Delivery> {
  const current = world.views.find(view.id);
  if (current === undefined || current.userId !== click.userId)
    throw new ActingError(`${click.userId} does not see that view`);
  const found = findElement(current.blocks, click);
  if (found.input !== undefined && found.input.dispatch_action !== true)
    throw new ActingError(`"${click.actionId}" is told to the app only on submission`);
  const { action, state } = act(world, found, click.choice, current.state);
  const changed = world.views.setState(current, state);
  const triggerId = world.triggers.issue(click.userId, view.id);
  const payload = {
    type: "block_actions",
    ...interactionBase(world, click.userId),
    container: { type: "view", view_id: view.id },
    trigger_id: triggerId,
    view: renderView(world, changed),
    actions: [action],
  };
  const ack = await deliver(world, requestUrl, { kind: "interactive", payload }, options);
  return { kind: "interactive", payload, triggerId, ...ack };
}

/** What a person has picked so far; picks in blocks that an update took away are forgotten. */
function picksOf(message: Message, picked: StateValues = {}): StateValues {
  const initial = initialState(message.blocks);
  return Object.fromEntries(
    Object.entries(initial).map(([blockId, values]) => [blockId, { ...values, ...picked[blockId] }]),
  );
}

function act(
  world: World,
  found: Interactive,
  choice: Choice | undefined,
  values: StateValues,
): { readonly action: Json; readonly state: StateValues } {
  const { element, type, actionId, blockId } = found;
  const base = {
    type,
    action_id: actionId,
    block_id: blockId,
    action_ts: String(world.settings.now() / 1000),
  };
  const shown = Object.fromEntries(
    ["text", "style", "url", "placeholder", "confirm", "initial_option", "initial_date"].flatMap((key) =>
      element[key] === undefined ? [] : [[key, element[key]]],
    ),
  );
  if (type === "button") {
    if (choice !== undefined) throw new ActingError("a button takes no choice");
    const value = element.value === undefined ? {} : { value: element.value };
    return { action: { ...base, ...shown, ...value }, state: values };
  }
  if (choice === undefined) throw new ActingError(`"${actionId}" is a ${type}: say what is chosen`);
  const chosen = chosenState(found, choice);
  const state = elementStates[type] === undefined ? values : withValue(values, found, chosen);
  return { action: { ...base, ...shown, ...chosen }, state };
}
