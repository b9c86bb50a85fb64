// The fewest edits with which a line keeps every rule that is known, from the offers in a policy's data.
// As h2024kb/claims/edits.py and fix.py: an edit says differently what was given, never that something else was.
(() => {
  'use strict';

  const { data, check } = window.h2024kb;
  const { decimal, day, MemberLines, checkAmong, changed, valueOf } = check;
  const { minutes, most_days_split: MOST_DAYS, open_to_edits: OPEN_TO_EDITS, says: SAYS } = data['check-words'].evaluator;
  const MINUTES = Object.fromEntries(Object.entries(minutes).map(([unit, number]) => [unit, BigInt(number)]));

  const wordsOf = (modifiers) => modifiers.join(' ') || SAYS.no_modifier;
  const withoutZeros = ({ n, scale }) => decimal.text({ n, scale }).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  const isIn = (all, some) => some.every((one) => all.includes(one));

  // The answer that an offer gives a line; a line that does not tell has the last place of each cut.
  function answerFor(rules, offer, line) {
    if (!offer) return null;
    const cuts = offer.cuts.map((at) => rules.cuts[at]);
    const place = cuts.reduce((at, cut) => {
      const value = valueOf(cut, line, null);
      return at * (cut.domain + 1) + (typeof value === 'number' ? value : cut.domain);
    }, 0);
    return offer.answers[offer.table[place]];
  }

  function* edits(rules, line) {
    const offers = rules.offers(line);
    const uses = (offers.uses ?? []).map(([name, offer]) => [name, answerFor(rules, offer, line)]);
    if (line.modifiers !== null) {
      yield* rows(rules, line, answerFor(rules, offers.rows, line));
      yield* required(line, uses);
      yield* dropped(rules, line, uses);
    }
    yield* otherCodes(rules, line, answerFor(rules, offers.instead, line));
    yield* rounded(line, answerFor(rules, offers.rounding, line));
    yield* byDay(line);
  }

  const aboutClaim = (rules, name) => rules.data.about_claim.includes(name);
  const keptOf = (rules, modifiers) => [...new Set(modifiers)].filter((name) => !aboutClaim(rules, name));

  function* rows(rules, line, answer) {
    const kept = keptOf(rules, line.modifiers);
    for (const [modifiers, describes] of answer?.says ?? []) {
      const becomes = [...kept, ...modifiers.filter((name) => !kept.includes(name))];
      if (isIn(modifiers, kept)) yield withModifiers(line, becomes, describes, answer);
    }
  }

  function* required(line, uses) {
    for (const [name, answer] of uses) {
      const [use, meaning] = answer?.says ?? [];
      if (use === 'required') yield withModifiers(line, [...line.modifiers, name], meaning, answer);
    }
  }

  // A modifier that the payer does not take may go where it speaks of payment or papers only.
  function* dropped(rules, line, uses) {
    for (const [name, answer] of uses) {
      if (answer?.says[0] === 'not-allowed' && aboutClaim(rules, name)) {
        yield withModifiers(line, line.modifiers.filter((one) => one !== name), null, answer);
      }
    }
  }

  function withModifiers(line, modifiers, onlyIf, { ground }) {
    const was = wordsOf(line.modifiers);
    const edit = { field: 'modifiers', was, becomes: wordsOf(modifiers), only_if: onlyIf, ground };
    return { edit, lines: [changed(line, { modifiers })] };
  }

  function* otherCodes(rules, line, answer) {
    const kept = keptOf(rules, line.modifiers ?? []);
    for (const [code, modifiers, describes] of answer?.says ?? []) {
      const units = unitsOf(rules, line, code);
      if (code === line.code || !isIn(modifiers, kept) || units === null) continue;
      const other = changed(line, { code, modifiers, units });
      const [was, becomes] = [line, other].map(billed);
      yield { edit: { field: 'code', was, becomes, only_if: describes, ground: answer.ground }, lines: [other] };
    }
  }

  function billed(line) {
    const units = line.units === null ? `units ${SAYS.not_given}` : `units: ${withoutZeros(line.units)}`;
    return `${[line.code, ...(line.modifiers ?? [])].join(' ')}, ${units}`;
  }

  // The units of another code for the same service; time is never rounded, for payers round it in different ways.
  function unitsOf({ data }, line, code) {
    if (data.units[code] === data.units[line.code] && line.units !== null) return line.units;
    const minutes = MINUTES[data.units[code]];
    if (minutes === undefined || line.minutes === null) return null;
    const { n, scale } = line.minutes;
    return n % (minutes * 10n ** BigInt(scale)) === 0n ? { n: n / minutes, scale } : null;
  }

  // Where more units are billed than the minutes give under the payer's rounding, as many as they give; the charge for
  // fewer units is the provider's to say.
  function* rounded(line, answer) {
    const [unit, how] = answer?.says ?? [null];
    if (unit === null || line.minutes === null || line.units === null) return;
    const units = unitsGiven(BigInt(unit), how, line.minutes);
    if (units.n <= 0n || decimal.compare(units, line.units) >= 0) return;
    const [was, becomes] = [line.units, units].map(withoutZeros);
    const edit = { field: 'units', was, becomes, only_if: null, ground: answer.ground };
    yield { edit, lines: [changed(line, { units, charge: null })] };
  }

  function unitsGiven(unit, how, minutes) {
    const { n, scale } = how === 'midpoint' ? decimal.plus(minutes, { n: unit * 5n, scale: 1 }) : minutes;
    const one = unit * 10n ** BigInt(scale);
    return { n: n / one + (how === 'up' && n % one !== 0n ? 1n : 0n), scale: 0 };
  }

  function* byDay(line) {
    const { days, units } = line;
    if (days <= 1 || days > MOST_DAYS || units === null || decimal.compare(units, decimal.whole(days)) !== 0) return;
    const share = { units: decimal.whole(1), minutes: shareOf(line.minutes, days), charge: shareOf(line.charge, days) };
    const lines = [...Array(days).keys()].map((n) =>
      changed(line, { date_of_service: line.date_of_service + n, last_date_of_service: null, ...share }),
    );
    const becomes = `${days} lines, one a day, 1 unit each`;
    yield { edit: { field: 'lines', was: '1 line', becomes, only_if: null, ground: null }, lines };
  }

  // A day's share of an amount of which the line gives only the sum: given only where it comes out even in cents.
  function shareOf(amount, days) {
    if (amount === null) return null;
    const parts = BigInt(days) * 10n ** BigInt(amount.scale);
    return (amount.n * 100n) % parts === 0n ? { n: (amount.n * 100n) / parts, scale: 2 } : null;
  }

  // Failed rules, and open ones that telling more could not settle though something known does not go together.
  function broken(rules, { findings }) {
    return findings.some((finding) => {
      if (finding.outcome === 'fail') return true;
      if (finding.outcome === 'pass' || !OPEN_TO_EDITS.includes(finding.rule) || finding.needs.length) return false;
      return finding.rule === 'dates' || rules.ground(finding).citation !== undefined;
    });
  }

  function keeps(rules, { lines }, others) {
    if (others === null && lines.length === 1) return !broken(rules, rules.check(lines[0], null));
    const together = new MemberLines([...lines, ...(others ?? [])]);
    return !lines.some((line) => broken(rules, rules.check(line, together)));
  }

  // Every way with one edit more; a line is split last, and its code changes once.
  function longer(rules, way) {
    if (way.lines.length > 1) return [];
    const done = way.edits.some((edit) => edit.field === 'code');
    return [...edits(rules, way.lines[0])]
      .filter(({ edit }) => !(done && edit.field === 'code'))
      .map(({ edit, lines }) => ({ edits: [...way.edits, edit], lines }));
  }

  // Equal for lines that bill the same: the order of modifiers does not matter.
  function keyOf(lines) {
    const bare = lines.map((line) => ({ ...line, modifiers: line.modifiers && [...new Set(line.modifiers)].sort() }));
    return JSON.stringify(bare, (_, value) => (typeof value?.n === 'bigint' ? withoutZeros(value) : value));
  }

  // The first way to each outcome: two tables of a payer may call for the same modifier.
  function unseen(ways, seen) {
    return ways.filter(({ lines }) => {
      const key = keyOf(lines);
      return !seen.has(key) && seen.add(key);
    });
  }

  // Every way to fix a line with the fewest edits; without one, `because` says why there is none.
  function fix(rules, line, others) {
    if (!broken(rules, checkAmong(rules, line, others))) return { ways: [], because: SAYS.nothing_broken };
    let tried = [{ edits: [], lines: [line] }];
    const seen = new Set([keyOf([line])]);
    while (tried.length) {
      tried = unseen(tried.flatMap((way) => longer(rules, way)), seen);
      const kept = tried.filter((way) => keeps(rules, way, others));
      if (kept.length) return { ways: kept, because: null };
    }
    return { ways: [], because: SAYS.no_way };
  }

  // A line as it would be written: dates and amounts as text, what is not given left out.
  function written(line) {
    const text = (name) => {
      const value = line[name];
      if (value === null) return null;
      if (typeof value.n === 'bigint') return withoutZeros(value);
      return ['date_of_service', 'last_date_of_service', 'submitted'].includes(name) ? day.text(value) : value;
    };
    const { days, days_to_submission, authorized, ...given } = line;
    return Object.fromEntries(Object.keys(given).map((name) => [name, text(name)]));
  }

  Object.assign(check, { fix, written });
})();
