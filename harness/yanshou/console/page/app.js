// SPDX-License-Identifier: Apache-2.0
// One question at a time.  All that comes from the run is put in as text, never as markup.
"use strict";
const SETTLE_MS = 600; // a second tap meant for the question before must not answer this one
const POLL_MS = 2000;
const LOOK_MS = 5000; // a phone that slept may have lost the stream without a word
const TRIES = 8;
const $ = (id) => document.getElementById(id);
let view = null, order = 0, drawn = "", current = "", stream = null, shut = false, locking = false;
let chosen = localStorage.getItem("language") || "";

const language = () => chosen || (view && view.language) || "zh";
const say = (key) => WORDS[language()][key] || key;
const both = (texts) => (texts ? texts[language()] || texts.zh || "" : "");

function make(tag, { text, cls, type, on, ...rest } = {}, ...inside) {
  const one = document.createElement(tag);
  if (text !== undefined) one.textContent = text;
  if (cls) one.className = cls;
  if (type) one.type = type;
  if (on) one.addEventListener("click", on);
  for (const [key, value] of Object.entries(rest)) one.setAttribute(key, value);
  one.append(...inside.filter(Boolean));
  return one;
}
const button = (text, cls, on) => make("button", { text, cls, type: "button", on });

async function post(path, body, raw = false) {
  const kind = raw ? "application/octet-stream" : "application/json";
  const sent = raw ? body : JSON.stringify(body);
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await fetch(path, { method: "POST", headers: { "Content-Type": kind }, body: sent });
      return { ok: answer.ok, body: await answer.json().catch(() => ({ why: "bad" })) };
    } catch (error) { // sent again as it is: the console takes an answer once
      if (tries === TRIES) throw error;
      tell(say("offline"));
      await new Promise((done) => setTimeout(done, POLL_MS / 2));
    }
  }
}

function told(body) {
  const more = body.why === "wanted" ? both(body.wanted) : body.person || body.by || "";
  return say(body.why) + more;
}

async function send(act) {
  if (shut) return;
  shut = true;
  tell(say("sending"));
  try {
    const { ok: taken, body } = await act();
    const ok = taken || (body.why === "answered" && body.person && body.person === view.person);
    tell(ok ? "" : told(body), !ok && body.why === "answered");
    if (ok) { sessionStorage.removeItem(current); drawn = ""; }
  } catch {
    tell(say("offline"));
  }
  shut = false;
  await look();
}
const reply = (more) => send(() => post("/answer", { prompt: view.prompt.id, ...more }));

// what became of the last answer; `stays` when the next question comes
function tell(text, stays = false) {
  $("note").textContent = text;
  $("note").hidden = !text;
  $("note").dataset.stays = stays;
}

// -- the forms ------------------------------------------------------------------------------------------------

// the journal has units in ASCII; a person knows μ, Ω and ℃
const SIGNS = [[/^u(?=[A-Z])/, "μ"], [/ohm$/, "Ω"], [/^degC$/, "℃"], [/^deg$/, "°"], [/^1$/, ""]];
const unitOf = (unit) => SIGNS.reduce((found, [plain, sign]) => found.replace(plain, sign), unit || "");

function typed(prompt, tall) {
  const field = make(tall ? "textarea" : "input", { id: "typed", autocomplete: "off", autocapitalize: "off" });
  // a keypad of figures has neither letters nor, on some phones, a minus
  if (prompt.kind === "number") field.inputMode = prompt.own.named || prompt.own.low < 0 ? "text" : "decimal";
  field.value = sessionStorage.getItem(prompt.id) || "";
  field.addEventListener("input", () => sessionStorage.setItem(prompt.id, field.value));
  return field;
}

function lineForm(prompt) {
  const number = prompt.kind === "number", unit = unitOf(prompt.own.unit);
  const field = typed(prompt, !number && !prompt.own.pattern && !prompt.own.person);
  const form = make("form", {}, make("div", { cls: "line" }, field, number && !prompt.own.named && make("span", { text: unit })));
  if (number) {
    const hint = `${say("between")} ${prompt.own.low} … ${prompt.own.high} ${unit}`;
    form.append(make("p", { cls: "hint", text: prompt.own.named ? `${hint} (${say("with_unit")})` : hint }));
  }
  form.append(make("button", { text: say("send"), cls: "main", type: "submit" }));
  form.addEventListener("submit", (event) => { event.preventDefault(); reply({ value: field.value }); });
  return form;
}

function confirmForm(prompt) {
  const form = make("div");
  if (view.person) form.append(make("p", { cls: "hint", text: say("responsible") + view.person }));
  if (prompt.witnessed) form.append(make("p", { cls: "hint", text: say("both") }));
  form.append(button(say("yes"), "main", () => reply({ value: "yes" })));
  form.append(button(say("no"), "second", () => reply({ value: "no" })));
  return form;
}

function choiceForm(prompt) {
  const grades = prompt.options.length === 5 && prompt.options.every((one) => /^[1-5]$/.test(one.value));
  const form = make("div", { cls: grades ? "grades" : "choices" });
  for (const one of prompt.options) {
    const words = language() === view.language ? one.words : one.other;
    form.append(button(grades ? `${one.value}  ${words}` : words, "option", () => reply({ value: one.value })));
  }
  return form;
}

function photoForm(prompt) {
  const form = make("div"), shown = make("img", { cls: "shot", alt: "" });
  const kinds = ["image/jpeg", "image/png"]; // a phone that keeps HEIC hands over a JPEG then
  if (prompt.own.scan) kinds.push("application/pdf");
  if (prompt.own.film) kinds.push("video/mp4");
  let file = null;
  const main = button(say("send"), "main", () => send(() => post(`/photo/${prompt.id}`, file, true)));
  main.disabled = true;
  for (const [id, label, capture] of [["camera", "take", true], ["file", "pick", false]]) {
    const field = make("input", { type: "file", id, accept: kinds.join(",") });
    if (capture) field.setAttribute("capture", "environment");
    field.addEventListener("change", () => {
      file = field.files[0] || file;
      if (!file) return;
      main.disabled = false;
      if (file.type.startsWith("image/")) shown.src = URL.createObjectURL(file);
    });
    form.append(make("label", { cls: "option", for: id, text: say(label) }), field);
  }
  form.append(shown, main);
  return form;
}

// -- a signature: strokes of the finger, kept over a reload, sent as a picture ---------------------------------

const PEN = 5, PAPER = { width: 1200, height: 800 }; // pixels of the picture that is kept, whatever the phone

function ink(canvas, strokes) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, PAPER.width, PAPER.height);
  pen.strokeStyle = pen.fillStyle = "#000";
  pen.lineWidth = 2 * PEN;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (const point of stroke) pen.lineTo(...point);
    pen.stroke();
  }
}

function signatureForm(prompt) {
  const form = make("div"), canvas = make("canvas", { cls: "paper", id: "paper", "aria-label": say("sign_here"), ...PAPER });
  const main = button(say("send_signature"), "main", () => send(() => new Promise((done, failed) => {
    canvas.toBlob((blob) => post(`/photo/${prompt.id}`, blob, true).then(done, failed), "image/png");
  })));
  let strokes = JSON.parse(sessionStorage.getItem(prompt.id) || "[]"), stroke = null;
  const shown = () => {
    ink(canvas, strokes);
    main.disabled = !strokes.length;
    sessionStorage.setItem(prompt.id, JSON.stringify(strokes));
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * PAPER.width / box.width, (event.clientY - box.top) * PAPER.height / box.height].map(Math.round);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (stroke || !event.isPrimary) return; // a palm on the glass writes nothing
    canvas.setPointerCapture(event.pointerId);
    strokes.push(stroke = [at(event)]);
    shown();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary) return;
    stroke.push(at(event));
    ink(canvas, strokes);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => { if (event.isPrimary && stroke) { stroke = null; shown(); } });
  }
  shown();
  form.append(make("p", { cls: "hint", text: say("sign_here") }), canvas,
    button(say("again_blank"), "second", () => { strokes = []; stroke = null; shown(); }), main);
  return form;
}

function reviewForm(prompt) {
  const list = make("ol", { cls: "review" });
  prompt.review.forEach((one, place) => {
    const value = { boolean: () => say(one.value ? "yes" : "no"), object: () => both(one.value) };
    const unit = unitOf(one.unit);
    list.append(make("li", {},
      make("p", { text: both(one.asked) }), make("p", { cls: "value", text: `${(value[typeof one.value] || String)(one.value)} ${unit}` }),
      button(say("correct"), "small", () => reply({ value: String(place) }))));
  });
  return make("div", {}, list, button(say("right"), "main", () => reply({ value: "" })));
}

function unableForm(prompt) {
  const field = make("textarea", { id: "why", "aria-label": say("why"), placeholder: say("why") });
  return folded("unable", field, button(say("send_reason"), "main", () => reply({ unable: field.value.trim() || "-" })));
}

// a slip of a glove opens it, and does no more
function laterForm() {
  return folded("later", make("p", { cls: "hint", text: say("later_means") }), button(say("later_yes"), "main", () => reply({ later: true })));
}

function folded(name, ...inside) {
  const part = make("div", { cls: "folded", id: `${name}-part` }, ...inside);
  part.hidden = true;
  return make("div", {}, button(say(name), "quiet", () => { part.hidden = !part.hidden; }), part);
}

const FORMS = { number: lineForm, text: lineForm, confirm: confirmForm, choice: choiceForm, photo: photoForm, signature: signatureForm, review: reviewForm };

// -- drawing --------------------------------------------------------------------------------------------------

function pictures(prompt) {
  return prompt.show.map((name, number) => {
    const image = make("img", { src: `/picture/${prompt.id}/${number}`, alt: name, cls: "shown", title: say("zoom") });
    image.addEventListener("click", () => image.classList.toggle("whole"));
    image.addEventListener("error", () => image.replaceWith(make("p", { cls: "hint", text: say("look") + name })));
    return image;
  });
}

function place(device) {
  return device && device.id ? [device.name || device.id, device.id, device.place].filter(Boolean).join(" · ") : "";
}

function drawPrompt() {
  const prompt = view.prompt, into = $("prompt");
  const mark = JSON.stringify([prompt, view.runs, view.role, language(), prompt ? "" : view.paused]);
  if (mark === drawn) return;
  drawn = mark;
  if ((prompt ? prompt.id : "") !== current) {
    current = prompt ? prompt.id : "";
    if ($("note").dataset.stays !== "true") tell("");
    settle(into);
  }
  into.replaceChildren();
  into.dataset.id = current;
  if (!view.runs) return into.append(make("p", { cls: "state", text: say("not_running") }));
  if (!prompt) return into.append(make("p", { cls: "state", text: say("none") }));
  if (!prompt.mine) {
    return into.append(make("p", { cls: "state", text: prompt.by ? say("other_one") + prompt.by : say("other_none") }));
  }
  if (prompt.given) {
    return into.append(make("p", { cls: "state", text: say(prompt.waits_for ? `waits_${prompt.waits_for}` : "sent") }));
  }
  const about = place(prompt.device), again = both(prompt.refused);
  into.append(...[
    about && make("p", { cls: "about", text: about }),
    make("h1", { text: prompt.kind === "review" ? say("review") : both(prompt.asked) }),
    again && make("p", { cls: "alert", text: say("again") + again }),
  ].filter(Boolean), ...pictures(prompt), FORMS[prompt.kind](prompt));
  if (prompt.kind !== "review") into.append(unableForm(prompt));
  if (prompt.later) into.append(laterForm());
  if (prompt.back) into.append(button(say("back"), "quiet", () => reply({ back: true })));
}

function settle(into) {
  into.inert = true;
  setTimeout(() => { into.inert = false; }, SETTLE_MS);
}

function draw() {
  document.documentElement.lang = language();
  $("language").textContent = say("other");
  $("who").textContent = [view.person, say(view.role), view.emulated && say("emulated")].filter(Boolean).join(" · ");
  $("warning").hidden = !view.exposed;
  $("warning").textContent = say("exposed");
  const doing = view.doing && view.doing.total ? view.doing : null;
  $("doing").hidden = !doing;
  if (doing) {
    $("progress").max = doing.total;
    $("progress").value = doing.done;
    $("count").textContent = `${say("now")} ${doing.done + 1} ${say("of")} ${doing.total}`;
    if (view.put_off) $("count").textContent += ` · ${say("put_off")} ${view.put_off}`;
    $("title").textContent = [both(doing.title), place(doing.device)].filter(Boolean).join(" — ");
  }
  const held = view.paused && view.paused.at;
  $("pause").hidden = view.role !== "tester" || !view.runs;
  $("pause").textContent = say(held ? "resume" : "pause");
  $("pause").className = held ? "main" : "second";
  bar(held ? say("paused") + (view.exposed ? "" : view.paused.person) : "");
  drawPrompt();
}

function bar(text) { $("line").textContent = text; $("line").hidden = !text; }

function locked(why) {
  locking = true;
  if (stream) stream.close();
  view = null;
  for (const id of ["doing", "pause"]) $(id).hidden = true;
  $("language").textContent = say("other");
  $("prompt").replaceChildren(make("p", { cls: "state", text: say(why) }));
  bar("");
  tell("");
}

// -- the line to the computer ---------------------------------------------------------------------------------

async function look() {
  try {
    const answer = await fetch("/state");
    if (answer.status === 401) return locked("scan");
    take(await answer.json());
  } catch {
    bar(say("offline"));
  }
}

function take(next) {
  if (next.order < order) return;
  order = next.order;
  view = next;
  draw();
}

function listen() {
  stream = new EventSource("/events");
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.addEventListener("gone", () => locked("enter"));
  stream.onerror = () => {
    bar(say("offline"));
    stream.close(); // a browser gives up on its own after some errors
    setTimeout(begin, POLL_MS);
  };
}

async function begin() {
  order = 0; // another console counts anew
  locking = false;
  await look();
  if (locking) return;
  if (view) listen();
  else setTimeout(begin, POLL_MS);
}

async function enter() {
  const token = location.hash.slice(1);
  if (token) {
    history.replaceState(null, "", "/");
    const { ok } = await post("/enter", { token });
    if (!ok) {
      const known = await fetch("/state");
      if (!known.ok) return locked("token");
    }
  }
  await begin();
}

$("language").addEventListener("click", () => {
  chosen = language() === "zh" ? "en" : "zh";
  localStorage.setItem("language", chosen);
  if (view) draw();
});
$("pause").addEventListener("click", () => send(() => post("/pause", { on: !(view.paused && view.paused.at) })));
setInterval(() => { if (view && !shut) look(); }, LOOK_MS);
window.addEventListener("hashchange", () => location.reload());
enter().catch(() => { bar(say("offline")); setTimeout(() => location.reload(), POLL_MS); });
