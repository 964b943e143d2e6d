/** What nobody can guess, whatever computers they have. */
const STRONG_BITS = 96;

/** Words of several languages, for which letters follow each other in words. */
const SAMPLE = `the secret of this server is not for other people and should never be shown to anybody who does not work here please change
me before you start production session key company password opstage service control plane example test local default admin master
super user name long string enough random value something that nobody will ever guess because it is our own very special phrase
quick brown fox jumps over lazy dog correct horse battery staple monday summer winter morning house water money family friend world
data base token cookie signing encryption security private public internal network cluster region europe west north central
das geheimnis unserer firma ist sicher und darf nicht verraten werden passwort schluessel betrieb steuerung verwaltung gesellschaft
bitte aendern ein langes wort mit vielen buchstaben fuer die produktion sitzung hallo welt muster strasse
le secret de notre entreprise est tres important pour la production mot de passe client bonjour soleil maison logistique francaise
la clave secreta de nuestra empresa no debe ser conocida por nadie contrasena hola mundo casa trabajo tiempo
il segreto della nostra azienda parola chiave buongiorno sole mare amore
wo men gong si de mi ma shi zhong guo bei jing shang hai ni hao xie xie fu wu qi kong zhi tai sheng chan
watashi no himitsu kaisha toukyou nihon kagi anata sakura`;

/**
 * How much evidence, in bits, makes a secret a phrase. A random one gathers that much once in 2^16 times at most, because the
 * evidence is a likelihood ratio.
 */
const PHRASE_EVIDENCE = 16;
/** More where digits stand for letters: those that do are the most frequent ones. */
const LEET_EVIDENCE = 32;
const LETTERS = 26;

const BITS_OF_WORD_LETTER = 1.4;
const BITS_OF_WORD = 1;
const BITS_OF_LETTER = Math.log2(LETTERS);
const BITS_OF_DIGIT = Math.log2(10);
const BITS_OF_YEAR = 6;
const BITS_OF_STEP = 0.5;
const BITS_OF_REPEAT = 6;
const BITS_OF_NEW_SYMBOL = 3;
const BITS_OF_SYMBOL = 1;
const MIN_REPEAT = 5;
const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890', 'qwertzuiop', 'azertyuiop'];
const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' };

/**
 * Whether a secret looks random: whether somebody who knows that people take words, years, rows of keys and repetitions would
 * still have to guess 96 bits. A random secret of 32 hexadecimal digits is; a phrase of several words is not.
 */
export const looksRandom = (secret: string): boolean => estimatedBits(secret) >= STRONG_BITS;

/** The estimate of {@link looksRandom}. */
export const estimatedBits = (secret: string): number => {
  const text = withoutRepetition(secret);
  const repeated = text.length < secret.length ? BITS_OF_REPEAT : 0;
  const plain = text.replace(/[013457@$]/g, (sign) => LEET[sign] ?? sign);
  if (!isHexadecimal(text)) {
    if (evidenceOfWords(text) >= PHRASE_EVIDENCE) return bitsOfPhrase(text) + repeated;
    if (evidenceOfWords(plain) >= LEET_EVIDENCE) return bitsOfPhrase(plain) + repeated;
  }
  const steps = stepsIn(text);
  return (text.length - steps) * bitsOfCharacter(text) + steps * BITS_OF_STEP + repeated;
};

/** Leaves out every part that has occurred before. */
const withoutRepetition = (secret: string): string => {
  const lower = secret.toLowerCase();
  let kept = '';
  for (let at = 0; at < secret.length;) {
    let length = 0;
    while (at + length < secret.length && lower.slice(0, at).includes(lower.slice(at, at + length + 1))) length += 1;
    const isRepeat = length >= MIN_REPEAT;
    if (!isRepeat) kept += secret[at] ?? '';
    at += isRepeat ? length : 1;
  }
  return kept;
};

const pairsIn = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]{2,}/g) ?? []).flatMap((run) =>
    [...run].slice(1).map((next, at) => (run[at] ?? '') + next),
  );

const evidenceOfPairs = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const pairs = pairsIn(SAMPLE);
  for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const total = pairs.length + (LETTERS * LETTERS) / 2;
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const every = letters.flatMap((one) => letters.map((next) => one + next));
  return new Map(every.map((pair) => [pair, Math.log2((((counts.get(pair) ?? 0) + 0.5) / total) * LETTERS * LETTERS)]));
};

const EVIDENCE = evidenceOfPairs();

/** The evidence for words against random letters, in bits. Where the case changes within a word, there is none. */
const evidenceOfWords = (text: string): number =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [])
    .flatMap(pairsIn)
    .reduce((sum, pair) => sum + (EVIDENCE.get(pair) ?? 0), 0);

/** Whether it has the digits of a number only, in groups or not, as in a UUID. */
const isHexadecimal = (text: string): boolean => /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text.replace(/[-:_ ]/g, ''));

/** How much a character says where each is as likely as any other of its kinds. */
const bitsOfCharacter = (text: string): number => {
  if (isHexadecimal(text)) return /[a-f]/i.test(text) ? 4 : BITS_OF_DIGIT;
  const sizes = [/[a-z]/, /[A-Z]/].map((kind) => (kind.test(text) ? LETTERS : 0));
  return Math.log2((sizes[0] ?? 0) + (sizes[1] ?? 0) + (/\d/.test(text) ? 10 : 0) + (/[^A-Za-z\d]/.test(text) ? 2 : 0));
};

/** Whether three characters follow each other in the alphabet, among the digits or on a keyboard, or are the same. */
const isRow = (three: string): boolean => {
  const [first = 0, second = 0, third = 0] = [...three].map((character) => character.charCodeAt(0));
  if (second - first === third - second && Math.abs(second - first) <= 1) return true;
  const reversed = [...three].reverse().join('');
  return KEYBOARD.some((row) => row.includes(three) || row.includes(reversed));
};

/** How many of the characters continue a row. */
const stepsIn = (text: string): number => {
  const lower = text.toLowerCase();
  return [...lower].filter((_, at) => at >= 2 && isRow(lower.slice(at - 2, at + 1))).length;
};

const bitsOfPhrase = (text: string): number => {
  const symbols = new Set<string>();
  const parts = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^A-Za-z\d]/g) ?? [];
  return parts.reduce((sum, part, at) => {
    if (/^\d/.test(part)) return sum + bitsOfNumber(part);
    // One or two letters between digits are no word.
    if (/^[A-Za-z]/.test(part))
      return sum + bitsOfWord(part, part.length < 3 && /^\d/.test((parts[at - 1] ?? '') + (parts[at + 1] ?? '')));
    const isKnown = symbols.has(part);
    symbols.add(part);
    return sum + (isKnown ? BITS_OF_SYMBOL : BITS_OF_NEW_SYMBOL);
  }, 0);
};

const bitsOfWord = (letters: string, isRandom: boolean): number => {
  const steps = stepsIn(letters);
  const each = isRandom ? BITS_OF_LETTER : BITS_OF_WORD_LETTER;
  return (letters.length - steps) * each + steps * BITS_OF_STEP + BITS_OF_WORD;
};

const bitsOfNumber = (digits: string): number => {
  if (/^(?:19|20)\d\d(?:\d\d){0,2}$/.test(digits)) return BITS_OF_YEAR + (digits.length - 4) * 2;
  const steps = stepsIn(digits);
  return (digits.length - steps) * BITS_OF_DIGIT + steps * BITS_OF_STEP;
};
