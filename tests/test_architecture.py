"""The law of DESIGN section 5, checked over the source: a broken law fails the build."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "core",
    "accounts",
    "conditions",
    "kb",
    "tickets",
    "quotes",
    "contact",
    "admin",
    "home",
)
#: Who may import whom, lowest first; packages of one rank are neighbours and strangers.
RANK = {
    "core": 0,
    "accounts": 1,
    "conditions": 2,
    "kb": 2,
    "tickets": 3,
    "quotes": 4,
    "contact": 4,
    "admin": 5,
    "home": 5,
}
FLASK = {"flask", "flask_login", "flask_wtf", "flask_limiter", "wtforms"}
#: Module roles that may speak Flask; everything else stays clear of requests.
WEB_FILES = {
    "views",
    "desk",
    "commands",
    "forms",
    "access",
    "notices",
    "words",
    "filing",
    "navigation",
}
PURE = (
    "accounts/permissions.py",
    "accounts/mail_choices.py",
    "accounts/bell/policy.py",
    "core/pace.py",
    "kb/usage/policy.py",
    "kb/lifecycle.py",
    "kb/revisions/policy.py",
    "kb/revisions/differences.py",
    "tickets/policy.py",
    "tickets/lifecycle.py",
    "tickets/chain.py",
    "tickets/fairness.py",
    "tickets/log_records.py",
    "tickets/policy_changes.py",
    "tickets/outages/policy.py",
    "tickets/outcomes/policy.py",
    "tickets/outcomes/periods.py",
    "tickets/vault/patterns.py",
    "tickets/vault/looks.py",
    "tickets/vault/noticing.py",
    "tickets/likeness.py",
    "tickets/matters.py",
    "tickets/two_problems.py",
    "tickets/consents/policy.py",
    "tickets/diary/policy.py",
    "tickets/finding/sheet.py",
    "tickets/inbound/addresses.py",
    "tickets/inbound/armour.py",
    "tickets/inbound/charsets.py",
    "tickets/inbound/escaping.py",
    "tickets/inbound/headers.py",
    "tickets/inbound/html_text.py",
    "tickets/inbound/html_tokens.py",
    "tickets/inbound/mime.py",
    "tickets/inbound/policy.py",
    "tickets/inbound/quote_patterns.py",
    "tickets/inbound/quoting.py",
    "tickets/inbound/reading.py",
    "tickets/mentions/policy.py",
    "tickets/news/policy.py",
    "tickets/workbench/policy.py",
    "tickets/workbench/answers.py",
    "kb/searches/intent.py",
    "kb/searches/masking.py",
    "kb/searches/intent.py",
    "kb/searches/masking.py",
    "kb/votes/policy.py",
    "kb/needs/policy.py",
    "core/colours.py",
    "kb/learning/policy.py",
    "kb/trials/policy.py",
    "kb/trials/sheet.py",
    "kb/feeds/structured.py",
    "kb/importing/html_tree.py",
    "kb/importing/html_markdown.py",
    "contact/calls/policy.py",
    "core/click_to_chat.py",
    "contact/chat/policy.py",
    "core/promises.py",
    "core/promise_marks.py",
    "core/promise_times.py",
    "core/promise_verbs.py",
    "core/pictures.py",
    "kb/policy.py",
    "kb/links/reading.py",
    "kb/writing/merging.py",
    "kb/writing/policy.py",
    "tickets/canned/placeholders.py",
    "quotes/money.py",
    "quotes/policy.py",
    "quotes/spelled.py",
    "quotes/lifecycle.py",
    "quotes/pricing/sheet.py",
)
STANDARD_ONLY = {
    "__future__",
    "base64",
    "binascii",
    "bisect",
    "codecs",
    "collections",
    "colorsys",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email",
    "enum",
    "hashlib",
    "hmac",
    "html",
    "json",
    "functools",
    "io",
    "math",
    "re",
    "types",
    "typing",
    "unicodedata",
    "urllib",
}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
LONGEST_HANDLER = 25


def sources() -> list[Path]:
    files = [ROOT / "app.py"]
    for package in PACKAGES:
        files.extend(sorted((ROOT / package).rglob("*.py")))
    return files


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_go_downwards_only(path: Path) -> None:
    if path.name == "app.py":
        return
    here = path.relative_to(ROOT).parts[0]
    for module in imports(tree_of(path)):
        there = module.split(".")[0]
        assert there != "app", f"{name_of(path)} imports app"
        if there in RANK and there != here:
            assert RANK[there] < RANK[here], f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_web_modules_know_flask(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    if parts[0] in {"core", "app.py"} or path.stem.split("_")[-1] in WEB_FILES:
        return
    found = {m for m in imports(tree_of(path)) if m.split(".")[0] in FLASK}
    # What the application was configured with is no request.
    found -= {"flask", "flask.current_app", "flask.Flask"}
    assert found == set(), f"{name_of(path)} speaks Flask: {found}"


@pytest.mark.parametrize("name", PURE)
def test_what_decides_is_pure(name: str) -> None:
    modules = imports(tree_of(ROOT / name))
    # What is pure may build on what is pure, named in full.
    pure = tuple(path.removesuffix(".py").replace("/", ".") for path in PURE)
    foreign = {module.split(".")[0] for module in modules if not module.startswith(pure)}
    assert foreign - STANDARD_ONLY == set()


def test_actions_never_see_a_request() -> None:
    for path in sources():
        if path.stem in {"actions", "handling", "drafts", "events"}:
            text = path.read_text("utf-8")
            assert "current_user" not in text, name_of(path)
            assert "from flask" not in text, name_of(path)


@pytest.mark.parametrize(
    ("needle", "home"),
    [
        ("session.commit()", {"core/db.py"}),
        ("os.environ", {"core/config.py"}),
        ("datetime.now(", {"core/clock.py"}),
        ("utcnow(", set()),
        ("smtplib", {"core/mail_smtp.py"}),
        ("imaplib", {"tickets/inbound/imap.py"}),
        ("request.values", set()),
        ("render_template_string", set()),
        # The error page only looks whether there are any.
        ("request.files.", {"core/uploads.py", "core/errors.py"}),
        ("Markup(", {"core/text.py"}),
    ],
)
def test_each_of_these_is_written_in_one_file(needle: str, home: set[str]) -> None:
    found = {name_of(p) for p in sources() if needle in p.read_text("utf-8")}
    assert found <= home, f"{needle} stands in {sorted(found - home)}"


def test_whoosh_is_imported_by_its_adapter_only() -> None:
    found = {
        name_of(p)
        for p in sources()
        if any(m.split(".")[0] == "whoosh" for m in imports(tree_of(p)))
    }
    assert all(name.startswith(("kb/whoosh_", "kb/analysis")) for name in found), found


def test_outbound_connections_have_no_library() -> None:
    banned = {"requests", "urllib.request", "urllib3", "httpx", "aiohttp", "pickle", "marshal"}
    for path in sources():
        assert banned.isdisjoint(imports(tree_of(path))), name_of(path)


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = path.read_text("utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{name_of(path)}:{node.name} has {length} lines"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_every_function_is_typed(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            where = f"{name_of(path)}:{node.name}"
            assert node.returns is not None, f"{where} says not what it returns"
            given = [*node.args.args, *node.args.kwonlyargs]
            for argument in given:
                if argument.arg not in {"self", "cls"}:
                    assert argument.annotation is not None, f"{where}({argument.arg})"


def test_templates_hold_no_inline_code_and_no_unescaped_text() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        where = name_of(path)
        for bad in (
            " onclick=",
            " onload=",
            " style=",
            "javascript:",
            "<style",
            "autoescape false",
        ):
            # Mail programs drop style sheets: mails, and they alone, carry styles inline.
            if path.parent.name == "mail" and bad in {" style=", "<style"}:
                continue
            assert bad not in text, f"{where} holds {bad}"
        if path.parent.name != "style":
            assert "|safe" not in text, f"{where} holds |safe"
            assert "| safe" not in text, f"{where} holds | safe"
        for opening in text.split("<script")[1:]:
            assert opening.lstrip().startswith(("src=", "{{ attrs", 'type="application/ld')), where


def test_scripts_write_text_never_markup() -> None:
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        text = path.read_text("utf-8")
        for bad in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert bad not in text, f"{path.name} uses {bad}"


def test_the_top_level_is_the_table_of_contents() -> None:
    asked_for = {"app.py", "kb", "tickets", "templates", "static", "instance", "tests"}
    present = {path.name for path in ROOT.iterdir()}
    assert asked_for | {"requirements.txt"} <= present
