// Which events count, and what is asked of them.

// The event's known properties as text, for the last comparison between two events.
function propertiesText(event) {
  const lines = [];
  for (const field of event.fields) {
    const value = event.values[field.name];
    if (value === null || (typeof value === "string" && strip(value) === "")) continue;
    lines.push(`${field.attribute}=${plainText(field, value)}`);
  }
  return lines.sort(compareTexts).join("\n");
}

function plainText(field, value) {
  switch (field.type) {
    case "yes or no":
      return value ? "yes" : "no";
    case "number":
      return numberText(value);
    case "date":
      return dayText(value);
    case "instant":
      return instantText(value, true);
    case "any number of":
      return [...value].sort(compareTexts).join(", ");
    default:
      return value;
  }
}

// Later, then the greater id, then the greater text.
function isNewer(one, other) {
  if (one.at !== other.at) return one.at > other.at;
  if (one.id !== other.id) return compareTexts(one.id || "", other.id || "") > 0;
  return compareTexts(propertiesText(one), propertiesText(other)) > 0;
}

function isBefore(one, other) {
  if (one.at !== other.at) return one.at < other.at;
  if (one.kind !== other.kind) return compareTexts(one.kind, other.kind) < 0;
  return compareTexts(propertiesText(one), propertiesText(other)) < 0;
}

// The events without those whose id an earlier one has.
function withoutRepeats(activities, actions) {
  const kept = new Map();
  for (const event of [...activities, ...actions]) {
    if (event.id === null) continue;
    const other = kept.get(event.id);
    if (other === undefined || isBefore(event, other)) kept.set(event.id, event);
  }
  const stays = (event) => event.id === null || kept.get(event.id) === event;
  return [activities.filter(stays), actions.filter(stays)];
}

// The events of the pattern, in the order of the record.
function matching(lead, [ofActions, parts]) {
  return (ofActions ? lead.actions : lead.activities).filter((event) =>
    parts.some(([kind, where]) => kind === event.kind && (!where || where(event.values) === true))
  );
}

function newestOf(events) {
  return events.reduce(
    (newest, event) => (newest === null || isNewer(event, newest) ? event : newest),
    null
  );
}

// A property as it is told apart from others; null while it is unknown or the event has none.
function keyOf(event, name) {
  const field = event.fields.find((one) => one.name === name);
  const value = field === undefined ? null : event.values[name];
  if (value === null) return null;
  if (typeof value === "string") return field.type === "text" ? fold(value) || null : value;
  return Array.isArray(value) ? JSON.stringify([...new Set(value)].sort()) : String(value);
}

// The newest event of each group, then the newest of each period, then the newest of all.
function kept(zone, events, { oncePer = null, upTo = null, atMost = null }) {
  const groups = new Map();
  let left = [];
  for (const event of events) {
    const group =
      oncePer === null
        ? null
        : oncePer.period
          ? periodOf(zone, oncePer.period, event.at)
          : keyOf(event, oncePer.property);
    if (group === null) left.push(event);
    else if (!groups.has(group) || event.at > groups.get(group).at) groups.set(group, event);
  }
  left.push(...groups.values());
  left.sort((one, other) => (one.at > other.at ? -1 : one.at < other.at ? 1 : 0));
  if (upTo !== null) {
    const seen = new Map();
    left = left.filter((event) => {
      const period = periodOf(zone, upTo.period, event.at);
      seen.set(period, (seen.get(period) || 0) + 1);
      return seen.get(period) <= upTo.amount;
    });
  }
  return atMost === null ? left : left.slice(0, atMost);
}

function differentOf(events, name) {
  return new Set(events.map((event) => keyOf(event, name)).filter((key) => key !== null)).size;
}

function momentOf(events, last) {
  const instants = events.map((event) => event.at);
  return instants.length === 0 ? null : instants.reduce(last ? larger : smaller);
}

// The newest of some instants; before everything where there is none.
function latest(instants) {
  return instants.reduce((last, at) => (at === null ? last : larger(last, at)), PAST);
}

// The summed points of events whose shares fall with age, and how many they are.
function fadedPoints(now, events, points, share) {
  const shares = events.map((event) => BigInt(share(Number((now - event.at) / DAY))));
  return {
    count: events.length,
    points: shares.reduce((sum, one) => sum + halfUp(points * one, 10000n), 0n),
  };
}

function fading(days) {
  return (age) => (age < days ? halfUp(10000n * BigInt(days - age), BigInt(days)) : 0n);
}

// `steps` are those from one age's share to the next: a digit of base 36, or three behind a point.
function halving(steps) {
  const table = [10000];
  for (const step of steps.match(/\.[0-9a-z]{3}|[0-9a-z]/g) || []) {
    table.push(table[table.length - 1] - parseInt(step.replace(".", ""), 36));
  }
  return (age) => (age < table.length ? table[age] : 0);
}

function lastValue(event, name) {
  return event === null ? null : event.values[name];
}

// A text of blanks says nothing.
function said(value) {
  return value === null || strip(value) === "" ? null : value;
}
