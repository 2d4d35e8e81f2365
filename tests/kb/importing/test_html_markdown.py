"""HTML of help centres as Markdown: every word stays, and nothing typed becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import plain_text, render_markdown
from kb.importing.html_markdown import markdown_from, summary_from

CASES = {
    "<p>Uno</p><p>Dos <b>fuerte</b> y <em>suave</em>.</p>": "Uno\n\nDos **fuerte** y *suave*.",
    "<h2>Título</h2>texto": "## Título\n\ntexto",
    "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>": "- a\n- b\n  - c",
    "<ol start=3><li>a<li>b</ol>": "3. a\n4. b",
    '<p>Vea <a href="https://a.pe/x">esto</a></p>': "Vea [esto](https://a.pe/x)",
    '<img src="a b(1).png" alt="Una *foto*">': "![Una \\*foto\\*](<ab(1).png>)",
    "<pre>a\n  b `c`</pre>": "```\na\n  b `c`\n```",
    "<p>use <code>ls *</code></p>": "use `ls *`",
    "<p>uno<br>dos<br></p>": "uno\\\ndos",
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td><p>x</p></td></tr></table>": (
        "| A | B |\n| --- | --- |\n| 1\\|2 | x |"
    ),
    "<blockquote><p>a</p><p>b</p></blockquote>": "> a\n>\n> b",
    "<p># no es título</p><p>1. ni lista</p><p>- ni esto</p>": (
        "\\# no es título\n\n1\\. ni lista\n\n\\- ni esto"
    ),
    "<script>alert(1)</script><style>p{}</style>ok": "ok",
    '<a href="javascript:x">clic</a>': "clic",
    "<div><span><p>dentro</p></span></div>": "dentro",
    "a&nbsp;&amp;&lt;b&gt;": "a &\\<b\\>",
    "<p>escriba &amp;lt; y &amp; ya</p>": "escriba \\&lt; y & ya",
    "<p>sin cerrar <b>nada": "sin cerrar **nada**",
}


@pytest.mark.parametrize("html", CASES)
def test_html_becomes_the_markdown_a_person_would_write(html: str) -> None:
    assert markdown_from(html) == CASES[html]


WORDS = st.text(alphabet=st.sampled_from("ab*_`[]()#>-+.1|~\\<&! \n"), max_size=30)


@given(st.lists(WORDS, max_size=5))
def test_what_was_text_stays_text(words: list[str]) -> None:
    html = "".join(f"<p>{w.replace('&', '&amp;').replace('<', '&lt;')}</p>" for w in words)
    said = re.sub(r"\s+", "", "".join(words))
    assert re.sub(r"\s+", "", plain_text(markdown_from(html))) == said


@given(st.text(alphabet=st.sampled_from("<>/=\"' abpultrdhi123&;"), max_size=200))
def test_any_text_is_taken(html: str) -> None:
    render_markdown(markdown_from(html))


@pytest.mark.parametrize("tag", ["div", "ul><li", "b", "table><tr><td", "blockquote"])
def test_deep_nesting_is_read_flat(tag: str) -> None:
    assert "hondo" in markdown_from(f"<{tag}>" * 20_000 + "hondo")


def test_a_summary_is_the_first_paragraph_of_words() -> None:
    text = "## Título\n\n- lista\n\nVea **esto** [aquí](https://a.pe) y `eso`.\n\nMás."
    assert summary_from(text, 600) == "Vea esto aquí y eso."
    assert summary_from("palabra " * 100, 100).endswith("palabra …")
    assert summary_from("## Sólo título", 100) == ""
