"""What every article index promises, whichever engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.index import MAX_QUERY_CHARS, ArticleIndex, Correction, Document, Hit, Results
from kb.postgres_index import PostgresIndex
from kb.vocabulary import Group, Vocabulary
from kb.whoosh_index import WhooshIndex
from tests.databases import Cluster, scratch_engine
from tests.limits import ends_soon

#: Synonyms of the tests; none of these words is used by a test about something else.
SYNONYMS = Vocabulary(
    [
        Group(("casilla", "buzón")),
        Group(("anda despacio", "lenta")),
        Group(("comprobante fiscal", "factura"), one_way=True),
        Group(("boveda", "copia", "bandeja")),
    ]
)

Make = Callable[[Path, pytest.FixtureRequest], AbstractContextManager[ArticleIndex]]


@contextmanager
def _whoosh(folder: Path, _request: pytest.FixtureRequest) -> Iterator[ArticleIndex]:
    yield WhooshIndex(folder / "index", vocabulary=lambda: SYNONYMS)


@contextmanager
def _postgres(_folder: Path, request: pytest.FixtureRequest) -> Iterator[ArticleIndex]:
    cluster: Cluster = request.getfixturevalue("postgres")
    with scratch_engine(cluster) as engine:
        yield PostgresIndex(engine, vocabulary=lambda: SYNONYMS)


ADAPTERS: dict[str, Make] = {"whoosh": _whoosh, "postgres": _postgres}

#: slug, language, category, title, summary, tags, body
ARTICLES = (
    ("cambiar-clave-correo", "es", "correo", "Cambiar la contraseña del correo",
     "Cómo poner una contraseña nueva en su buzón.", ("clave",),
     "Entre al panel, abra Correo y elija el buzón. Escriba la contraseña nueva dos veces."),
    ("correo-no-llega", "es", "correo", "No llega correo a mi buzón",
     "Qué revisar cuando no entra ningún mensaje.", (),
     "Revise el registro MX del dominio, la cuota del buzón y la carpeta de SPAM."),
    ("configurar-correo-movil", "es", "correo", "Configuración del correo en el teléfono",
     "Servidor, puertos y cifrado para IMAP y SMTP.", ("imap", "smtp"),
     "El servidor de correo es mail.dominio.pe. Use el puerto 993 para IMAP."),
    ("renovar-dominio", "es", "dominios", "Renovar un dominio",
     "Plazos y pago de la renovación.", (),
     "Un dominio .pe se renueva por un año. Pague la factura antes del vencimiento."),
    ("apuntar-dominio", "es", "dominios", "Apuntar el dominio a su servidor",
     "Registros A y CNAME.", ("dns",),
     "Cree un registro A con la IP 203.0.113.10. La propagación tarda unas horas."),
    ("error-502", "es", "web", "Error 502 en la página",
     "El servidor web no obtiene respuesta de PHP.", (),
     "Revise wp-config.php y .htaccess. Un error 502 pasa si PHP se queda sin memoria."),
    ("sitio-lento", "es", "web", "Mi página está lenta",
     "Cómo encontrar lo que demora un sitio.", (),
     "Mida la página, revise los plugins y active la caché. Compare con otra página."),
    ("copias", "es", "servidores", "Restaurar una copia de seguridad",
     "Recuperar archivos y bases de datos.", ("backup",),
     "Elija la fecha de la copia y los archivos. La restauración de una base toma minutos."),
    ("factura", "es", "pagos", "Descargar una factura",
     "Dónde están los comprobantes de pago.", (),
     "Abra Pagos y descargue la factura en PDF. El correo de pago trae el mismo enlace."),
    ("restore-backup", "en", "servidores", "Restoring a backup",
     "Bring back files and databases.", (),
     "Choose the date of the backup and the files to restore."),
)  # fmt: skip

CATALOGUE = [
    Document(number, slug, lang, category, title, summary, tags, body, version=f"v{number}")
    for number, (slug, lang, category, title, summary, tags, body) in enumerate(ARTICLES, start=1)
]

#: Each is text, nothing more; lengths beyond the form's own limit included.
HOSTILE = (
    "", " ", "*", "*a", "a*", "?????", "*a*e*i*o*u*", "[a TO z]", "[TO]", "{a TO}",
    "created:[99999999 TO 00000000]", "word~9", "word~2/0", '"a b"~99999', "(" * 5_000,
    ")" * 5_000, "NOT " * 1_000 + "a", '"' * 2_001, "a" * 100_000, "internal:true",
    "status:draft", "company:2", "article:1", "stem:correo", "the of and", "de la que",
    "AND OR NOT", "correo AND", "\x00", "\ud800", "a\ud800b", "👍" * 50, "a." * 5_000,
    "-a" * 5_000, "_" * 1_000, "İ" * 300, "e\u0301" * 300, "%s %d {0}", "'; DROP TABLE x; --",
    "correo" + " " * 300, "\u202ecorreo", "correo\n\r\tbuzón", "^correo^4", "+correo -buzón",
    " ".join(f"korr{chr(97 + n % 26)}o{chr(97 + n // 26)}" for n in range(400)), "ñ" * 5_000,
)  # fmt: skip


@pytest.fixture(params=ADAPTERS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArticleIndex]:
    """An index with no article in it."""
    with ADAPTERS[request.param](tmp_path, request) as made:
        made.rebuild([])
        yield made


@pytest.fixture(params=ADAPTERS, scope="module")
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArticleIndex]:
    """The catalogue above, indexed. Tests only read it."""
    with ADAPTERS[request.param](tmp_path_factory.mktemp("catalogue"), request) as made:
        made.rebuild(CATALOGUE)
        yield made


def slugs(found: Results | list[Hit]) -> list[str]:
    return [hit.slug for hit in (found.hits if isinstance(found, Results) else found)]


class TestSearch:
    def test_search_puts_the_article_with_all_the_words_first(
        self, catalogue: ArticleIndex
    ) -> None:
        assert slugs(catalogue.search("cambiar contraseña correo"))[0] == "cambiar-clave-correo"

    @pytest.mark.parametrize(
        "text", ["configuracion telefono", "CONFIGURAR TELÉFONO", "configurando teléfonos"]
    )
    def test_search_meets_other_forms_and_accents(self, catalogue: ArticleIndex, text: str) -> None:
        assert slugs(catalogue.search(text))[0] == "configurar-correo-movil"

    def test_search_hits_are_articles_by_falling_score(self, catalogue: ArticleIndex) -> None:
        hits = catalogue.search("buzón").hits
        assert {(hit.article_id, hit.slug) for hit in hits} == {
            (1, "cambiar-clave-correo"),
            (2, "correo-no-llega"),
        }
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_search_says_when_every_hit_holds_every_word(self, catalogue: ArticleIndex) -> None:
        assert catalogue.search("correo").complete is True

    def test_search_adds_articles_with_some_of_the_words(self, catalogue: ArticleIndex) -> None:
        found = catalogue.search("renovar dominio zanahoria")
        assert slugs(found)[0] == "renovar-dominio"
        assert found.complete is False

    @pytest.mark.parametrize(
        ("text", "slug"),
        [
            ("wp-config.php", "error-502"),
            (".htaccess", "error-502"),
            ("htaccess", "error-502"),
            ("error 502", "error-502"),
            ("203.0.113.10", "apuntar-dominio"),
            ("mail.dominio.pe", "configurar-correo-movil"),
            ("e-mail.dominio.pe", "renovar-dominio"),
        ],
    )
    def test_search_knows_names_and_numbers(
        self, catalogue: ArticleIndex, text: str, slug: str
    ) -> None:
        assert slug in slugs(catalogue.search(text))

    def test_search_keeps_no_as_a_word(self, catalogue: ArticleIndex) -> None:
        assert slugs(catalogue.search("no llega correo"))[0] == "correo-no-llega"

    def test_search_in_quotes_wants_the_words_together(self, catalogue: ArticleIndex) -> None:
        assert slugs(catalogue.search('"servidor de correo"')) == ["configurar-correo-movil"]
        assert slugs(catalogue.search("«copia de seguridad»")) == ["copias"]

    def test_search_finds_articles_of_both_languages(self, catalogue: ArticleIndex) -> None:
        assert slugs(catalogue.search("restored backups"))[0] == "restore-backup"
        assert slugs(catalogue.search("restauración de copias"))[0] == "copias"

    def test_search_prefers_the_language_of_the_reader(self, catalogue: ArticleIndex) -> None:
        both = {"copias", "restore-backup"}
        spanish = slugs(catalogue.search("backup"))
        english = slugs(catalogue.search("backup", lang="en"))
        assert (set(spanish), set(english)) == (both, both)
        assert english[0] == "restore-backup"

    def test_articles_for_staff_alone_reach_staff_alone(self, empty: ArticleIndex) -> None:
        secret = replace(CATALOGUE[0], internal=True)
        empty.rebuild([secret, *CATALOGUE[1:]])
        ways: list[Callable[[bool], list[Hit]]] = [
            lambda internal: empty.search("contraseña del correo", internal=internal).hits,
            lambda internal: empty.suggest("contraseña", "del correo", internal=internal),
            lambda internal: empty.complete("contraseña del corr", internal=internal),
        ]
        for ask in ways:
            assert secret.slug not in [hit.slug for hit in ask(False)]
            assert secret.slug in [hit.slug for hit in ask(True)]
        counted = empty.search("contraseña", internal=True)
        assert counted.total == empty.search("contraseña").total + 1

    def test_hidden_words_find_an_article_and_outweigh_nothing(self, empty: ArticleIndex) -> None:
        learned = replace(CATALOGUE[3], hidden=("hackearon la casilla", "correo"))
        empty.rebuild([*CATALOGUE[:3], learned, *CATALOGUE[4:]])
        assert slugs(empty.search("hackearon")) == [learned.slug]
        assert slugs(empty.search("correo"))[0] != learned.slug

    def test_search_counts_categories_and_filters_by_one(self, catalogue: ArticleIndex) -> None:
        everything = catalogue.search("página dominio")
        chosen = catalogue.search("página dominio", category="web")
        assert chosen.by_category == everything.by_category
        assert chosen.total == everything.by_category["web"] == 2
        assert set(slugs(chosen)) == {"error-502", "sitio-lento"}
        assert everything.total == sum(everything.by_category.values())

    def test_search_of_unknown_category_is_empty(self, catalogue: ArticleIndex) -> None:
        assert catalogue.search("dominio", category="cocina").hits == []

    def test_search_pages_hold_every_hit_once(self, catalogue: ArticleIndex) -> None:
        whole = slugs(catalogue.search("correo página dominio", limit=50))
        pages = [
            slugs(catalogue.search("correo página dominio", offset=at, limit=2))
            for at in range(0, 12, 2)
        ]
        assert [slug for page in pages for slug in page] == whole
        assert catalogue.search("correo", offset=10**9).hits == []
        assert catalogue.search("correo", offset=-5, limit=-1).hits == []

    def test_search_reads_only_the_first_characters(self, catalogue: ArticleIndex) -> None:
        assert catalogue.search(" " * MAX_QUERY_CHARS + "correo") == Results()

    def test_search_without_words_is_empty(self, catalogue: ArticleIndex) -> None:
        for text in ("", "  ", "¿?", "de la que", "the of and"):
            assert catalogue.search(text) == Results()

    @pytest.mark.parametrize("text", HOSTILE)
    @ends_soon
    def test_search_takes_hostile_text_as_text(self, catalogue: ArticleIndex, text: str) -> None:
        catalogue.search(text)
        catalogue.suggest(text, text)
        catalogue.complete(text)

    def test_search_wildcards_match_nothing(self, catalogue: ArticleIndex) -> None:
        for text in ("*", "c*", "?orreo", "[a TO z]", "article:1"):
            found = catalogue.search(text)
            assert found.total <= 1, text

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.text(max_size=250))
    def test_search_never_raises(self, catalogue: ArticleIndex, text: str) -> None:
        found = catalogue.search(text)
        assert found.total == sum(found.by_category.values())
        catalogue.suggest(text, text)
        catalogue.complete(text)


class TestSpelling:
    @pytest.mark.parametrize(
        ("text", "slug", "meant"),
        [
            ("contrasenya", "cambiar-clave-correo", "contraseña"),
            ("KONTRASEÑA", "cambiar-clave-correo", "contraseña"),
            ("renovar un dominoi", "renovar-dominio", "dominio"),
            ("propagasion", "apuntar-dominio", "propagación"),
            ("desargar factura", "factura", "descargar"),
        ],
    )
    def test_a_misspelt_word_finds_what_was_meant_and_says_so(
        self, catalogue: ArticleIndex, text: str, slug: str, meant: str
    ) -> None:
        found = catalogue.search(text)
        assert slugs(found)[0] == slug
        assert [one.meant for one in found.corrections] == [meant]

    def test_a_correction_names_the_word_as_typed(self, catalogue: ArticleIndex) -> None:
        found = catalogue.search("Contrasenya del correo")
        assert found.corrections == (Correction("contrasenya", "contraseña"),)

    @pytest.mark.parametrize(
        "text",
        ["error 503", "mail.domino.pe", "wp-confik.php", "plesk", "softaculous", "correo",
         "203.0.113.11", "casilla", "xyzzyqwerty", "copias", "CONFIGURACIÓN"],
    )  # fmt: skip
    def test_numbers_hosts_names_and_known_words_are_not_corrected(
        self, catalogue: ArticleIndex, text: str
    ) -> None:
        assert catalogue.search(text).corrections == ()

    def test_at_most_three_words_are_corrected(self, catalogue: ArticleIndex) -> None:
        text = "contrasenya dominoi propagasion desargar rebise"
        assert len(catalogue.search(text).corrections) == 3

    def test_suggestions_and_completions_read_misspelt_words_too(
        self, catalogue: ArticleIndex
    ) -> None:
        text = "la propagasion del rejistro CNAME demora"
        assert slugs(catalogue.suggest("", text))[0] == "apuntar-dominio"
        assert slugs(catalogue.complete("contrasenya corr"))[0] == "cambiar-clave-correo"

    def test_a_word_an_article_uses_is_known_as_soon_as_it_is_there(
        self, empty: ArticleIndex
    ) -> None:
        empty.rebuild(CATALOGUE)
        assert empty.search("zampona").corrections == ()
        changed = replace(CATALOGUE[3], body="Toque la zampoña.")
        empty.apply([changed], [])
        assert empty.search("sampoña").corrections == (Correction("sampona", "zampoña"),)


class TestSynonyms:
    @pytest.mark.parametrize("text", ["casilla", "casillas", "CASILLA"])
    def test_a_synonym_finds_the_articles_of_the_other_word(
        self, catalogue: ArticleIndex, text: str
    ) -> None:
        found = catalogue.search(text)
        assert set(slugs(found)) == {"cambiar-clave-correo", "correo-no-llega"}
        assert found.whole == 2
        assert found.also == ("buzon",)

    def test_a_phrase_stands_for_all_its_words(self, catalogue: ArticleIndex) -> None:
        found = catalogue.search("página anda despacio")
        assert slugs(found)[0] == "sitio-lento"
        assert found.whole == 1

    def test_one_way_is_not_the_other(self, catalogue: ArticleIndex) -> None:
        assert "factura" in slugs(catalogue.search("comprobante fiscal"))
        assert catalogue.search("factura").also == ()

    def test_the_word_itself_goes_before_its_synonym(self, empty: ArticleIndex) -> None:
        said = replace(CATALOGUE[7], article_id=50, slug="dicho", title="Restaurar una bandeja")
        empty.rebuild([CATALOGUE[7], said])
        assert slugs(empty.search("restaurar bandeja"))[0] == "dicho"
        assert slugs(empty.search("restaurar copia"))[0] == "copias"
        assert set(slugs(empty.search("bóveda"))) == {"copias", "dicho"}

    def test_suggestions_know_synonyms(self, catalogue: ArticleIndex) -> None:
        text = "desde ayer mi sitio anda despacio y los plugins demoran"
        assert slugs(catalogue.suggest("", text))[0] == "sitio-lento"

    def test_a_synonym_no_article_has_changes_nothing(self, catalogue: ArticleIndex) -> None:
        assert catalogue.search("buzón").also == ()
        assert slugs(catalogue.search("casilla")) == slugs(catalogue.search("buzón"))


class TestWhole:
    def test_articles_with_all_the_words_lead_and_are_counted(
        self, catalogue: ArticleIndex
    ) -> None:
        found = catalogue.search("renovar dominio zanahoria")
        assert found.whole == 0
        found = catalogue.search("registro dominio")
        assert found.whole == 2
        assert set(slugs(found)[:2]) == {"correo-no-llega", "apuntar-dominio"}
        assert catalogue.search("registro dominio", category="correo").whole == 1


class TestSuggest:
    def test_suggest_finds_the_article_behind_a_letter(self, catalogue: ArticleIndex) -> None:
        letter = (
            "Buenos días, desde ayer no me llega ningún mensaje al buzón de ventas. "
            "Ya revisé la carpeta de SPAM. Por favor ayuda urgente, gracias."
        )
        assert slugs(catalogue.suggest("No llega correo", letter))[0] == "correo-no-llega"

    def test_suggest_needs_no_subject(self, catalogue: ArticleIndex) -> None:
        found = catalogue.suggest("", "mi página demora y está muy lenta con los plugins")
        assert slugs(found)[0] == "sitio-lento"

    @pytest.mark.parametrize(
        "text", ["", "hola", "Buenos días, por favor ayuda. Gracias.", "correo", "zanahoria picada"]
    )
    def test_suggest_says_nothing_to_too_little(self, catalogue: ArticleIndex, text: str) -> None:
        assert catalogue.suggest("", text) == []

    def test_suggest_keeps_to_the_limit(self, catalogue: ArticleIndex) -> None:
        text = "correo buzón contraseña servidor dominio página error factura copia"
        assert len(catalogue.suggest(text, text, limit=2)) <= 2

    @ends_soon
    def test_suggest_cost_does_not_grow_with_the_text(self, catalogue: ArticleIndex) -> None:
        found = catalogue.suggest("Error 502", "la página da error 502 y está lenta " * 30_000)
        assert slugs(found)[0] == "error-502"


class TestComplete:
    @pytest.mark.parametrize(
        "typed", ["contr", "cambiar contr", "cambiar la contraseña", "Contraseñ"]
    )
    def test_complete_takes_the_last_word_as_begun(
        self, catalogue: ArticleIndex, typed: str
    ) -> None:
        assert slugs(catalogue.complete(typed))[0] == "cambiar-clave-correo"

    def test_complete_wants_the_finished_words(self, catalogue: ArticleIndex) -> None:
        assert slugs(catalogue.complete("renovar dom")) == ["renovar-dominio"]

    def test_complete_looks_into_texts_when_no_title_begins_so(
        self, catalogue: ArticleIndex
    ) -> None:
        assert slugs(catalogue.complete("propag")) == ["apuntar-dominio"]

    def test_complete_keeps_to_the_limit(self, catalogue: ArticleIndex) -> None:
        assert len(catalogue.complete("co", limit=3)) == 3

    def test_complete_of_one_letter_is_empty(self, catalogue: ArticleIndex) -> None:
        assert catalogue.complete("c") == []


class TestUpkeep:
    def test_empty_index_answers(self, empty: ArticleIndex) -> None:
        assert empty.search("correo") == Results()
        assert empty.suggest("correo", "no llega correo al buzón") == []
        assert empty.complete("corr") == []
        assert empty.versions() == {}
        assert empty.healthy() is True

    def test_rebuild_replaces_everything(self, empty: ArticleIndex) -> None:
        assert empty.rebuild(CATALOGUE) == len(CATALOGUE)
        assert empty.rebuild(CATALOGUE[:2]) == 2
        assert empty.versions() == {1: "v1", 2: "v2"}
        assert empty.search("factura").hits == []

    def test_apply_puts_in_replaces_and_takes_out(self, empty: ArticleIndex) -> None:
        first, second = CATALOGUE[0], CATALOGUE[3]
        empty.apply([first, second], [])
        changed = Document(
            1, "clave", "es", "correo", "Recuperar la clave", "", (), "Texto nuevo.", "v1b"
        )
        empty.apply([changed], [second.article_id])
        assert empty.versions() == {1: "v1b"}
        assert slugs(empty.search("recuperar")) == ["clave"]
        assert empty.search("contraseña").hits == []
        assert empty.search("dominio").hits == []

    def test_apply_twice_is_harmless(self, empty: ArticleIndex) -> None:
        for _ in range(2):
            empty.apply(CATALOGUE[:3], [99])
        assert empty.versions() == {1: "v1", 2: "v2", 3: "v3"}
        assert empty.search("correo").total == 3

    def test_generation_changes_with_every_change(self, empty: ArticleIndex) -> None:
        seen = [empty.generation()]
        empty.apply(CATALOGUE[:1], [])
        seen.append(empty.generation())
        empty.rebuild(CATALOGUE[:1])
        seen.append(empty.generation())
        assert len(set(seen)) == 3
        assert empty.generation() == seen[-1]

    def test_healthy_after_changes(self, empty: ArticleIndex) -> None:
        empty.apply(CATALOGUE, [])
        empty.apply([], [1, 2])
        assert empty.healthy() is True
