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

  function shares(line, total, doubtful) {
    const amount = line[total.measure];
    const days = line.days ?? 0;
    return windows(line, total.per).map(({ key, inside }) => {
      const part = inside > 0 && inside < days;
      const found = part ? share(amount, inside, days, total.by_day || total.per_diem.includes(line.code)) : { least: amount ?? ZERO, most: amount };
      return [key, inside && !doubtful ? found : maybe(found)];
    });
  }

  const added = (one, other) => ({
    least: decimal.plus(one.least, other.least),
    most: one.most === null || other.most === null ? null : decimal.plus(one.most, other.most),
  });

  const kindOf = (line) => (['7', '8'].includes(line.frequency) ? line.frequency : '1');
  const nameOf = (line) => (line.line ? `line ${line.line}` : `code ${line.code}`);

  const lastDay = (line) => line.date_of_service + line.days - 1;

  function overlap(line, other) {
    if (!knownDays(line) || !knownDays(other)) return 'may share';
    return line.date_of_service <= lastDay(other) && other.date_of_service <= lastDay(line) ? 'shares' : 'apart';
  }

  // The places of lines whose claim, number and service were read before.
  function readBefore(lines) {
    const [read, again] = [new Map(), new Set()];
    lines.forEach((line, at) => {
      if (line.claim === null || line.line === null || kindOf(line) !== '1') return;
      const units = line.units === null ? null : decimal.text(line.units);
      if (!knownDays(line)) return;
      const days = [line.date_of_service, line.days];
      const one = JSON.stringify([line.claim, line.line, line.code, units, days]);
      const before = read.get(one);
      const takenBack = (other, place) =>
        place > before && place < at && other.frequency === '8' &&
        [other.claim, other.replaces].includes(line.claim) && overlap(line, other) !== 'apart';
      if (before !== undefined && !lines.some(takenBack)) again.add(at);
      else read.set(one, at);
    });
    return again;
  }

  // The lines of one claim as it was sent once, with their places: one number, one kind, no line number twice.
  class Sent {
    constructor(line) {
      Object.assign(this, { kind: kindOf(line), claim: line.claim, replaces: line.replaces, places: new Map(), lines: [] });
    }

    add(line, at) {
      this.places.set(nameOf(line), at);
      this.lines.push(line);
    }

    after(line, at) {
      return at < (this.places.get(nameOf(line)) ?? Math.max(...this.places.values()));
    }

    overlap(line) {
      const found = this.lines.map((other) => overlap(line, other));
      return ['shares', 'may share'].find((one) => found.includes(one)) ?? 'apart';
    }

    mayMean(line, at, byNumber) {
      if (this.after(line, at)) return true;
      return this.kind === '7' ? kindOf(line) === '1' : byNumber;
    }
  }

  function sentAs(lines, again) {
    const [ofLine, later, current] = [new Map(), [], new Map()];
    lines.forEach((line, at) => {
      if (again.has(at)) return;
      const key = (kind) => JSON.stringify([line.claim, kind]);
      let sent = current.get(key(kindOf(line)));
      const goesOn = sent && line.claim !== null && !sent.places.has(nameOf(line)) && sent.replaces === line.replaces;
      if (!goesOn) {
        sent = new Sent(line);
        current.set(key(sent.kind), sent);
        if (sent.kind !== '1') later.push(sent);
      }
      sent.add(line, at);
      ofLine.set(at, sent);
      if (sent.kind === '8') for (const kind of ['1', '7']) current.delete(key(kind));
    });
    return { ofLine, later };
  }

  // Which lines still stand, as h2024kb/claims/standing.py; 'stands', 'gone', 'perhaps' or 'again' for each.
  function standings(lines) {
    const again = readBefore(lines);
    const found = lines.map((_, at) => (again.has(at) ? 'again' : 'stands'));
    const { ofLine, later } = sentAs(lines, again);
    const places = [...ofLine.keys()].filter((at) => kindOf(lines[at]) !== '8');
    const mark = (at, standing) => { if (found[at] !== 'gone') found[at] = standing; };
    for (const sent of later) {
      const ofClaim = (claim) => (claim === null ? [] : places.filter((at) => lines[at].claim === claim));
      const named = ofClaim(sent.replaces).length ? sent.replaces : sent.claim;
      const others = (some) => some.filter((at) => ofLine.get(at) !== sent);
      const met = new Map(
        others(ofClaim(named)).filter((at) => sent.mayMean(lines[at], at, true)).map((at) => [at, sent.overlap(lines[at])]),
      );
      if (![...met.values()].some((one) => one !== 'apart')) {
        others(places)
          .filter((at) => sent.mayMean(lines[at], at, false) && sent.overlap(lines[at]) !== 'apart')
          .forEach((at) => mark(at, 'perhaps'));
        continue;
      }
      const before = [...met.keys()].filter((at) => sent.after(lines[at], at) && met.get(at) !== 'apart');
      const surely = (at) => lines[at].line || !(sent.kind === '7' && kindOf(lines[at]) === '7');
      const sure = before.filter((at) => met.get(at) === 'shares' && surely(at));
      const whole = new Set(sure.filter((at) => lines[at].line).map((at) => ofLine.get(at)));
      for (const [at, one] of met) {
        if (sure.includes(at)) mark(at, 'gone');
        else if (one === 'apart') {
          if (whole.has(ofLine.get(at)) && sent.after(lines[at], at)) mark(at, 'perhaps');
        } else if (before.includes(at) || !(sent.kind === '8' && before.length)) mark(at, 'perhaps');
      }
    }
    return found;
  }

  function standsBeside(line, other, per, doubtful) {
    if (!knownDays(line) || !knownDays(other)) return 'unsure';
    const [, numberOf] = PERIODS[per];
    const first = (one) => numberOf(one.date_of_service, 0);
    const last = (one) => numberOf(one.date_of_service + one.days - 1, 0);
    if (first(line) > last(other) || first(other) > last(line)) return 'apart';
    const inOne = first(line) === last(line) && first(other) === last(other);
    return inOne && !doubtful ? 'beside' : 'unsure';
  }

  class MemberLines {
    constructor(lines) {
      const found = standings(lines);
      this.lines = lines.filter((line, at) => ['stands', 'perhaps'].includes(found[at]) && line.frequency !== '8');
      this.doubtful = new Set(lines.filter((line, at) => found[at] === 'perhaps' || line.code === null));
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
          for (const [key, share] of shares(line, total, this.doubtful.has(line))) {
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
          .map((other) => standsBeside(line, other, per, this.doubtful.has(other))),
      );
      return ['beside', 'unsure'].find((state) => states.has(state)) ?? 'apart';
    }
  }

  Object.assign(check, { MemberLines, standings });
})();
