from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from core.text import MAX_SOURCE, Heading, plain_text, render_markdown, render_message
from tests.limits import ends_soon

TAGS = set(
    re.findall(
        r"\w+",
        "p br strong em s code pre blockquote ul ol li hr a img div table thead tbody tr th td"
        " h2 h3 h4 h5 h6",
    )
)
ATTRIBUTES = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
    "pre": {"tabindex"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}
CLASSES = {"table-scroll", "cell-left", "cell-center", "cell-right"}
REL = "nofollow noopener noreferrer"


class Seen(HTMLParser):
    """Every tag and attribute of a piece of HTML, read as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def assert_inert(html: str) -> None:
    for tag, attributes in Seen(html).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        assert set((attributes.get("class") or "").split()) <= CLASSES
        if tag == "img":
            source = attributes["src"] or ""
            assert source.startswith("/")
            assert not source.startswith("//")
        if tag == "a":
            target = (attributes.get("href") or "").lower()
            before = target.split("/")[0].split("?")[0].split("#")[0]
            assert ":" not in before or before.split(":")[0] in ("http", "https", "mailto", "tel")
            if target.startswith(("http", "//")):
                assert attributes["rel"] == REL


PAYLOADS = {
    "K01": "<script>alert(1)</script>",
    "K02": "<img src=x onerror=alert(1)>",
    "K03": "<svg/onload=alert(1)>",
    "K04": "[x](javascript:alert(1))",
    "K05": "[x](JaVaScRiPt:alert(1))",
    "K06": "[x](java&#x09;script:alert(1))",
    "K07": "[x](&#106;avascript:alert(1))",
    "K08": "<javascript:alert(1)>",
    "K09": "[a]: javascript:alert(1)\n\n[a]",
    "K10": "[x](data:text/html;base64,PHN2Zz4=)",
    "K11": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "K11-png": "![x](data:image/png;base64,PHN2Zz4=)",
    "K12": "![x](https://evil/track.png)",
    "K12-host": "![x](//evil/track.png)",
    "K12-slash": "![x](/\\evil/track.png)",
    "K13": "[x](//evil.example)",
    "K14": '<a href="vbscript:x">x</a>',
    "K15": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "K16": "<form action=//evil><button formaction=javascript:alert(1)>",
    "K17": "<base href=//evil>",
    "K18": "<meta http-equiv=refresh content=0>",
    "K19": "<style>@import url(//evil)</style>",
    "K20": '<p style="position:fixed;inset:0">',
    "K21": "<p id=csrf_token class=flash>",
    "K22": "<input name=password>",
    "K23": "<object data=x>",
    "K24": "<details open ontoggle=alert(1)>",
    "K25": "<math><mtext><table><mglyph><style><img src=x onerror=1>",
    "K26": '<noscript><p title="</noscript><img src=x onerror=1>">',
    "K27": "<scr<script>ipt>",
    "K28": "<template><img onerror=1>",
    "K29": "<!--><img src=x onerror=1>-->",
    "K30": '[x]( "onmouseover=alert(1) x")',
    "K30-title": '[x](/a "onmouseover=alert(1) x")',
    "K31": "<svg><a><set attributeName=href to=javascript:alert(1)>",
    "K32": '<xmp><p title="</xmp><svg/onload=1>">',
    "K33": "<div>" * 19_400,
    "K34": "[\u202emoc.ocnab\u202c](https://evil.example)",
    "K34-entity": "[&#x202e;moc.ocnab](https://evil.example)",
    "scheme-entity": "[x](javascript&colon;alert(1))",
    "scheme-space": "[x](<javascript :alert(1)>)",
    "scheme-bidi": "[x](java&#x202e;script:alert(1))",
    "scheme-file": "[x](file:///etc/passwd)",
    "autolink-data": "<data:text/html,x>",
    "fence": "```html onload=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "fence-class": '```" onload="alert(1)\nx\n```',
    "heading": "# <script id=x>\n\n## csrf_token\n\n## {#x onclick=1}",
    "table": "|<script>|\n|:-:|\n|<img src=x onerror=1>|",
    "bare": 'https://x.pe/"onmouseover=alert(1) https://x.pe/<script> javascript:alert(1)',
}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_payload_is_inert(payload: str) -> None:
    source = PAYLOADS[payload]
    rendered = render_markdown(source)
    message = render_message(source)
    for html in (rendered.html, message):
        assert isinstance(html, Markup)
        assert_inert(html)
        assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "\u202e" not in plain_text(source)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                *"<>[]()!`*_~#|-:\\\"'&;/ \n\tax=",
                "javascript:",
                "https://",
                "&#x3a;",
                "\n\n",
                "<!--",
            ]
        ),
        max_size=60,
    )
)
def test_any_markup_is_inert(pieces: list[str]) -> None:
    source = "".join(pieces)
    assert_inert(render_markdown(source).html)
    assert_inert(render_message(source))
    plain_text(source)


COMPLEX = {
    "quotes": ">" * 20_000,
    "quoted lines": "> a\n" * 20_000,
    "lists on a line": "- " * 2_000 + "a",
    "lists": "".join("  " * depth + "- a\n" for depth in range(400)),
    "wide table": "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|b" * 5_000 + "|\n",
    "tall table": "|a" * 50 + "|\n" + "|-" * 50 + "|\n" + "|x\n" * 500,
    "angles": "<" * 50_000,
    "brackets": "[" * 20_000,
    "image brackets": "![" * 10_000,
    "link openings": "[a](" * 5_000,
    "emphasis": "*a **b " * 6_000,
    "nested emphasis": "*" * 20_000 + "a" + "*" * 20_000,
    "backticks": "".join("`" * length + " " for length in range(300)),
    "same headings": "# a\n" * 10_000,
    "colliding headings": "".join(f"# a {n}\n" for n in range(4_000)) + "# a\n" * 4_000,
    "references": "[a]: x\n" * 10_000,
    "entities": "&#x202e;" * 10_000,
    "addresses": "https://a.pe) " * 5_000,
    "address tail": "http://a" + ").," * 20_000,
    "marks": "a" + "\u0300\u0316" * 40_000,
    "spaces": "a" + " " * 100_000 + "b",
    "markup": "<div>" * 19_400,
}


@pytest.mark.parametrize("name", COMPLEX)
@ends_soon
def test_complex_source_is_rendered_in_time(name: str) -> None:
    for render in (render_markdown, render_message, plain_text):
        render(COMPLEX[name])


@pytest.mark.parametrize("render", [render_markdown, render_message, plain_text])
def test_source_above_the_limit_is_refused(render: object) -> None:
    assert callable(render)
    render("a" * MAX_SOURCE)
    with pytest.raises(ValueError, match="200000"):
        render("a" * (MAX_SOURCE + 1))


def test_headings_start_at_h2_without_gaps() -> None:
    rendered = render_markdown("### a\n\n# b\n\n### c\n\n### d\n\n## e\n\n#### f\n\n##### g\n")
    assert [(heading.level, heading.text) for heading in rendered.headings] == [
        (2, "a"),
        (2, "b"),
        (3, "c"),
        (3, "d"),
        (3, "e"),
        (4, "f"),
    ]
    assert "<h5>g</h5>" in rendered.html


def test_heading_ids_are_plain_prefixed_and_unique() -> None:
    rendered = render_markdown(
        "# ¿Cómo *instalo* `nginx`?\n\n# a-2\n\n# a\n\n# a\n\n# a\n\n# 漢字\n\n# csrf_token\n"
    )
    assert rendered.headings == [
        Heading(2, "s-como-instalo-nginx", "¿Cómo instalo nginx?"),
        Heading(2, "s-a-2", "a-2"),
        Heading(2, "s-a", "a"),
        Heading(2, "s-a-3", "a"),
        Heading(2, "s-a-4", "a"),
        Heading(2, "s-seccion", "漢字"),
        Heading(2, "s-csrf-token", "csrf_token"),
    ]
    assert [h["id"] for h in Seen(rendered.html).named("h2")] == [
        heading.id for heading in rendered.headings
    ]


@given(st.lists(st.sampled_from(["a", "a 2", "a 3", "a 2 2", "á"]), max_size=12))
def test_heading_ids_never_repeat(titles: list[str]) -> None:
    ids = [h.id for h in render_markdown("".join(f"# {t}\n" for t in titles)).headings]
    assert len(set(ids)) == len(titles)


def test_each_rendering_starts_its_ids_anew() -> None:
    assert render_markdown("# a") == render_markdown("# a")


def test_table_scrolls_in_a_named_region() -> None:
    html = render_markdown("|a|b|\n|:-|-:|\n|1|2|\n\n|c|\n|-|\n|3|\n").html
    assert html.startswith(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Tabla 1">\n<table>'
    )
    assert '<th class="cell-right">b</th>' in html
    assert '<td class="cell-left">1</td>' in html
    assert [frame["aria-label"] for frame in Seen(html).named("div")] == ["Tabla 1", "Tabla 2"]


def test_code_blocks_keep_their_text() -> None:
    expected = '<pre tabindex="0"><code>if a &lt; b:\n  c\n</code></pre>\n'
    assert render_markdown("```python\nif a < b:\n  c\n```").html == expected
    assert render_markdown("    if a < b:\n      c").html == expected


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[x](/kb/a#b)", '<a href="/kb/a#b">x</a>'),
        ("[x](#s-a)", '<a href="#s-a">x</a>'),
        ("[x](https://a.pe)", f'<a href="https://a.pe" rel="{REL}">x</a>'),
        ("[x](HTTP://a.pe)", f'<a href="HTTP://a.pe" rel="{REL}">x</a>'),
        ("[x](//a.pe)", f'<a href="//a.pe" rel="{REL}">x</a>'),
        ("[x](mailto:a@b.pe)", '<a href="mailto:a@b.pe">x</a>'),
        ("[x](tel:+5117390054)", '<a href="tel:+5117390054">x</a>'),
        ("<https://a.pe>", f'<a href="https://a.pe" rel="{REL}">https://a.pe</a>'),
        ("[x](ftp://a.pe)", "[x](ftp://a.pe)"),
        ("~~x~~ **y** _z_", "<s>x</s> <strong>y</strong> <em>z</em>"),
        ("https://a.pe", "https://a.pe"),
        ("![y](/img/a.png)", '<img src="/img/a.png" alt="y" loading="lazy">'),
        ("![y](https://a.pe/b.png)", f'<a href="https://a.pe/b.png" rel="{REL}">y</a>'),
        ("![](//a.pe/b.png)", f'<a href="//a.pe/b.png" rel="{REL}">//a.pe/b.png</a>'),
        ("![y](b.png)", '<a href="b.png">y</a>'),
        ("[![y](https://a.pe/b.png)](/c)", '<a href="/c">y</a>'),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
    ],
)
def test_article_inline(source: str, html: str) -> None:
    assert render_markdown(source).html == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("uno\ndos", "uno<br>\ndos"),
        ("# Hola *x*", "<strong>Hola <em>x</em></strong>"),
        ("![y](/img/a.png)", '<a href="/img/a.png">y</a>'),
        ("https://a.pe/b_c_d", f'<a href="https://a.pe/b_c_d" rel="{REL}">https://a.pe/b_c_d</a>'),
        (
            "(vea https://a.pe/x.), fin",
            f'(vea <a href="https://a.pe/x" rel="{REL}">https://a.pe/x</a>.), fin',
        ),
        (
            "https://a.pe/x_(y)",
            f'<a href="https://a.pe/x_(y)" rel="{REL}">https://a.pe/x_(y)</a>',
        ),
        ("`https://a.pe`", "<code>https://a.pe</code>"),
        (
            "[https://a.pe](https://b.pe)",
            f'<a href="https://b.pe" rel="{REL}">https://a.pe</a>',
        ),
        ("javascript://a", "javascript://a"),
    ],
)
def test_message_inline(source: str, html: str) -> None:
    assert render_message(source) == f"<p>{html}</p>\n"


def test_message_has_no_headings_nor_ids() -> None:
    html = render_message("# a\n\nb\n=\n\n###### c")
    assert html == (
        "<p><strong>a</strong></p>\n<p><strong>b</strong></p>\n<p><strong>c</strong></p>\n"
    )


def test_plain_text_has_the_words_and_no_markup() -> None:
    source = (
        "# Título\n\nUn **párrafo** con `código_1`\ny ~~otra~~ línea.\n\n"
        "- uno\n- dos\n  - tres\n\n1. a\n\n> cita\n\n"
        "| A | B |\n|---|---|\n| 1 | *2* |\n\n"
        "```sh\nrm -rf *\n```\n\n---\n\n[panel](https://a.pe/x) ![foto](/i.png) <https://b.pe>\n"
    )
    assert plain_text(source) == (
        "Título\n\nUn párrafo con código_1\ny otra línea.\n\n"
        "uno\ndos\ntres\n\na\n\ncita\n\n"
        "A\tB\n1\t2\n\n"
        "rm -rf *\n\npanel foto https://b.pe"
    )


def test_plain_text_keeps_link_targets_when_asked() -> None:
    source = "[panel](https://a.pe/x) y <https://b.pe>"
    assert plain_text(source, to_read=True) == "panel (https://a.pe/x) y https://b.pe"


def test_plain_text_keeps_the_marks_of_lists_when_asked() -> None:
    source = "Así:\n\n1. Corra `mtr`.\n2. Mire:\n   - esto\n   - eso\n\n- fin"
    assert plain_text(source, to_read=True) == (
        "Así:\n\n1. Corra mtr.\n2. Mire:\n  - esto\n  - eso\n\n- fin"
    )
    assert "1." not in plain_text(source)


def test_plain_text_cleans_what_cannot_be_seen() -> None:
    assert plain_text("a\u202eb&#x200b;c\r\nn\u0303") == "abc\nñ"
