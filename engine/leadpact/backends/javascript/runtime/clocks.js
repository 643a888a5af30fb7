// Clocks of a stage: time-outs, targets, pauses. A length of business time is
// [amount, unit, calendar].

const PAUSED = Symbol("paused");

// The instant at which `length` after `instant` is over; null if it never is.
function after(length, instant) {
  const [amount, unit, calendar] = length;
  if (calendar === undefined) return leaves(ZONE, length, instant);
  if (unit === "day") return nth(amount, closesAfter(CALENDARS[calendar], instant), []);
  return useUp(CALENDARS[calendar], UNITS[unit] * BigInt(amount), instant);
}

// --- pauses ---

// From `start` on, in order and apart; only the last may be without end (null).
function merged(pauses, start) {
  const sorted = [...pauses].sort((one, other) =>
    one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0
  );
  const stops = [];
  for (const [begins, ends] of sorted) {
    const from = larger(begins, start);
    if (ends !== null && ends <= from) continue;
    const last = stops[stops.length - 1];
    if (last && last[1] === null) break;
    if (last && from <= last[1]) last[1] = ends === null ? null : larger(ends, last[1]);
    else stops.push([from, ends]);
  }
  return stops;
}

function runs(start, stops) {
  const found = [];
  let since = start;
  for (const [begins, ends] of stops) {
    if (since < begins) found.push([since, begins]);
    since = ends;
  }
  if (since !== null) found.push([since, null]);
  return found;
}

// When so much time since `start` has counted.
function runDown(amount, start, stops, calendar) {
  let left = amount;
  for (const [begins, ends] of runs(start, stops)) {
    if (ends !== null) {
      const counts = calendar === null ? ends - begins : openBetween(calendar, begins, ends);
      if (counts < left) {
        left -= counts;
        continue;
      }
    }
    return calendar === null ? begins + left : useUp(calendar, left, begins);
  }
  return PAUSED;
}

// The `count`-th of the moments at which there is no pause.
function nth(count, moments, stops) {
  const last = stops[stops.length - 1];
  const standsFrom = last && last[1] === null ? last[0] : null;
  let left = count;
  for (const moment of moments) {
    if (standsFrom !== null && standsFrom <= moment) break;
    if (stops.some(([begins, ends]) => begins <= moment && moment < ends)) continue;
    left -= 1;
    if (left === 0) return moment;
  }
  return standsFrom === null ? null : PAUSED;
}

// --- targets ---

function due(limit, start, pauses) {
  const stops = merged(pauses, start);
  if (limit.by !== undefined) {
    return nth(1, timesOfDay(CALENDARS[limit.calendar], limit.by, start), stops);
  }
  const [amount, unit, name] = limit.length;
  if (name === undefined) {
    return runDown(leaves(ZONE, limit.length, start) - start, start, stops, null);
  }
  const calendar = CALENDARS[name];
  if (unit === "day") return nth(amount, closesAfter(calendar, start), stops);
  return runDown(UNITS[unit] * BigInt(amount), start, stops, calendar);
}

// When there were first so many acts with so many different values, from `start` on.
function done(acts, target, start, until) {
  const seen = new Set();
  let count = 0;
  for (const [at, value] of acts) {
    if (at < start || at > until) continue;
    count += 1;
    if (value !== null) seen.add(value);
    if (count >= target.atLeast && seen.size >= target.different) return at;
  }
  return null;
}

function clockState(target, start, now, acts, pauses) {
  if (start === null || start > now) return { state: "waiting", started: null, due: null, at: null };
  let [at, countsFrom, stops] = [null, start, pauses];
  if (target.limit.every) {
    countsFrom = acts.map(([act]) => act).filter((act) => act <= now).reduce(larger, start);
  } else {
    at = done(acts, target, start, now);
    // The clock stopped then: what pauses later is none of its pauses.
    if (at !== null) stops = pauses.filter(([begins]) => begins < at);
  }
  const found = due(target.limit, countsFrom, stops);
  const knownDue = found === PAUSED ? null : found;
  if (at !== null && (knownDue === null || at <= knownDue)) {
    return { state: "met", started: start, due: knownDue, at };
  }
  if (knownDue !== null && knownDue <= now) {
    return { state: "missed", started: start, due: knownDue, at: null };
  }
  const stands = stops.some(([begins, ends]) => begins <= now && (ends === null || now < ends));
  if (stands) return { state: "paused", started: start, due: null, at: null };
  return { state: "running", started: start, due: knownDue, at: null };
}

// A property as different ones are told apart.
function comparedValue(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return fold(value) || null;
  return Array.isArray(value) ? JSON.stringify([...new Set(value)].sort()) : String(value);
}

function actsOf(lead, target, start, now) {
  if (target.events === null) return [];
  const found = matching(lead, target.events).filter(({ at }) => start <= at && at <= now);
  found.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return found.map((event) => {
    const value = target.property === null ? null : comparedValue(event.values[target.property]);
    return [event.at, value];
  });
}

// From when until when the clock stands still, of what began in this stay.
function pausesOf(lead, target, now, entered) {
  const found = [];
  for (const { starts, ends, property } of target.pauses) {
    const ending = ends === null ? [] : matching(lead, ends).map((event) => event.at);
    for (const event of matching(lead, starts)) {
      if (event.at < entered || event.at > now) continue;
      if (property !== null) {
        // An event that does not name its day begins no pause.
        const value = event.values[property];
        if (value !== null) found.push([event.at, beginsOf(value)]);
      } else {
        const later = ending.filter((end) => event.at < end && end <= now);
        found.push([event.at, later.length === 0 ? null : later.reduce(smaller)]);
      }
    }
  }
  return found;
}

// --- the clocks of one stage ---

const NO_CLOCKS = { outs: [], backs: [], targets: [], pending: [] };

function clocksOf(x, stage, firstTrue) {
  const { lead, now } = x;
  const asleep = x.asleep();
  if (asleep) return NO_CLOCKS;
  const entered = !x.sinceKnown ? null : x.since === PAST ? firstInstant(lead, now) : x.since;
  const { woke } = x.sleep();
  const began = woke === null || !x.canSleep ? entered : woke;
  const told = { outs: [], backs: [], targets: [], pending: [] };
  for (const out of stage.outs) {
    const [taken, fallsDue] = timeOut(lead, out, now, began);
    told.outs.push(taken);
    if (fallsDue !== null && !taken) told.pending.push({ rule: out.rule, due: fallsDue });
  }
  for (const target of stage.targets) {
    const applies = target.when === null || target.when() === true;
    if (!applies || began === null) {
      told.backs.push(...target.backs.map(() => false));
      if (applies) {
        const state = { state: "waiting", started: null, due: null, at: null };
        told.targets.push({ target: target.name, ...state });
      }
      continue;
    }
    const { clock, handed } = targetClock(x, target, began, entered, firstTrue);
    told.targets.push({ target: target.name, ...clock });
    handed.forEach((at, index) => {
      told.backs.push(at !== null && at <= now);
      if (at !== null && at > now) told.pending.push({ rule: target.backs[index].rule, due: at });
    });
  }
  return told;
}

// Whether it is taken, and when it is due (null: it is not to come).
function timeOut(lead, out, now, began) {
  const fallsDue = began === null ? null : after(out.after, began);
  if (fallsDue === null) return [false, null];
  const last = smaller(fallsDue, now);
  if (matching(lead, out.without).some(({ at }) => began <= at && at <= last)) {
    return [false, null];
  }
  return [fallsDue <= now, fallsDue];
}

function targetClock({ lead, now }, target, began, entered, firstTrue) {
  // Nobody can break a promise before it was made.
  const from = target.first === null ? began : larger(began, dayStart(ZONE, target.first));
  const start = target.startsWhen === null ? from : firstTrue(target.startsWhen, from);
  const acts = actsOf(lead, target, start === null ? now : start, now);
  const pauses = pausesOf(lead, target, now, entered);
  const clock = clockState(target, start, now, acts, pauses);
  const handed = target.backs.map((back) => handBack(target, clock, back, acts));
  return { clock, handed };
}

// When the lead is handed back, if the target was missed and is not done until then.
function handBack(target, clock, back, acts) {
  if (clock.state !== "missed" || clock.due === null) return null;
  const at = back.after === null ? clock.due : after(back.after, clock.due);
  if (at === null || target.limit.every) return at;
  return done(acts, target, clock.started, at) === null ? at : null;
}
