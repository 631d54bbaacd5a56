/**
 * A local OpenID provider that demands of its client what ID-porten can: PKCE (S256), pushed authorization
 * requests and private_key_jwt. The protocol is the certified `oidc-provider`; ours are the page on which a
 * test person is chosen, the claims as ID-porten names them, and the end-session page with front-channel log-out.
 *
 *   node provider.mjs CONFIG.json
 *
 * The configuration is written by kpr_portal/embedded/idporten.py, which says what each field means.
 */

import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import { Provider, interactionPolicy } from "oidc-provider";

import { confirmPage, endSessionPage, errorPage, language, signInPage } from "./pages.mjs";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const LEVELS = ["idporten-loa-substantial", "idporten-loa-high"];
const IDLE_SECONDS = 30 * 60;
const LONGEST_SECONDS = 120 * 60;
const LARGEST_FORM = 10_000;
const hostile = new Set(config.hostile);
const accounts = new Map();

/** The people to choose among; read anew each time, so that they may be loaded after the start. */
function people() {
  try {
    return JSON.parse(readFileSync(config.people_file, "utf8"));
  } catch {
    return [];
  }
}

/** The account of a person, under a `sub` that says nothing of the number and differs from client to client. */
function accountFor(number, locale) {
  const person = people().find((one) => one.number === number) ?? {};
  const sub = createHmac("sha256", config.pairwise_secret)
    .update(`${config.client.client_id} ${number}`)
    .digest("base64url");
  const claims = { sub, pid: number, locale };
  if (config.kind === "staff") {
    Object.assign(claims, { roles: person.roles ?? [], organisation: person.organisation ?? "" });
  }
  if (hostile.has("no_pid")) delete claims.pid;
  accounts.set(sub, claims);
  return sub;
}

/** The lowest level that the client accepts: several values mean the lowest of them. */
function wantedLevel(params) {
  const wanted = (params.acr_values ?? "").split(" ").filter((value) => LEVELS.includes(value));
  return LEVELS.find((level) => wanted.includes(level)) ?? LEVELS[0];
}

const policy = interactionPolicy.base();
policy.get("login").checks.add(
  new interactionPolicy.Check("level_too_low", "a higher level is required", ({ oidc }) => {
    const { accountId, acr } = oidc.session;
    return Boolean(accountId) && !oidc.result?.login && LEVELS.indexOf(acr) < LEVELS.indexOf(wantedLevel(oidc.params));
  }),
);
policy.get("login").checks.add(
  new interactionPolicy.Check("session_too_old", "the session has lasted its longest", ({ oidc }) =>
    Boolean(oidc.session.accountId) && !oidc.result?.login && oidc.session.past(LONGEST_SECONDS)),
);

/** Addresses that log the person out at each client of the session (OpenID Connect Front-Channel Logout 1.0). */
async function frontChannelAddresses(session) {
  const addresses = [];
  for (const clientId of Object.keys(session?.authorizations ?? {})) {
    const client = await provider.Client.find(clientId);
    const registered = client?.metadata().frontchannel_logout_uri;
    if (!registered) continue;
    const address = new URL(registered);
    address.searchParams.set("iss", provider.issuer);
    address.searchParams.set("sid", session.sidFor(clientId));
    addresses.push(address.href);
  }
  return addresses;
}

/** The end-session page: at once where the ID token shown is the session's own, else after a question. */
async function endSession(ctx, form) {
  const { session, params, entities } = ctx.oidc;
  const lang = language(params.ui_locales);
  if (entities.IdTokenHint?.payload.sub !== session.accountId) {
    respond(ctx, confirmPage({ lang, form }));
    return;
  }
  const addresses = await frontChannelAddresses(session);
  for (const { grantId } of Object.values(session.authorizations ?? {})) {
    await (await provider.Grant.find(grantId))?.destroy();
  }
  await session.destroy();
  ctx.cookies.set(provider.cookieName("session"), null, { httpOnly: true, sameSite: "lax" });
  let next = "";
  if (params.post_logout_redirect_uri) {
    const back = new URL(params.post_logout_redirect_uri);
    if (params.state !== undefined) back.searchParams.set("state", params.state);
    next = back.href;
  }
  respond(ctx, endSessionPage({ lang, addresses, next, nonce: newNonce(ctx, addresses) }));
}

function newNonce(ctx, frames = []) {
  ctx.state.nonce = randomBytes(16).toString("base64");
  ctx.state.frames = frames.map((address) => new URL(address).origin);
  return ctx.state.nonce;
}

function respond(ctx, html) {
  const portal = [...new Set(config.client.redirect_uris.map((address) => new URL(address).origin))];
  const frames = ctx.state.frames?.length ? ctx.state.frames.join(" ") : "'none'";
  ctx.type = "html";
  ctx.set("Cache-Control", "no-store");
  ctx.set(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'self'; script-src 'nonce-${ctx.state.nonce ?? "none"}'; frame-src ${frames}; ` +
      `form-action 'self' ${portal.join(" ")}; base-uri 'none'; frame-ancestors 'none'`,
  );
  ctx.body = html;
}

const provider = new Provider(config.issuer, {
  clients: [
    {
      ...config.client,
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "private_key_jwt",
      id_token_signed_response_alg: "RS256",
    },
  ],
  clientAuthMethods: ["private_key_jwt"],
  extraClientMetadata: { properties: ["frontchannel_logout_uri", "frontchannel_logout_session_required"] },
  jwks: { keys: config.signing_keys },
  cookies: {
    keys: config.cookie_keys,
    // Browsers do not keep apart the cookies of two ports.
    names: Object.fromEntries(["session", "interaction", "resume"].map((name) => [name, `${name}-${config.port}`])),
  },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: endSession,
      postLogoutSuccessSource: (ctx) => {
        respond(ctx, endSessionPage({ lang: "nb", addresses: [], next: "", nonce: newNonce(ctx) }));
      },
    },
  },
  routes: {
    authorization: "/authorize",
    end_session: "/logout",
    jwks: "/jwks.json",
    pushed_authorization_request: "/par",
    token: "/token",
    userinfo: "/userinfo",
  },
  scopes: ["openid", "profile"],
  acrValues: LEVELS,
  claims: {
    iss: null,
    openid: ["sub", "pid", "acr", "amr", "sid", "auth_time", "locale", ...(config.kind === "staff" ? ["roles", "organisation"] : [])],
  },
  conformIdTokenClaims: false,
  discovery: {
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    ui_locales_supported: ["nb", "nn", "en", "se"],
  },
  interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: {
    AccessToken: 120,
    AuthorizationCode: 60,
    Grant: LONGEST_SECONDS,
    IdToken: 120,
    Interaction: 60 * 60,
    Session: (_ctx, session) =>
      session.loginTs
        ? Math.max(1, Math.min(IDLE_SECONDS, session.loginTs + LONGEST_SECONDS - Math.floor(Date.now() / 1000)))
        : IDLE_SECONDS,
  },
  findAccount: (_ctx, sub) =>
    accounts.has(sub) ? { accountId: sub, claims: () => accounts.get(sub) } : undefined,
  // ID-porten asks for no consent: public services are trusted with the scopes they were given.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
  renderError: (ctx, out) => respond(ctx, errorPage({ error: out.error, description: out.error_description })),
});

// The library gives `sid` to clients with back-channel log-out only; the front channel needs it as much.
provider.Client.prototype.includeSid = () => true;

async function readForm(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LARGEST_FORM) throw new Error("form too large");
  }
  return new URLSearchParams(text);
}

/** Which number was chosen or typed, or the mistake made. Real numbers are turned away: only test people sign in here. */
function readNumber(form) {
  const number = (form.get("person") ?? form.get("number") ?? "").replace(/\s/g, "");
  if (config.kind === "staff") {
    return people().some((one) => one.number === number) ? { number } : { mistake: "choose" };
  }
  if (!/^\d{11}$/.test(number)) return { number, mistake: "digits" };
  const month = Number(number.slice(2, 4));
  return month > 80 && month <= 92 ? { number } : { number, mistake: "synthetic" };
}

/** The page on which a test person is chosen. */
async function interaction(ctx) {
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  const lang = language(details.params.ui_locales);
  const lowest = wantedLevel(details.params);
  const levels = LEVELS.slice(LEVELS.indexOf(lowest));
  const page = { lang, kind: config.kind, title: config.title, people: people(), levels, action: ctx.path };
  if (ctx.method !== "POST") {
    respond(ctx, signInPage(page));
    return;
  }
  const form = await readForm(ctx.req);
  const answer = (result) =>
    provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  if (form.has("cancel")) {
    ctx.respond = false;
    await answer({ error: "access_denied", error_description: "the person cancelled" });
    return;
  }
  const { number, mistake } = readNumber(form);
  if (mistake) {
    ctx.status = 422;
    respond(ctx, signInPage({ ...page, typed: number, mistake }));
    return;
  }
  const chosen = form.get("level");
  const acr = levels.includes(chosen) ? chosen : levels.at(-1);
  const accountId = accountFor(number, (details.params.ui_locales ?? "nb").split(" ")[0]);
  ctx.respond = false;
  await answer({ login: { accountId, acr: hostile.has("low_acr") ? LEVELS[0] : acr, amr: ["TestID"], remember: true } });
}

provider.use(async (ctx, next) => {
  if (ctx.path === "/style.css") {
    ctx.type = "css";
    ctx.body = readFileSync(new URL("./style.css", import.meta.url));
    return;
  }
  if (ctx.path.startsWith("/interaction/")) {
    try {
      await interaction(ctx);
    } catch (error) {
      if (error.name !== "SessionNotFound") throw error;
      ctx.status = 400;
      respond(ctx, errorPage({ error: error.error, description: error.error_description }));
    }
    return;
  }
  // ID-porten takes a log-out by POST too, so that no ID token stays in a browser's history; the library only
  // where its cookies go to every site.
  if (ctx.path === "/logout" && ctx.method === "POST") {
    ctx.querystring = (await readForm(ctx.req)).toString();
    ctx.method = "GET";
  }
  // The session that a confirmed log-out ends must be read before it is gone.
  const ending = ctx.path === "/logout/confirm" ? await frontChannelAddresses(await provider.Session.get(ctx)) : [];
  await next();
  const location = ctx.response.get("Location");
  if (ending.length > 0 && location && ctx.status === 303) {
    ctx.remove("Location");
    ctx.status = 200;
    respond(ctx, endSessionPage({ lang: "nb", addresses: ending, next: location, nonce: newNonce(ctx, ending) }));
  }
});

provider.on("server_error", (_ctx, error) => console.error(error));
provider.on("end_session.error", (_ctx, error) => console.error(error));
const server = provider.listen(config.port, "127.0.0.1", () => console.log(`listening at ${config.issuer}`));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
