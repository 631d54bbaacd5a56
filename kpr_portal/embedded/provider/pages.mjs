/** The local provider's pages: plain HTML that works without a script, in bokmål, nynorsk and English. */

const TEXTS = {
  nb: {
    citizenTitle: "Velg testperson",
    staffTitle: "Velg testansatt",
    notice: "Dette er en lokal etterligning av ID-porten for utprøving. Ingen virkelige personer finnes her.",
    level: "Sikkerhetsnivå",
    "idporten-loa-substantial": "Betydelig",
    "idporten-loa-high": "Høyt",
    typeNumber: "Skriv et syntetisk fødselsnummer",
    hint: "11 siffer, med 80 lagt til måneden",
    signIn: "Logg inn",
    choose: "Eller velg en person",
    chooseOnly: "Velg en person",
    cancel: "Avbryt",
    errorTitle: "Noe må rettes",
    mistakes: {
      digits: "Skriv 11 siffer.",
      synthetic: "Skriv et syntetisk nummer: måneden skal ha 80 lagt til.",
      choose: "Velg en person fra listen.",
    },
    signedOut: "Du er logget ut",
    signedOutText: "Du er logget ut av alle tjenester i denne økten.",
    next: "Gå videre",
    confirm: "Vil du logge ut?",
    signOut: "Logg ut",
  },
  nn: {
    citizenTitle: "Vel testperson",
    staffTitle: "Vel testtilsett",
    notice: "Dette er ei lokal etterlikning av ID-porten for utprøving. Ingen verkelege personar finst her.",
    level: "Tryggleiksnivå",
    "idporten-loa-substantial": "Vesentleg",
    "idporten-loa-high": "Høgt",
    typeNumber: "Skriv eit syntetisk fødselsnummer",
    hint: "11 siffer, med 80 lagt til månaden",
    signIn: "Logg inn",
    choose: "Eller vel ein person",
    chooseOnly: "Vel ein person",
    cancel: "Avbryt",
    errorTitle: "Noko må rettast",
    mistakes: {
      digits: "Skriv 11 siffer.",
      synthetic: "Skriv eit syntetisk nummer: månaden skal ha 80 lagt til.",
      choose: "Vel ein person frå lista.",
    },
    signedOut: "Du er logga ut",
    signedOutText: "Du er logga ut av alle tenester i denne økta.",
    next: "Gå vidare",
    confirm: "Vil du logge ut?",
    signOut: "Logg ut",
  },
  en: {
    citizenTitle: "Choose a test person",
    staffTitle: "Choose a test employee",
    notice: "This is a local imitation of ID-porten for trying things out. Nobody here is real.",
    level: "Security level",
    "idporten-loa-substantial": "Substantial",
    "idporten-loa-high": "High",
    typeNumber: "Type a synthetic national identity number",
    hint: "11 digits, with 80 added to the month",
    signIn: "Sign in",
    choose: "Or choose a person",
    chooseOnly: "Choose a person",
    cancel: "Cancel",
    errorTitle: "Something must be corrected",
    mistakes: {
      digits: "Type 11 digits.",
      synthetic: "Type a synthetic number: the month must have 80 added.",
      choose: "Choose a person from the list.",
    },
    signedOut: "You are signed out",
    signedOutText: "You are signed out of every service in this session.",
    next: "Continue",
    confirm: "Do you want to sign out?",
    signOut: "Sign out",
  },
};

/** The page's language from `ui_locales`. Northern Sami is accepted, and read in bokmål here. */
export function language(uiLocales) {
  return (uiLocales ?? "").split(" ").find((one) => one in TEXTS) ?? "nb";
}

function escape(text) {
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text ?? "").replace(/[&<>"']/g, (sign) => signs[sign]);
}

function layout({ lang, title, body, head = "" }) {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/style.css">
${head}</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

export function signInPage({ lang, kind, title, people, levels, action, typed = "", mistake = "" }) {
  const t = TEXTS[lang];
  const heading = kind === "staff" ? t.staffTitle : t.citizenTitle;
  const highest = levels.at(-1);
  const summary = mistake
    ? `<div role="alert" class="mistake"><h2>${t.errorTitle}</h2><p>${
        kind === "staff" ? t.mistakes[mistake] : `<a href="#number">${t.mistakes[mistake]}</a>`
      }</p></div>`
    : "";
  const levelChoice = `<fieldset>
<legend>${t.level}</legend>
${levels
  .map(
    (level) =>
      `<p><input type="radio" name="level" id="${level}" value="${level}"${level === highest ? " checked" : ""}> <label for="${level}">${t[level]}</label></p>`,
  )
  .join("\n")}
</fieldset>`;
  const typing = `<p><label for="number">${t.typeNumber}</label>
<span id="number-hint">${t.hint}</span>
<input id="number" name="number" inputmode="numeric" autocomplete="off" aria-describedby="number-hint"${
    mistake ? ' aria-invalid="true"' : ""
  } value="${escape(typed)}"></p>
<p><button type="submit">${t.signIn}</button></p>`;
  const list = people
    .map(
      ({ number, name, about }) =>
        `<li><button type="submit" name="person" value="${escape(number)}">${escape(name)}</button>${
          about ? ` <span>${escape(about)}</span>` : ""
        }</li>`,
    )
    .join("\n");
  return layout({
    lang,
    title: `${mistake ? `${t.errorTitle}: ` : ""}${heading} – ${title}`,
    body: `<p class="provider">${escape(title)}</p>
<h1>${heading}</h1>
<p>${t.notice}</p>
${summary}
<form method="post" action="${escape(action)}" novalidate>
${levelChoice}
${kind === "staff" ? "" : typing}
<h2>${kind === "staff" ? t.chooseOnly : t.choose}</h2>
<ul>
${list}
</ul>
<p><button type="submit" name="cancel" value="yes" class="quiet">${t.cancel}</button></p>
</form>`,
  });
}

/** Tells every client in a frame of its own, then goes on: at once with a script, soon without. */
export function endSessionPage({ lang, addresses, next, nonce }) {
  const t = TEXTS[lang];
  const frames = addresses
    .map((address, index) => `<iframe hidden title="${t.signOut} ${index + 1}" src="${escape(address)}"></iframe>`)
    .join("\n");
  const onwards = next
    ? `<p><a id="next" href="${escape(next)}">${t.next}</a></p>
<script nonce="${nonce}">window.addEventListener("load", () => location.replace(document.getElementById("next").href));</script>`
    : "";
  return layout({
    lang,
    title: t.signedOut,
    head: next ? `<meta http-equiv="refresh" content="3; url=${escape(next)}">\n` : "",
    body: `<h1>${t.signedOut}</h1>
<p>${t.signedOutText}</p>
${frames}
${onwards}`,
  });
}

export function confirmPage({ lang, form }) {
  const t = TEXTS[lang];
  return layout({
    lang,
    title: t.confirm,
    body: `<h1>${t.confirm}</h1>
${form}
<p><button type="submit" form="op.logoutForm" name="logout" value="yes">${t.signOut}</button></p>`,
  });
}

export function errorPage({ error, description }) {
  return layout({
    lang: "nb",
    title: "Innloggingen stoppet",
    body: `<h1>Innloggingen stoppet</h1>
<p>Gå tilbake til tjenesten og prøv igjen.</p>
<p><code>${escape(error)}</code>: ${escape(description)}</p>`,
  });
}
