/**
 * The one list of names of secrets: redaction, sealing, config reports, `opstage scan`, the safety page and the console's forms all
 * ask {@link isSecretName}. `secret-names.spec.ts` has a table of names of both kinds.
 */

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const LETTERS = /[a-z]+|[^\p{ASCII}]+/gu;

/** Full-width and composed letters as plain ones, without accents and invisible characters such as the soft hyphen. */
const plain = (text: string): string =>
  // Most names are ASCII, where nothing of this applies.
  /^[\x20-\x7e]*$/.test(text)
    ? text
    : text.normalize('NFKD').replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}]/gu, '');

/** Names a secret as a word of its own, and at the start or end of a run of letters: `dbpassword`, `PGPASSWORD`. */
const STRONG = words(
  `password passwords passwd passwds pwd pwds pswd passwrd passphrase passphrases passcode passcodes userpass secret secrets token tokens
  credential credentials cookie cookies apikey apikeys privatekey privatekeys secretkey secretkeys accesskey accesskeys authkey
  signingkey encryptionkey masterkey sharedkey sessionkey hmackey licensekey licencekey connectionstring connstring sessionid
  sessid authcode passwort kennwort motdepasse contrasena wachtwoord losenord salasana`,
);

/** Names a secret only as a word of its own: within a run of letters it is part of another word (`compass`, `spinning`). */
const ALONE = words(
  `pass pin pins pincode otp otps otpcode totp hotp cvv cvc jwt jwts pw psw psk dsn dsns cred creds bearer authorization
  mnemonic senha haslo heslo parola seedphrase`,
);

/** `pass` at the end of a run after these: `dbpass`, `MYSQLPASS`. */
const BEFORE_PASS =
  /^(?:db|database|user|admin|root|my|mysql|pg|postgres|sql|mongo|redis|smtp|mail|email|imap|ftp|sftp|ssh|http|https|auth|key|store|keystore|truststore|login|proxy|wifi|ldap|vpn|rpc|api|new|old|current|master|account|client|server|service|app|system|sys|rabbitmq|amqp|mqtt)pass$/;

/** Words that name a secret side by side: `apiKey`, `connection-string`. */
const PHRASES = words(
  `api+key api+keys access+key access+keys private+key private+keys secret+key signing+key signature+key encryption+key encrypt+key
  decryption+key master+key shared+key session+key session+id session+ids sess+id connect+sid auth+key auth+code auth+header basic+auth proxy+auth
  http+auth account+key service+key hmac+key aes+key rsa+key ssh+key deploy+key wrapping+key generated+key
  license+key licence+key activation+key app+key application+key consumer+key integration+key ingest+key webhook+key cipher+key
  connection+string conn+string connection+str conn+str pass+word pass+phrase pass+code seed+phrase recovery+phrase recovery+code
  recovery+codes recovery+key backup+code backup+codes verification+code security+code security+answer access+code sms+code mfa+code
  fa+code factor+code otp+code reset+code card+code one+time+code one+time+password pre+shared+key`,
).map((phrase) => phrase.split('+'));

/** In scripts without spaces a name is looked for anywhere in the word. */
const ELSEWHERE = words(
  '密码 密碼 口令 令牌 密钥 密鑰 金鑰 私钥 私鑰 凭证 凭据 憑證 憑據 验证码 驗證碼 动态码 校验码 通行码 授权码 访问码 密语 助记词 パスワード 暗証番号 秘密鍵 비밀번호 암호 парол токен',
).map(plain);

/** After a name in such a script: about the secret, as `长度` (length) or `数量` (count) is. */
const ABOUT_ELSEWHERE =
  /^(?:的)?(?:长度|長度|强度|強度|策略|数|數|个数|個數|桶|名称|名稱|名|类型|類型|状态|狀態|过期|過期|有效|更新|创建|修改|时间|時間|次数|次數|规则|規則|上限|下限|限制|限额|已|是否|编号|編號|标识|符号|符號|期限|提供)/u;
const COUNT_ELSEWHERE = /(?:最大|最小|最多|最少|是否|总|剩余)$/u;

/** With one of these words after the secret one, the name is *about* a secret: `tokenCount`, `passwordUpdatedAt`. */
const ABOUT = new Set(
  words(
    `count counts counter length size sizes limit limits max min total totals avg average id ids uid uuid arn name names
    label labels title description type types kind status state at on by in date time times timestamp ttl age ages expires
    expired expiry expire expiration expiring lifetime duration updated created issued rotated changed modified used
    present configured enabled disabled required optional valid invalid validity validation validator set unset policy
    policies rule rules strength complexity score usage ref refs reference prefix suffix seconds minutes hours days ms url
    urls uri uris endpoint endpoints path paths file files filename dir folder location version versions algorithm alg
    issuer audience scope scopes format formats encoding provider providers manager service services store backend source
    sources symbol symbols bucket buckets budget budgets supply decimals price prices balance standard network contract
    address addresses holder holders quota rate rates interval intervals window remaining left consumed per estimate
    estimates model index offset position stream parser lexer class regex separator delimiter color colour theme family
    logo icon image domain domains same samesite http httponly secure consent banner question attempts attempt retries failures
    failure error errors reset resets change changes rotation refreshes support supported allowed mode modes option
    options settings setting config configuration field fields column columns table tables schema group groups less izer
    ization through ratio percent percentage threshold mark fail failed result results check match matches level levels
    owner page pages metrics cost costs request requests event events log logs mapping handler middleware factory
    interface exists hidden visible placeholder form screen view mail email template templates help`,
  ),
);
/** What is about any other secret but tells one of these: `pin`'s mode and `pass`'s sort are about wires and tickets. */
const ABOUT_ALONE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['pin', new Set(words('top to x y board out post layout mapping numbering color state map point icon direction'))],
  ['pins', new Set(words('top to out layout mapping'))],
  ['pass', new Set(words('through by fail ed es number'))],
]);
/** Before them these words make another thing of a short word: `gpioPin`, `boardingPass`. */
const OTHERWISE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'pass',
    new Set(
      words(
        `boarding season hall first second third last final render multi fastcgi uwsgi scgi grpc low high band all did ski two single by did
        will must should can test tests checks proxy`,
      ),
    ),
  ],
  [
    'pin',
    new Set(words('gpio led map drop input output data clock push rolling chip header enable trigger echo io is to')),
  ],
  ['pins', new Set(words('gpio led map input output data num number all'))],
]);

/** Before a secret these ask or answer whether there is one: `hasPassword`, `requireToken`. */
const WHETHER = new Set(
  words(
    `is has have had require requires required needs need show shows hide hides can allow allows forgot forgotten supports support without no
    missing use uses must should enable enables disable disables max min num total`,
  ),
);
/** Before tokens these count the words a model reads, or say which marker of a text or list is meant. */
const OTHER_TOKENS = new Set(
  words(
    `number count prompt completion cached reasoning input output generated per n context avg average estimated billed sampled limit rejected
    remaining unused spent thinking special stop eos bos pad unk mask sep page continuation cancellation pagination cursor design
    fungible`,
  ),
);

/** The rest of a run of letters that begins with a secret's name and is something else: `secretary`, `tokenizer`. */
const OTHER_WORDS =
  /^(?:less|ary|aries|arial|ariat|ion|ions|ive|ize|ise|iz|is(?:ed|er|ation|ing)|cutter|monster|jar|ful)/;
/** The rest of such a run that still is the secret: `tokenvalue`. */
const SAME_THING = new Set(
  words(
    'value values string text key hash hint salt secret password plain raw data base hex confirm confirmation repeat new old again',
  ),
);
/** Of a password nearly every addition still is one. */
const IS_PASSWORD = /^(?:password|passwd|passphrase|passcode)/;

const STRONG_SET = new Set([...STRONG, ...ALONE]);
/** Longest first: `secretkey` before `secret`. */
const STRONG_BY_LENGTH = [...STRONG].sort((a, b) => b.length - a.length);

/** A name's words in lower case; digits and separators split like capitals do. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(LETTERS) ?? [];

const startsSecret = (run: string): boolean => {
  const start = STRONG_BY_LENGTH.find((word) => word.length > 4 && run.startsWith(word));
  if (start === undefined) return false;
  const rest = run.slice(start.length);
  if (OTHER_WORDS.test(rest) || ABOUT.has(rest)) return false;
  return IS_PASSWORD.test(start) || SAME_THING.has(rest);
};

const isForeignSecret = (word: string): boolean =>
  ELSEWHERE.some((secret) => {
    const at = word.indexOf(secret);
    if (at < 0) return false;
    return !ABOUT_ELSEWHERE.test(word.slice(at + secret.length)) && !COUNT_ELSEWHERE.test(word.slice(0, at));
  });

/** Whether one run of letters names a secret, whatever stands around it. */
const isSecretWord = (word: string): boolean => {
  if (STRONG_SET.has(word)) return true;
  if (word.charCodeAt(0) > 0x7f) return isForeignSecret(word);
  return BEFORE_PASS.test(word) || STRONG.some((secret) => word.endsWith(secret)) || startsSecret(word);
};

const isAbout = (secret: string, next: string | undefined): boolean =>
  next !== undefined && (ABOUT.has(next) || ABOUT_ALONE.get(secret)?.has(next) === true || ABOUT_ELSEWHERE.test(next));

const isOtherwise = (secret: string, previous: string | undefined): boolean => {
  if (previous === undefined) return false;
  if (WHETHER.has(previous) || COUNT_ELSEWHERE.test(previous)) return true;
  if (OTHERWISE.get(secret)?.has(previous) === true) return true;
  return /^tokens?$/.test(secret) && OTHER_TOKENS.has(previous);
};

/** Whether the words from `start` to before `end` name a secret, by what stands around them. */
const isNamed = (parts: readonly string[], start: number, end: number): boolean => {
  const secret = parts.slice(start, end).join('');
  return !isAbout(secret, parts[end]) && !isOtherwise(secret, parts[start - 1]);
};

const namesSecret = (parts: readonly string[]): boolean =>
  parts.some((word, start) => {
    if (isSecretWord(word) && isNamed(parts, start, start + 1)) return true;
    return PHRASES.some(
      (phrase) => phrase.every((part, i) => parts[start + i] === part) && isNamed(parts, start, start + phrase.length),
    );
  });

/**
 * Whether a name of a field, setting, header or variable says that its value is a secret: `password2`, `PGPASSWORD`, `accesstoken`,
 * `密码`. Names of what is only about a secret do not: `tokenCount`, `passwordPolicy`, `max_tokens`.
 */
export const isSecretName = (name: string): boolean => {
  const text = plain(name.slice(0, 200));
  return namesSecret(wordsOf(text)) || isSplitOddly(text);
};

/** `toKen`, `passWOrd`: capitals in odd places do not hide a name that is one run of letters without them. */
const isSplitOddly = (text: string): boolean =>
  /[a-z][A-Z]/.test(text) &&
  text.split(/[^A-Za-z]+/).some((run) => /[a-z][A-Z]/.test(run) && STRONG_SET.has(run.toLowerCase()));
