-- Schema 1 with a row in every table, as the duban of 2026-11-24 made it. Never edited.
CREATE TABLE items (
	id TEXT COLLATE "C" NOT NULL, 
	workflow TEXT COLLATE "C" NOT NULL, 
	state TEXT COLLATE "C" NOT NULL, 
	title TEXT COLLATE "C" NOT NULL, 
	unit TEXT COLLATE "C", 
	owner TEXT COLLATE "C", 
	parent TEXT COLLATE "C", 
	fields TEXT COLLATE "C" NOT NULL, 
	light TEXT COLLATE "C" NOT NULL, 
	sealed INTEGER NOT NULL, 
	duty TEXT COLLATE "C", 
	rule TEXT COLLATE "C", 
	period TEXT COLLATE "C", 
	period_first TEXT COLLATE "C", 
	period_last TEXT COLLATE "C", 
	opened_at TEXT COLLATE "C" NOT NULL, 
	opened_by TEXT COLLATE "C" NOT NULL, 
	closed_at TEXT COLLATE "C", 
	book TEXT COLLATE "C" NOT NULL, 
	rev BIGINT NOT NULL, 
	wake_at TEXT COLLATE "C", 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT light_known CHECK (light IN ('none', 'green', 'yellow', 'red')), 
	CONSTRAINT rev_positive CHECK (rev >= 1), 
	CONSTRAINT id_given CHECK (id <> '')
);
CREATE INDEX items_children ON items (parent) WHERE parent IS NOT NULL;
CREATE INDEX items_wake ON items (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX items_of_workflow ON items (workflow, opened_at);
CREATE INDEX items_open ON items (unit, workflow) WHERE closed_at IS NULL;
CREATE TABLE firings (
	subject TEXT COLLATE "C" NOT NULL, 
	rule TEXT COLLATE "C" NOT NULL, 
	occasion TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	outcome TEXT COLLATE "C" NOT NULL, 
	because TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (subject, rule, occasion), 
	CONSTRAINT outcome_known CHECK (outcome IN ('acted', 'shadow', 'joined'))
);
CREATE TABLE schedules (
	id TEXT COLLATE "C" NOT NULL, 
	next_at TEXT COLLATE "C", 
	period TEXT COLLATE "C", 
	period_first TEXT COLLATE "C", 
	PRIMARY KEY (id)
);
CREATE INDEX schedules_next ON schedules (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE people (
	post TEXT COLLATE "C" NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	email TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (post)
);
CREATE TABLE books (
	digest TEXT COLLATE "C" NOT NULL, 
	canonical BYTEA NOT NULL, 
	files TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (digest)
);
CREATE TABLE parked (
	subject TEXT COLLATE "C" NOT NULL, 
	error TEXT COLLATE "C" NOT NULL, 
	tries BIGINT NOT NULL, 
	parked_at TEXT COLLATE "C" NOT NULL, 
	next_at TEXT COLLATE "C", 
	PRIMARY KEY (subject)
);
CREATE TABLE counters (
	prefix TEXT COLLATE "C" NOT NULL, 
	year BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	PRIMARY KEY (prefix, year)
);
CREATE TABLE audit (
	seq BIGINT NOT NULL, 
	ts TEXT COLLATE "C" NOT NULL, 
	act TEXT COLLATE "C" NOT NULL, 
	obj_type TEXT COLLATE "C" NOT NULL, 
	obj_id TEXT COLLATE "C" NOT NULL, 
	cls BIGINT NOT NULL, 
	rec TEXT COLLATE "C" NOT NULL, 
	facts TEXT COLLATE "C", 
	leaf BYTEA NOT NULL, 
	sm3 BYTEA, 
	PRIMARY KEY (seq), 
	CONSTRAINT leaf_whole CHECK (length(leaf) = 32)
);
CREATE INDEX audit_of_object ON audit (obj_id);
CREATE TABLE audit_head (
	id BIGINT NOT NULL, 
	size BIGINT NOT NULL, 
	last_leaf BYTEA NOT NULL, 
	frontier BYTEA NOT NULL, 
	last_ts TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row CHECK (id = 0)
);
CREATE TABLE office (
	key TEXT COLLATE "C" NOT NULL, 
	value TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (key)
);
CREATE TABLE duban_writer (
	id BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row CHECK (id = 0)
);
CREATE TABLE clocks (
	item TEXT COLLATE "C" NOT NULL, 
	clock TEXT COLLATE "C" NOT NULL, 
	state TEXT COLLATE "C" NOT NULL, 
	started_at TEXT COLLATE "C" NOT NULL, 
	due_at TEXT COLLATE "C" NOT NULL, 
	outcome TEXT COLLATE "C" NOT NULL, 
	missed_at TEXT COLLATE "C", 
	ended_at TEXT COLLATE "C", 
	provisional INTEGER NOT NULL, 
	spoken TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (item, clock), 
	CONSTRAINT outcome_known CHECK (outcome IN ('running', 'paused', 'met', 'missed', 'cancelled', 'lapsed')), 
	FOREIGN KEY(item) REFERENCES items (id)
);
CREATE INDEX clocks_missed ON clocks (missed_at) WHERE missed_at IS NOT NULL;
CREATE TABLE events (
	id BIGSERIAL NOT NULL, 
	item TEXT COLLATE "C" NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	learnt_at TEXT COLLATE "C" NOT NULL, 
	by TEXT COLLATE "C" NOT NULL, 
	args TEXT COLLATE "C" NOT NULL, 
	before TEXT COLLATE "C" NOT NULL, 
	after TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(item) REFERENCES items (id)
);
CREATE INDEX events_of_item ON events (item);
CREATE INDEX events_by_name ON events (name, at);
CREATE TABLE notices (
	id BIGSERIAL NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	item TEXT COLLATE "C", 
	rule TEXT COLLATE "C", 
	kind TEXT COLLATE "C" NOT NULL, 
	recipient TEXT COLLATE "C" NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	address TEXT COLLATE "C" NOT NULL, 
	channel TEXT COLLATE "C" NOT NULL, 
	formal INTEGER NOT NULL, 
	subject TEXT COLLATE "C" NOT NULL, 
	body TEXT COLLATE "C" NOT NULL, 
	created_at TEXT COLLATE "C" NOT NULL, 
	next_at TEXT COLLATE "C" NOT NULL, 
	message_id TEXT COLLATE "C" NOT NULL, 
	state TEXT COLLATE "C" NOT NULL, 
	attempts BIGINT NOT NULL, 
	outcome TEXT COLLATE "C", 
	settled_seq BIGINT, 
	PRIMARY KEY (id), 
	CONSTRAINT state_known CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead', 'dropped')), 
	CONSTRAINT kind_known CHECK (kind IN ('remind', 'notify')), 
	FOREIGN KEY(item) REFERENCES items (id)
);
CREATE INDEX notices_due ON notices (next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX notices_of_item ON notices (item) WHERE item IS NOT NULL;
CREATE UNIQUE INDEX notices_once ON notices (audit_seq, recipient, channel);
CREATE TABLE documents (
	id BIGSERIAL NOT NULL, 
	item TEXT COLLATE "C", 
	template TEXT COLLATE "C" NOT NULL, 
	title TEXT COLLATE "C" NOT NULL, 
	body TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	audit_seq BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(item) REFERENCES items (id)
);
CREATE INDEX documents_of_item ON documents (item) WHERE item IS NOT NULL;
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (0, '2020-08-04T01:00:00.000000Z', 'office.create', 'office', 'demo', 0, '{"act":"office.create","actor":{"id":"duban","kind":"system"},"cls":0,"facts":"sha256:f432dc5d7f92370b2d5f3da3bb16f61232c9aac342a9f0b3227d0920b80f8223","log":"duban.demo/audit","n":0,"obj":{"id":"demo","type":"office"},"of":1,"ok":true,"prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":0,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-0","v":1,"why":"the store of this office was made"}', '{"office":"demo"}', '\xf4f642c3293ba8be25369b4e9ab48e3fbd6e14abef1164cb301a695146bd01cc', '\x66819745ca8646f8871411c6ce2ac8ecf2df6e2a0c7942f316e82e86abd33a54');
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (1, '2020-08-04T01:00:00.000000Z', 'item.open', 'item', 'I-1', 0, '{"act":"item.open","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"I-1","rev":1,"type":"item"},"of":2,"ok":true,"post":"hm:c7ce93d20472abc6578fb9e5772de5007a1a60968cbd0e05985a459bcb320937","prev":"f4f642c3293ba8be25369b4e9ab48e3fbd6e14abef1164cb301a695146bd01cc","seq":1,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}', '{"days":3,"state":"handling"}', '\x01825ba0937e394cadf6accc8623f6cde2ea072398c6599c63e46e8167ba5034', '\x3fa8ab7c61ac7887d2274e938cc94493010e83b815bcf3ae5c41d3bc7ec5f210');
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (2, '2020-08-04T01:00:00.000000Z', 'item.open', 'item', 'I-2', 0, '{"act":"item.open","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":1,"obj":{"id":"I-2","rev":1,"type":"item"},"of":2,"ok":true,"post":"hm:790f63455413456c3ed73e14678b363da01f2a443500c1863f53877fc55af223","prev":"01825ba0937e394cadf6accc8623f6cde2ea072398c6599c63e46e8167ba5034","seq":2,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}', '{"days":3,"state":"handling"}', '\x6759659cd9295658ee532d358b4a2ce5bd1936a598bb58fce1fda5545ac27376', '\x529baaab84095f71c493e39b1054ad5c5ad21785607eccec832c048f5d2cb40e');
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (3, '2020-08-04T01:00:00.000000Z', 'rule.fire', 'item', 'I-1', 0, '{"act":"rule.fire","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"I-1","type":"item"},"of":1,"ok":true,"prev":"6759659cd9295658ee532d358b4a2ce5bd1936a598bb58fce1fda5545ac27376","seq":3,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}', '{"days":3,"state":"handling"}', '\x66874ec580d641d3459eaa4d6dee57838a6ea1b4c5c6105de34450704cc10442', '\x117c469e5cd533dd584597d7771f71c569170f872d05e5fa3c79fad829258409');
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (4, '2020-08-04T01:00:00.000000Z', 'post.hold', 'item', 'housing.head', 0, '{"act":"post.hold","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"housing.head","type":"item"},"of":1,"ok":true,"prev":"66874ec580d641d3459eaa4d6dee57838a6ea1b4c5c6105de34450704cc10442","seq":4,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}', '{"days":3,"state":"handling"}', '\x42507e1c1ebc4c7bb694e2bb4c6688848081268cb596962d8d6c5c169de4c439', '\x9a095a83f225de7fa3a9796f09019bd84d18a4aa26367e0b30fec2cf8308b19c');
INSERT INTO audit (seq, ts, act, obj_type, obj_id, cls, rec, facts, leaf, sm3) VALUES (5, '2020-08-04T01:00:00.000000Z', 'book.adopt', 'item', 'a', 0, '{"act":"book.adopt","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"a","type":"item"},"of":1,"ok":true,"prev":"42507e1c1ebc4c7bb694e2bb4c6688848081268cb596962d8d6c5c169de4c439","seq":5,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}', '{"days":3,"state":"handling"}', '\x9749a38028e40d8a9b308b037c532f41a8fc0adddfc1a2029c3116ef99642f79', '\x172506cd3634c9a0523dd5d8b052db189f687b645e435914876fe9f660b5d97b');
INSERT INTO audit_head (id, size, last_leaf, frontier, last_ts) VALUES (0, 6, '\x9749a38028e40d8a9b308b037c532f41a8fc0adddfc1a2029c3116ef99642f79', '\x0cfdafa4049cf78d3cf66ecc353ac1bd948fc83d4d250670b0745df1e01336a16b3982fd267ce6934388903fd9ed3ea48e19dc3f699eee2e8e3e366b0759fb6c', '2020-08-04T01:00:00.000000Z');
INSERT INTO books (digest, canonical, files, audit_seq) VALUES ('a', '\x007b7dff', '{"office.yaml":"office: demo"}', 5);
INSERT INTO counters (prefix, year, last) VALUES ('I', 2020, 1);
INSERT INTO duban_writer (id) VALUES (0);
INSERT INTO firings (subject, rule, occasion, at, outcome, because, audit_seq) VALUES ('item:I-1', 'reminder', '2020-08-05|T-1', '2020-08-04T01:00:00.000000Z', 'acted', '离期限1天', 3);
INSERT INTO items (id, workflow, state, title, unit, owner, parent, fields, light, sealed, duty, rule, period, period_first, period_last, opened_at, opened_by, closed_at, book, rev, wake_at, audit_seq) VALUES ('I-1', 'issue', 'handling', '老旧小区改造', 'housing', NULL, NULL, '{}', 'green', 1, NULL, NULL, NULL, NULL, NULL, '2020-08-04T01:00:00.000000Z', 'zhang.san', NULL, 'sha256:00', 1, '2020-08-04T01:00:00.000000Z', 1);
INSERT INTO items (id, workflow, state, title, unit, owner, parent, fields, light, sealed, duty, rule, period, period_first, period_last, opened_at, opened_by, closed_at, book, rev, wake_at, audit_seq) VALUES ('I-2', 'issue', 'handling', '老旧小区改造', NULL, NULL, 'I-1', '{}', 'green', 0, NULL, NULL, NULL, NULL, NULL, '2020-08-04T01:00:00.000000Z', 'zhang.san', NULL, 'sha256:00', 1, '2020-08-04T01:00:00.000000Z', 2);
INSERT INTO office (key, value) VALUES ('log', 'duban.demo/audit');
INSERT INTO office (key, value) VALUES ('office', 'demo');
INSERT INTO office (key, value) VALUES ('post_key', 'ecf7dfd6acff82ee8693232039884b9b8fd0108112b80c6a05349c3de56c2d15');
INSERT INTO parked (subject, error, tries, parked_at, next_at) VALUES ('I-2', 'unknown state', 1, '2020-08-04T01:00:00.000000Z', '2020-08-04T01:01:00.000000Z');
INSERT INTO people (post, name, email, audit_seq) VALUES ('housing.head', '李主任', 'li@example.org', 4);
INSERT INTO schedules (id, next_at, period, period_first) VALUES ('duty:weekly', '2020-08-05T01:00:00.000000Z', '2020-W32', '2020-08-04');
INSERT INTO clocks (item, clock, state, started_at, due_at, outcome, missed_at, ended_at, provisional, spoken, audit_seq) VALUES ('I-1', 'answer', '{}', '2020-08-04T01:00:00.000000Z', '2020-08-05T01:00:00.000000Z', 'running', NULL, NULL, 0, '{}', 3);
INSERT INTO documents (id, item, template, title, body, at, audit_seq) VALUES (1, 'I-1', 'letter', '督办通知', '请办理。', '2020-08-04T01:00:00.000000Z', 3);
INSERT INTO events (id, item, name, at, learnt_at, by, args, before, after, audit_seq) VALUES (1, 'I-1', 'answer', '2020-08-04T01:00:00.000000Z', '2020-08-04T01:00:00.000000Z', 'zhang.san', '{}', 'handling', 'answered', 3);
INSERT INTO notices (id, audit_seq, item, rule, kind, recipient, name, address, channel, formal, subject, body, created_at, next_at, message_id, state, attempts, outcome, settled_seq) VALUES (1, 3, 'I-1', 'reminder', 'remind', 'housing.liaison', '张三', 'zhang@example.org', 'mail', 0, '提醒', '请按时办结。', '2020-08-04T01:00:00.000000Z', '2020-08-04T01:00:00.000000Z', '14ae49f99e7a193a630c3f8593b9a3f6', 'pending', 0, NULL, NULL);
INSERT INTO notices (id, audit_seq, item, rule, kind, recipient, name, address, channel, formal, subject, body, created_at, next_at, message_id, state, attempts, outcome, settled_seq) VALUES (2, 3, 'I-1', 'reminder', 'remind', 'housing.head', '张三', 'zhang@example.org', 'mail', 1, '提醒', '请按时办结。', '2020-08-04T01:00:00.000000Z', '2020-08-04T01:00:00.000000Z', 'dea7a279a1c3c4ff71ee46a81d93b595', 'pending', 0, NULL, NULL);
INSERT INTO office (key, value) VALUES ('schema_version', '1');
SELECT setval(pg_get_serial_sequence('events', 'id'), (SELECT max(id) FROM events));
SELECT setval(pg_get_serial_sequence('notices', 'id'), (SELECT max(id) FROM notices));
SELECT setval(pg_get_serial_sequence('documents', 'id'), (SELECT max(id) FROM documents));
CREATE FUNCTION duban_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000';
END $$;
CREATE FUNCTION duban_later_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a change of % needs a later entry', TG_TABLE_NAME USING ERRCODE = '23000';
END $$;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_delete;
CREATE TRIGGER items_no_delete BEFORE DELETE ON items FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE items ENABLE ALWAYS TRIGGER items_no_delete;
CREATE TRIGGER clocks_no_delete BEFORE DELETE ON clocks FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE clocks ENABLE ALWAYS TRIGGER clocks_no_delete;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_delete;
CREATE TRIGGER firings_no_delete BEFORE DELETE ON firings FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE firings ENABLE ALWAYS TRIGGER firings_no_delete;
CREATE TRIGGER notices_no_delete BEFORE DELETE ON notices FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE notices ENABLE ALWAYS TRIGGER notices_no_delete;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE documents ENABLE ALWAYS TRIGGER documents_no_delete;
CREATE TRIGGER books_no_delete BEFORE DELETE ON books FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE books ENABLE ALWAYS TRIGGER books_no_delete;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_update;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_update;
CREATE TRIGGER firings_no_update BEFORE UPDATE ON firings FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE firings ENABLE ALWAYS TRIGGER firings_no_update;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE documents ENABLE ALWAYS TRIGGER documents_no_update;
CREATE TRIGGER items_no_truncate BEFORE TRUNCATE ON items FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE items ENABLE ALWAYS TRIGGER items_no_truncate;
CREATE TRIGGER clocks_no_truncate BEFORE TRUNCATE ON clocks FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE clocks ENABLE ALWAYS TRIGGER clocks_no_truncate;
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_truncate;
CREATE TRIGGER firings_no_truncate BEFORE TRUNCATE ON firings FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE firings ENABLE ALWAYS TRIGGER firings_no_truncate;
CREATE TRIGGER notices_no_truncate BEFORE TRUNCATE ON notices FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE notices ENABLE ALWAYS TRIGGER notices_no_truncate;
CREATE TRIGGER documents_no_truncate BEFORE TRUNCATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE documents ENABLE ALWAYS TRIGGER documents_no_truncate;
CREATE TRIGGER schedules_no_truncate BEFORE TRUNCATE ON schedules FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE schedules ENABLE ALWAYS TRIGGER schedules_no_truncate;
CREATE TRIGGER people_no_truncate BEFORE TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE people ENABLE ALWAYS TRIGGER people_no_truncate;
CREATE TRIGGER books_no_truncate BEFORE TRUNCATE ON books FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE books ENABLE ALWAYS TRIGGER books_no_truncate;
CREATE TRIGGER parked_no_truncate BEFORE TRUNCATE ON parked FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE parked ENABLE ALWAYS TRIGGER parked_no_truncate;
CREATE TRIGGER counters_no_truncate BEFORE TRUNCATE ON counters FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE counters ENABLE ALWAYS TRIGGER counters_no_truncate;
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_truncate;
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_no_truncate;
CREATE TRIGGER office_no_truncate BEFORE TRUNCATE ON office FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE office ENABLE ALWAYS TRIGGER office_no_truncate;
CREATE TRIGGER duban_writer_no_truncate BEFORE TRUNCATE ON duban_writer FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse();
ALTER TABLE duban_writer ENABLE ALWAYS TRIGGER duban_writer_no_truncate;
CREATE TRIGGER items_later_entry BEFORE UPDATE OF id, workflow, state, title, unit, owner, parent, fields, light, sealed, duty, rule, period, period_first, period_last, opened_at, opened_by, closed_at, book, rev, audit_seq ON items FOR EACH ROW WHEN (NEW.audit_seq <= OLD.audit_seq) EXECUTE FUNCTION duban_later_entry();
ALTER TABLE items ENABLE ALWAYS TRIGGER items_later_entry;
CREATE TRIGGER clocks_later_entry BEFORE UPDATE OF item, clock, state, started_at, due_at, outcome, missed_at, ended_at, provisional, spoken, audit_seq ON clocks FOR EACH ROW WHEN (NEW.audit_seq <= OLD.audit_seq) EXECUTE FUNCTION duban_later_entry();
ALTER TABLE clocks ENABLE ALWAYS TRIGGER clocks_later_entry;
CREATE TRIGGER people_later_entry BEFORE UPDATE OF post, name, email, audit_seq ON people FOR EACH ROW WHEN (NEW.audit_seq <= OLD.audit_seq) EXECUTE FUNCTION duban_later_entry();
ALTER TABLE people ENABLE ALWAYS TRIGGER people_later_entry;
CREATE TRIGGER books_later_entry BEFORE UPDATE OF digest, canonical, files, audit_seq ON books FOR EACH ROW WHEN (NEW.audit_seq <= OLD.audit_seq) EXECUTE FUNCTION duban_later_entry();
ALTER TABLE books ENABLE ALWAYS TRIGGER books_later_entry;
