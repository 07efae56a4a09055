-- Schema 1 with a row in every table, as the duban of 2026-11-24 made it. Never edited.
PRAGMA application_id = 1685414510;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	ts TEXT NOT NULL, 
	act TEXT NOT NULL, 
	obj_type TEXT NOT NULL, 
	obj_id TEXT NOT NULL, 
	cls INTEGER NOT NULL, 
	rec TEXT NOT NULL, 
	facts TEXT, 
	leaf BLOB NOT NULL, 
	sm3 BLOB, 
	PRIMARY KEY (seq), 
	CONSTRAINT leaf_whole CHECK (length(leaf) = 32)
)
 STRICT

;
INSERT INTO "audit" VALUES(0,'2020-08-04T01:00:00.000000Z','office.create','office','demo',0,'{"act":"office.create","actor":{"id":"duban","kind":"system"},"cls":0,"facts":"sha256:f432dc5d7f92370b2d5f3da3bb16f61232c9aac342a9f0b3227d0920b80f8223","log":"duban.demo/audit","n":0,"obj":{"id":"demo","type":"office"},"of":1,"ok":true,"prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":0,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-0","v":1,"why":"the store of this office was made"}','{"office":"demo"}',X'F4F642C3293BA8BE25369B4E9AB48E3FBD6E14ABEF1164CB301A695146BD01CC',X'66819745CA8646F8871411C6CE2AC8ECF2DF6E2A0C7942F316E82E86ABD33A54');
INSERT INTO "audit" VALUES(1,'2020-08-04T01:00:00.000000Z','item.open','item','I-1',0,'{"act":"item.open","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"I-1","rev":1,"type":"item"},"of":2,"ok":true,"post":"hm:c7ce93d20472abc6578fb9e5772de5007a1a60968cbd0e05985a459bcb320937","prev":"f4f642c3293ba8be25369b4e9ab48e3fbd6e14abef1164cb301a695146bd01cc","seq":1,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}','{"days":3,"state":"handling"}',X'01825BA0937E394CADF6ACCC8623F6CDE2EA072398C6599C63E46E8167BA5034',X'3FA8AB7C61AC7887D2274E938CC94493010E83B815BCF3AE5C41D3BC7EC5F210');
INSERT INTO "audit" VALUES(2,'2020-08-04T01:00:00.000000Z','item.open','item','I-2',0,'{"act":"item.open","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":1,"obj":{"id":"I-2","rev":1,"type":"item"},"of":2,"ok":true,"post":"hm:790f63455413456c3ed73e14678b363da01f2a443500c1863f53877fc55af223","prev":"01825ba0937e394cadf6accc8623f6cde2ea072398c6599c63e46e8167ba5034","seq":2,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}','{"days":3,"state":"handling"}',X'6759659CD9295658EE532D358B4A2CE5BD1936A598BB58FCE1FDA5545AC27376',X'529BAAAB84095F71C493E39B1054AD5C5AD21785607ECCEC832C048F5D2CB40E');
INSERT INTO "audit" VALUES(3,'2020-08-04T01:00:00.000000Z','rule.fire','item','I-1',0,'{"act":"rule.fire","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"I-1","type":"item"},"of":1,"ok":true,"prev":"6759659cd9295658ee532d358b4a2ce5bd1936a598bb58fce1fda5545ac27376","seq":3,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}','{"days":3,"state":"handling"}',X'66874EC580D641D3459EAA4D6DEE57838A6EA1B4C5C6105DE34450704CC10442',X'117C469E5CD533DD584597D7771F71C569170F872D05E5FA3C79FAD829258409');
INSERT INTO "audit" VALUES(4,'2020-08-04T01:00:00.000000Z','post.hold','item','housing.head',0,'{"act":"post.hold","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"housing.head","type":"item"},"of":1,"ok":true,"prev":"66874ec580d641d3459eaa4d6dee57838a6ea1b4c5c6105de34450704cc10442","seq":4,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}','{"days":3,"state":"handling"}',X'42507E1C1EBC4C7BB694E2BB4C6688848081268CB596962D8D6C5C169DE4C439',X'9A095A83F225DE7FA3A9796F09019BD84D18A4AA26367E0B30FEC2CF8308B19C');
INSERT INTO "audit" VALUES(5,'2020-08-04T01:00:00.000000Z','book.adopt','item','a',0,'{"act":"book.adopt","actor":{"id":"zhang.san","kind":"person"},"cls":0,"facts":"sha256:e5c0ea07bce0e08a2e656b226066dce7fcf12f1dd9ec26d7f3876f46b1db412f","log":"duban.demo/audit","n":0,"obj":{"id":"a","type":"item"},"of":1,"ok":true,"prev":"42507e1c1ebc4c7bb694e2bb4c6688848081268cb596962d8d6c5c169de4c439","seq":5,"ts":"2020-08-04T01:00:00.000000Z","tx":"tx-1","v":1,"why":"张三登记"}','{"days":3,"state":"handling"}',X'9749A38028E40D8A9B308B037C532F41A8FC0ADDDFC1A2029C3116EF99642F79',X'172506CD3634C9A0523DD5D8B052DB189F687B645E435914876FE9F660B5D97B');
CREATE TABLE audit_head (
	id INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	last_leaf BLOB NOT NULL, 
	frontier BLOB NOT NULL, 
	last_ts TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row CHECK (id = 0)
)
 STRICT

;
INSERT INTO "audit_head" VALUES(0,6,X'9749A38028E40D8A9B308B037C532F41A8FC0ADDDFC1A2029C3116EF99642F79',X'0CFDAFA4049CF78D3CF66ECC353AC1BD948FC83D4D250670B0745DF1E01336A16B3982FD267CE6934388903FD9ED3EA48E19DC3F699EEE2E8E3E366B0759FB6C','2020-08-04T01:00:00.000000Z');
CREATE TABLE books (
	digest TEXT NOT NULL, 
	canonical BLOB NOT NULL, 
	files TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (digest)
)
 STRICT

;
INSERT INTO "books" VALUES('a',X'007B7DFF','{"office.yaml":"office: demo"}',5);
CREATE TABLE clocks (
	item TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	state TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	missed_at TEXT, 
	ended_at TEXT, 
	provisional INTEGER NOT NULL, 
	spoken TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (item, clock), 
	CONSTRAINT outcome_known CHECK (outcome IN ('running', 'paused', 'met', 'missed', 'cancelled', 'lapsed')), 
	FOREIGN KEY(item) REFERENCES items (id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "clocks" VALUES('I-1','answer','{}','2020-08-04T01:00:00.000000Z','2020-08-05T01:00:00.000000Z','running',NULL,NULL,0,'{}',3);
CREATE TABLE counters (
	prefix TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (prefix, year)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "counters" VALUES('I',2020,1);
CREATE TABLE documents (
	id INTEGER NOT NULL, 
	item TEXT, 
	template TEXT NOT NULL, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(item) REFERENCES items (id)
)
 STRICT

;
INSERT INTO "documents" VALUES(1,'I-1','letter','督办通知','请办理。','2020-08-04T01:00:00.000000Z',3);
CREATE TABLE duban_writer (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row CHECK (id = 0)
)
 STRICT

;
INSERT INTO "duban_writer" VALUES(0);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	name TEXT NOT NULL, 
	at TEXT NOT NULL, 
	learnt_at TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	args TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(item) REFERENCES items (id)
)
 STRICT

;
INSERT INTO "events" VALUES(1,'I-1','answer','2020-08-04T01:00:00.000000Z','2020-08-04T01:00:00.000000Z','zhang.san','{}','handling','answered',3);
CREATE TABLE firings (
	subject TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	occasion TEXT NOT NULL, 
	at TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	because TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (subject, rule, occasion), 
	CONSTRAINT outcome_known CHECK (outcome IN ('acted', 'shadow', 'joined'))
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "firings" VALUES('item:I-1','reminder','2020-08-05|T-1','2020-08-04T01:00:00.000000Z','acted','离期限1天',3);
CREATE TABLE items (
	id TEXT NOT NULL, 
	workflow TEXT NOT NULL, 
	state TEXT NOT NULL, 
	title TEXT NOT NULL, 
	unit TEXT, 
	owner TEXT, 
	parent TEXT, 
	fields TEXT NOT NULL, 
	light TEXT NOT NULL, 
	sealed INTEGER NOT NULL, 
	duty TEXT, 
	rule TEXT, 
	period TEXT, 
	period_first TEXT, 
	period_last TEXT, 
	opened_at TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	closed_at TEXT, 
	book TEXT NOT NULL, 
	rev INTEGER NOT NULL, 
	wake_at TEXT, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT light_known CHECK (light IN ('none', 'green', 'yellow', 'red')), 
	CONSTRAINT rev_positive CHECK (rev >= 1), 
	CONSTRAINT id_given CHECK (id <> '')
)
 STRICT

;
INSERT INTO "items" VALUES('I-1','issue','handling','老旧小区改造','housing',NULL,NULL,'{}','green',1,NULL,NULL,NULL,NULL,NULL,'2020-08-04T01:00:00.000000Z','zhang.san',NULL,'sha256:00',1,'2020-08-04T01:00:00.000000Z',1);
INSERT INTO "items" VALUES('I-2','issue','handling','老旧小区改造',NULL,NULL,'I-1','{}','green',0,NULL,NULL,NULL,NULL,NULL,'2020-08-04T01:00:00.000000Z','zhang.san',NULL,'sha256:00',1,'2020-08-04T01:00:00.000000Z',2);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	item TEXT, 
	rule TEXT, 
	kind TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	formal INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	next_at TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	outcome TEXT, 
	settled_seq INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT state_known CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead', 'dropped')), 
	CONSTRAINT kind_known CHECK (kind IN ('remind', 'notify')), 
	FOREIGN KEY(item) REFERENCES items (id)
)
 STRICT

;
INSERT INTO "notices" VALUES(1,3,'I-1','reminder','remind','housing.liaison','张三','zhang@example.org','mail',0,'提醒','请按时办结。','2020-08-04T01:00:00.000000Z','2020-08-04T01:00:00.000000Z','14ae49f99e7a193a630c3f8593b9a3f6','pending',0,NULL,NULL);
INSERT INTO "notices" VALUES(2,3,'I-1','reminder','remind','housing.head','张三','zhang@example.org','mail',1,'提醒','请按时办结。','2020-08-04T01:00:00.000000Z','2020-08-04T01:00:00.000000Z','dea7a279a1c3c4ff71ee46a81d93b595','pending',0,NULL,NULL);
CREATE TABLE office (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "office" VALUES('log','duban.demo/audit');
INSERT INTO "office" VALUES('office','demo');
INSERT INTO "office" VALUES('post_key','ecf7dfd6acff82ee8693232039884b9b8fd0108112b80c6a05349c3de56c2d15');
CREATE TABLE parked (
	subject TEXT NOT NULL, 
	error TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	parked_at TEXT NOT NULL, 
	next_at TEXT, 
	PRIMARY KEY (subject)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "parked" VALUES('I-2','unknown state',1,'2020-08-04T01:00:00.000000Z','2020-08-04T01:01:00.000000Z');
CREATE TABLE people (
	post TEXT NOT NULL, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (post)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "people" VALUES('housing.head','李主任','li@example.org',4);
CREATE TABLE schedules (
	id TEXT NOT NULL, 
	next_at TEXT, 
	period TEXT, 
	period_first TEXT, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "schedules" VALUES('duty:weekly','2020-08-05T01:00:00.000000Z','2020-W32','2020-08-04');
CREATE INDEX items_children ON items (parent) WHERE parent IS NOT NULL;
CREATE INDEX items_wake ON items (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX items_of_workflow ON items (workflow, opened_at);
CREATE INDEX items_open ON items (unit, workflow) WHERE closed_at IS NULL;
CREATE INDEX schedules_next ON schedules (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX audit_of_object ON audit (obj_id);
CREATE INDEX clocks_missed ON clocks (missed_at) WHERE missed_at IS NOT NULL;
CREATE INDEX events_of_item ON events (item);
CREATE INDEX events_by_name ON events (name, at);
CREATE INDEX notices_due ON notices (next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX notices_of_item ON notices (item) WHERE item IS NOT NULL;
CREATE UNIQUE INDEX notices_once ON notices (audit_seq, recipient, channel);
CREATE INDEX documents_of_item ON documents (item) WHERE item IS NOT NULL;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'rows of audit are kept: no DELETE'); END;
CREATE TRIGGER items_no_delete BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'rows of items are kept: no DELETE'); END;
CREATE TRIGGER clocks_no_delete BEFORE DELETE ON clocks BEGIN SELECT RAISE(ABORT, 'rows of clocks are kept: no DELETE'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'rows of events are kept: no DELETE'); END;
CREATE TRIGGER firings_no_delete BEFORE DELETE ON firings BEGIN SELECT RAISE(ABORT, 'rows of firings are kept: no DELETE'); END;
CREATE TRIGGER notices_no_delete BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'rows of notices are kept: no DELETE'); END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'rows of documents are kept: no DELETE'); END;
CREATE TRIGGER books_no_delete BEFORE DELETE ON books BEGIN SELECT RAISE(ABORT, 'rows of books are kept: no DELETE'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'rows of audit are kept: no UPDATE'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'rows of events are kept: no UPDATE'); END;
CREATE TRIGGER firings_no_update BEFORE UPDATE ON firings BEGIN SELECT RAISE(ABORT, 'rows of firings are kept: no UPDATE'); END;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'rows of documents are kept: no UPDATE'); END;
CREATE TRIGGER items_later_entry BEFORE UPDATE OF id, workflow, state, title, unit, owner, parent, fields, light, sealed, duty, rule, period, period_first, period_last, opened_at, opened_by, closed_at, book, rev, audit_seq ON items WHEN NEW.audit_seq <= OLD.audit_seq BEGIN SELECT RAISE(ABORT, 'a change of items needs a later entry'); END;
CREATE TRIGGER clocks_later_entry BEFORE UPDATE OF item, clock, state, started_at, due_at, outcome, missed_at, ended_at, provisional, spoken, audit_seq ON clocks WHEN NEW.audit_seq <= OLD.audit_seq BEGIN SELECT RAISE(ABORT, 'a change of clocks needs a later entry'); END;
CREATE TRIGGER people_later_entry BEFORE UPDATE OF post, name, email, audit_seq ON people WHEN NEW.audit_seq <= OLD.audit_seq BEGIN SELECT RAISE(ABORT, 'a change of people needs a later entry'); END;
CREATE TRIGGER books_later_entry BEFORE UPDATE OF digest, canonical, files, audit_seq ON books WHEN NEW.audit_seq <= OLD.audit_seq BEGIN SELECT RAISE(ABORT, 'a change of books needs a later entry'); END;
COMMIT;
