// Business time: when a calendar is open, and what that makes of lengths of time.

// For how many calendar years after that of a start its deadline is looked for.
const YEARS_AHEAD = 100;

// A set of days from the steps between them.
function daysApart(steps) {
  let last = 0;
  return new Set(steps.map((step) => (last += step)));
}

function writtenOpenings(calendar, day) {
  const special = calendar.days[day];
  if (special !== undefined) return special;
  const [year, month, date] = civil(day);
  const yearly = calendar.everyYear[`${month}-${date}`];
  if (yearly !== undefined) return yearly;
  const usual = calendar.weekly[weekday(day)];
  if (usual.length === 0 || calendar.holidays === null) return usual;
  if (year < HOLIDAY_YEARS[0] || year > HOLIDAY_YEARS[1]) {
    throw new NotKnownHere(`the public holidays of ${year}`);
  }
  return HOLIDAYS[calendar.holidays].has(day) ? [] : usual;
}

// From when until when the calendar is open on a local day, in order and apart.
function openings(calendar, day) {
  const year = yearOf(day);
  if (year < 2 || year > 9998) return [];
  if (calendar.made.has(day)) return calendar.made.get(day);
  const written = writtenOpenings(calendar, day);
  const found = [];
  if (written.length > 0) {
    const ends = dayStart(calendar.zone, day + 1);
    let reached = dayStart(calendar.zone, day);
    const spans = written.map((span) => span.map((minutes) => clockTime(calendar, day, minutes)));
    spans.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0));
    for (const [opens, closes] of spans) {
      const [start, end] = [larger(opens, reached), smaller(closes, ends)];
      if (end <= start) continue;
      found.push([start, end]);
      reached = end;
    }
  }
  calendar.made.set(day, found);
  return found;
}

function clockTime(calendar, day, minutes) {
  return settle(calendar.zone, BigInt(day) * DAY + BigInt(minutes) * 60n * SECOND);
}

function* openDays(calendar, first) {
  const end = dayNumber(yearOf(first) + YEARS_AHEAD + 1, 1, 1);
  for (let day = first; calendar.ever && day < end; day += 1) {
    const open = openings(calendar, day);
    if (open.length > 0) yield [day, open];
  }
}

// The first instant, not before `start`, by which so much open time has passed; null if it is
// too far away.
function useUp(calendar, length, start) {
  if (length <= 0n) return start;
  let left = length;
  for (const [, open] of openDays(calendar, localDay(calendar.zone, start))) {
    for (const [opens, closes] of open) {
      const from = larger(opens, start);
      if (closes <= from) continue;
      if (left <= closes - from) return from + left;
      left -= closes - from;
    }
  }
  return null;
}

function openBetween(calendar, start, end) {
  if (end <= start || !calendar.ever) return 0n;
  const [first, last] = [localDay(calendar.zone, start), localDay(calendar.zone, end)];
  if (last - first > 400 * 366) throw new NotKnownHere("business time over so many years");
  let total = 0n;
  for (let day = first; day <= last; day += 1) {
    for (const [opens, closes] of openings(calendar, day)) {
      const [from, until] = [larger(opens, start), smaller(closes, end)];
      if (until > from) total += until - from;
    }
  }
  return total;
}

function closeOf(open) {
  return open[open.length - 1][1];
}

function* closesAfter(calendar, start) {
  const today = localDay(calendar.zone, start);
  for (const [day, open] of openDays(calendar, today)) {
    if (day > today) yield closeOf(open);
  }
}

// On each open day that time or its close, whichever is earlier; those after `start`.
function* timesOfDay(calendar, minutes, start) {
  for (const [day, open] of openDays(calendar, localDay(calendar.zone, start))) {
    const moment = smaller(clockTime(calendar, day, minutes), closeOf(open));
    if (moment > start) yield moment;
  }
}
