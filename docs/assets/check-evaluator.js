// Checks service lines with the tables of a policy. It holds no rule: it works out what a line shows for each cut, looks up
// what the rules say of that, and settles what is not given as h2024kb/claims/rule.py does.
(() => {
  'use strict';

  const { data, check } = window.h2024kb;
  const { decimal, day, MemberLines, standings } = check;
  const { told_by: TOLD_BY, last_day: LAST_DAY, says: SAYS } = data['check-words'].evaluator;
  const { between, no_number: noNumber, no_line_shows: NO_LINE_SHOWS } = data['check-words'].evaluator;
  const [BETWEEN, NO_NUMBER] = [new RegExp(between, 'g'), new RegExp(`^(?:${noNumber})$`)];

  const TEXTS = ['code', 'place_of_service', 'prior_authorization_number', 'claim', 'line', 'frequency', 'replaces', 'modifiers', 'diagnoses'];
  const DECIMALS = ['units', 'minutes', 'charge'];
  const DATES = ['date_of_service', 'last_date_of_service', 'submitted'];
  const PLAIN = ['age', 'group_size', 'conditions_met'];

  // What a line tells, ready to be looked at: days as numbers, amounts as decimals, null where it does not tell.
  function prepared(told) {
    const line = {};
    for (const name of [...TEXTS, ...PLAIN]) line[name] = told[name] ?? null;
    for (const name of DECIMALS) line[name] = told[name] == null ? null : decimal.of(told[name]);
    for (const name of DATES) line[name] = told[name] == null ? null : day.of(told[name]);
    return changed(line, {});
  }

  function changed(old, fields) {
    const line = { ...old, ...fields };
    const first = line.date_of_service;
    const last = line.last_date_of_service ?? first;
    line.days = first === null ? null : last - first + 1;
    line.days_to_submission = line.submitted === null || last === null ? null : line.submitted - last;
    line.authorized = line.prior_authorization_number === null ? null : isNumber(line.prior_authorization_number);
    return line;
  }

  // Whether a line has the number of an authorization; "NONE" and the like are not numbers.
  const isNumber = (text) => !NO_NUMBER.test(text.replace(BETWEEN, '').toUpperCase());

  const number = (value) => (typeof value === 'number' ? decimal.whole(value) : value);
  const bound = (cut, line) => {
    const some = cut.times ? decimal.times(cut.boundary, number(line[cut.times])) : cut.boundary;
    return cut.plus ? decimal.plus(some, decimal.of(cut.plus)) : some;
  };
  const yes = (holds) => (holds ? 0 : 1);
  const missing = (fields) => ({ missing: fields });
  const has = (all, some) => some.every((one) => all.includes(one));

  // As Python sorts lists: by their first difference, and where there is none the shorter one first.
  function listOrder(one, other) {
    const at = one.findIndex((text, n) => text !== other[n]);
    if (at < 0) return one.length - other.length;
    return other[at] === undefined || one[at] > other[at] ? 1 : -1;
  }

  function fittingRow({ rows, free }, shown) {
    const fits = rows.filter((row) => has(shown, row) && has([...row, ...free], shown));
    const best = fits.sort((one, other) => one.length - other.length || listOrder(one, other)).at(-1);
    return best === undefined ? rows.length : rows.indexOf(best);
  }

  function union({ sets, unions }, shown) {
    const whole = new Set(sets.filter((set) => has(shown, set)).flat());
    return unions.findIndex((one) => one.length === whole.size && one.every((name) => whole.has(name)));
  }

  // Each returns the number of a cut's value in its domain, or what is missing for one.
  const READ = {
    told: (cut, line) => yes(Array.isArray(line[cut.field]) ? line[cut.field].length : line[cut.field]),
    named: (cut, line) => {
      const at = cut.named.indexOf(line[cut.field]);
      return at < 0 ? cut.named.length : at;
    },
    has: (cut, line) => yes(line.modifiers.includes(cut.modifier)),
    beyond: (cut, line) => yes(!has(cut.known, line.modifiers)),
    showing: (cut, line) => union(cut, line.modifiers),
    row: (cut, line) => fittingRow(cut, line.modifiers),
    'at-most': (cut, line) => yes(decimal.compare(number(line[cut.field]), bound(cut, line)) <= 0),
    'at-least': (cut, line) => yes(decimal.compare(number(line[cut.field]), bound(cut, line)) >= 0),
    'can-be': (cut, line) => {
      const given = line[cut.field];
      if (given === null) return yes(true);
      return yes(decimal.compare(number(given), cut.boundary) > 0 && !(cut.whole && !decimal.isWhole(number(given))));
    },
    bands: (cut, line) => cut.edges.filter((edge) => edge <= line[cut.field]).length,
    diagnosed: (cut, line) => yes(line.diagnoses.some((one) => cut.codes.some((code) => one.startsWith(code)))),
    within: (cut, line, seen) => {
      const own = line[cut.measure];
      if (seen === null) {
        if (own !== null && line.days === 1 && decimal.compare(own, cut.boundary) > 0) return 1;
        return missing(own === null ? [cut.measure, 'other_lines'] : ['other_lines']);
      }
      const state = seen.within(line, cut);
      return own === null && state !== 'over' ? missing([cut.measure]) : ['within', 'over', 'unsure'].indexOf(state);
    },
    beside: (cut, line, seen) =>
      seen === null ? missing(['other_lines']) : ['apart', 'beside', 'unsure'].indexOf(seen.beside(line, cut)),
  };

  function valueOf(cut, line, seen) {
    if (!cut.fields.includes('other_lines') && cut.kind !== 'can-be') {
      const left = cut.fields.filter((field) => line[field] === null);
      if (left.length) return missing(left.map((field) => TOLD_BY[field] ?? field));
    }
    return READ[cut.kind](cut, line, seen);
  }

  const isMissing = (value) => typeof value !== 'number';

  // Every way to fill in what is missing; the last one's value changes first.
  function completions(cuts, given) {
    return given.reduce(
      (made, value, at) => {
        const choices = isMissing(value) ? [...Array(cuts[at].domain).keys()] : [value];
        return made.flatMap((one) => choices.map((choice) => [...one, choice]));
      },
      [[]],
    );
  }

  function* combinations(names, count, from = 0) {
    if (count === 0) yield [];
    for (let at = from; count > 0 && at < names.length; at += 1) {
      for (const rest of combinations(names, count - 1, at + 1)) yield [names[at], ...rest];
    }
  }

  const unique = (names) => [...new Set(names)];

  // The fewest fields which, once given, settle the outcome whatever they turn out to be; `outcomes` go with `completed`.
  function smallest(given, completed, outcomes) {
    const left = given.map((value) => (isMissing(value) ? value.missing : []));
    const names = unique(left.flat());
    for (let count = 0; count <= names.length; count += 1) {
      for (const told of combinations(names, count)) {
        const places = left.map((fields, at) => (has(told, fields) ? at : -1)).filter((at) => at >= 0);
        if (settled(places, completed, outcomes)) return told;
      }
    }
    return names;
  }

  function settled(places, completed, outcomes) {
    const found = new Map();
    return completed.every((values, at) => {
      const key = places.map((place) => values[place]).join();
      if (!found.has(key)) found.set(key, outcomes[at]);
      return found.get(key) === outcomes[at];
    });
  }

  const inTable = (table, cuts, values) => table[values.reduce((at, value, n) => at * cuts[n].values + value, 0)];
  const wordsOf = (fields) => fields.map((field) => field.replaceAll('_', ' ')).join(', ');

  function ruleFindings(rule, values) {
    const given = rule.cuts.map((cut) => values.get(cut));
    const says = (completed) => rule.says[inTable(rule.table, rule.cuts, completed)];
    if (!given.some(isMissing)) return finding(rule, says(given));
    const completed = completions(rule.cuts, given);
    const judged = completed.map(says);
    const outcomes = judged.map((one) => (one === null ? 'pass' : one[0]));
    if (new Set(outcomes).size === 1) return finding(rule, judged.includes(null) ? null : judged[0]);
    const needs = smallest(given, completed, outcomes);
    return finding(rule, ['cannot-tell', `${SAYS.not_given}: ${wordsOf(needs)}`], needs);
  }

  function finding(rule, judged, needs = []) {
    if (judged === null) return [];
    const [outcome, says, proposed = true] = judged;
    const message = `${[rule.states, says].filter(Boolean).join('; ')}.`;
    const likely = outcome === 'fail' && proposed ? rule.likely : null;
    return [{ rule: rule.rule, outcome, message, about: rule.about, needs, likely, ground: rule.ground }];
  }

  function outcomeOf(findings) {
    const outcomes = findings.map((one) => one.outcome);
    return ['fail', 'cannot-tell'].find((one) => outcomes.includes(one)) ?? 'pass';
  }

  const needsOf = (findings) => unique(findings.flatMap((one) => one.needs));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function branchFindings(branch, values) {
    const given = branch.cuts.map((cut) => values.get(cut));
    const completed = completions(branch.cuts, given);
    const found = completed.map((one) =>
      branch.choices[inTable(branch.table, branch.cuts, one)].flatMap((rule) => ruleFindings(rule, values)),
    );
    const outcomes = found.map(outcomeOf);
    const sure = new Set(outcomes).size === 1 && outcomes[0] !== 'cannot-tell';
    if (sure || found.every((one) => same(one, found[0]))) return found[0];
    const inner = found.map(needsOf);
    const either = outcomes.map((outcome, at) => `${outcome}:${inner[at]}`);
    const needs = unique([...smallest(given, completed, either), ...inner.flat()]);
    const message = `${SAYS.depends}${needs.length ? `; ${SAYS.not_given}: ${wordsOf(needs)}` : ''}.`;
    return [{ rule: branch.branch, outcome: 'cannot-tell', message, about: needs, needs, likely: null, ground: null }];
  }

  // The pile of a line, as h2024kb/claims/piles.py makes it.
  function pileOf(findings) {
    const [only] = findings;
    const alone = findings.length === 1 && only.outcome === 'cannot-tell';
    if (alone && (only.rule === 'frequency' || (only.rule === 'code' && !only.needs.length))) return 'not-checked';
    const outcome = outcomeOf(findings);
    if (outcome !== 'cannot-tell') return outcome === 'fail' ? 'fix' : 'clear';
    return needsOf(findings).some((name) => !NO_LINE_SHOWS.includes(name)) ? 'answer' : 'ask';
  }

  function result(findings, policy = null) {
    const outcome = outcomeOf(findings);
    const needs = outcome === 'cannot-tell' ? needsOf(findings) : [];
    return { outcome, pile: pileOf(findings), findings, needs, policy };
  }

  const stopped = (rule, message, needs = []) =>
    result([{ rule, outcome: 'cannot-tell', message, about: needs, needs, likely: null, ground: null }]);
  const TAKEN_BACK = stopped('frequency', SAYS.taken_back);
  const notStanding = (standing) => stopped('frequency', SAYS.not_standing[standing]);

  // The rules of one policy, as check_data.py writes them, with the numbers in their tables replaced by what they name.
  class Rules {
    constructor(data) {
      this.data = data;
      this.policy = data.policy;
      this.cuts = data.cuts.map((cut) => ({ ...cut, boundary: cut.bound === undefined ? null : decimal.of(cut.bound) }));
      this.rules = data.rules.map((rule) => ({ cuts: [], about: [], likely: null, ...rule }));
      for (const rule of this.rules) rule.cuts = rule.cuts.map((at) => this.cuts[at]);
      this.parts = data.parts.map((part) => this.part(part));
      this.versions = data.versions.map((parts) => this.version(parts.map((at) => this.parts[at])));
    }

    part(part) {
      if (part.branch === undefined) return { rule: this.rules[part.rules[0]], cuts: this.rules[part.rules[0]].cuts };
      const choices = part.choices.map((rules) => rules.map((at) => this.rules[at]));
      return { ...part, choices, cuts: part.cuts.map((at) => this.cuts[at]) };
    }

    version(parts) {
      const inner = parts.flatMap((part) => (part.choices ?? []).flat().flatMap((rule) => rule.cuts));
      return { parts, cuts: unique([...parts.flatMap((part) => part.cuts), ...inner]) };
    }

    // The place of a day's stretch among those of its code.
    stretch(code, date) {
      return this.data.codes[code].starts.findLastIndex((start) => start <= date);
    }

    versionOf(code, date) {
      return this.versions[this.data.codes[code].versions[this.stretch(code, date)]];
    }

    versionsOf({ code, date_of_service: first, last_date_of_service: last }) {
      const [one, other] = [first, last ?? first].map((date) => this.stretch(code, date));
      return this.data.codes[code].versions.slice(one, other + 1).map((at) => this.versions[at]);
    }

    // What a policy offers for mending a line, for its code on its first day.
    offers({ code, date_of_service: date }) {
      if (code === null || date === null || !Object.hasOwn(this.data.codes, code)) return {};
      return this.data.offers[this.data.codes[code].offers[this.stretch(code, date)]];
    }

    // The fields that the rules for a code look at on a day.
    fields(code, date) {
      return unique(this.versionOf(code, date).cuts.flatMap((cut) => cut.fields)).map((name) => TOLD_BY[name] ?? name);
    }

    check(line, seen) {
      const refused = this.refused(line);
      if (refused) return refused;
      // A line across a change of rules is checked by those before and after it.
      const found = this.versionsOf(line).map((version) => this.settle(version, line, seen));
      const said = ({ findings }) => findings.map((one) => `${one.rule}:${one.outcome}`).join();
      const alike = found.every((one) => said(one) === said(found[0])) || found.every((one) => one.outcome === 'fail');
      return alike ? found[0] : stopped('dates', SAYS.rule_changes, []);
    }

    // The result where a line's code or its dates leave no rule; null where they do.
    refused(line) {
      const left = ['code', 'date_of_service'].filter((name) => line[name] === null);
      if (left.length) {
        return stopped(line.code === null ? 'code' : 'dates', SAYS.too_little, left);
      }
      if (!Object.hasOwn(this.data.codes, line.code)) return stopped('code', SAYS.no_rule);
      if (line.frequency === '8') return TAKEN_BACK;
      const last = line.last_date_of_service ?? line.date_of_service;
      if (last < line.date_of_service) return stopped('dates', SAYS.ends_first, ['last_date_of_service']);
      return last > LAST_DAY ? stopped('dates', SAYS.far_ahead, []) : null;
    }

    settle({ parts, cuts }, line, seen) {
      const values = new Map(cuts.map((cut) => [cut, valueOf(cut, line, seen)]));
      const findings = parts.flatMap((part) =>
        part.rule ? ruleFindings(part.rule, values) : branchFindings(part, values),
      );
      return result(findings, this.policy);
    }

    // What a finding rests on: its citation with the source, what it was stated for, its dates, and where was searched.
    ground({ ground }) {
      const found = ground === null ? {} : this.data.grounds[ground];
      const { citation, searched } = found;
      return {
        ...found,
        ...(citation && { citation: { ...citation, source: this.data.sources[citation.source] } }),
        ...(searched && { searched: searched.map((at) => this.data.looked[at]) }),
      };
    }
  }

  // Results for lines of one member, in the order sent, each seen beside the others.
  function checkTogether(rules, lines) {
    const seen = new MemberLines(lines);
    const found = standings(lines);
    return lines.map((line, at) => (found[at] === 'stands' ? rules.check(line, seen) : notStanding(found[at])));
  }

  // The result for one line; `others` are the member's other lines, null where they are not given.
  function checkAmong(rules, line, others) {
    return others === null ? rules.check(line, null) : checkTogether(rules, [...others, line]).at(-1);
  }

  Object.assign(check, { Rules, prepared, changed, valueOf, checkTogether, checkAmong });
})();
