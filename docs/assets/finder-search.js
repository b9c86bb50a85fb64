// What the finder answers, from its record alone; it touches no page, so that it can be proved equal to the Python.
(() => {
  'use strict';

  const FILLER = new Set(['of', 'and', 'the', 'for', 'in', 'or', 'state']);
  // States whose abbreviation is also a word: read as the state only where no other one is named.
  const ALSO_WORDS = new Set(['in', 'or', 'me', 'hi', 'ok', 'as', 'oh']);

  const { plain, count, longDate } = window.h2024kb.shared;
  const wordsOf = (text) => plain(text).split(/[^a-z0-9]+/).filter(Boolean);
  const squeezed = (text) => wordsOf(text).join(' ');

  /** The number of letters to insert, drop, change or swap to turn one word into the other; at most `most` + 1. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [];
    let above = Array.from({ length: other.length + 1 }, (_, place) => place);
    for (let row = 1; row <= one.length; row++) {
      const line = [row];
      for (let column = 1; column <= other.length; column++) {
        const same = one[row - 1] === other[column - 1] ? 0 : 1;
        let least = Math.min(above[column] + 1, line[column - 1] + 1, above[column - 1] + same);
        const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
        if (swapped) least = Math.min(least, before[column - 2] + 1);
        line.push(least);
      }
      if (Math.min(...line) > most) return most + 1;
      [before, above] = [above, line];
    }
    return above[other.length];
  }

  const patience = (word) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

  /** The words nearest to a misspelled one, or to its beginning; none where nothing is near. */
  function nearest(word, vocabulary) {
    const most = patience(word);
    let least = most + 1;
    let found = [];
    for (const candidate of most ? vocabulary : []) {
      // A word that goes on from a whole one is another word: Humana is not human.
      if (word.startsWith(candidate)) continue;
      const far = Math.min(
        distance(word, candidate, most),
        candidate.length > word.length ? distance(word, candidate.slice(0, word.length), most) + 0.5 : most + 1,
      );
      if (far < least) [least, found] = [far, []];
      if (far === least && far < most + 1) found.push(candidate);
    }
    return found;
  }

  function collect(map, key, value) {
    const values = map.get(key);
    if (values === undefined) map.set(key, [value]);
    else if (values[values.length - 1] !== value) values.push(value);
  }

  /** Everything that is looked up, made once from the record. */
  function prepare(data) {
    const lineWords = new Map(data.lines);
    const tokens = new Map();
    const own = new Set();
    const names = data.payers.map((row) => row.map(squeezed));
    const families = familiesOf(names);
    const ownWords = names.map((row) => row.flatMap((name) => name.split(' ')));
    const nameWords = families.map((family) => [...new Set([...family].flatMap((payer) => ownWords[payer]))]);
    const pairs = data.policies.map((policy, place) => {
      own.add(`${policy.payer}|${policy.jurisdiction}|${policy.line}`);
      const said = `${policy.program} ${lineWords.get(policy.line)} ${policy.id}`;
      for (const word of new Set([...nameWords[policy.payer], ...wordsOf(said)])) collect(tokens, word, place);
      const answers = new Map();
      for (let at = 0; at < policy.answers.length; at += 2) answers.set(policy.answers[at], policy.answers[at + 1]);
      return answers;
    });
    const jurisdictions = new Map(data.jurisdictions.map(([code, name]) => [code, name]));
    const phrases = phrasesOf(data.jurisdictions);
    const codes = new Map(data.codes.map(([code], place) => [code.toLowerCase(), place]));
    const vocabulary = [...tokens.keys()].sort();
    return { data, tokens, vocabulary, own, names, families, pairs, jurisdictions, phrases, codes, kept: new Map() };
  }

  /** For each payer itself and those whose name its own goes on from: UnitedHealthcare for its plan in New York. */
  function familiesOf(names) {
    const named = new Map(names.flatMap((row, payer) => row.map((name) => [name, payer])));
    return names.map((row, payer) => {
      const family = new Set([payer]);
      for (const name of row) {
        for (let end = name.indexOf(' '); end > 0; end = name.indexOf(' ', end + 1)) {
          if (named.has(name.slice(0, end))) family.add(named.get(name.slice(0, end)));
        }
      }
      return family;
    });
  }

  /** What names a jurisdiction, the surest first: longer names, then shorter ones, abbreviations, words that are both. */
  function phrasesOf(jurisdictions) {
    const names = jurisdictions.map(([code, name]) => [wordsOf(name), code]);
    const others = [[['washington', 'dc'], 'DC'], [['washington', 'd', 'c'], 'DC']];
    const short = jurisdictions.filter(([code]) => code !== 'US').map(([code]) => [[code.toLowerCase()], code]);
    const unsure = ([[word]]) => Number(ALSO_WORDS.has(word));
    const long = [...names, ...others].sort((one, other) => other[0].length - one[0].length);
    return [...long, ...short.sort((one, other) => unsure(one) - unsure(other))];
  }

  /** The words of the vocabulary that a typed word means: itself or its continuations, else the nearest spelling. */
  function meant(index, word) {
    if (!index.kept.has(word)) {
      const begins = startingWith(index.vocabulary, word);
      const near = begins.length ? [] : nearest(word, index.vocabulary);
      index.kept.set(word, { words: begins.length ? begins : near, guessed: !begins.length && near.length > 0 });
    }
    return index.kept.get(word);
  }

  function startingWith(sorted, word) {
    let low = 0;
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < word) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < sorted.length && sorted[end].startsWith(word)) end++;
    return sorted.slice(low, end);
  }

  /** What free words name: a state, a code, and the rest, which is looked for in payers, programs and lines. */
  function read(index, text) {
    const said = { jurisdiction: '', code: null, words: [], unknown: [], guessed: [], phrase: squeezed(text) };
    const left = wordsOf(text);
    for (const [phrase, code] of index.phrases) {
      const at = said.jurisdiction ? -1 : left.findIndex((_, place) => phrase.every((word, n) => left[place + n] === word));
      if (at >= 0) {
        said.jurisdiction = code;
        left.splice(at, phrase.length);
      }
    }
    for (const word of left) {
      if (said.code === null && index.codes.has(word)) said.code = index.codes.get(word);
      else if (!FILLER.has(word)) sortWord(index, said, word);
    }
    return said;
  }

  function sortWord(index, said, word) {
    const { words, guessed } = meant(index, word);
    if (!words.length) said.unknown.push(word);
    else if (guessed) said.guessed.push([word, words[0]]);
    if (words.length) said.words.push(word);
  }

  /** The places of the policies that words fit; null for all. Payers whose own name is typed in full stand alone. */
  function fitting(index, said) {
    const exact = payersNamed(index, said.phrase);
    if (exact.size) return new Set(index.data.policies.flatMap((policy, at) => (exact.has(policy.payer) ? [at] : [])));
    if (said.unknown.length) return new Set();
    let found = null;
    for (const word of said.words) {
      const fits = new Set();
      for (const meaning of meant(index, word).words) {
        for (const at of index.tokens.get(meaning)) if (found === null || found.has(at)) fits.add(at);
      }
      found = fits;
    }
    return found;
  }

  /** The payers that a full name or alias names, with those whose names go on from theirs: BCBS, BCBS Nebraska. */
  function payersNamed(index, phrase) {
    const named = new Set(index.names.flatMap((row, payer) => (phrase && row.includes(phrase) ? [payer] : [])));
    if (!named.size) return named;
    return new Set(index.families.flatMap((family, payer) => ([...family].some((one) => named.has(one)) ? [payer] : [])));
  }

  /** Whether a policy serves a place: its own, or as a nationwide one where its payer has none of that line there. */
  function serves(index, policy, jurisdiction) {
    if (!jurisdiction || policy.jurisdiction === jurisdiction) return 'own';
    const open = policy.jurisdiction === 'US' && !index.own.has(`${policy.payer}|${jurisdiction}|${policy.line}`);
    return open ? 'nationwide' : '';
  }

  const holds = (index, at, code) => index.pairs[at].has(code) || index.data.codes[code][2] === 1;

  /** The answer for a policy, the place of a code and a day; null where the code is another payer's own. */
  function answer(index, at, code, day) {
    if (!holds(index, at, code)) return null;
    const rows = index.data.answers[index.pairs[at].get(code) ?? 0];
    let place = rows.length - 1;
    while (place > 0 && rows[place][0] > day) place--;
    const made = { ...said(index, rows[place]), day };
    if (made.known) return made;
    const later = rows.slice(place + 1).map((row) => said(index, row)).find((row) => row.known);
    const earlier = rows.slice(0, place).map((row) => said(index, row)).findLast((row) => row.known);
    return { ...made, first: later ? later.since : '', last: earlier ? earlier.since : '' };
  }

  function said(index, [firstDay, status, evidence, seen, since, statedFor, says, unknown]) {
    const { statuses, texts } = index.data;
    const [word, kind] = statuses[status];
    const made = { firstDay, status: word, kind, since: texts[since], statedFor: texts[statedFor], says: texts[says] };
    return { ...made, evidence: texts[evidence], seen: texts[seen], unknown, known: since > 0, first: '', last: '' };
  }

  /** What weakens an answer's evidence on the day asked; nothing where it is stated or seen. As in headlines.py. */
  function evidenceLabel({ evidence, seen, day }) {
    if (evidence === 'undated') return 'undated copy';
    if (evidence !== 'seen-later') return '';
    const days = Math.round((Date.parse(seen) - Date.parse(day)) / 86400000);
    const distance = days < 2 * 365 ? count(days, 'day', 'days') : `${Math.floor(days / 365)} years`;
    return `seen ${longDate(seen)}, ${distance} after this date`;
  }

  /**
   * The address of the page that holds the answer: for H2024 the dated one where the day lies in another stretch than
   * today. Dated pages speak of no other code.
   */
  function address(policy, code, day, today) {
    const stretch = (when) => (code === 0 ? (policy.versions ?? []) : []).findLast(([first]) => first <= when);
    const then = stretch(day);
    const dated = then && then[0] !== stretch(today)[0];
    return dated ? `policies/${policy.id}/${then[1]}` : `policies/${policy.id}.html`;
  }

  /**
   * The rows for what was asked, the place's own before nationwide ones, and what the words were read as.
   * `asked`: text, jurisdiction, line, code (its place), day, today; empty where nothing was chosen.
   */
  function search(index, asked) {
    const words = read(index, asked.text ?? '');
    const exact = payersNamed(index, words.phrase);
    const code = words.code ?? asked.code;
    const jurisdiction = (exact.size ? '' : words.jurisdiction) || asked.jurisdiction || '';
    const fits = fitting(index, words);
    const rows = { own: [], nationwide: [] };
    index.data.policies.forEach((policy, at) => {
      if ((fits && !fits.has(at)) || (asked.line && policy.line !== asked.line) || !holds(index, at, code)) return;
      const how = serves(index, policy, jurisdiction);
      if (how) rows[how].push(at);
    });
    return { rows: [...rows.own, ...rows.nationwide], own: rows.own.length, words, code, jurisdiction };
  }

  /** Names of which some word begins with each word typed; where none does, the nearest spellings. */
  function namesLike(rows, text) {
    const typed = wordsOf(text);
    const begins = (row) => typed.every((word) => row.words.some((one) => one.startsWith(word)));
    const exact = rows.filter((row) => row.words[0] === typed[0] && typed.length === 1);
    const found = rows.filter((row) => begins(row) && !exact.includes(row));
    if (exact.length || found.length || !typed.length) return [...exact, ...found];
    const near = new Set(typed.flatMap((word) => nearest(word, [...new Set(rows.flatMap((row) => row.words))])));
    return rows.filter((row) => row.words.some((word) => near.has(word)));
  }

  /** What is known close to a question without an answer: of the payers named, of the place, and names spelled alike. */
  function known(index, made) {
    const { policies, lines } = index.data;
    const general = new Set(lines.flatMap(([, name]) => wordsOf(name)));
    const words = made.words.words.filter((word) => !general.has(word));
    const fits = words.length ? fitting(index, { ...made.words, words, unknown: [] }) : null;
    const payers = new Set([...(fits ?? [])].map((at) => policies[at].payer));
    const all = [...policies.keys()].filter((at) => holds(index, at, made.code));
    return {
      payer: all.filter((at) => payers.has(policies[at].payer)),
      place: made.jurisdiction ? all.filter((at) => policies[at].jurisdiction === made.jurisdiction) : [],
    };
  }

  window.h2024kb.finder = { prepare, search, answer, evidenceLabel, address, namesLike, known, nearest, wordsOf, squeezed };
})();
