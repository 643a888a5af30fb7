// Sums of points with the rows that acted. Everything is whole hundredths.

class Sum {
  constructor() {
    this.points = 0n;
    this.rows = [];
    this.parts = {};
  }

  act(rule, points, count, capped) {
    this.points += points;
    this.rows.push({ rule, points, count, capped });
  }

  // A row about fields.
  fixed(rule, points, acts) {
    if (acts === true) this.act(rule, points, null, false);
  }

  once(rule, points, count, least, acts) {
    if (count >= least && acts === true) this.act(rule, points, count, false);
  }

  each(rule, points, count, limits, acts) {
    if (count >= 1 && acts === true) this.limited(rule, points, BigInt(count), limits, count);
  }

  // For each whole `step` of a number; a step that was not reached is no row that acted.
  every(rule, points, value, step, limits, acts) {
    if (value === null || value <= 0n || acts !== true) return;
    const steps = value / step;
    if (steps > 0n) this.limited(rule, points, steps, limits, null);
  }

  limited(rule, points, number, { times = null, most = null }, count) {
    let capped = false;
    let [used, told] = [number, count];
    if (times !== null && used >= BigInt(times)) {
      [used, told, capped] = [BigInt(times), count === null ? null : times, true];
    }
    let given = used * points;
    if (most !== null && (given < 0n ? -given : given) >= most) {
      [given, capped] = [given > 0n ? most : -most, true];
    }
    this.act(rule, given, told, capped);
  }

  // `counted` is how many events the row asks for, where others than those that fade count.
  faded(rule, share, { times = null, most = null, counted = null, least = 1 }, acts) {
    const number = counted === null ? share.count : counted;
    if (number < least || acts !== true) return;
    let given = share.points;
    let capped = times !== null && number >= times;
    if (most !== null && (given < 0n ? -given : given) >= most) {
      [given, capped] = [given > 0n ? most : -most, true];
    }
    this.act(rule, given, number, capped);
  }

  // The first row that matches: [rule, points, test].
  by(value, rows, unknown) {
    const row = value === null ? unknown : rows.find(([, , test]) => test(value)) || null;
    if (row !== null) this.act(row[0], row[1], null, false);
  }

  // What a sum loses without activity.
  idle(rule, periods, left, floor) {
    if (periods === 0) return;
    let less = left(this.points, periods);
    if (floor !== null && this.points >= floor) less = larger(less, floor);
    if (less !== this.points) this.act(rule, less - this.points, null, less === floor);
  }

  atMost(rule, limit) {
    if (this.points > limit) this.act(rule, limit - this.points, null, true);
  }

  atLeast(rule, limit) {
    if (this.points < limit) this.act(rule, limit - this.points, null, true);
  }

  category(name, part) {
    this.points += part.points;
    this.parts[name] = part.points;
    this.rows.push(...part.rows);
  }

  told() {
    return {
      points: points(this.points),
      rows: this.rows.map((row) => ({ ...row, points: points(row.points) })),
    };
  }
}

// `kept` of `whole` is what one period leaves; after `last` periods nothing is left.
function percentLess(kept, whole, last) {
  return (total, periods) => {
    if (periods >= last) return 0n;
    const share = halfUp(10000n * kept ** BigInt(periods), whole ** BigInt(periods));
    return halfUp(total * share, 10000n);
  };
}

function pointsLess(points) {
  return (total, periods) => total - BigInt(periods) * points;
}

function among(values) {
  return (value) => values.includes(value);
}

function inRange(low, high, open) {
  return (value) =>
    (low === null || value >= low) && (high === null || (open ? value < high : value <= high));
}

function count(...tests) {
  return tests.filter((test) => test).length;
}

// letters: [name, lowest points or null], the best first.
function letterOf(total, letters) {
  return letters.find(([, low]) => low === null || total >= low)[0];
}

// --- groups and checklists ---

// The first row that is true: [name, rule, kind, when]. `over` are the unknown rows above it.
function chosen(rows) {
  const over = [];
  for (let at = 0; at < rows.length; at += 1) {
    const [value, rule, kind, when] = rows[at];
    if (kind === "when") {
      const holds = when();
      if (holds === true) return { value, rule, over, at };
      if (holds === null) over.push(rule);
    } else if (kind === "otherwise" || over.length > 0) {
      return { value, rule, over, at };
    }
  }
  throw new Error("no row of a group took the lead");
}

const STATES = { "1": "met", "0": "unknown", "-1": "not met" };

function stateOf(met, notMet = not(met)) {
  return met === true ? 1 : notMet === true ? -1 : 0;
}

function stateIs(state, wanted) {
  if (wanted === "unknown") return state === 0;
  return state === 0 ? null : STATES[state] === wanted;
}

// items: [name, question, state]; needs: [quantifier, count, names, wanted state].
function checked(items, needs) {
  const states = Object.fromEntries(items.map(([name, , state]) => [name, state]));
  const judged = needs.map((need) => needed(need, states));
  const result = judged.includes(false) ? -1 : judged.every((one) => one === true) ? 1 : 0;
  const waited = result === 0 ? needs.filter((need) => waits(need, states)) : [];
  const ask = items
    .filter(([name]) => states[name] === 0 && waited.some(([, , names]) => names.includes(name)))
    .map(([, question]) => question);
  return { result, states, ask };
}

function needed([quantifier, count, names, wanted], states) {
  const sure = names.filter((name) => states[name] === wanted).length;
  if (quantifier === "none") return sure === 0;
  const lost = names.filter((name) => states[name] === -wanted).length;
  return sure >= count ? true : names.length - lost < count ? false : null;
}

function waits(need, states) {
  return need[0] !== "none" && needed(need, states) === null;
}
