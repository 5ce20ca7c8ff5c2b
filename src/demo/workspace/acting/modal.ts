import { type Interactive, interactives, isObject } from "../blocks/walk.ts";
import { checkViewContent } from "../content.ts";
import { ActingError, SlackError } from "../errors.ts";
import { renderView } from "../render.ts";
import { type Choice, chosenState, withValue } from "../state.ts";
import type { Delivery, Json, StateValues, View } from "../types.ts";
import type { World } from "../world.ts";
import { checkFiles } from "./chosen-files.ts";
import { type DeliverOptions, deliver, interactionBase } from "./deliver.ts";

/** What to fill in: by `action_id`, or by `block_id/action_id` where that alone does not tell. */
export type Answers = Readonly<Record<string, Choice>>;

/** The modal in front of a person. Throws ActingError where there is none. */
export function topModal({ views }: Pick<World, "views">, userId: string): View {
  const view = views.modals(userId).at(-1);
  if (view === undefined) throw new ActingError(`${userId} has no modal open`);
  return view;
}

/** Fills in and submits the modal in front, and does what the app answers: errors, update, push, clear or close. */
export async function submitModal(
  world: World,
  requestUrl: string | undefined,
  userId: string,
  answers: Answers,
  options: DeliverOptions,
): Promise<Delivery> {
  const view = topModal(world, userId);
  if (view.submit === undefined) throw new ActingError("this modal has no submit button");
  const filled = world.views.setState(view, fill(world, view, answers));
  checkFilled(filled);
  const triggerId = world.triggers.issue(userId, view.id);
  const payload = {
    type: "view_submission",
    ...interactionBase(world, userId),
    trigger_id: triggerId,
    view: renderView(world, filled),
    response_urls: [],
  };
  const ack = await deliver(world, requestUrl, { kind: "interactive", payload }, options);
  const delivery = { kind: "interactive", payload, triggerId, ...ack } as const;
  if (ack.error !== undefined) return delivery;
  try {
    react(world, filled, ack.body);
    return delivery;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    world.violations.push({ rule: "ack", where: "view_submission", detail: error.message });
    return { ...delivery, error: error.code };
  }
}

/** Closes the modal in front (all of them with `clear_on_close`); the app is told if it asked to be. */
export async function closeModal(
  world: World,
  requestUrl: string | undefined,
  userId: string,
  options: DeliverOptions,
): Promise<Delivery | undefined> {
  const view = topModal(world, userId);
  world.views.close(userId, view.clear_on_close);
  if (!view.notify_on_close) return undefined;
  const payload = {
    type: "view_closed",
    ...interactionBase(world, userId),
    view: renderView(world, view),
    is_cleared: view.clear_on_close,
  };
  const ack = await deliver(world, requestUrl, { kind: "interactive", payload }, options);
  return { kind: "interactive", payload, ...ack };
}

/** Fills in a modal or Home tab without telling the app, which sees it with the next click or the submission. */
export function fillView(world: World, userId: string, view: View, answers: Answers): View {
  const current = world.views.find(view.id);
  if (current?.userId !== userId) throw new ActingError(`${userId} does not see that view`);
  return world.views.setState(current, fill(world, current, answers));
}

function fill(world: World, view: View, answers: Answers): StateValues {
  const elements = interactives(view.blocks);
  const names = elements.map(({ actionId }) => actionId);
  const known = new Set([...names, ...elements.map(longName)]);
  const unknown = Object.keys(answers).find((name) => !known.has(name));
  if (unknown !== undefined) throw new ActingError(`there is no "${unknown}"; there is: ${names.join(", ")}`);
  return elements.reduce((values, found) => {
    const answer = answers[longName(found)] ?? answers[found.actionId];
    if (answer === undefined) return values;
    const state = chosenState(found, answer);
    checkFiles(world, view.userId, found, state);
    return withValue(values, found, state);
  }, view.state);
}

const longName = ({ blockId, actionId }: Interactive): string => `${blockId}/${actionId}`;

/** Slack's client holds a person back here; the app is never asked. */
function checkFilled({ blocks, state }: View): void {
  for (const { element, input, blockId, actionId } of interactives(blocks)) {
    const { type: _, ...held } = state[blockId]?.[actionId] ?? {};
    const isEmpty = Object.values(held).every(
      (value) => value === null || value === "" || isEmptyList(value),
    );
    if (input !== undefined && input.optional !== true && isEmpty)
      throw new ActingError(`"${actionId}" has to be filled in`);
    checkLength(element, held);
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function checkLength(element: Json, { value }: Json): void {
  if (typeof value !== "string") return;
  const { min_length: min = 0, max_length: max = 3000 } = element;
  if (value.length < Number(min) || value.length > Number(max))
    throw new ActingError(`"${String(element.action_id)}" takes ${String(min)} to ${String(max)} characters`);
}

function react(world: World, view: View, body: unknown): void {
  if (body === undefined) {
    world.views.close(view.userId, false);
    return;
  }
  if (!isObject(body)) throw new SlackError("invalid_arguments", { body: String(body) });
  const { response_action: action, errors, view: next } = body;
  const content = () =>
    checkViewContent(world, isObject(next) ? next : {}, "modal", `response_action ${String(action)}`);
  if (action === "errors") checkErrors(view, errors);
  else if (action === "update") world.views.update(view, content());
  else if (action === "push") world.views.push(view.userId, content());
  else if (action === "clear") world.views.close(view.userId, true);
  else throw new SlackError("invalid_arguments", { response_action: action });
}

/** Errors are shown under input blocks; Slack shows nothing useful for any other name. */
function checkErrors(view: View, errors: unknown): void {
  const inputs = view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
  const isRight =
    isObject(errors) &&
    Object.keys(errors).length > 0 &&
    Object.entries(errors).every(
      ([id, text]) => inputs.includes(id) && typeof text === "string" && text !== "",
    );
  if (!isRight) throw new SlackError("invalid_arguments", { errors, inputs });
}
