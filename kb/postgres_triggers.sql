-- What keeps the index at the state of the table of articles, inside the database: whoever changes
-- an article finds it changed here too, at the same commit. @HOME@ is the schema of the tables.

CREATE FUNCTION article_search.read(id integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    given record;
BEGIN
    SELECT a.*, c.slug AS shelf INTO given
    FROM @HOME@.articles a JOIN @HOME@.categories c ON c.id = a.category_id
    WHERE a.id = read.id AND a.published_at IS NOT NULL;
    IF NOT FOUND THEN
        DELETE FROM article_search.articles WHERE article_id = read.id;
        DELETE FROM article_search.postings WHERE article_id = read.id;
        RETURN;
    END IF;
    PERFORM article_search.put(
        read.id, given.slug, CASE WHEN lower(left(given.lang, 2)) = 'en' THEN 'en' ELSE 'es' END,
        given.shelf, coalesce(to_jsonb(given) ->> 'audience' = 'staff', false), NULL,
        given.title, given.summary,
        (SELECT coalesce(string_agg(tag, E'\n' ORDER BY nth), '')
         FROM jsonb_array_elements_text(given.tags::jsonb) WITH ORDINALITY AS listed(tag, nth)),
        given.plain,
        coalesce((SELECT hidden FROM article_search.articles WHERE article_id = read.id), ''),
        NULL
    );
END
$$;

-- A failure here must not keep an editor from saving: the worker brings the article in later, and
-- says why where it cannot.
CREATE FUNCTION article_search.follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.slug, OLD.lang, OLD.category_id, OLD.title, OLD.summary, OLD.tags, OLD.plain,
            OLD.published_at, to_jsonb(OLD) ->> 'audience') IS NOT DISTINCT FROM
           (NEW.slug, NEW.lang, NEW.category_id, NEW.title, NEW.summary, NEW.tags, NEW.plain,
            NEW.published_at, to_jsonb(NEW) ->> 'audience') THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM article_search.read(CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'article_search: %', SQLERRM;
    RETURN NULL;
END
$$;

-- Deferred to the commit: all rows of the change are written, and their locks held, by then.
CREATE CONSTRAINT TRIGGER article_search AFTER INSERT OR UPDATE OR DELETE ON @HOME@.articles
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION article_search.follow();
