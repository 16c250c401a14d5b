"""Keys that are known by their shape, as their makers document them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from daemon.engine.redaction.plausible import varied
from daemon.engine.redaction.view import Span, View

# A key begins where no word goes on, but what is escaped before it (\n, %3D, \u0022, a terminal's colour) is no word.
_BEGINS = (
    rb"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9a-fA-F]{2})"
    rb"|(?<=[\[;]\dm)|(?<=[\[;]\d\dm)|(?<=[\s\"'`=:(,][_-])|(?<=[\s\"'`=:(,]--))"
)
_ENDS = rb"(?![A-Za-z0-9_-])"
_WORD = rb"[A-Za-z0-9_-]"
_ALNUM = rb"[A-Za-z0-9]"


_GITLAB = rb"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-"


@dataclass(frozen=True)
class Shape:
    """A kind of key: `anchor` stands in every one, at most `back` bytes after its start; `body` matches all of it.

    Where the anchor differs from key to key, `anchors` finds it.
    """

    kind: str
    anchor: bytes
    body: bytes
    back: int = 0
    anchors: bytes | None = None

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """Compile it when it is first needed."""
        return re.compile(_BEGINS + self.body)

    def places(self, data: bytes) -> Iterator[int]:
        """Give where an anchor stands; a search for bytes is much faster than one for a pattern."""
        if self.anchors is not None:
            yield from (found.start() for found in re.finditer(self.anchors, data))
            return
        at = data.find(self.anchor)
        while at >= 0:
            yield at
            at = data.find(self.anchor, at + len(self.anchor))


def _from(kind: str, anchor: bytes, rest: bytes) -> Shape:
    return Shape(kind, anchor, re.escape(anchor) + rest)


SHAPES = (
    _from("anthropic-key", b"sk-ant-", _WORD + rb"{24,}+"),
    _from("openrouter-key", b"sk-or-", rb"v\d-[0-9a-f]{32,}+"),
    Shape("openai-key", b"sk-", rb"sk-(?:(?:proj|svcacct|admin|None)-" + _WORD + rb"{24,}+|" + _ALNUM + rb"{32,}+)"),
    _from("google-key", b"AIza", _WORD + rb"{35}" + _ENDS),
    _from("google-token", b"ya29.", _WORD + rb"{20,}+"),
    _from("google-secret", b"GOCSPX-", _WORD + rb"{20,}+"),
    _from("google-token", b"1//0", _WORD + rb"{40,}+"),
    _from("aws-access-key", b"AKIA", rb"[A-Z2-7]{16}" + _ENDS),
    _from("aws-access-key", b"ASIA", rb"[A-Z2-7]{16}" + _ENDS),
    Shape("github-token", b"ghp_", rb"gh[pousr]_" + _ALNUM + rb"{36,}+", anchors=rb"gh[pousr]_"),
    _from("github-token", b"github_pat_", rb"[A-Za-z0-9_]{50,}+"),
    Shape("gitlab-token", b"glpat-", rb"gl[a-z]{2,5}-[A-Za-z0-9_.-]{20,}+", anchors=_GITLAB),
    _from("gitlab-token", b"GR1348941", _WORD + rb"{20,}+"),
    Shape("slack-token", b"xox", rb"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}+"),
    _from("slack-token", b"xapp-", rb"\d-[A-Za-z0-9-]{20,}+"),
    Shape(
        "slack-webhook", b"hooks.slack.com/", rb"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}+"
    ),
    Shape("stripe-key", b"k_live_", rb"[sr]k_live_" + _ALNUM + rb"{16,}+", back=1),
    Shape("stripe-key", b"k_test_", rb"[sr]k_test_" + _ALNUM + rb"{16,}+", back=1),
    _from("stripe-secret", b"whsec_", rb"[A-Za-z0-9+/]{24,}+={0,2}"),
    Shape("telegram-token", b":AA", rb"\d{6,10}:AA" + _WORD + rb"{32,33}" + _ENDS, back=10),
    Shape("telegram-token", b"/bot", rb"/bot\d{6,10}:" + _WORD + rb"{35}" + _ENDS),
    _from("npm-token", b"npm_", _ALNUM + rb"{36}" + _ENDS),
    _from("pypi-token", b"pypi-Ag", _WORD + rb"{50,}+"),
    _from("huggingface-token", b"hf_", _ALNUM + rb"{34,}+"),
    _from("huggingface-token", b"api_org_", _ALNUM + rb"{34,}+"),
    _from("jwt", b"eyJ", _WORD + rb"{8,}+\.(?:eyJ)?" + _WORD + rb"{8,}+(?:\." + _WORD + rb"*+){1,3}"),
    _from("age-key", b"AGE-SECRET-KEY-1", rb"[AC-HJ-NP-Z02-9]{58}" + _ENDS),
    _from("sendgrid-key", b"SG.", _WORD + rb"{20,24}\." + _WORD + rb"{39,50}" + _ENDS),
    Shape("digitalocean-token", b"_v1_", rb"do[opr]_v1_[0-9a-f]{64}" + _ENDS, back=3),
    Shape("twilio-key", b"SK", rb"SK[0-9a-f]{32}" + _ENDS),
    _from("vault-token", b"hvs.", _WORD + rb"{24,}+"),
    _from("docker-token", b"dckr_pat_", _WORD + rb"{20,}+"),
    _from("groq-key", b"gsk_", _ALNUM + rb"{40,}+"),
    _from("xai-key", b"xai-", _ALNUM + rb"{40,}+"),
    _from("perplexity-key", b"pplx-", _ALNUM + rb"{40,}+"),
    _from("replicate-token", b"r8_", _ALNUM + rb"{37}" + _ENDS),
    Shape("shopify-token", b"shp", rb"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}" + _ENDS),
    _from("tailscale-key", b"tskey-", rb"[a-z]+-" + _WORD + rb"{20,}+"),
    _from("linear-key", b"lin_api_", _ALNUM + rb"{40}" + _ENDS),
    _from("databricks-token", b"dapi", rb"[0-9a-f]{32}(?:-\d)?" + _ENDS),
    _from("grafana-token", b"glsa_", _ALNUM + rb"{32}_[0-9a-f]{8}" + _ENDS),
)


def shaped(view: View) -> Iterator[Span]:
    """Give the keys of well-known providers."""
    for shape in SHAPES:
        done = 0
        for at in shape.places(view.data):
            found = _match(shape, view.data, at) if at >= done else None
            if found is not None:
                done = found.end()
                if varied(found[0][len(shape.anchor) :]):
                    yield Span(found.start(), found.end(), shape.kind, found[0])


def _match(shape: Shape, data: bytes, at: int) -> re.Match[bytes] | None:
    starts = range(max(0, at - shape.back), at + 1)
    tried = (shape.pattern.match(data, start) for start in starts)
    return next((found for found in tried if found and found.end() > at), None)
