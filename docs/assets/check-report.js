// Shows the result of a check: what is broken, open and met, what is still needed, what would fix the line, and sources.
(() => {
  'use strict';

  const { longDate, withLongDates, count, make } = window.h2024kb.shared;
  const { data, check } = window.h2024kb;
  const words = data['check-words'];

  const OUTCOMES = {
    fail: ['not-covered', 'Fails', 'Broken'],
    'cannot-tell': ['conditional', 'Cannot tell', 'Cannot tell'],
    pass: ['covered', 'Passes', 'Kept'],
  };
  const NAMES = {
    other_lines: 'the other lines',
    conditions_met: 'whether it holds',
    submitted: 'when the claim is sent',
    prior_authorization_number: 'whether there is an authorization number',
    group_size: 'how many were served together',
  };

  const small = (...children) => make('p', { class: 'check-cite' }, ...children);
  const nameOf = (field) => NAMES[field] ?? field.replaceAll('_', ' ');

  function sentence({ outcome, pile, findings }) {
    if (pile === 'not-checked') return findings[0].message;
    const number = (one) => findings.filter((finding) => finding.outcome === one).length;
    if (outcome === 'fail') return `${count(number('fail'), 'known rule is', 'known rules are')} broken.`;
    if (outcome === 'pass') return 'Every rule known here that applies is met. This is not a promise of payment.';
    return `No known rule is broken, but ${count(number('cannot-tell'), 'point is', 'points are')} open.`;
  }

  function needButtons(needs) {
    return needs.map((field) =>
      make('button', { type: 'button', class: 'small-button check-need', 'data-need': field }, `Enter ${nameOf(field)}`),
    );
  }

  function head(result, line) {
    const [kind, word] = OUTCOMES[result.outcome];
    const [pile, meaning] = words.piles[result.pile];
    const needs = result.needs.length
      ? make('p', { class: 'check-needs' }, 'Still needed: ', ...needButtons(result.needs))
      : null;
    return make(
      'div',
      { class: `answer answer--${kind}` },
      make('p', { class: 'answer__question' }, `${line.code ?? 'No code'}, ${line.policyTitle}`),
      make('p', { class: 'answer__status' }, make('span', { class: `status status--${kind}` }, word)),
      make('p', {}, sentence(result)),
      make('p', { class: 'check-pile' }, make('strong', {}, `Pile: ${pile}`), `, ${meaning}.`),
      needs,
    );
  }

  function sourceLink({ source, locator }) {
    const title = `${source.title}, ${source.publisher}`;
    const web = /^https?:/.test(source.url ?? '');
    const link = source.policy
      ? make('a', { href: `policies/${source.policy}.html#source-${source.number}` }, `[${source.number}] ${title}`)
      : web ? make('a', { href: source.url, rel: 'noreferrer' }, title) : title;
    return [link, `, ${locator}. Read ${longDate(source.retrieved)}.`];
  }

  function since({ effective_date: from, in_force_by: by, last_day: last }) {
    const start = from ? `Since ${from}` : by ? `Seen ${by}` : '';
    return start && withLongDates(`${start}${last ? `, until ${last}` : ''}. `);
  }

  function cited(ground) {
    if (ground.citation) return small(since(ground), 'Cite ', ...sourceLink(ground.citation));
    if (!ground.searched) return null;
    const places = ground.searched.map((place) => make('li', {}, `${place.where} (${longDate(place.date)})`));
    const summary = make('summary', {}, `Searched ${count(places.length, 'place', 'places')} and found nothing`);
    return make('details', { class: 'check-looked' }, summary, make('ul', {}, ...places));
  }

  function denial(likely) {
    if (!likely) return null;
    const listed = (kind, numbers) => numbers.map((n) => `${kind} ${n}${words.labels[n] ? ` (${words.labels[n]})` : ''}`);
    const all = [...listed('CARC', likely.adjustment_reasons), ...listed('RARC', likely.remarks)];
    const whose = likely.proposed_by === 'payer' ? 'the payer says so' : 'our proposal, not the payer’s word';
    return small(make('strong', {}, 'Likely denial: '), `${all.join(', ')}. This is ${whose}.`);
  }

  function item(rules, finding) {
    const ground = rules.ground(finding);
    const statedForService = ground.stated_for === 'service' && !finding.message.includes('stated for');
    return make(
      'li',
      {},
      make('p', { class: 'check-says' }, ...said(finding)),
      statedForService ? small(make('em', {}, 'Stated for the service, not the code.')) : null,
      ground.note ? small(ground.note) : null,
      denial(finding.likely),
      cited(ground),
      finding.needs.length ? make('p', { class: 'check-needs' }, ...needButtons(finding.needs)) : null,
    );
  }

  // The rule's name in bold, where the message does not begin with it anyway.
  function said({ rule, message }) {
    const [first] = message.split(': ');
    const bold = (text) => make('strong', { title: words.rules[rule] ?? null }, text);
    const named = first !== message && first.length < 30;
    return named ? [bold(`${first}:`), message.slice(first.length + 1)] : [bold(`${title(rule)}.`), ` ${message}`];
  }

  const title = (rule) => rule.charAt(0).toUpperCase() + rule.slice(1).replaceAll('-', ' ');

  function group(rules, outcome, findings) {
    const some = findings.filter((finding) => finding.outcome === outcome);
    if (!some.length) return null;
    const [kind, , word] = OUTCOMES[outcome];
    const heading = make('h2', {}, make('span', { class: `status status--${kind}` }, `${word} (${some.length})`));
    return make('section', { class: 'check-group' }, heading, make('ul', {}, ...some.map((one) => item(rules, one))));
  }

  function wayItem(rules, { edits }) {
    return make('li', {}, ...edits.map((edit) => editText(rules, edit)));
  }

  function editText(rules, edit) {
    return make(
      'div',
      { class: 'check-edit' },
      make('p', { class: 'check-says' }, `${title(edit.field)}: `, make('s', {}, edit.was), ' → ', make('strong', {}, edit.becomes)),
      edit.only_if ? make('p', {}, make('strong', {}, 'Only if: '), edit.only_if) : null,
      cited(rules.ground(edit)),
    );
  }

  function fixing(rules, { ways, because }, result) {
    if (!ways.length && result.outcome !== 'fail') return null;
    const body = ways.length
      ? [
          make('p', {}, 'Each says in another way what was given, and is right only if that is what happened.'),
          make('ul', {}, ...ways.map((way) => wayItem(rules, way))),
        ]
      : [make('p', {}, because)];
    return make('section', { class: 'check-group' }, make('h2', {}, 'What would fix it'), ...body);
  }

  function asChecked(line, rows) {
    const made = rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]);
    const by = `h2024kb ${words.version}, contents ${words.contents.slice(0, 16)}…`;
    return make(
      'section',
      { class: 'check-group' },
      make('h2', {}, 'The line as checked'),
      make('dl', { class: 'check-line' }, ...made),
      small(`Policy ${line.policy}. Checked on ${longDate(line.checkedOn)} with ${by} Nothing was sent anywhere.`),
      make('p', { class: 'check-actions' }, make('button', { type: 'button', class: 'md-button', 'data-print': '' }, 'Print this result')),
    );
  }

  // Fills the place of the result and returns what it comes to; `rows` are the names and values of what was given.
  function show(place, rules, result, fixes, line, rows) {
    const groups = Object.keys(OUTCOMES).map((outcome) => group(rules, outcome, result.findings));
    const parts = [head(result, line), groups[0], fixing(rules, fixes, result), groups[1], groups[2], asChecked(line, rows)];
    place.replaceChildren(...parts.filter(Boolean));
    return `${OUTCOMES[result.outcome][1]}. ${sentence(result)} Pile: ${words.piles[result.pile][0]}.`;
  }

  check.show = show;
})();
