"""Secrets in the surroundings where they are met: logs, commands, settings, code, traces, prose."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.daemon.redaction.corpus import keys


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and the secret in it (nothing: there is none)."""

    name: str
    text: str
    secret: str = ""


# Where a key with a shape of its own may stand, with no word beside it that gives it away.
_ANYWHERE = (
    "2026-03-04T12:01:09Z INFO worker-3 request ok key={} took 42ms",
    "curl -s -H 'X-Thing: {}' https://api.example.com/v1/models | jq .",
    "export OPENAI={}\nexport EDITOR=vim\n",
    'services:\n  app:\n    environment:\n      - SOMETHING={}\n    ports: ["80:80"]\n',
    '{{"Config": {{"Env": ["PATH=/usr/bin", "K={}"], "Image": "nginx"}}}}',
    'Traceback (most recent call last):\n  File "app.py", line 12, in call\n    client("{}")\nValueError: 401',
    "I pasted {} into the form and it said that it was wrong.",
    "Hier ist er: {}. Bitte nicht weitergeben!",
    "INSERT INTO settings (name, content) VALUES ('provider', '{}');",
    'const client = new Client("{}", {{ timeout: 30 }});',
    "fatal: unable to access 'https://{}@git.example.com/team/app.git/': 403",
    "+    client = connect({!r})\n-    client = connect(None)",
    'GET /v1/items?page=2&k={}&x=1 HTTP/1.1" 200 512',
    "\x1b[32m{}\x1b[0m",
    '"text": "line one\\n{}\\nline three"',
    "redirect=https%3A%2F%2Fx.example%2F%3Fk%3D{}%26y%3D1",
    "<property name='x'>{}</property>",
    "| prod | {} | 2026-01-01 |",
)

# Where a password or a token without a shape stands beside a word for it.
_PASSWORDS = (
    "DB_PASSWORD={}\nDB_HOST=db\n",
    "export PGPASSWORD='{}'\npsql -h db",
    "spring.datasource.password={}\nspring.jpa.show-sql=false",
    "database:\n  user: app\n  password: {}\n  port: 5432\n",
    'smtp:\n  username: bot@example.com\n  password: "{}"\n',
    '{{"user": "anna", "password": "{}", "remember": true}}',
    '"body": "{{\\"user\\": \\"anna\\", \\"password\\": \\"{}\\"}}"',
    "conn = psycopg2.connect(host='db', user='app', password='{}')",
    'String password = "{}";',
    "mysqldump --user=root --password={} shop > shop.sql",
    "agentctl login --user anna --password {} --remember",
    "mysql -u root -p{} shop",
    "sshpass -p '{}' ssh root@10.0.0.5 uptime",
    "docker login -u anna -p {} registry.example.com",
    "curl -u anna:{} https://intranet.example.com/report.csv",
    "CREATE USER app WITH ENCRYPTED PASSWORD '{}';",
    "CREATE USER 'app'@'%' IDENTIFIED BY '{}';",
    "<password>{}</password>",
    '<add key="x" password="{}" provider="p" />',
    "machine ftp.example.com\n  login anna\n  password {}\n",
    "machine api.example.com login anna password {}",
    "Das Passwort lautet {} und gilt bis Freitag.",
    "Passwort: {}\nBenutzer: anna",
    "Kennwort = {}",
    "Mot de passe : {}",
    "Le mot de passe est {}, merci de le changer.",
    "La contraseña es {}.",
    "contraseña: {}",
    "parola d'ordine: {}",
    "The password is {}; please do not share it.",
    "password for the NAS is {}",
    "'password' => '{}',",
    "ansible_become_pass: {}",
    "Server=db;Database=shop;User Id=sa;Password={};Encrypt=true",
    'WARN login failed for user=anna pwd="{}" ip=10.1.2.3',
    "passphrase: {}",
    "const PASSWORD = `{}`;",
    "POSTGRES_PASSWORD: {}",
    '"Env": ["POSTGRES_PASSWORD={}", "PGDATA=/data"]',
    "requirepass: {}",
)
_TOKENS = (
    "API_KEY={}\nDEBUG=1\n",
    "export SERVICE_TOKEN={}",
    'api_key: "{}"',
    "Authorization: Bearer {}",
    'curl -H "Authorization: Bearer {}" https://api.example.com/me',
    "curl -H 'X-Api-Key: {}' https://api.example.com/me",
    "curl --header 'PRIVATE-TOKEN: {}' https://git.example.com/api/v4/projects",
    'headers = {{"Authorization": "Token {}"}}',
    "GET /me?access_token={}&fields=id HTTP/1.1",
    '{{"access_token": "{}", "token_type": "bearer", "expires_in": 3600}}',
    '{{"clientSecret":"{}","redirect":"https://x.example"}}',
    "client_secret={}&grant_type=client_credentials&client_id=web",
    "aws_secret_access_key = {}",
    '"SecretAccessKey": "{}",',
    "AWS_SESSION_TOKEN={}",
    "//npm.example.com/:_authToken={}",
    "SECRET_KEY = '{}'",
    "secret: {}",
    "jwt.secret={}",
    "Cookie: theme=dark; sessionid={}; lang=de",
    "Set-Cookie: SID={}; Path=/; HttpOnly; Secure",
    ".example.com\tTRUE\t/\tTRUE\t1893456000\tsession\t{}",
    "tool --token {} --verbose",
    "tool --api-key={} list",
    "Der API-Schlüssel ist {}.",
    "Zugangstoken: {}",
    "jeton: {}",
    "clé API : {}",
    "chiave API: {}",
    "clave API: {}",
    "segreto = {}",
    "AccountName=x;AccountKey={};EndpointSuffix=core.windows.net",
    "kind: Secret\ndata:\n  token: {}\n",
    "credentials: {}",
    'webhook_secret = "{}"',
    "ENCRYPTION_KEY={}",
    "| api_key | {} |",
    'const token = "{}"',
    "W0304 auth.go:51] rejected token={} reason=expired",
)
_URLS = (
    "DATABASE_URL=postgres://app:{}@db.internal:5432/shop",
    "mongodb+srv://app:{}@cluster0.example.mongodb.net/?retryWrites=true",
    "redis://:{}@cache:6379/0",
    "origin\thttps://anna:{}@git.example.com/team/app.git (fetch)",
    "amqp://guest2:{}@mq.example.com/vhost",
    "pip install --index-url https://ci:{}@pypi.example.com/simple thing",
    '[remote "origin"]\n\turl = https://ci:{}@git.example.com/x.git',
    "smtp://mailer:{}@smtp.example.com:587",
    "connection to mysql://root:{}@127.0.0.1/app refused",
    "http_proxy=http://anna:{}@proxy.example.com:3128",
)
_AROUND_BLOCKS = (
    "{}",
    "$ cat key.pem\n{}\n$ exit",
    "Here is my key:\n\n{}\n\nThanks!",
)


def samples(seed: int, rounds: int = 2) -> Iterator[Sample]:
    """Give the samples of a seed, each with a secret of its own."""
    random = Random(seed)
    for number in range(rounds):
        for name, make in keys.SHAPED.items():
            for template in random.sample(_ANYWHERE, 5):
                yield _filled(f"{name} {number}", template, make(random))
        for template in _PASSWORDS:
            yield _filled(f"password {number}", template, keys.password(random))
        for template in _TOKENS:
            yield _filled(f"token {number}", template, keys.opaque(random))
        for template in _URLS:
            yield _filled(f"url {number}", template, quote(keys.password(random), safe="!*"))
        for name, make in keys.BLOCKS.items():
            yield from _blocks(f"{name} {number}", make(random), random)
        secret = keys.basic("anna", keys.password(random))
        yield Sample(f"basic {number}", f"> Authorization: Basic {secret}\n> Accept: */*", secret)
        yield Sample(f"basic curl {number}", f"curl -H 'authorization: basic {secret}' https://x.example", secret)


def _filled(name: str, template: str, secret: str) -> Sample:
    return Sample(f"{name}: {template[:40]!r}", template.format(secret), secret)


def _blocks(name: str, block: str, random: Random) -> Iterator[Sample]:
    body = block.split("\n")[1]
    yield Sample(name, random.choice(_AROUND_BLOCKS).format(block), body)
    escaped = block.replace("\n", "\\n")
    yield Sample(f"{name} in JSON", f'{{"type": "service_account", "data": "{escaped}\\n"}}', body)
    indented = block.replace("\n", "\n    ")
    yield Sample(f"{name} in YAML", f"tls:\n  key: |\n    {indented}\nnext: 1\n", body)
    cut = "\n".join(block.split("\n")[:-1])
    yield Sample(f"{name} cut off", f"Reading id_rsa:\n{cut}", body)
