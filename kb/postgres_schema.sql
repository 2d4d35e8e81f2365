-- The article index inside PostgreSQL: what `kb/postgres_schema.py` runs, with @NAMES@ filled in.
-- Everything here is derived from the table of articles and may be dropped at any time.

DROP SCHEMA IF EXISTS article_search CASCADE;
CREATE SCHEMA article_search;

-- The program's own version of all this; no row until the first filling has ended.
CREATE TABLE article_search.state (stamp text NOT NULL);
CREATE SEQUENCE article_search.stamps;

-- `version` is null where a trigger has read the article and no worker has confirmed it yet.
CREATE TABLE article_search.articles (
    article_id integer PRIMARY KEY,
    slug text NOT NULL,
    lang text NOT NULL,
    category text NOT NULL,
    internal boolean NOT NULL,
    hidden text NOT NULL,
    version text,
    digest text NOT NULL,
    stamp bigint NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX articles_words ON article_search.articles USING gin (words);

-- Field s: stems; h: those of the title; e: the words as written, folded; t: those of the title;
-- w: a folded word and how it is written with its accents.
CREATE TABLE article_search.postings (
    field "char" NOT NULL,
    word text COLLATE "C" NOT NULL,
    article_id integer NOT NULL,
    weight real NOT NULL,
    PRIMARY KEY (field, word, article_id) INCLUDE (weight)
);
CREATE INDEX postings_article ON article_search.postings (article_id);

-- Every word ever written, for spelling. Two writers at once may leave one twice, which does no
-- harm; a unique key would make them wait for each other.
CREATE TABLE article_search.vocabulary (word text COLLATE "C" NOT NULL);
CREATE INDEX vocabulary_word ON article_search.vocabulary (word);
CREATE INDEX vocabulary_likeness ON article_search.vocabulary
    USING gin (word @PG_TRGM@.gin_trgm_ops);

CREATE TABLE article_search.stop_words (lang text, word text, PRIMARY KEY (lang, word));
INSERT INTO article_search.stop_words VALUES @STOP_WORDS@;

CREATE TABLE article_search.zones (
    zone integer PRIMARY KEY, letter text, weight float8, usual_length float8, length_share float8
);
INSERT INTO article_search.zones VALUES @ZONES@;

-- Snowball without its stop words: «no» and «sin» are words here.
CREATE TEXT SEARCH DICTIONARY article_search.es (TEMPLATE = snowball, LANGUAGE = spanish);
CREATE TEXT SEARCH DICTIONARY article_search.en (TEMPLATE = snowball, LANGUAGE = porter);

-- Stable, as `unaccent` is: a function that says more than its body is never inlined.
CREATE FUNCTION article_search.fold(given text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT lower(@UNACCENT@.unaccent('@UNACCENT@.unaccent', translate(
        normalize(given), U&'\00AD', ' ')) COLLATE @COLLATION@)
$$;

-- As `kb.analysis.stem`, rule by rule. Takes and gives folded words.
CREATE FUNCTION article_search.stem(word text, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN length(word) < 3 OR word COLLATE @COLLATION@ !~ '^[[:alpha:]]+$' THEN word
        WHEN lang = 'en' THEN coalesce(
            nullif((ts_lexize('article_search.en', word))[1], ''), word)
        ELSE coalesce(
            nullif(replace((ts_lexize('article_search.es', CASE
                WHEN length(word) > 7 AND word ~ 'acion(es)?$'
                    THEN regexp_replace(word, 'acion(es)?$', 'ar')
                WHEN word ~ '[cs]ion$' THEN regexp_replace(word, 'ion$', 'ión')
                WHEN word ~ 'gen$' THEN word || 'es'
                WHEN length(word) > 3 AND word ~ '[bdgklmnprt]s$' THEN left(word, -1)
                ELSE word
            END))[1], 'ó', 'o'), ''), word)
    END
$$;

-- The other spelling and the parts of a compound, as `kb.analysis.Token` has them.
CREATE FUNCTION article_search.parts(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(word, '-', '')
    WHERE position('-' IN word) > 0
        AND replace(word, '-', '') COLLATE @COLLATION@ ~ '^[[:alpha:]]+$'
    UNION
    SELECT part
    FROM regexp_matches(
        word COLLATE @COLLATION@, '[[:alnum:]]+(?:\.[[:alnum:]]+)*', 'g') AS piece(found)
    CROSS JOIN LATERAL (
        SELECT found[1]
        UNION ALL
        SELECT unnest(string_to_array(found[1], '.'))
        WHERE replace(found[1], '.', '') !~ '^[0-9]+$'
    ) AS inner_parts(part)
    WHERE length(part) > 1 AND part <> word AND word <> ALL ('{c#,f#,c++}')
$$;

-- The words of a text with their places, folded and (whole words) as written; as
-- `kb.analysis.tokens`, stop words left out.
CREATE FUNCTION article_search.forms(given text, spoken text)
RETURNS TABLE (place integer, form text, written text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH raw AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY nth)::integer AS place, found[1] AS written
        FROM regexp_matches(
            lower(normalize(given) COLLATE @COLLATION@) COLLATE @COLLATION@,
            '[cf]#(?!\w)|c\+\+(?!\w)|(?<![\w.])\.[a-z][\w-]*\w(?:\.\w+)*|\w+(?:[-.@_''’]\w+)*',
            'g'
        ) WITH ORDINALITY AS matches(found, nth)
        WHERE found[1] ~ '[^_]'
    ), telling AS MATERIALIZED (
        SELECT * FROM (
            SELECT raw.place, raw.written, left(CASE
                WHEN octet_length(raw.written) = length(raw.written) THEN raw.written
                ELSE article_search.fold(raw.written)
            END, @MAX_WORD@) AS word
            FROM raw
        ) AS folded
        WHERE word NOT IN (
            SELECT s.word FROM article_search.stop_words s WHERE s.lang = spoken)
    )
    SELECT telling.place, telling.word, telling.written FROM telling
    UNION ALL
    SELECT telling.place, part, NULL
    FROM telling CROSS JOIN LATERAL article_search.parts(telling.word) AS part
    WHERE telling.word COLLATE @COLLATION@ ~ '[^[:alnum:]]'
$$;

-- Take an article in, or anew. Where its texts are the known ones only the version is noted.
-- With `since` it is weighed in any case, unless it changed after that stamp: then it is left.
CREATE FUNCTION article_search.put(
    id integer, new_slug text, spoken text, shelf text, for_staff boolean, new_version text,
    title text, summary text, tags text, body text, learned text, since bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    new_digest text := md5(concat_ws(E'\x1f', spoken, title, summary, tags, body, learned));
    old_digest text;
    old_stamp bigint;
BEGIN
    SELECT digest, stamp INTO old_digest, old_stamp
    FROM article_search.articles WHERE article_id = id FOR UPDATE;
    IF old_stamp > since THEN
        RETURN;
    END IF;
    INSERT INTO article_search.articles AS known VALUES (
        id, new_slug, spoken, shelf, for_staff, learned, new_version, new_digest,
        nextval('article_search.stamps'), ''
    ) ON CONFLICT (article_id) DO UPDATE SET
        slug = excluded.slug, lang = excluded.lang, category = excluded.category,
        internal = excluded.internal, hidden = excluded.hidden, version = excluded.version,
        digest = excluded.digest, stamp = excluded.stamp;
    IF since IS NOT NULL OR new_digest IS DISTINCT FROM old_digest THEN
        PERFORM article_search.weigh(id, spoken, ARRAY[title, summary, tags, body, learned]);
    END IF;
END
$$;

-- The weights of an article's words, as `kb.impacts.impacts_of`: BM25 without idf, zone by zone.
-- Hidden words come before the body: places beyond 16383 do not exist.
CREATE FUNCTION article_search.weigh(id integer, spoken text, texts text[]) RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
BEGIN
    DELETE FROM article_search.postings WHERE article_id = id;
    WITH forms AS MATERIALIZED (
        SELECT z.zone, f.place, f.form, f.written
        FROM article_search.zones z
        CROSS JOIN LATERAL article_search.forms(texts[z.zone], spoken) f
    ), counts AS MATERIALIZED (
        SELECT zone, form, count(*) AS times FROM forms GROUP BY zone, form
    ), lengths AS (
        SELECT zone, sum(times) AS length FROM counts GROUP BY zone
    ), stems AS MATERIALIZED (
        SELECT form, article_search.stem(form, spoken) AS stem
        FROM (SELECT DISTINCT form FROM counts) AS known
    ), accented AS (
        SELECT DISTINCT form || ' ' || written AS word FROM forms
        WHERE written <> form AND length(form) < @MAX_WORD@
            AND written COLLATE @COLLATION@ ~ '^[[:alpha:]]+$'
    ), found AS (
        SELECT 'e'::"char" AS field, form AS word, zone, times FROM counts
        UNION ALL
        SELECT 't', form, zone, times FROM counts WHERE zone = 1
        UNION ALL
        SELECT 's', stem, zone, sum(times) FROM counts JOIN stems USING (form) GROUP BY stem, zone
    ), written AS (
        INSERT INTO article_search.postings
        SELECT field, word, id, sum(z.weight * times * (@K1@ + 1) / (times
            + @K1@ * (1 - z.length_share + z.length_share * length / z.usual_length)))
        FROM found JOIN lengths USING (zone) JOIN article_search.zones z USING (zone)
        GROUP BY field, word
        UNION ALL
        SELECT DISTINCT 'h'::"char", stem, id, 1 FROM counts JOIN stems USING (form) WHERE zone = 1
        UNION ALL
        SELECT 'w', word, id, 1 FROM accented
    ), learned AS (
        INSERT INTO article_search.vocabulary
        SELECT form FROM stems
        WHERE NOT EXISTS (SELECT FROM article_search.vocabulary v WHERE v.word = form)
    ), starts AS (
        SELECT zone, letter, coalesce(sum(coalesce(last, 0) + @ZONE_GAP@) OVER (
            ORDER BY zone = 4, zone ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS start
        FROM article_search.zones
        LEFT JOIN (SELECT zone, max(place) AS last FROM forms GROUP BY zone) AS ends USING (zone)
    ), places AS (
        SELECT form, string_agg((start + place) || letter, ',' ORDER BY start + place) AS here
        FROM forms JOIN starts USING (zone)
        WHERE start + place <= 16383
        GROUP BY form
    )
    UPDATE article_search.articles SET words = (
        SELECT CASE
            -- A tsvector takes a megabyte; so many different words are no text.
            WHEN sum(octet_length(form) + 16) > 500000 THEN ''
            ELSE coalesce(string_agg(
                '''' || replace(form, '''', '''''') || ''':' || here, ' '), '')
        END::tsvector
        FROM places
    ) WHERE article_id = id;
END
$$;

-- Words of articles that look like a misspelt one, the likest first.
CREATE FUNCTION article_search.near(typed text, most integer) RETURNS SETOF text
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.2 AS $$
    SELECT word FROM article_search.vocabulary
    WHERE word OPERATOR(@PG_TRGM@.%) typed AND abs(length(word) - length(typed)) <= 2
    GROUP BY word
    ORDER BY @PG_TRGM@.similarity(word, typed) DESC, word
    LIMIT most
$$;
