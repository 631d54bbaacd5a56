// Warns before one is signed out and offers to stay. Without this script the footer tells the
// limits, and the server keeps them in any case.
const WARN_BEFORE = 180;

const dialog = document.getElementById("session-timeout");
if (dialog) {
  const idleSeconds = Number(dialog.dataset.idleSeconds);
  const loadedAt = Date.now();
  const endsAt = loadedAt + Number(dialog.dataset.secondsLeft) * 1000;
  let idleUntil = loadedAt + idleSeconds * 1000;
  let dismissed = false;

  const form = dialog.querySelector("form");
  const stay = dialog.querySelector("[data-stay]");
  const close = dialog.querySelector("[data-close]");

  // What stands in the page's form is kept for the person until they are back, where the page is one that does so.
  const keep = async () => {
    const typed = "input:not([type=hidden]), select, textarea";
    const form = [...document.querySelectorAll("main form[method=post]")].find((one) => one.querySelector(typed));
    if (!form) return false;
    const address = new URL(dialog.dataset.keep, window.location);
    address.searchParams.set("side", window.location.pathname);
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    try {
      const signal = AbortSignal.timeout(5000);
      return (await fetch(address, { method: "POST", body, redirect: "manual", signal })).status === 204;
    } catch {
      return false;
    }
  };

  // Nothing of the person's is left on the screen when the session is over.
  let leaving = false;
  const leave = async () => {
    if (leaving) return;
    leaving = true;
    const kept = keep();
    document.body.replaceChildren();
    const ended = new URL(dialog.dataset.ended, window.location);
    ended.searchParams.set("next", window.location.pathname);
    if (await kept) ended.searchParams.set("skrevet", "1");
    window.location.replace(ended);
  };

  const look = () => {
    const now = Date.now();
    const until = Math.min(idleUntil, endsAt);
    if (now >= until) return leave();
    if (now >= until - WARN_BEFORE * 1000 && !dialog.open && !dismissed) {
      const isEnd = endsAt <= idleUntil;
      for (const text of dialog.querySelectorAll("[data-when]")) {
        text.hidden = (text.dataset.when === "end") !== isEnd;
      }
      stay.hidden = isEnd;
      close.hidden = !isEnd;
      dialog.showModal();
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (!answer.ok) return leave();
    idleUntil = Date.now() + idleSeconds * 1000;
    dialog.close();
  });
  close.addEventListener("click", () => {
    dismissed = true;
    dialog.close();
  });

  setInterval(look, 5000);
  // A laptop that slept: look at once when the page is seen again.
  document.addEventListener("visibilitychange", look);
}
