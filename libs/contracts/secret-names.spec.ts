import { isSecretName } from './secret-names.js';

const names = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');

const SECRET = names(`
  password Password PASSWORD password2 newPassword2 old_password passwords PGPASSWORD dbpassword userpassword DB_PASSWORD db.password
  passwordHash passwordHint passwordConfirm confirmPassword repeatPassword verifyPassword passwordAgain mysqlPwd user_pwd userpwd
  passwd htpasswd rootPasswd passphrase sshPassphrase passPhrase passWord pass_word passcode pass dbPass dbpass MYSQLPASS smtp_pass
  userPass userpass keyStorePass pin PIN cardPin userPin pinCode pin_number newPin otp OTP otpCode otpcode totp totpSecret cvv CVV2 cvc
  jwt jwtSecret jwts pw psk presharedKey-psk creds cred
  token token1 tokens accesstoken accessToken access_token ACCESS_TOKEN refreshtoken authtoken idToken csrfToken X-Auth-Token
  tokenValue tokenvalue apiToken bot_token GITHUB_TOKEN oauth2Token sasToken
  secret secrets Secret clientsecret clientSecret CLIENT_SECRET appSecret webhookSecret secretValue secretAnswer mySecret2 AWS_SECRET_ACCESS_KEY
  apikey apiKey apiKey2 API_KEY APIKEY APIKey x-api-key apikeys openaiApiKey
  accesskey accessKey secretkey secretKey privatekey privateKey private_key PRIVATE_KEY privateKeyPem sshKey signingKey encryptionKey
  encryptionkey masterKey sharedKey accountKey sessionKey generatedKey licenseKey APP_KEY deployKey hmacKey recoveryKey
  credential credentials awsCredentials dbCredential cookie cookies set-cookie Cookie sessionCookie
  Authorization authorization HTTPAuthorization proxy-authorization bearer basicAuth authHeader auth_code authorizationCode
  sessionId session_id sessionid SESSION_ID sessionIds JSESSIONID PHPSESSID connect.sid sessid
  dsn DSN sentryDsn connectionString connectionstring connection_string ConnectionString connString conn_str
  mnemonic recoveryPhrase seedPhrase recoveryCodes backupCode verificationCode securityCode smsCode mfaCode 2faCode oneTimeCode
  passwort kennwort motDePasse motdepasse contrase\u00f1a senha wachtwoord
  密码 数据库密码 密码2 新密码 确认密码 口令 管理口令 令牌 访问令牌 API密钥 私钥 凭证 验证码 动态验证码 密碼 パスワード 비밀번호 пароль
  ｐａｓｓｗｏｒｄ ＰＡＳＳＷＯＲＤ pass\u00adword pass\u200bword to\u200dken \u202epassword p\u00e1ssw\u00f6rd toKen passWOrd
  user[password] nested.password config/secret --password $password
`);

const HARMLESS = names(`
  tokenBucket token_bucket tokenbucket tokenSymbol max_tokens maxTokens MAX_TOKENS Max-Tokens min_tokens tokenCount token_count tokencount
  tokenLimit tokenBudget tokenSupply tokenAddress tokenDecimals tokenPrice tokenType token_type tokenName tokenId tokenIssuer tokenTtl
  tokenExpiresAt tokenExpiry tokensUsed tokens_per_second prompt_tokens completion_tokens total_tokens inputTokens outputTokens
  cachedTokens numTokens remainingTokens nextPageToken pageToken continuationToken cancellationToken stopToken eosToken designTokens
  tokenize tokenizer tokenized tokenization Tokeniser tokenless tokenVersion
  passwordUpdatedAt passwordAgeDays passwordLength passwordPolicy passwordPolicies passwordless passwordStrength passwordRequired
  passwordChangedAt passwordExpiresIn passwordResetEnabled password_min_length hasPassword isPassword requirePassword requiresPassword
  showPassword forgotPassword passwordFile passwordField
  secretRef secretName secretVersion secretArn secretary secretariat secretion secretive isSecret secretCount secretQuestion
  apiKeyId apiKeyName accessKeyId apiKeyCount keyboard monkey hockey turkey keynote key keys publicKey primaryKey foreignKey sortKey
  cacheKey partitionKey objectKey keyId rowKey storageKey keyspace whiskey
  cookieless cookieName cookieDomain cookieConsent cookieMaxAge cookiecutter cookieSameSite rookie
  passenger passengers compass compasses bypass trespass surpass overpass underpass encompass impasse passive passage passport passing
  passed passes passthrough passThrough passRate passCount pass_fail passkey passkeys boardingPass firstPass renderPass proxy_pass
  lowPass seasonPass testPass
  pinned pinning spinning spinner spin opinion opinions pinpoint pinyin pine pinout happiness shopping shipping mapping topping gpioPin
  ledPin pinMode pinToTop mapPin isPinned unpin
  option options adopt adopted laptop hotplug optional otpEnabled otpLength biotope prototype
  author authors authority authorities authorName authored coauthor authorized authorise authentic authMethod authType authorizationUrl
  bearing forbearance bearers_count jwtIssuer jwtAudience jwtAlgorithm jwtExpiresIn dsnFormat cvvResult credit credits creditScore
  accredited credibility credo incredible sessionCount sessionIdleTimeout session sessions sessionName sid side sidebar
  connection connections connectionCount connectionTimeout databaseUrl url host user username email name code status state
  psychology pwa pswitch description signature certificate salt hash seed model contextWindow
  密码长度 密码强度 密码策略 密码更新时间 令牌桶 令牌数 令牌数量 令牌名称 最大令牌数 最大令牌 是否密码 用户名 作者 token数量 密度 编码 命令
`);

describe('The names of secrets', () => {
  it.each(SECRET)('include %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(HARMLESS)('do not include %s', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it('are recognized at once, however long a name is', () => {
    for (const part of ['pass', 'Token', 'a_', '密', '\u00ad', 'aA'])
      expect(isSecretName(part.repeat(100_000))).toBeDefined();
  });
});
