-- Finding annonces: words folded alike in texts and in questions, words that are known, photos first.

-- Small letters without accents; what PostgreSQL would read as hyphenated words, hosts or paths, apart; plurals
-- that the French stemmer (Snowball) leaves alone: « vélos », « bijoux », « jeux ».
CREATE FUNCTION folded_words(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN regexp_replace(
        regexp_replace(
            regexp_replace(lower(public.unaccent('public.unaccent', words)), '[-/._@:&<>]', ' ', 'g'),
            '(jeu|feu|lieu|veu|pneu|ou|yau)x\M', '\1', 'g'),
        '([a-z][a-z][aiou])s\M', '\1', 'g');
END $$;

-- A question as the application writes it (ads/words.py): lines to be found together; in a line, spellings
-- between bars, any of which will do; a line after « - » must not be there; a quotation mark opens a phrase.
CREATE FUNCTION asked_for(question text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    line text;
    spelling text;
    one tsquery;
    asked tsquery := '';
BEGIN
    FOREACH line IN ARRAY string_to_array(question, E'\n') LOOP
        one := '';
        FOREACH spelling IN ARRAY string_to_array(ltrim(line, '-'), '|') LOOP
            one := one || CASE WHEN spelling LIKE '"%'
                THEN phraseto_tsquery('public.town', public.folded_words(ltrim(spelling, '"')))
                ELSE plainto_tsquery('public.town', public.folded_words(spelling)) END;
        END LOOP;
        asked := asked && CASE WHEN line LIKE '-%' THEN !! one ELSE one END;
    END LOOP;
    RETURN asked;
END $$;

-- A name of a category is as good as a word of the annonce; these would only mislead.
ALTER TABLE ad DROP COLUMN search;
ALTER TABLE ad
    ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('town', folded_words(title || E'\n' || body || E'\n'
        || CASE WHEN category IN ('divers', 'image', 'terre', 'repas', 'cles') THEN '' ELSE category END))) STORED,
    ADD COLUMN title_words tsvector GENERATED ALWAYS AS (to_tsvector('town', folded_words(title))) STORED;
CREATE INDEX ad_search ON ad USING gin (search);
CREATE INDEX ad_title_words ON ad USING gin (title_words);
CREATE INDEX ad_listed_photo ON ad (published_at DESC, id DESC) WHERE listed AND has_photo;

-- Words of titles that stood in lists, as they were first written: what a slip of the finger may have meant.
CREATE TABLE known_word (
    word text COLLATE "C" NOT NULL,
    spelling text NOT NULL,
    CONSTRAINT known_word_once PRIMARY KEY (word)
);

-- In the order of the words, so that two who publish at once never wait for each other in a circle.
CREATE FUNCTION learn_words(titles text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO known_word (word, spelling)
    SELECT DISTINCT ON (word COLLATE "C") word, piece
    FROM (SELECT btrim(folded_words(piece)) AS word, piece
          FROM (SELECT DISTINCT string_to_table(
                    translate(lower(title), '-/._@:&<>,;!?()[]{}"''’«»…+*=#%°0123456789', rpad('', 43)), ' ') AS piece
                FROM unnest(titles) AS title) AS pieces) AS folded
    WHERE word ~ '^[a-z]{3,40}$' AND NOT EXISTS (SELECT FROM known_word WHERE known_word.word = folded.word)
    ORDER BY word COLLATE "C", length(piece), piece COLLATE "C" DESC
    ON CONFLICT DO NOTHING
$$;

-- Once for each statement: the demo's million annonces come in one.
CREATE FUNCTION learn_words_of_new_ads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learn_words(array_agg(DISTINCT title)) FROM fresh WHERE listed HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER ad_teaches_words AFTER INSERT ON ad
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION learn_words_of_new_ads();

CREATE FUNCTION learn_words_of_ad() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learn_words(ARRAY[NEW.title]);
    RETURN NULL;
END $$;
CREATE TRIGGER ad_teaches_words_again AFTER UPDATE ON ad
    FOR EACH ROW WHEN (NEW.listed AND (NOT OLD.listed OR OLD.title IS DISTINCT FROM NEW.title))
    EXECUTE FUNCTION learn_words_of_ad();

SELECT learn_words(array_agg(DISTINCT title)) FROM ad WHERE listed HAVING count(*) > 0;
