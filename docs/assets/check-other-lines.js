// What the other lines of a member show: totals as ranges, and what stands beside a line. As h2024kb/claims/other_lines.py.
(() => {
  'use strict';

  const { data, check } = window.h2024kb;
  const { decimal, day } = check;
  const { most_days_covered: MOST_DAYS } = data['check-words'].evaluator;

  const ANYWHERE = '-1:0';
  const ZERO = decimal.whole(0);
  const NOTHING = { least: ZERO, most: ZERO };

  // A week may begin on any day; half a year and a year on the first day of any month; a month is the calendar's.
  const PERIODS = {
    day: [1, (number, laid) => number + laid],
    week: [7, (number, laid) => Math.floor((number + laid) / 7)],
    month: [1, (number, laid) => day.months(number) + laid],
    'six-months': [6, (number, laid) => Math.floor((day.months(number) + laid) / 6)],
    year: [12, (number, laid) => Math.floor((day.months(number) + laid) / 12)],
  };

  const knownDays = (line) => line.days !== null && line.days > 0 && line.days <= MOST_DAYS;

  function windows(line, per) {
    if (!knownDays(line)) return [{ laid: -1, key: ANYWHERE, inside: 0 }];
    const [ways, numberOf] = PERIODS[per];
    const found = new Map();
    for (let laid = 0; laid < ways; laid += 1) {
      for (let n = 0; n < line.days; n += 1) {
        const key = `${laid}:${numberOf(line.date_of_service + n, laid)}`;
        const window = found.get(key) ?? { laid, key, inside: 0 };
        window.inside += 1;
        found.set(key, window);
      }
    }
    return [...found.values()];
  }

  function share(amount, inside, days, byDay) {
    if (amount === null) return { least: ZERO, most: null };
    if (byDay && decimal.compare(amount, decimal.whole(days)) <= 0) {
      const least = decimal.greater(ZERO, decimal.minus(amount, decimal.whole(days - inside)));
      return { least, most: decimal.lesser(amount, decimal.whole(inside)) };
    }
    return { least: decimal.lesser(ZERO, amount), most: decimal.greater(ZERO, amount) };
  }

  // The share of a line that may or may not count.
  const maybe = ({ least, most }) => ({
    least: decimal.lesser(ZERO, least),
    most: most === null ? null : decimal.greater(ZERO, most),
  });

  function shares(line, total) {
    const amount = line[total.measure];
    const days = line.days ?? 0;
    return windows(line, total.per).map(({ key, inside }) => {
      const part = inside > 0 && inside < days;
      const found = part ? share(amount, inside, days, total.by_day) : { least: amount ?? ZERO, most: amount };
      return [key, inside && line.code !== null ? found : maybe(found)];
    });
  }

  const added = (one, other) => ({
    least: decimal.plus(one.least, other.least),
    most: one.most === null || other.most === null ? null : decimal.plus(one.most, other.most),
  });

  // A claim with frequency 8 takes back the claim of its number, itself included; one with 7 replaces it.
  function counted(lines) {
    const claims = (frequency) =>
      new Set(lines.filter((line) => line.frequency === frequency && line.claim !== null).map((line) => line.claim));
    const voided = claims('8');
    const replaced = claims('7');
    return lines.filter(
      (line) =>
        line.frequency !== '8' && !voided.has(line.claim) && !(replaced.has(line.claim) && line.frequency !== '7'),
    );
  }

  function standsBeside(line, other, per) {
    if (!knownDays(line) || !knownDays(other)) return 'unsure';
    const [, numberOf] = PERIODS[per];
    const first = (one) => numberOf(one.date_of_service, 0);
    const last = (one) => numberOf(one.date_of_service + one.days - 1, 0);
    if (first(line) > last(other) || first(other) > last(line)) return 'apart';
    const inOne = first(line) === last(line) && first(other) === last(other);
    return inOne && other.code !== null ? 'beside' : 'unsure';
  }

  class MemberLines {
    constructor(lines) {
      this.lines = counted(lines);
      this.sums = new Map();
      this.ranges = new Map();
    }

    // `total` is the cut's own data, so equal totals may be summed twice; what they come to is the same.
    within(line, total) {
      if (!knownDays(line)) return 'unsure';
      const { least, most } = this.range(line, total);
      if (decimal.compare(least, total.boundary) > 0) return 'over';
      return most !== null && decimal.compare(most, total.boundary) <= 0 ? 'within' : 'unsure';
    }

    range(line, total) {
      if (!this.ranges.has(total)) this.ranges.set(total, new Map());
      const ranges = this.ranges.get(total);
      const key = `${line.date_of_service}:${line.days}`;
      if (!ranges.has(key)) ranges.set(key, this.rangeOf(line, total));
      return ranges.get(key);
    }

    rangeOf(line, total) {
      const sums = this.sumsOf(total);
      const anywhere = sums.get(ANYWHERE);
      const least = new Map();
      let most = ZERO;
      let first = true;
      for (const { laid, key } of windows(line, total.per)) {
        const found = sums.get(key) ?? NOTHING;
        const share = anywhere ? added(found, anywhere) : found;
        least.set(laid, least.has(laid) ? decimal.greater(least.get(laid), share.least) : share.least);
        if (share.most === null || most === null) most = null;
        else most = first ? share.most : decimal.greater(most, share.most);
        first = false;
      }
      return { least: [...least.values()].reduce(decimal.lesser), most };
    }

    sumsOf(total) {
      if (!this.sums.has(total)) {
        const sums = new Map();
        for (const line of this.lines) {
          if (line.code !== null && !total.codes.includes(line.code)) continue;
          for (const [key, share] of shares(line, total)) {
            sums.set(key, sums.has(key) ? added(sums.get(key), share) : share);
          }
        }
        this.sums.set(total, sums);
      }
      return this.sums.get(total);
    }

    beside(line, { codes, per }) {
      const states = new Set(
        this.lines
          .filter((other) => other !== line && (other.code === null || codes.includes(other.code)))
          .map((other) => standsBeside(line, other, per)),
      );
      return ['beside', 'unsure'].find((state) => states.has(state)) ?? 'apart';
    }
  }

  Object.assign(check, { MemberLines, counted });
})();
