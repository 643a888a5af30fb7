// Instants are microseconds since 1970 (BigInt), days are days since 1970-01-01 (Number), lengths
// of time are [amount, unit].

const SECOND = 1000000n;
const DAY = 86400n * SECOND;
const FIRST_INSTANT = -62135596800n * SECOND;
const LAST_INSTANT = 253402300800n * SECOND - 1n;
const FIRST_DAY = -719162;
const UNITS = { minute: 60n * SECOND, hour: 3600n * SECOND, day: DAY, week: 7n * DAY };

function dayNumber(year, month, day) {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const ofAll = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146097 + ofAll - 719468;
}

function civil(day) {
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const ofEra = shifted - era * 146097;
  const years = ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524);
  const yearOfEra = Math.floor((years - Math.floor(ofEra / 146096)) / 365);
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const ofYear = ofEra - (365 * yearOfEra + leaps);
  const index = Math.floor((5 * ofYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [year, month, ofYear - Math.floor((153 * index + 2) / 5) + 1];
}

function yearOf(day) {
  return civil(day)[0];
}

function weekday(day) {
  return (((day + 3) % 7) + 7) % 7;
}

function monthLength(year, month) {
  const [after, next] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return dayNumber(after, next, 1) - dayNumber(year, month, 1);
}

function addMonths(day, months) {
  const [year, month, date] = civil(day);
  const index = year * 12 + month - 1 + months;
  const [newYear, newMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return dayNumber(newYear, newMonth, Math.min(date, monthLength(newYear, newMonth)));
}

// --- zones: a table of changes, and the rule that holds after it ---

function seconds(instant) {
  return Number(floorDivide(instant, SECOND));
}

function ruleDay(year, [month, week, dayOfWeek]) {
  const first = dayNumber(year, month, 1);
  // Zones count the days of a week from Sunday.
  const ahead = (dayOfWeek - ((weekday(first) + 1) % 7) + 7) % 7;
  const day = first + ahead + 7 * (week - 1);
  return day < first + monthLength(year, month) ? day : day - 7;
}

function ruleChanges(rule, year) {
  return [
    [ruleDay(year, rule.begins) * 86400 + rule.begins[3] - rule.standard, rule.summer],
    [ruleDay(year, rule.ends) * 86400 + rule.ends[3] - rule.summer, rule.standard],
  ];
}

function offsetAt(zone, second) {
  const { changes, offsets, rule } = zone;
  if (rule !== null && (changes.length === 0 || second > changes[changes.length - 1])) {
    const [[begins], [ends]] = ruleChanges(rule, yearOf(Math.floor(second / 86400)));
    const summer =
      begins < ends ? begins <= second && second < ends : !(ends <= second && second < begins);
    return summer ? rule.summer : rule.standard;
  }
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle] <= second) low = middle + 1;
    else high = middle;
  }
  return offsets[low];
}

// [second, offset from then on] of each change after `low` and until `high`.
function changesBetween(zone, low, high) {
  const { changes, offsets, rule } = zone;
  const found = changes.map((at, index) => [at, offsets[index + 1]]);
  const last = changes.length === 0 ? -Infinity : changes[changes.length - 1];
  if (rule !== null && high > last) {
    const end = yearOf(Math.floor(high / 86400));
    for (let year = yearOf(Math.floor(low / 86400)); year <= end; year += 1) {
      found.push(...ruleChanges(rule, year).filter(([at]) => at > last));
    }
  }
  return found.filter(([at]) => low < at && at <= high).sort((one, other) => one[0] - other[0]);
}

// A time on the zone's wall clock as an instant. What a clock change skips or repeats takes the
// offset before the change.
function settle(zone, wall) {
  const second = seconds(wall);
  let offset = offsetAt(zone, second - 172800);
  for (const [at, after] of changesBetween(zone, second - 172800, second + 172800)) {
    if (second >= at + Math.max(offset, after)) offset = after;
  }
  return wall - BigInt(offset) * SECOND;
}

// The time on the zone's wall clock; in UTC where its calendar ends.
function wallTime(zone, instant) {
  const wall = instant + BigInt(offsetAt(zone, seconds(instant))) * SECOND;
  return wall < FIRST_INSTANT || wall > LAST_INSTANT ? instant : wall;
}

function localDay(zone, instant) {
  return Number(floorDivide(wallTime(zone, instant), DAY));
}

function dayOf(instant) {
  return instant === null ? null : localDay(ZONE, instant);
}

// The instant at which a local day begins.
function dayStart(zone, day) {
  return larger(settle(zone, BigInt(day) * DAY), FIRST_INSTANT);
}

// --- windows ---

// The latest day that, with the length added, is not after `day`.
function lastBefore(day, [amount, unit]) {
  if (unit !== "month") return day - Number((UNITS[unit] * BigInt(amount)) / DAY);
  let last = addMonths(day, -amount);
  while (addMonths(last + 1, amount) <= day) last += 1;
  return last;
}

// The latest instant that is already outside "within length".
function threshold(zone, length, now) {
  const [amount, unit] = length;
  if (unit !== "month") return now - UNITS[unit] * BigInt(amount);
  return dayStart(zone, lastBefore(localDay(zone, now), length) + 1) - 1n;
}

// The instant at which something that happened at `instant` leaves the window.
function leaves(zone, [amount, unit], instant) {
  if (unit !== "month") return instant + UNITS[unit] * BigInt(amount);
  return dayStart(zone, addMonths(localDay(zone, instant), amount));
}

// What a time is compared with: an instant, or a day.
function limit(zone, length, direction, strict, days, now) {
  const [amount, unit] = length;
  if (!days) {
    const exact = UNITS[unit] * BigInt(amount);
    return direction === "ahead" ? now + exact : now - exact - (strict ? 1n : 0n);
  }
  const today = localDay(zone, now);
  if (direction === "ago") return lastBefore(strict ? today - 1 : today, length);
  if (unit === "month") return addMonths(today, amount);
  return today + Number((UNITS[unit] * BigInt(amount)) / DAY);
}

// How many full days, weeks or months lie between two instants.
function fullPeriods(zone, period, last, now) {
  if (period !== "month") return Number((now - last) / UNITS[period]);
  const [start, today] = [localDay(zone, last), localDay(zone, now)];
  const [[year, month], [thisYear, thisMonth]] = [civil(start), civil(today)];
  let months = (thisYear - year) * 12 + thisMonth - month;
  while (months > 0 && addMonths(start, months) > today) months -= 1;
  return Math.max(months, 0);
}

// The number of the local day, ISO week, month or quarter.
function periodOf(zone, period, instant) {
  const day = localDay(zone, instant);
  if (period === "day") return day;
  if (period === "week") return Math.floor((day - FIRST_DAY) / 7);
  const [year, month] = civil(day);
  return period === "month" ? year * 12 + month : year * 4 + Math.floor((month - 1) / 3);
}

// --- reading and writing ---

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

function dayText(day) {
  const [year, month, date] = civil(day);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(date)}`;
}

function clockText(ofDay) {
  const second = Number(ofDay / SECOND);
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return parts.map(twoDigits).join(":");
}

function instantText(instant, digits) {
  const day = floorDivide(instant, DAY);
  const ofDay = instant - day * DAY;
  const part = String(ofDay % SECOND).padStart(6, "0");
  const fraction = digits || part !== "000000" ? `.${part}` : "";
  return `${dayText(Number(day))}T${clockText(ofDay)}${fraction}Z`;
}

function readDay(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const right = year >= 1 && month >= 1 && month <= 12 && day >= 1;
  return right && day <= monthLength(year, month) ? dayNumber(year, month, day) : null;
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;

// [instant, whether it had no offset]; null for what is none.
function readInstant(zone, text) {
  const found = INSTANT.exec(strip(text));
  const day = found === null ? null : readDay(found[1]);
  if (day === null) return null;
  const [hour, minute, second] = found.slice(2, 5).map((part) => Number(part || 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const digits = (found[5] || "").padEnd(7, "0");
  const clock = BigInt(hour * 3600 + minute * 60 + second) * SECOND;
  const wall = BigInt(day) * DAY + clock + BigInt(digits.slice(0, 6));
  const offset = found[6];
  if (offset === undefined) return [settle(zone, wall), true];
  // Digits beyond microseconds round up; without an offset they are cut off.
  const exact = wall + (digits[6] >= "5" ? 1n : 0n);
  if (offset === "Z" || offset === "z") return [exact, false];
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(":", "") || 0);
  if (minutes >= 1440 || Number(offset.slice(-2)) > 59) return null;
  const ahead = BigInt(minutes) * 60n * SECOND;
  return [offset[0] === "-" ? exact + ahead : exact - ahead, false];
}
