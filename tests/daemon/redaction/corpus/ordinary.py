"""Texts without secrets in which there is much that resembles one."""

import base64
import importlib.util
import uuid
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.daemon.redaction.corpus import keys
from tests.daemon.redaction.corpus.secrets import Sample

_PROSE = """
The password is required.
Your password must be at least 12 characters long and contain a digit.
Password: at least 8 characters, one of them upper-case.
Passwords are hashed with bcrypt (cost 12) or argon2id.
Forgot your password? Click here to reset it within 24 hours.
The token is expired; log in again.
Tokens: 1,204 in, 356 out, 0.0021 USD.
A token bucket limits each key to 60 requests per minute.
The secret of good bread is time: 24 hours in the fridge.
The key to the cellar is under the mat.
Set API_KEY in the environment before you start the server.
The api key is read from ~/.config/tool/credentials.
Das Passwort ist abgelaufen und muss geändert werden.
Das Passwort muss mindestens 12 Zeichen haben.
Der Schlüssel liegt unter der Matte, Wohnung 12b.
Kennwort vergessen? Wir schicken einen Link.
Geheimnis Nummer 7 der Küche: Zeit.
Le mot de passe est obligatoire.
La clé est sous le paillasson.
Un jeton par personne, 2 euros.
La password è scaduta.
La chiave di casa è da Maria.
La contraseña es obligatoria.
La clave del éxito es la paciencia.
No credentials were found in the keyring.
Credentials: none needed for public repositories.
This endpoint uses bearer authentication as described in RFC 6750.
Basic authentication is turned off by default.
Authorization: required for all endpoints.
Cookies are used for the language and the theme.
Cookie: theme=dark; lang=en-GB; consent=accepted
Set-Cookie: lang=de; Path=/; Max-Age=31536000; SameSite=Lax
The passphrase is asked for at start-up.
Token type: bearer
Use --password to give the password, or --token for a token.
Pass --password on the command line only in tests.
The options --username and --password are needed.
machine translation and login with password are separate features
The default login for machine rooms needs a password from the office.
password-protected files cannot be opened
Secret Santa is on 2026-12-20 at 18:00.
Meeting about secrets management: Tuesday 14:30, room 3.14
The secret ballot took place on 3 May 2024.
Version 2.1.0 fixes CVE-2024-12345 in the token parser.
Auth: SHA-256 with RSA, TLS 1.3
max_tokens: 4096
total_tokens=128000
"prompt_tokens": 1532, "completion_tokens": 417
token_count = 1048576
password_min_length: 12
PASSWORD_RESET_TIMEOUT=259200
password_file: /run/secrets/db_password
POSTGRES_PASSWORD_FILE=/run/secrets/postgres-passwd-2
secretName: my-app-tls-2024
secret_name = "prod/app/database-2"
secretKeyRef: {name: app-secrets, key: database-url}
token_url: https://login.example.com/oauth2/v2.0/token
"token_endpoint": "https://login.example.com/oauth2/token"
token: ${GITHUB_TOKEN}
token: ${{ secrets.GITHUB_TOKEN }}
password: {{ .Values.postgres.password }}
password: "{{ vault_db_password }}"
password: !vault |
API_KEY=$(cat /run/secrets/api_key)
API_KEY="$API_KEY"
export TOKEN=${TOKEN:-}
password = getpass.getpass()
password = os.environ["DB_PASSWORD"]
const token = process.env.API_TOKEN;
token = request.headers.get("X-Token")
self.password = password
this.apiKey = options.apiKey;
if (user.password !== form.password2) return;
assert token == expected_token
def login(username: str, password: str) -> Token:
password: str | None = None
token: Optional[str] = Field(default=None)
public class TokenReader2 implements Reader
for token in tokenizer.encode(text)[:512]:
secret = secrets.token_hex(32)
API_TOKEN = config.get("api", "token1")
private_key = load_pem_private_key(data, password=None)
public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0dW1teWtleWZvcnRlc3Rpbmdvbmx5 anna@laptop"
primary_key=True, foreign_key="users.id"
<input type="password" name="password" minlength="8" autocomplete="current-password">
<label for="password">Password</label>
<password>********</password>
password: <your-password>
api_key: <YOUR_API_KEY>
api_key = "your-api-key-here"
api_key: "sk-your-key-here"
OPENAI_API_KEY=sk-...
OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
token: xxxxxxxxxxxxxxxx
TOKEN=****************
password=changeme
password: CHANGE_ME_PLEASE_1
SECRET_KEY=replace-me-with-a-long-random-string
client_secret: [REDACTED]
Authorization: Bearer <token>
Authorization: Bearer $TOKEN
Authorization: Bearer YOUR_TOKEN_HERE
curl -u user:password https://example.com
curl -u "$USER:$PASSWORD" https://example.com
curl -u ${CI_USER}:${CI_TOKEN} https://example.com
mysql -u root -p shop
mysql -u root -p"$MYSQL_ROOT_PASSWORD" shop
docker login -u anna --password-stdin registry.example.com
docker run -p 8080:80 nginx:1.27
mkdir -p /srv/data2/backups
ssh -p 2222 anna@10.0.0.5
tar -xzpf backup-2024.tgz
postgres://user:password@localhost:5432/db
postgres://$PGUSER:$PGPASSWORD@db/app
https://user:pass@example.com
https://example.com:8443/path/user@example.com
http://localhost:11434/v1/models
https://git.example.com/team/app.git
git@github.com:team/app.git
mailto:anna@example.com?subject=token
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/app-AbCdEf
{"password": null, "token": "", "secret": false}
{"password": "********", "remember": true}
{"token_type": "bearer", "expires_in": 3600, "scope": "read write"}
"auth": {"type": "oauth2", "flow": "client-credentials"}
"authors": ["Anna Müller <anna@example.com>"], "keywords": ["token", "parser2"]
keyboard: de-latin1
keys = sorted(d.keys())
key: value1
sort_key = "created_at_desc2"
cache_key = f"user:{user_id}:profile:v2"
passed: 142, failed: 0, skipped: 3
pass 2 of 5: compiling
PASS tests/token_test2.go (0.03s)
-----BEGIN PUBLIC KEY-----
-----BEGIN RSA PRIVATE KEY-----
-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----
begins with -----BEGIN OPENSSH PRIVATE KEY----- and ends with -----END OPENSSH PRIVATE KEY-----
Fingerprint: SHA256:uNiVztksCsDhcc0u9e8BrHJ0oAfzVlrFvHGEvqdzV3E
integrity: sha512-oRuO2jqpVWUBFvVt9Q5FMlCfyxRqUZkQ6k7Jk6oJDh1kFMmzcCkGm5F1bXRkM5CjZ2kQVq3vM0vWJYgY4m8Z3A==
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
X-Request-Id: 7f3c2a9e1b4d4c0f8a6e5d3b2c1a0f9e
traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
task-1234567 risk-assessment disk-usage-2024-report
.sk-circle-fade-dot .sk-chase-dot-before { animation: sk-chase 2.5s infinite linear both; }
sk-SK-u-co-standard
eyJ is how every JSON Web Token begins
The hf_transfer package speeds up downloads; npm_config_cache names a folder.
glpat-, ghp_ and xoxb- are prefixes of tokens.
pypi-server 2.1 was released
AIza is the prefix of Google keys
Das Losungswort steht auf Seite 12.
mdp: voir avec Paul
pin: 4 digits
auth=none
auth_method: password
pwd
cd "$(pwd)" && ls
PWD=/home/anna/projects/app2
OLDPWD=/var/lib/app-1.2.3
DJANGO_SECRET_KEY is not set
KeyError: 'API_KEY'
ValueError: invalid token at line 12, column 4
SyntaxError: Unexpected token < in JSON at position 0
json.decoder.JSONDecodeError: Expecting value: line 1 column 1
Unexpected token: punc (}) at app.min.js:1:20455
error: invalid credentials (code 401)
access denied: secret not found (404)
password authentication failed for user "app2"
sudo: a password is required
Enter passphrase for key '/home/anna/.ssh/id_ed25519':
Permission denied (publickey,password).
anna:x:1000:1000:Anna,,,:/home/anna:/bin/bash
root:*:19700:0:99999:7:::
compare tokens with hmac.compare_digest(a, b)
INSERT INTO users (name, password_hash) VALUES ($1, $2)
SELECT token, secret FROM api_keys WHERE id = 42;
ALTER TABLE users ADD COLUMN password VARCHAR(255) NOT NULL;
GRANT SELECT ON shop.* TO 'reader'@'localhost';
CREATE USER reader IDENTIFIED BY '<password>';
type Token struct { Kind TokenKind2; Value string }
enum Token { Ident = 1, Number = 2, String = 3 }
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{20,}")
r"(?:password|passwd|pwd)\\s*[:=]\\s*(\\S+)"
tokens = ["<s>", "</s>", "<pad>", "<unk>", "[MASK]", "[CLS]"]
"tokenizer_class": "PreTrainedTokenizerFast2"
vocab_size: 151936, eos_token_id: 151645
eos_token: "<|im_end|>"
secret_type: Opaque
kind: Secret
license: MIT-0
license key: none
session timeout: 30m
session: 2026-03-04T12:00:01Z
service_account: build-bot2@project.iam
account key rotation: every 90 days
signing key algorithm: ed25519
encryption key size: 4096 bit
master key ceremony on 2026-05-01
client key exchange, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
private key: see vault
public token: pk_live_docs_only
shared secret: agreed by phone
test_password_reset_link_expires_after_24h PASSED
credential helper: osxkeychain
credential.helper=store
password manager: KeePassXC 2.7.9
Password1 and 123456 are the most common passwords.
""".strip().split("\n")

_MODULES = (
    "getpass",
    "tokenize",
    "token",
    "secrets",
    "ftplib",
    "netrc",
    "smtplib",
    "imaplib",
    "poplib",
    "urllib.request",
    "http.cookiejar",
    "http.cookies",
    "ssl",
    "hmac",
    "hashlib",
    "base64",
    "configparser",
    "argparse",
    "logging.handlers",
    "xmlrpc.client",
    "asyncio.sslproto",
    "uuid",
    "http.client",
    "email.header",
    "keyword",
    "tempfile",
    "zipfile",
    "shlex",
    "optparse",
    "pdb",
    "inspect",
    "json.encoder",
    "json.scanner",
    "ast",
    "sqlite3.dbapi2",
    "random",
    "difflib",
    "textwrap",
    "mimetypes",
    "subprocess",
    "pickletools",
    "tarfile",
)

_MINIFIED = (
    'function {0}(e,t){{var n=e.token||"",r=t.password;return n&&r?{1}(n,r):null}}var {2}=function(e){{return e.key}};',
    "!function(e,{0}){{e.exports={{tokens:{1}.tokens,secret:{0}.secret,apiKey:e.apiKey||{2}.apiKey}}}}(this,{2});",
    "const {0}=e=>e.map(t=>({{password:t.password,auth:t.auth}})),{1}=({{token:e}})=>e?.split('.')[1],{2}=/[a-f0-9]+/;",
)


def samples(seed: int) -> Iterator[Sample]:
    """Give the samples of a seed."""
    random = Random(seed)
    for line in _PROSE:
        yield Sample(line[:40], line)
    for number in range(12):
        yield from _hashes(number, random)
        names = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=2)) for _ in range(3)]
        yield Sample(f"minified {number}", "".join(part.format(*names) for part in _MINIFIED) * 3)
    for name in _MODULES:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            yield Sample(f"module {name}", Path(found.origin).read_text(encoding="utf-8"))


def _hashes(number: int, random: Random) -> Iterator[Sample]:
    image = base64.b64encode(random.randbytes(1500)).decode()
    identifier = str(uuid.UUID(int=random.getrandbits(128)))
    texts = (
        f"commit {keys.digest(random, 'sha1')}\nAuthor: Anna <anna@example.com>\n\n    Tokens are read once\n",
        f"{keys.digest(random)}  secrets.tar.gz",
        f"Deleted: sha256:{keys.digest(random)}",
        f"--hash=sha256:{keys.digest(random)} \\",
        f"audit log: whole, head {keys.digest(random)[:12]}",
        f'{{"id": "{identifier}", "kind": "token"}}',
        f"task {identifier} ended; its credential was not used",
        f'<img src="data:image/png;base64,{image}">',
        f'{{"type": "image_url", "image_url": {{"url": "data:image/jpeg;base64,{image}"}}}}',
        f"index {keys.digest(random, 'sha1')[:7]}..{keys.digest(random, 'sha1')[:7]} 100644 password.py",
        f"ssh-rsa {base64.b64encode(b'ssh-rsa' + random.randbytes(270)).decode()} anna@laptop",
        f"-----BEGIN CERTIFICATE-----\n{image[:64]}\n{image[64:128]}\n-----END CERTIFICATE-----",
        f"chr{random.randint(1, 22)}\t{random.randint(1, 10**8)}\tACGTTGCAAGCT\tpass\t{random.random():.5f}",
    )
    for text in texts:
        yield Sample(f"hash {number}: {text[:24]!r}", text)
