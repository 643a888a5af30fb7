// Where a lead was before, as far as its record tells, and whether it sleeps.

// The instants of the script's own: never, and before everything.
const FAR = 10n ** 30n;
const PAST = -FAR;

function firstInstant(lead, now) {
  const instants = lead.all.map((event) => event.at).filter((at) => at <= now);
  return instants.length === 0 ? now : instants.reduce(smaller);
}

// What the record says of the present outweighs its moves: of those later than `since`, only the
// one that brought the lead to its stage counts, as of that instant.
function movesUntil(lead, now) {
  const moves = [...(lead.moves || [])].sort((one, other) =>
    one.at < other.at ? -1 : one.at > other.at ? 1 : 0
  );
  const last = moves[moves.length - 1];
  if (lead.stage === null || lead.since === null || !last || last.at <= lead.since) {
    return moves.filter((move) => move.at <= now);
  }
  const counted = moves.filter((move) => move.at <= lead.since);
  const place = counted.length === 0 ? null : counted[counted.length - 1].to;
  if (last.to === lead.stage && place !== lead.stage) counted.push({ ...last, at: lead.since });
  return counted;
}

// Stays in order, the present one last. While the history is not known, only that one is.
class Past {
  constructor(zone, lead, start, now) {
    this.zone = zone;
    this.now = now;
    const stays = [{ stage: start, entered: firstInstant(lead, now) }];
    const last = () => stays[stays.length - 1];
    for (const move of movesUntil(lead, now)) {
      if (move.to !== last().stage) stays.push({ stage: move.to, entered: move.at });
    }
    const stage = lead.stage || start;
    // Since when, without where, tells nothing.
    const since = lead.stage === null ? null : lead.since;
    if (last().stage !== stage) stays.push({ stage, entered: since });
    else if (since !== null) last().entered = since;
    this.stays = stays;
    this.before = stays.slice(0, -1).map((stay, at) => ({ ...stay, left: stays[at + 1].entered }));
    this.present = last();
    this.known = lead.stage === null || lead.moves !== null;
  }

  // FAR: never; null: nobody can tell.
  lastEntry(stage) {
    if (this.present.stage === stage) return this.present.entered;
    if (!this.known) return null;
    const found = this.before.filter((stay) => stay.stage === stage).pop();
    return found ? found.entered : FAR;
  }

  lastExit(stage) {
    if (!this.known) return null;
    const found = this.before.filter((stay) => stay.stage === stage).pop();
    return found ? found.left : FAR;
  }

  start(how, stage) {
    return how === "entering" ? this.lastEntry(stage) : this.lastExit(stage);
  }

  wasIn(stage, within) {
    if (this.present.stage === stage) return true;
    if (!this.known) return null;
    const exits = this.before.filter((stay) => stay.stage === stage).map((stay) => stay.left);
    if (within === null) return exits.length > 0;
    const inside = (left) => left !== null && this.now < leaves(this.zone, within, left);
    return exits.some(inside) ? true : exits.includes(null) ? null : false;
  }

  entries(stages) {
    const told = this.known ? this.stays : [this.present];
    return told
      .filter((stay) => stages.includes(stay.stage) && stay.entered !== null)
      .reduce((last, stay) => larger(last, stay.entered), PAST);
  }
}

// Which move brought the lead to its stage. `told`: the record says by which rule.
function brought(lead, start, now) {
  const stage = lead.stage || start;
  let [last, before, place] = [null, null, start];
  for (const move of movesUntil(lead, now)) {
    if (move.to !== place) [last, before, place] = [move, last, move.to];
  }
  if (last === null) {
    const isKnown = lead.stage === null || lead.moves !== null;
    return { rule: null, at: null, since: null, told: stage === start && isKnown };
  }
  if (place !== stage) return { rule: null, at: null, since: null, told: false };
  const since = before === null ? null : before.at;
  // What the record says of the present outweighs its moves.
  const entered = lead.stage === null ? null : lead.since;
  return { rule: last.rule, at: entered ?? last.at, since, told: last.rule !== null };
}

// The rule as it was on the day of the move, though it may be in force no longer.
function ruleThatLed(ways, came, to) {
  const day = localDay(ZONE, came.at);
  const isInForce = ({ first, last }) =>
    (first === null || first <= day) && (last === null || day <= last);
  return ways.find((way) => way.rule === came.rule && way.to === to && isInForce(way));
}

// `until`: null for a lead that is awake; `woken`: null while nobody can tell.
function sleepOf(lead, start, now, ways) {
  const came = brought(lead, start, now);
  const way = came.rule === null ? null : ruleThatLed(ways, came, lead.stage || start);
  if (!came.told || way === undefined) return { until: null, woken: null, woke: null };
  const wakeUp = way === null ? null : way.wakeUp;
  if (wakeUp === null || came.at === null) return { until: null, woken: false, woke: null };
  const woke = wakes(lead, wakeUp, came, now);
  if (woke === null || woke > now) {
    return { until: woke === null ? FAR : woke, woken: false, woke: null };
  }
  return { until: null, woken: true, woke };
}

// When a lead that was put to sleep wakes up; null: nothing known wakes it yet.
function wakes(lead, wakeUp, came, now) {
  let woken = null;
  if (wakeUp.after) woken = after(wakeUp.after, came.at);
  else if (wakeUp.on) woken = namedInstant(lead, wakeUp.on, came);
  else if (wakeUp.before) woken = beforeDay(lead, wakeUp, came.at);
  if (woken !== null) woken = larger(woken, came.at);
  const wanted = wakeUp.orOn
    ? matching(lead, wakeUp.orOn).map((event) => event.at)
    : [];
  const first = wanted.filter((at) => came.at < at && at <= now).reduce(smaller, FAR);
  return first !== FAR && (woken === null || first < woken) ? first : woken;
}

function namedInstant(lead, on, came) {
  const events = matching(lead, on.events).filter(
    (event) => event.at <= came.at && (came.since === null || event.at >= came.since)
  );
  const newest = newestOf(events);
  const value = newest === null ? null : newest.values[on.property];
  return value === null ? came.at : beginsOf(value);
}

// A day (Number) begins at local midnight; an instant is itself.
function beginsOf(value) {
  return typeof value === "bigint" ? value : dayStart(ZONE, value);
}

function beforeDay(lead, { before, field, notBefore }, moved) {
  const value = lead.fields[field];
  if (value === null) return moved;
  const day = typeof value === "bigint" ? localDay(ZONE, value) : value;
  const [amount, unit] = before;
  const earlier =
    unit === "month" ? addMonths(day, -amount) : day - Number((UNITS[unit] * BigInt(amount)) / DAY);
  const woken = dayStart(ZONE, Math.max(earlier, FIRST_DAY));
  return notBefore ? larger(woken, leaves(ZONE, notBefore, moved)) : woken;
}
