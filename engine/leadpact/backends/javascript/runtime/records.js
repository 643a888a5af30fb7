// Taking in a record: a value is right, or it is a problem that names the field and why.

const KEYS = ["format", "id", "stage", "stage_since", "moves", "activities", "actions"];

class Wrong extends Error {}

function isBlank(value) {
  return (
    value === null || value === undefined || (typeof value === "string" && strip(value) === "")
  );
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function choice(value, values) {
  if (typeof value !== "string" || !values.includes(value)) throw new Wrong("choice");
  return value;
}

// One record being taken in. `partial`: what is required may be missing.
class Taking {
  constructor(policy, partial) {
    this.policy = policy;
    this.partial = partial;
    this.problems = [];
    this.warned = new Map();
  }

  take(record) {
    if (!isObject(record)) return this.problem("", "object");
    const id = this.id(record.id);
    if (record.format !== undefined && record.format !== 1) this.problem("format", "format");
    for (const key of Object.keys(record)) {
      if (!KEYS.includes(key) && !this.policy.fields.some((field) => field.name === key)) {
        this.warn("unknown_key", key);
      }
    }
    const fields = this.values(this.policy.fields, record, this.partial, this.problems);
    const lead = { id, fields, ...this.stage(record) };
    const activities = this.events(record, "activities", false);
    const actions = this.events(record, "actions", true);
    if (this.problems.length === 0 && !this.partial) {
      this.problems.push(...missing(this.policy.fields, fields));
    }
    lead.all = [...activities, ...actions];
    [lead.activities, lead.actions] = withoutRepeats(activities, actions);
    return lead;
  }

  warnings() {
    const told = [...this.warned].map(([key, count]) => {
      const [code, subject] = JSON.parse(key);
      return { code, subject, count };
    });
    return told.sort(
      (one, other) =>
        compareTexts(one.code, other.code) || compareTexts(one.subject, other.subject)
    );
  }

  warn(code, subject) {
    const key = JSON.stringify([code, subject]);
    this.warned.set(key, (this.warned.get(key) || 0) + 1);
  }

  problem(field, reason) {
    this.problems.push({ field, reason });
    return null;
  }

  id(value) {
    if (isBlank(value)) return this.problem("id", "missing");
    if (typeof value === "string") return value;
    if (Number.isSafeInteger(value)) return String(value);
    return this.problem("id", "text");
  }

  values(fields, record, partial, problems) {
    const values = {};
    for (const field of fields) {
      const value = Object.hasOwnProperty.call(record, field.name) ? record[field.name] : null;
      values[field.name] = null;
      if (isBlank(value)) {
        if (field.required && !partial) problems.push({ field: field.name, reason: "missing" });
        continue;
      }
      try {
        values[field.name] = this.value(field, value);
      } catch (wrong) {
        if (!(wrong instanceof Wrong)) throw wrong;
        problems.push({ field: field.name, reason: wrong.message });
      }
    }
    return values;
  }

  value(field, value) {
    switch (field.type) {
      case "text":
        if (typeof value !== "string") throw new Wrong("text");
        return value;
      case "yes or no":
        if (typeof value !== "boolean") throw new Wrong("yes or no");
        return value;
      case "one of":
        return choice(value, field.values);
      case "any number of":
        if (!Array.isArray(value)) throw new Wrong("list");
        return value.map((member) => choice(member, field.values));
      case "date":
        return this.day(value);
      case "instant":
        return this.instant(value, field.name);
      default:
        return this.number(field, value);
    }
  }

  day(value) {
    const day = typeof value === "string" ? readDay(strip(value)) : null;
    if (day === null) throw new Wrong("date");
    return day;
  }

  instant(value, name) {
    const read = typeof value === "string" ? readInstant(this.policy.zone, value) : null;
    if (read === null || read[0] < FIRST_INSTANT || read[0] > LAST_INSTANT) {
      throw new Wrong("instant");
    }
    if (read[1]) this.warn("naive_instant", name);
    return read[0];
  }

  number(field, value) {
    if (typeof value !== "number") throw new Wrong("number");
    const number = millionths(value);
    if (number === null) throw new Wrong("decimals");
    if (field.whole && !Number.isInteger(value)) throw new Wrong("whole number");
    if (field.low !== null && number < field.low) throw new Wrong("too small");
    if (field.high !== null && number > field.high) throw new Wrong("too large");
    return number;
  }

  stage(record) {
    const told = { stage: null, since: null, moves: null };
    if (!isBlank(record.stage)) {
      told.stage = record.stage;
      if (!this.policy.stages.includes(record.stage)) this.problem("stage", "choice");
    }
    if (!isBlank(record.stage_since)) {
      try {
        told.since = this.instant(record.stage_since, "stage_since");
      } catch (wrong) {
        this.problem("stage_since", wrong.message);
      }
    }
    told.moves = this.moves(record.moves);
    return told;
  }

  moves(listed) {
    if (listed === null || listed === undefined) return null;
    if (!Array.isArray(listed)) return this.problem("moves", "list");
    const moves = [];
    listed.forEach((move, index) => {
      if (!isObject(move) || typeof move.to !== "string") {
        this.problem(`moves[${index}]`, "move");
        return;
      }
      try {
        const rule = typeof move.rule === "string" ? move.rule : null;
        moves.push({ to: move.to, at: this.instant(move.at, "moves.at"), rule });
      } catch (wrong) {
        this.problem(`moves[${index}].at`, wrong.message);
      }
    });
    return moves;
  }

  // --- events ---

  events(record, key, ofActions) {
    const listed = record[key];
    if (listed === null || listed === undefined) return [];
    if (!Array.isArray(listed)) {
      this.problem(key, "list");
      return [];
    }
    return listed.map((event) => this.event(event, ofActions)).filter((event) => event !== null);
  }

  event(event, ofActions) {
    if (!isObject(event) || typeof event.kind !== "string") return this.setAside("");
    const kind = this.policy.kinds.find((one) => one.name === event.kind);
    if (kind === undefined || kind.ofActions !== ofActions) {
      this.warn("unknown_kind", event.kind);
      return null;
    }
    // What was counted about an event that is left out would be counted for nothing.
    const before = new Map(this.warned);
    const made = this.knownEvent(event, kind);
    if (made !== null) return made;
    this.warned = before;
    return this.setAside(kind.name);
  }

  knownEvent(event, kind) {
    const problems = [];
    let at = null;
    try {
      at = this.instant(event.at, "at");
    } catch (wrong) {
      problems.push({ field: "at", reason: wrong.message });
    }
    const [id] = ["id", "by"].map((word) => this.word(event[word], problems));
    const own = ["kind", "at", "id", "by", ...kind.fields.map((field) => field.name)];
    for (const key of Object.keys(event)) {
      if (!own.includes(key)) this.warn("unknown_key", `${kind.name}.${key}`);
    }
    const values = this.values(kind.fields, event, false, problems);
    if (problems.length === 0) problems.push(...missing(kind.fields, values));
    return problems.length === 0 ? { kind: kind.name, at, id, values, fields: kind.fields } : null;
  }

  word(value, problems) {
    if (isBlank(value)) return null;
    if (typeof value === "string") return value;
    if (Number.isSafeInteger(value)) return String(value);
    problems.push({ field: "id", reason: "text" });
    return null;
  }

  setAside(kind) {
    this.warn("event_set_aside", kind);
    return null;
  }
}

// What `required when` asks for and the values lack.
function missing(fields, values) {
  return fields
    .filter((field) => field.requiredWhen !== null && values[field.name] === null)
    .filter((field) => field.requiredWhen(values) === true)
    .map((field) => ({ field: field.name, reason: "missing" }));
}
