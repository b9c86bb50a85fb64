// Numbers and days exactly as the Python evaluator has them: decimals of 28 digits, half to even, and day numbers from 0001-01-01.
(() => {
  'use strict';

  const DIGITS = 28;
  const DAY = 86400000;
  const EPOCH = 719163;

  const ten = (power) => 10n ** BigInt(power);
  const size = (n) => (n < 0n ? -n : n);

  function rounded({ n, scale }) {
    const spare = size(n).toString().length - DIGITS;
    if (spare <= 0) return { n, scale };
    const unit = ten(spare);
    const whole = n / unit;
    const rest = size(n % unit) * 2n;
    const up = rest > unit || (rest === unit && whole % 2n !== 0n);
    return { n: up ? whole + (n < 0n ? -1n : 1n) : whole, scale: scale - spare };
  }

  function aligned(one, other) {
    const scale = Math.max(one.scale, other.scale);
    return [one.n * ten(scale - one.scale), other.n * ten(scale - other.scale), scale];
  }

  const decimal = {
    of(text) {
      const [, sign, whole, part = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(String(text));
      const n = BigInt(whole + part || '0');
      return { n: sign === '-' ? -n : n, scale: part.length };
    },
    whole: (number) => ({ n: BigInt(number), scale: 0 }),
    compare(one, other) {
      const [a, b] = aligned(one, other);
      return a < b ? -1 : a > b ? 1 : 0;
    },
    plus(one, other) {
      const [a, b, scale] = aligned(one, other);
      return rounded({ n: a + b, scale });
    },
    minus: (one, other) => decimal.plus(one, { n: -other.n, scale: other.scale }),
    times: (one, other) => rounded({ n: one.n * other.n, scale: one.scale + other.scale }),
    isWhole: ({ n, scale }) => scale <= 0 || n % ten(scale) === 0n,
    greater: (one, other) => (decimal.compare(other, one) > 0 ? other : one),
    lesser: (one, other) => (decimal.compare(other, one) < 0 ? other : one),
    text({ n, scale }) {
      const digits = size(n).toString().padStart(Math.max(0, scale) + 1, '0');
      const whole = scale > 0 ? digits.slice(0, -scale) : digits + '0'.repeat(-scale);
      const part = scale > 0 ? `.${digits.slice(-scale)}` : '';
      return (n < 0n ? '-' : '') + whole + part;
    },
  };

  const day = {
    of: (text) => Date.parse(`${text}T00:00:00Z`) / DAY + EPOCH,
    text: (number) => new Date((number - EPOCH) * DAY).toISOString().slice(0, 10),
    months(number) {
      const date = new Date((number - EPOCH) * DAY);
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    },
  };

  Object.assign((window.h2024kb.check ??= {}), { decimal, day });
})();
