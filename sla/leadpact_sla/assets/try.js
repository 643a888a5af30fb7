// "Try a lead": reads the form, asks the policy's own script, and shows its answer in words.
// Nothing leaves the page; the lead itself stands in the page's address, behind the #.
"use strict";
(() => {
  const root = document.getElementById("lp-try");
  if (root === null) return;
  const model = JSON.parse(document.getElementById("lp-try-model").textContent);
  const byId = (id) => document.getElementById(`lp-try-${id}`);
  const [form, verdict, told] = [byId("form"), byId("verdict"), byId("told")];
  const MINUTES = { minute: 1, hour: 60, day: 1440, week: 10080 };
  const MARK = "#lead=";

  // --- words and elements ---

  function say(key, parts = {}) {
    return model.words[key].replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  }

  function element(tag, css, ...children) {
    const made = document.createElement(tag);
    if (css) made.className = css;
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function number(value) {
    return value.toLocaleString("en", { maximumFractionDigits: 2 });
  }

  function time(instant) {
    const shown = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
    const clock = { hour: "2-digit", minute: "2-digit", timeZone: "UTC" };
    const wall = new Date(`${decide.wall(instant).slice(0, 19)}Z`);
    return new Intl.DateTimeFormat("en-GB", { ...shown, ...clock }).format(wall);
  }

  // --- the form and the lead in it ---
  //
  // A lead is { at, f: fields, activities, actions, stays }; an event [kind, [ago, unit] or
  // [time, "at"], values, id].

  function controls(place) {
    return [...place.querySelectorAll("[data-name]")].filter((one) => !one.closest("template"));
  }

  function valueOf(control) {
    if (control.dataset.kind === "any number of") {
      const boxes = [...control.querySelectorAll("input:checked")];
      return boxes.length === 0 ? null : boxes.map((box) => box.value);
    }
    if (control.value === "") return null;
    if (control.dataset.kind === "number") return Number(control.value);
    return control.dataset.kind === "yes or no" ? control.value === "true" : control.value;
  }

  function setValue(control, value) {
    if (control.dataset.kind === "any number of") {
      const boxes = control.querySelectorAll("input");
      boxes.forEach((box) => (box.checked = (value || []).includes(box.value)));
    } else if (control.dataset.kind === "instant" && /Z$/.test(value || "")) {
      control.value = decide.wall(value);
    } else {
      control.value = value === null || value === undefined ? "" : String(value);
    }
  }

  function valuesIn(place) {
    const found = {};
    for (const control of controls(place)) {
      const value = valueOf(control);
      if (value !== null) found[control.dataset.name] = value;
    }
    return found;
  }

  function part(row, name) {
    return row.querySelector(`[data-part="${name}"]`);
  }

  function eventIn(row) {
    const unit = part(row, "unit").value;
    const when = unit === "at" ? part(row, "at").value : Number(part(row, "ago").value);
    const values = valuesIn(row.querySelector(".lp-try-values"));
    return [row.dataset.kind, [when, unit], values, row.dataset.event];
  }

  const lists = [...form.querySelectorAll("[data-list]")];
  const rowsOf = (list) => list.querySelector(".lp-try-rows");

  function leadInForm() {
    const fields = byId("fields");
    const lead = { at: byId("at").value, f: fields === null ? {} : valuesIn(fields) };
    for (const list of lists) lead[list.dataset.list] = [...rowsOf(list).children].map(eventIn);
    return lead;
  }

  function fill(lead) {
    byId("at").value = lead.at;
    const fields = byId("fields");
    for (const control of fields === null ? [] : controls(fields)) {
      setValue(control, lead.f[control.dataset.name]);
    }
    for (const list of lists) {
      rowsOf(list).replaceChildren();
      for (const event of lead[list.dataset.list] || []) addRow(list, event);
    }
  }

  let events = 0;

  function addRow(list, [kind, [when, unit], values, id], label) {
    const given = [...list.querySelectorAll("template[data-kind-of]")];
    const inputs = given.find((one) => one.dataset.kindOf === kind);
    if (inputs === undefined) return null;
    const row = byId("row").content.cloneNode(true).firstElementChild;
    events += 1;
    row.dataset.kind = kind;
    row.dataset.event = id || `e${events}`;
    const stage = model.stages[kind];
    const title = label || (list.dataset.list === "stays" ? stage.label : model.kinds[kind]);
    row.querySelector("legend").textContent = title;
    part(row, "remove").setAttribute("aria-label", say("remove", { what: title }));
    part(row, "unit").value = unit;
    part(row, unit === "at" ? "at" : "ago").value = when;
    row.querySelector(".lp-try-values").append(inputs.content.cloneNode(true));
    for (const control of controls(row)) setValue(control, values[control.dataset.name]);
    showUnit(row);
    rowsOf(list).append(row);
    return row;
  }

  function showUnit(row) {
    const at = part(row, "unit").value === "at";
    part(row, "at").closest("label").hidden = !at;
    part(row, "ago").closest("label").hidden = at;
    if (at && part(row, "at").value === "") part(row, "at").value = byId("at").value;
  }

  // --- from the form to a record ---

  function instantOf([when, unit], now) {
    if (unit !== "at") {
      return decide.written(now - BigInt(Math.round(when * MINUTES[unit] * 60)) * 1000000n);
    }
    const instant = decide.instant(when);
    return instant === null ? null : decide.written(instant);
  }

  function recordOf(lead, now) {
    const event = ([kind, when, values, id]) => ({ ...values, kind, id, at: instantOf(when, now) });
    const record = { id: "lead", ...lead.f };
    for (const list of ["activities", "actions"]) record[list] = (lead[list] || []).map(event);
    const moves = (lead.stays || []).map(([to, when]) => ({ to, at: instantOf(when, now) }));
    moves.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    if (moves.length > 0) {
      const last = moves[moves.length - 1];
      Object.assign(record, { moves, stage: last.to, stage_since: last.at });
    }
    return record;
  }

  // --- the answer in words ---

  function verdictOf(decision, period) {
    if (decision.status === "refused") {
      return ["lp-try-wrong", say("refused"), [decision.refusal.because || say("refused why")]];
    }
    if (decision.status === "rejected") {
      return ["lp-try-wrong", say("rejected"), decision.problems.map(problemText)];
    }
    if (decision.status === "not known here") {
      return ["lp-try-wrong", say("not known"), [say("not known why", { what: decision.reason })]];
    }
    if (decision.stage === null) {
      const values = period.groups.map((group) => rowOf(group, decision).label);
      return ["", values[0] || say("decided"), values.slice(1)];
    }
    return stageVerdict(decision.stage, decision, period);
  }

  function problemText({ field, reason }) {
    const key = model.words[`problem ${reason}`] ? reason : "other";
    return `${model.fields[field] || field}: ${say(`problem ${key}`)}`;
  }

  function stageVerdict(stage, decision, period) {
    const [here, there] = [model.stages[stage.current], model.stages[stage.next]];
    const lines = [];
    if (there === undefined) {
      if (here.owner) lines.push(say("stays owner", { owner: here.owner }));
      if (stage.asleep_until) lines.push(say("asleep", { time: time(stage.asleep_until) }));
      for (const { rule, due } of stage.time_outs) {
        lines.push(say("time out", { time: time(due), says: textOf(period, rule) }));
      }
      lines.push(...listed(decision));
      return ["", say("stays", { stage: here.label }), lines];
    }
    const key = there.owner === here.owner ? "moves same" : "moves owner";
    if (there.owner) lines.push(say(key, { owner: there.owner }));
    const reason = model.values[stage.because] || stage.because;
    if (reason) lines.push(say("reason", { reason }));
    return ["lp-try-goes", say("moves", { stage: there.label }), lines];
  }

  function listed(decision) {
    if (decision.worklists.length === 0) return [];
    const names = decision.worklists.map(({ worklist }) => `“${model.worklists[worklist]}”`);
    return [say("worklists", { lists: names.join(", ") })];
  }

  function textOf(period, rule) {
    return period.rules[rule] ? period.rules[rule][0] : rule;
  }

  // --- scores, grades, groups ---

  function section(title, ...children) {
    const shown = children.filter((child) => child !== null);
    return shown.length === 0 ? null : element("section", "", element("h2", "", title), ...shown);
  }

  function meter(result, value, text) {
    const marks = result.marks;
    const ends = [result.high || 0, value, ...marks.map((mark) => mark.at * 1.2), 1];
    const [low, high] = [result.low || 0, result.high || Math.max(...ends)];
    const at = (points) => `${Math.min(100, Math.max(0, ((points - low) / (high - low)) * 100))}%`;
    const bar = element("div", "lp-try-bar");
    bar.setAttribute("role", "meter");
    bar.setAttribute("aria-label", result.label);
    bar.setAttribute("aria-valuemin", Math.min(low, value));
    bar.setAttribute("aria-valuemax", Math.max(high, value));
    bar.setAttribute("aria-valuenow", value);
    bar.setAttribute("aria-valuetext", text);
    const fill = element("div", "lp-try-fill");
    fill.style.width = at(value);
    bar.append(fill);
    for (const mark of marks) {
      const line = element("div", "lp-try-mark");
      line.style.left = at(mark.at);
      bar.append(line);
    }
    return bar;
  }

  function measured(result, value, text, markText) {
    const head = element("div", "lp-try-meter-head");
    head.append(element("span", "", result.label), element("strong", "", text));
    const marks = element("ul", "lp-try-marks");
    for (const mark of result.marks) {
      marks.append(element("li", value >= mark.at ? "lp-try-reached" : "", markText(mark)));
    }
    const bar = meter(result, value, text);
    return element("div", "lp-try-meter", head, bar, marks.children.length ? marks : null);
  }

  function results(decision, period) {
    const meters = element("div", "");
    for (const score of period.scores) {
      const { points } = decision.scores[score.name];
      const key = score.high === null ? "points" : "points of";
      const text = say(key, { points: number(points), high: number(score.high || 0) });
      meters.append(
        measured(score, points, text, ({ text: at, label }) =>
          label === "" ? at : say("mark", { at, label })
        )
      );
    }
    for (const grade of period.grades) {
      const { points, letter } = decision.grades[grade.name];
      const text = say("letter", { letter, points: number(points) });
      meters.append(
        measured(grade, points, text, ({ text: at, label }) =>
          say("letter from", { letter: label, at })
        )
      );
    }
    const shown = element("div", "lp-try-results", meters.children.length ? meters : null);
    for (const group of period.groups) shown.append(groupShown(group, decision));
    return shown.children.length === 0 ? null : element("section", "", shown);
  }

  function rowOf(group, decision) {
    return group.rows.find((row) => row.name === decision.groups[group.name].value);
  }

  function groupShown(group, decision) {
    const row = rowOf(group, decision);
    const shown = element("div", "", element("p", "lp-try-name", group.label));
    if (group.square) {
      shown.append(square(group, row));
    } else {
      const tone = group.rows.indexOf(row) % 6;
      shown.append(element("span", `lp-chip lp-tone-${tone}`, row.label));
    }
    if (row.does) shown.append(element("p", "lp-soft", row.does));
    return shown;
  }

  function square({ rows, square: { across, up, cells } }, row) {
    const drawn = element("div", "lp-try-square");
    const axis = (css, key, label) => element("div", `lp-try-axis ${css}`, say(key, { label }));
    cells.forEach((line, index) => {
      drawn.append(axis("lp-try-up", index === 0 ? "axis yes" : "axis no", up));
      for (const number of line) {
        const here = rows[number] === row;
        const cell = element("div", `lp-try-cell lp-tone-${number % 6}`, rows[number].label);
        if (here) {
          cell.classList.add("lp-try-here");
          cell.setAttribute("aria-current", "true");
        }
        drawn.append(cell);
      }
    });
    drawn.append(element("div", ""), axis("", "axis no", across), axis("", "axis yes", across));
    return drawn;
  }

  // --- why, and why not ---

  function signed(points) {
    return points > 0 ? `+${number(points)}` : points < 0 ? `−${number(-points)}` : "0";
  }

  function why(decision, period) {
    const parts = [];
    for (const result of [...period.scores, ...period.grades]) {
      const { rows } = decision.scores[result.name] || decision.grades[result.name];
      if (rows.length === 0) continue;
      const list = element("ul", "lp-try-rows-list", ...rows.map((row) => acted(row, period)));
      parts.push(element("h3", "", result.label), list);
    }
    if (parts.length === 0) parts.push(element("p", "lp-soft", say("why none")));
    return period.scores.length + period.grades.length ? section(say("why"), ...parts) : null;
  }

  function acted(row, period) {
    const tone = row.points > 0 ? "plus" : row.points < 0 ? "minus" : "zero";
    const [says, because, href] = period.rules[row.rule] || [row.rule, null, null];
    const link = element("a", "", says);
    if (href) link.href = href;
    const more = [];
    if (row.count > 1) more.push(say("times", { count: row.count }));
    if (row.capped) more.push(say("capped"));
    const text = element("div", "", link, more.length ? ` (${more.join(", ")})` : null);
    if (because) text.append(element("span", "lp-why", because));
    return element("li", "", element("span", `lp-points lp-${tone}`, signed(row.points)), text);
  }

  const TRUTHS = { met: "lp-try-met", "not met": "lp-try-not", unknown: "lp-try-open" };

  function judged(state, says, value) {
    const it = value === null ? null : ` (${say("it is", { value })})`;
    const text = element("div", "lp-try-says", says, it);
    return element("div", "lp-try-judged", truth(state), text);
  }

  function truth(state) {
    return element("span", `lp-try-truth ${TRUTHS[state]}`, say(state));
  }

  function stateOf(answer) {
    return answer === null ? "unknown" : answer ? "met" : "not met";
  }

  function tree(parts, decision, period) {
    return element("ul", "lp-try-tree", ...parts.map((one) => branch(one, decision, period)));
  }

  function branch(node, decision, period) {
    const state = stateOf(decision.probes[node.probe]);
    const line = judged(state, node.says, valueSaid(node.result, decision, period));
    const shown = element("li", "", line);
    // What holds needs no more words.
    if (state !== "met" && node.parts) shown.append(tree(node.parts, decision, period));
    if (state !== "met" && node.checklist) {
      const { items } = model.checklists[node.checklist];
      const states = Object.entries(decision.checklists[node.checklist].items);
      const lines = states.map(([name, one]) => element("li", "", judged(one, items[name], null)));
      shown.append(element("ul", "lp-try-tree", ...lines));
    }
    return shown;
  }

  function valueSaid(name, decision, period) {
    if (name === undefined) return null;
    if (decision.scores[name]) return number(decision.scores[name].points);
    if (decision.grades[name]) return decision.grades[name].letter;
    const group = period.groups.find((one) => one.name === name);
    return `“${rowOf(group, decision).label}”`;
  }

  function moveShown(move, decision, period) {
    const title = element("h3", "", textOf(period, move.rule));
    return element("div", "", title, tree(move.parts, decision, period));
  }

  function ways(decision, period) {
    const { stage } = decision;
    if (stage === null || stage.asleep_until) return [];
    const moves = period.moves[stage.current];
    const taken = moves.find((move) => move.rule === stage.rule);
    if (stage.next !== null) {
      const shown = taken ? [taken].map((move) => moveShown(move, decision, period)) : [];
      return [section(say("moves when"), ...(shown.length ? shown : [said(period, stage.rule)]))];
    }
    const [onward, others] = [moves.filter((one) => one.onward), moves.filter((one) => !one.onward)];
    const shown = onward.map((move) => moveShown(move, decision, period));
    if (moves.length === 0) shown.push(element("p", "lp-soft", say("by hand")));
    if (others.length > 0) {
      const rest = others.map((move) => moveShown(move, decision, period));
      shown.push(element("details", "", element("summary", "", say("others")), ...rest));
    }
    return [section(say("missing"), ...shown)];
  }

  function said(period, rule) {
    return element("p", "", textOf(period, rule));
  }

  // --- what to ask, what was promised ---

  function questions(decision) {
    const parts = [];
    for (const [name, { label }] of Object.entries(model.checklists)) {
      const { result, ask } = decision.checklists[name];
      const key = say(`checklist ${result}`);
      parts.push(element("h3", "", say("checklist", { checklist: label, result: key })));
      if (ask.length === 0) continue;
      const lines = ask.map((question) => element("li", "", question));
      parts.push(element("ul", "", ...lines));
    }
    return section(say("ask"), ...parts);
  }

  function unknowns(decision) {
    const buttons = decision.unknown.map((name) => {
      const control = form.querySelector(`#lp-try-fields [data-name="${name}"]`);
      const [list, item] = name.split(".");
      if (control === null) {
        return element("span", "lp-chip lp-tone-3", model.checklists[list].items[item]);
      }
      const button = element("button", "", model.fields[name]);
      button.type = "button";
      button.addEventListener("click", () => (control.querySelector("input") || control).focus());
      return button;
    });
    const chips = element("div", "lp-try-chips", ...buttons);
    return buttons.length === 0 ? null : section(say("could change"), chips);
  }

  function promises(decision) {
    const lines = decision.targets.map(({ target, state, due, at }) => {
      const key = state === "running" && due === null ? "running ever" : state;
      const when = at || due;
      const parts = { target: model.targets[target], time: when === null ? "" : time(when) };
      return element("li", "", say(`target ${key}`, parts));
    });
    return lines.length === 0 ? null : section(say("targets"), element("ul", "", ...lines));
  }

  function leftOut(decision) {
    const out = decision.warnings.filter(({ code }) => code === "event_set_aside");
    const lines = out.map(({ subject }) => {
      return element("p", "lp-soft", say("set aside", { kind: model.kinds[subject] || subject }));
    });
    return lines.length === 0 ? null : element("section", "", ...lines);
  }

  // --- showing ---

  let lastSaid = "";

  function showVerdict([css, headline, lines]) {
    const text = [headline, ...lines].join("\n");
    verdict.parentElement.className = `lp-try-verdict ${css}`;
    // What is said anew is read aloud: only when it changed.
    if (text === lastSaid) return;
    lastSaid = text;
    const shown = lines.map((line) => element("p", "", line));
    verdict.replaceChildren(element("p", "lp-try-headline", headline), ...shown);
  }

  function show() {
    const lead = leadInForm();
    keepLink(lead);
    const now = lead.at === "" ? null : decide.instant(lead.at);
    if (now === null) {
      showVerdict(["lp-try-wrong", say("no time"), []]);
      told.replaceChildren();
      return;
    }
    let decision;
    try {
      decision = decide(recordOf(lead, now), now, { partial: true });
    } catch (limit) {
      if (!(limit instanceof RangeError)) throw limit;
      showVerdict(["lp-try-wrong", say("no time"), []]);
      told.replaceChildren();
      return;
    }
    root.dataset.status = decision.status;
    const period = model.periods[decision.period];
    showVerdict(verdictOf(decision, period));
    const shown = decision.status === "decided" ? detailsOf(decision, period) : [];
    told.replaceChildren(...shown.filter((one) => one !== null));
  }

  function detailsOf(decision, period) {
    return [
      leftOut(decision),
      results(decision, period),
      promises(decision),
      ...ways(decision, period),
      questions(decision),
      unknowns(decision),
      why(decision, period),
    ];
  }

  // --- the link ---

  function keepLink(lead) {
    try {
      history.replaceState(null, "", MARK + packed(lead));
    } catch (tooOften) {
      // Some browsers allow only so many a second; the next change brings it up to date.
    }
  }

  function packed(lead) {
    const bytes = new TextEncoder().encode(JSON.stringify(lead));
    const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function unpacked(text) {
    try {
      const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
      const lead = JSON.parse(new TextDecoder().decode(bytes));
      const right = typeof lead.at === "string" && typeof lead.f === "object" && lead.f !== null;
      return right ? lead : null;
    } catch (broken) {
      return null;
    }
  }

  function linked() {
    return location.hash.startsWith(MARK) ? unpacked(location.hash.slice(MARK.length)) : null;
  }

  function empty() {
    const now = decide.wall(BigInt(Date.now()) * 1000n).slice(0, 16);
    return { at: now, f: {}, activities: [], actions: [], stays: [] };
  }

  async function copyLink() {
    const status = byId("copied");
    keepLink(leadInForm());
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = say("copied");
    } catch (refused) {
      status.textContent = say("not copied");
    }
  }

  // --- what people do ---

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const row = event.target.closest(".lp-try-row");
    if (row !== null && event.target.dataset.part === "unit") showUnit(row);
    show();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === null) return;
    const list = button.closest("[data-list]");
    if (button.dataset.part === "remove") {
      button.closest(".lp-try-row").remove();
      list.querySelector(".lp-try-add select").focus();
    } else if (button.id === "lp-try-now") {
      byId("at").value = empty().at;
    } else if (list !== null) {
      const chosen = list.querySelector(".lp-try-add select").selectedOptions[0];
      const values = JSON.parse(chosen.dataset.values);
      const label = chosen.textContent;
      part(addRow(list, [chosen.value, [1, "day"], values, ""], label), "ago").focus();
    }
    show();
  });
  byId("reset").addEventListener("click", () => {
    form.reset();
    fill(empty());
    if (byId("example") !== null) byId("example").value = "";
    show();
  });
  byId("copy").addEventListener("click", copyLink);
  if (byId("example") !== null) {
    byId("example").addEventListener("change", (event) => {
      const preset = model.presets[event.target.value];
      fill(preset === undefined ? empty() : preset.state);
      show();
    });
  }
  window.addEventListener("hashchange", () => {
    const lead = linked();
    if (lead === null) return;
    fill(lead);
    show();
  });
  root.hidden = false;
  fill(linked() || empty());
  show();
})();
