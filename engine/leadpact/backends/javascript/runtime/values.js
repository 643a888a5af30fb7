// Texts, numbers and three-valued logic. Hundredths of points, millionths of numbers and
// microseconds are BigInt, so nothing is ever rounded; counts and day numbers are Number.

// What this script cannot tell exactly. It then says so, and never gives another answer.
class NotKnownHere extends Error {}

const BLANKS = " \t\n\r\v\f";

function strip(text) {
  let start = 0;
  let end = text.length;
  while (start < end && BLANKS.includes(text[start])) start += 1;
  while (end > start && BLANKS.includes(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

// The text as it is compared: without blanks around it, A to Z in small letters.
function fold(text) {
  return text === null ? "" : strip(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function domain(folded) {
  return folded.includes("@") ? strip(folded.slice(folded.lastIndexOf("@") + 1)) : "";
}

function hasWord(folded, runs) {
  const held = folded.match(/[\p{L}\p{Nd}]+/gu) || [];
  return runs.some((run) =>
    held.some((_, at) => run.every((word, index) => held[at + index] === word))
  );
}

// By code points, where JavaScript compares halves of them.
function compareTexts(one, other) {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const apart = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}

// --- numbers ---

const MILLIONTHS = 6;

// A number of a record as whole millionths; null for one with more decimals. It stands for the
// decimal that it prints.
function millionths(number) {
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new NotKnownHere("a number with more than 15 digits");
  }
  const [mantissa, exponent] = String(Math.abs(number)).split("e");
  const [whole, part = ""] = mantissa.split(".");
  const decimals = part.length - Number(exponent || 0);
  let value = BigInt(whole + part);
  if (decimals > MILLIONTHS) {
    const tail = 10n ** BigInt(decimals - MILLIONTHS);
    if (value % tail !== 0n) return null;
    value /= tail;
  } else {
    value *= 10n ** BigInt(MILLIONTHS - decimals);
  }
  return number < 0 ? -value : value;
}

function numberText(value) {
  const digits = String(value < 0n ? -value : value).padStart(MILLIONTHS + 1, "0");
  const part = digits.slice(-MILLIONTHS).replace(/0+$/, "");
  const whole = digits.slice(0, -MILLIONTHS);
  return (value < 0n ? "-" : "") + whole + (part && `.${part}`);
}

function floorDivide(number, divisor) {
  const quotient = number / divisor;
  return number % divisor < 0n ? quotient - 1n : quotient;
}

// Halves go towards plus infinity.
function halfUp(number, divisor) {
  return floorDivide(2n * number + divisor, 2n * divisor);
}

function smaller(one, other) {
  return one < other ? one : other;
}

function larger(one, other) {
  return one > other ? one : other;
}

// Hundredths of points as people write them.
function points(hundredths) {
  if (!Number.isSafeInteger(Number(hundredths))) throw new NotKnownHere("so many points");
  return Number(hundredths) / 100;
}

// --- three-valued logic: true, false, and null for unknown ---

function not(value) {
  return value === null ? null : !value;
}

function all(...values) {
  return values.includes(false) ? false : values.includes(null) ? null : true;
}

function any(...values) {
  return values.includes(true) ? true : values.includes(null) ? null : false;
}

function atLeast(count, ...values) {
  if (values.filter((value) => value === true).length >= count) return true;
  return values.filter((value) => value !== false).length < count ? false : null;
}

// `test` of a value that may be unknown.
function known(value, test) {
  return value === null ? null : test(value);
}

function textTest(folded, test, negated) {
  return folded === "" ? null : test(folded) !== negated;
}

// A value that is worked out when it is first asked for.
function lazy(make) {
  let made = false;
  let value;
  return () => {
    if (!made) {
      value = make();
      made = true;
    }
    return value;
  };
}
