import { userOf, useSeen } from "./scene-context.ts";

/** What the app sends by e-mail, to whom it may be. */
export function Mailbox() {
  const scene = useSeen();
  return (
    <section className="place" aria-labelledby="place-title">
      <div className="place-head">
        <h1 id="place-title">Mailbox</h1>
        <p>{userOf(scene, scene.me).realName}</p>
      </div>
      <div className="empty">
        <h2>No e-mail yet</h2>
        <p>E-mails that the app sends arrive here instead of leaving this machine.</p>
      </div>
    </section>
  );
}
