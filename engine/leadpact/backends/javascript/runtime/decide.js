// One decision: the lead at an instant, judged by the rules of the period that it lies in.

const INSUFFICIENT = "insufficient data";

// A lead at an instant. What is rarely asked for is worked out when it is.
class Situation {
  constructor(lead, now) {
    this.lead = lead;
    this.now = now;
    this.f = lead.fields;
    this.stage = lead.stage || POLICY.start;
    this.past = lazy(() => new Past(ZONE, lead, POLICY.start, now));
    this.sinceKnown = true;
    this.since = lead.stage === null ? null : lead.since;
    if (lead.stage === null && (lead.moves || []).length === 0) {
      this.since = PAST;
    } else if (POLICY.start !== null && this.since === null) {
      this.since = this.past().present.entered;
      this.sinceKnown = this.since !== null;
    }
    this.canSleep = false;
    this.sleep = () => ({ until: null, woken: null, woke: null });
    this.asleep = () => this.canSleep && this.sleep().until !== null;
  }

  // The events of a pattern that lie in a window, and after a restart.
  events(pattern, span, restart) {
    const from = this.edge(span);
    return matching(this.lead, pattern).filter(
      ({ at }) => at <= this.now && at >= from && (restart === null || at > restart())
    );
  }

  // The first instant inside the window; FAR while nobody can tell.
  edge([kind, what, stage]) {
    if (kind === "within") return threshold(ZONE, what, this.now) + 1n;
    if (kind === "ever") return PAST;
    if (kind === "since entered") return this.sinceKnown ? this.since : FAR;
    const start = this.past().start(what, stage);
    if (start === null) return FAR;
    return kind === "gained" && start === FAR ? PAST : start;
  }

  // What holds of events since a stage; null while nobody can tell since when.
  told(how, stage, holds) {
    return this.past().start(how, stage) === null ? null : holds;
  }

  moment(which, stage) {
    const at = this.past().start(which === "entry" ? "entering" : "leaving", stage);
    return at === FAR ? null : at;
  }

  limit(length, direction, strict, days) {
    return limit(ZONE, length, direction, strict, days, this.now);
  }

  idle(period, last) {
    return last === null ? 0 : fullPeriods(ZONE, period, last, this.now);
  }
}

function situation(lead, now) {
  const x = new Situation(lead, now);
  x.canSleep = POLICY.canSleep;
  x.sleep = lazy(() => sleepOf(lead, POLICY.start, now, POLICY.ways));
  return x;
}

function periodAt(now) {
  const today = localDay(ZONE, now);
  let found = 0;
  PERIODS.forEach((period, index) => {
    if (period.first !== null && period.first <= today) found = index;
  });
  return found;
}

// --- since when something has been true ---

const MOST_INSTANTS = 50000;

// The first instant from `start` to now at which a watched condition was true, though such leads
// were refused then. Nothing changes between the instants that are looked at.
function firstTrue(lead, now, watched, start) {
  for (const instant of candidates(lead, now, WATCHED[watched], start)) {
    const period = PERIODS[periodAt(instant)];
    const judged = period.judge(situation(lead, instant));
    if (judged.watched[watched]() === true) return instant;
  }
  return null;
}

function candidates(lead, now, watch, start) {
  const told = [start, ...lead.all.map((event) => event.at)];
  for (const values of [lead.fields, ...lead.all.map((event) => event.values)]) {
    told.push(...Object.values(values).filter((value) => typeof value === "bigint"));
  }
  const past = POLICY.start === null ? [] : new Past(ZONE, lead, POLICY.start, now).stays;
  told.push(...past.map((stay) => stay.entered).filter((at) => at !== null));
  const found = new Set(told);
  const inside = (at) => start <= at && at <= now;
  for (const [amount, unit] of watch.lengths) {
    const length = UNITS[unit] * BigInt(amount);
    for (const at of told) [at + length, at - length].filter(inside).forEach((one) => found.add(one));
  }
  if (watch.ages) {
    for (const at of told.filter((one) => one <= now)) {
      let day = at + larger(0n, floorDivide(start - at, DAY)) * DAY;
      for (; day <= now; day += DAY) addInstant(found, day);
    }
  }
  if (watch.midnights) {
    const last = localDay(ZONE, now);
    for (let day = localDay(ZONE, start); day <= last; day += 1) {
      addInstant(found, dayStart(ZONE, day));
    }
  }
  for (const { first } of PERIODS) if (first !== null) found.add(dayStart(ZONE, first));
  // What is true of more than so long becomes true a microsecond later.
  for (const at of [...found]) found.add(at + 1n);
  return [...found].filter(inside).sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

function addInstant(found, instant) {
  found.add(instant);
  if (found.size > MOST_INSTANTS) throw new NotKnownHere("so long a time");
}

// --- the way out of a stage ---

function nextMove(x, stage, clocks) {
  const due = [...clocks.outs];
  const ways = stage.always.map((way) => (way.when ? [way, way.when] : [way, () => due.shift()]));
  const awake = !x.asleep();
  ways.push(...stage.moves.map((way) => [way, () => (awake ? way.when() : false)]));
  ways.push(...stage.timeOuts.map((way) => [way, () => due.shift()]));
  const backs = stage.targets.flatMap((target) => target.backs);
  ways.push(...backs.map((way, index) => [way, () => clocks.backs[index]]));
  // Each is asked, so that every time-out finds its own answer.
  const taken = ways.filter(([, holds]) => holds() === true);
  return taken.length === 0 ? null : taken[0][0];
}

function stageResult(x, stage, clocks) {
  const move = nextMove(x, stage, clocks);
  const { lead, now } = x;
  const since = x.since === PAST ? firstInstant(lead, now) : x.sinceKnown ? x.since : null;
  const until = x.canSleep ? x.sleep().until : null;
  const because = move === null || move.because === null ? null : move.because;
  return {
    current: x.stage,
    next: move && move.to,
    since: written(since),
    owner: stage.owner,
    rule: move && move.rule,
    because: typeof because === "function" ? because() : because,
    time_outs: clocks.pending.map(({ rule, due: at }) => ({ rule, due: written(at) })),
    asleep_until: until === null || until === FAR ? null : written(until),
  };
}

function written(instant) {
  return instant === null ? null : instantText(instant, false);
}

function worklists(lead, now) {
  if ((lead.moves || []).length === 0) return [];
  const came = brought(lead, POLICY.start, now);
  if (came.rule === null || came.at === null) return [];
  const way = ruleThatLed(POLICY.ways, came, lead.stage || POLICY.start);
  return way ? way.lists.map((worklist) => ({ worklist, since: written(came.at) })) : [];
}

// --- what could change the outcome ---

class Asked {
  constructor(lacking) {
    this.lacking = lacking;
    this.found = new Set();
  }

  // Facts that change the outcome by becoming known, whatever the other facts are.
  facts(names) {
    for (const name of names) if (this.lacking(name)) this.found.add(name);
  }

  // The facts of a rule, unless it is settled whatever they turn out to be.
  rule(names, surely) {
    if (names.some((name) => this.lacking(name)) && surely() === null) this.facts(names);
  }
}

// --- the decision ---

function byName(results, tell) {
  return Object.fromEntries(Object.entries(results).map(([name, one]) => [name, tell(one())]));
}

function groupTold({ value, rule, over }) {
  return { value, rule, passed_over: over };
}

function checklistTold({ result, states, ask }) {
  const items = Object.entries(states).map(([name, state]) => [name, STATES[state]]);
  return { result: STATES[result], items: Object.fromEntries(items), ask };
}

function readAsOf(asOf) {
  if (typeof asOf === "bigint") return asOf;
  if (typeof asOf === "number") return BigInt(asOf);
  const read = readInstant(ZONE, asOf);
  if (read === null || read[1]) throw new RangeError("Write an instant like 2026-11-21T09:00:00Z.");
  return read[0];
}

function decided(lead, now, period) {
  const x = situation(lead, now);
  const judged = PERIODS[period].judge(x);
  const refusal = judged.refusals.find((one) => one.when() === true);
  if (refusal) {
    return { status: "refused", refusal: { rule: refusal.rule, because: refusal.because } };
  }
  const asked = new Asked(judged.lacking);
  judged.ask(asked);
  const stage = POLICY.start === null ? null : judged.stages[x.stage];
  let clocks = NO_CLOCKS;
  if (stage !== null) {
    stage.ask(asked);
    stage.outs = [...stage.always.filter((way) => !way.when), ...stage.timeOuts];
    clocks = clocksOf(x, stage, (watched, start) => firstTrue(lead, now, watched, start));
  }
  const times = ({ target, state, started, due: at, at: when }) => {
    return { target, state, started: written(started), due: written(at), at: written(when) };
  };
  return {
    status: "decided",
    scores: byName(judged.scores, (sum) => sum.told()),
    grades: byName(judged.grades, ({ sum, letter }) => {
      return { ...sum.told(), letter: letter === null ? INSUFFICIENT : letter };
    }),
    groups: byName(judged.groups, groupTold),
    checklists: byName(judged.checklists, checklistTold),
    stage: stage && stageResult(x, stage, clocks),
    targets: clocks.targets.map(times),
    worklists: stage === null ? [] : worklists(lead, now),
    unknown: [...asked.found].sort(compareTexts),
    probes: judged.probes.map((probe) => probe()),
  };
}

// What the policy says about a record at an instant: an ISO text with an offset, or microseconds
// since 1970. With `partial`, what is required may be missing.
function decide(record, asOf, { partial = false } = {}) {
  const now = readAsOf(asOf);
  if (now < POLICY.earliest || now >= POLICY.latest) {
    throw new RangeError("The instant lies outside the years 1900 to 2999.");
  }
  const period = periodAt(now);
  const head = {
    format: 1,
    id: null,
    as_of: written(now),
    policy: { name: POLICY.name, version: POLICY.version },
    period,
  };
  try {
    const taking = new Taking(POLICY, partial);
    const lead = taking.take(record);
    if (lead !== null) head.id = lead.id;
    if (lead !== null && lead.since !== null && lead.since > now) {
      taking.problem("stage_since", "later");
    }
    if (taking.problems.length > 0) {
      return { ...head, status: "rejected", problems: taking.problems };
    }
    return { ...head, ...decided(lead, now, period), warnings: taking.warnings() };
  } catch (limit) {
    if (!(limit instanceof NotKnownHere)) throw limit;
    return { ...head, status: "not known here", reason: limit.message };
  }
}

// For pages with clocks: a time on the policy's wall clock as microseconds, and back again.
decide.instant = (wall) => {
  const read = readInstant(ZONE, wall);
  return read === null ? null : read[0];
};
decide.written = (instant) => instantText(instant, false);
decide.wall = (instant) => instantText(wallTime(ZONE, readAsOf(instant)), false).slice(0, -1);
