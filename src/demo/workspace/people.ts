import { clickMessage, clickView } from "./acting/click.ts";
import { sendCommand } from "./acting/command.ts";
import { deliver } from "./acting/deliver.ts";
import { homeOpened, sendEvent } from "./acting/event.ts";
import { closeModal, fillView, submitModal } from "./acting/modal.ts";
import { personIn } from "./acting/person.ts";
import { uploadAs } from "./acting/upload.ts";
import type { People } from "./workspace.ts";
import type { World } from "./world.ts";

/** Acting as the workspace's people. */
export function createPeople(world: World, requestUrl: () => string | undefined): People {
  return {
    command: (userId, channelId, line, options = {}) =>
      sendCommand(world, requestUrl(), { userId, channelId, line }, options),
    async click(userId, target, actionId, choice, options = {}) {
      const click = { userId, actionId, choice, blockId: options.blockId };
      return "ts" in target
        ? clickMessage(world, requestUrl(), target, click, options)
        : clickView(world, requestUrl(), target, click, options);
    },
    fill: (userId, view, answers) => fillView(world, userId, view, answers),
    submitView: (userId, answers = {}, options = {}) =>
      submitModal(world, requestUrl(), userId, answers, options),
    upload: (userId, file) => uploadAs(world, userId, file),
    closeView: (userId, options = {}) => closeModal(world, requestUrl(), userId, options),
    openHome: async (userId, options = {}) =>
      sendEvent(world, requestUrl(), homeOpened(world, userId), options),
    event: (event, options = {}) => sendEvent(world, requestUrl(), event, options),
    async redeliver(delivery, options = {}) {
      return { ...delivery, ...(await deliver(world, requestUrl(), delivery, options)) };
    },
    say(userId, channelId, text, threadTs) {
      const { channel } = personIn(world, userId, channelId);
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      return world.messages.post({
        channel: channel.id,
        user: userId,
        text,
        blocks: [],
        files: [],
        ...thread,
      });
    },
  };
}
