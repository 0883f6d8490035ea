BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('r0001');
CREATE TABLE conversation (
	channel VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	language VARCHAR, 
	last_question INTEGER, 
	expects VARCHAR NOT NULL, 
	CONSTRAINT pk_conversation PRIMARY KEY (channel, chat)
);
INSERT INTO "conversation" VALUES('telegram','1001','zh-Hans',2,'');
INSERT INTO "conversation" VALUES('telegram','1002','zh-Hans',5,'');
INSERT INTO "conversation" VALUES('telegram','-55','zh-Hans',7,'');
INSERT INTO "conversation" VALUES('telegram','1004','zh-Hans',NULL,'human');
CREATE TABLE delivery (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	"key" VARCHAR, 
	ticket_id INTEGER, 
	content TEXT NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	queued_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	platform_id VARCHAR, 
	last_error TEXT, 
	CONSTRAINT fk_delivery_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
INSERT INTO "delivery" VALUES(1,'telegram','1001',NULL,NULL,'{"to": {"channel": "telegram", "chat": "1001"}, "body": [{"text": "政策解读：", "style": "bold", "href": ""}, {"text": "《一问一答读懂〈澜港市失业保险金申领发放办法〉》", "style": "bold", "href": ""}], "buttons": [[{"label": "查看原文", "action": "", "url": "https://rsj.langang.example/zcjd/2025/02.html"}, {"label": "转人工", "action": "human:1", "url": ""}], [{"label": "有帮助", "action": "up:1", "url": ""}, {"label": "没有帮助", "action": "down:1", "url": ""}]], "key": null, "reply_to": null, "ticket_id": null}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2',NULL);
INSERT INTO "delivery" VALUES(2,'telegram','-1009001','ticket:1',1,'{"to": {"channel": "telegram", "chat": "-1009001"}, "body": [{"text": "编号 1 · 等待处理", "style": "bold", "href": ""}, {"text": "\n把握不足 · 简体中文 · 2026-11-23 04:00 UTC\n", "style": "plain", "href": ""}, {"text": "养狗要办什么证？", "style": "quote", "href": ""}, {"text": "\n如需答复，请回复本消息。", "style": "plain", "href": ""}], "buttons": [[{"label": "认领", "action": "claim:1", "url": ""}, {"label": "关闭", "action": "close:1", "url": ""}]], "key": "ticket:1", "reply_to": null, "ticket_id": 1}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','1',NULL);
INSERT INTO "delivery" VALUES(5,'telegram','1001',NULL,1,'{"to": {"channel": "telegram", "chat": "1001"}, "body": [{"text": "工作人员对您的问题（编号 1）的回复：", "style": "bold", "href": ""}, {"text": "\n", "style": "plain", "href": ""}, {"text": "请到辖区窗口办理犬只登记。", "style": "quote", "href": ""}, {"text": "\n如果问题仍未解决，请点击按钮或回复本消息。", "style": "plain", "href": ""}], "buttons": [[{"label": "继续询问", "action": "more:1", "url": ""}]], "key": null, "reply_to": null, "ticket_id": 1}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','5',NULL);
INSERT INTO "delivery" VALUES(8,'telegram','-1009001','ticket:2',2,'{"to": {"channel": "telegram", "chat": "-1009001"}, "body": [{"text": "编号 2 · 等待处理", "style": "bold", "href": ""}, {"text": "\n把握不足 · 简体中文 · 2026-11-23 04:00 UTC\n", "style": "plain", "href": ""}, {"text": "无人机要在哪里登记？", "style": "quote", "href": ""}, {"text": "\n如需答复，请回复本消息。", "style": "plain", "href": ""}], "buttons": [[{"label": "认领", "action": "claim:2", "url": ""}, {"label": "关闭", "action": "close:2", "url": ""}]], "key": "ticket:2", "reply_to": null, "ticket_id": 2}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','4',NULL);
INSERT INTO "delivery" VALUES(11,'telegram','-1009001','ticket:4',4,'{"to": {"channel": "telegram", "chat": "-1009001"}, "body": [{"text": "编号 4 · 等待处理", "style": "bold", "href": ""}, {"text": "\n把握不足 · 简体中文 · 2026-11-23 04:00 UTC\n", "style": "plain", "href": ""}, {"text": "瞭望塔上的灯笼鱼怎么申报年检？", "style": "quote", "href": ""}, {"text": "\n如需答复，请回复本消息。", "style": "plain", "href": ""}], "buttons": [[{"label": "认领", "action": "claim:4", "url": ""}, {"label": "关闭", "action": "close:4", "url": ""}]], "key": "ticket:4", "reply_to": null, "ticket_id": 4}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','5',NULL);
INSERT INTO "delivery" VALUES(12,'telegram','-55',NULL,4,'{"to": {"channel": "telegram", "chat": "-55"}, "body": [{"text": "没有找到能够确切回答这个问题的内容；对于政策，我不作猜测。", "style": "plain", "href": ""}, {"text": "\n\n", "style": "plain", "href": ""}, {"text": "您的问题已转交工作人员：编号 4。", "style": "bold", "href": ""}, {"text": "\n工作人员通常会在 2 个工作日内，在本对话中回复您。您也可以拨打 12345；等候期间可以继续提问。", "style": "plain", "href": ""}], "buttons": [], "key": null, "reply_to": null, "ticket_id": 4}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2',NULL);
INSERT INTO "delivery" VALUES(13,'telegram','1004',NULL,NULL,'{"to": {"channel": "telegram", "chat": "1004"}, "body": [{"text": "我将为您转接工作人员。请用一条消息写下您的问题，我会原样转交。", "style": "plain", "href": ""}], "buttons": [], "key": null, "reply_to": null, "ticket_id": null}','sent',0,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','2',NULL);
INSERT INTO "delivery" VALUES(14,'telegram','1003',NULL,NULL,'{"to": {"channel": "telegram", "chat": "1003"}, "body": [{"text": "不客气，欢迎随时提问。", "style": "plain", "href": ""}], "buttons": [], "key": null, "reply_to": null, "ticket_id": null}','pending',1,'2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000',NULL,NULL,'Too Many Requests');
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel VARCHAR NOT NULL, 
	platform_id VARCHAR NOT NULL, 
	content TEXT NOT NULL, 
	outcome TEXT, 
	result VARCHAR, 
	reason VARCHAR, 
	received_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT uq_message_channel_platform_id UNIQUE (channel, platform_id)
);
INSERT INTO "message" VALUES(1,'telegram','u700000001','{"id": "u700000001", "address": {"channel": "telegram", "chat": "1001"}, "sender": "1001", "sender_name": "", "kind": "text", "text": "自己主动辞职能领失业金吗？", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:19+00:00"}','{"result": "answered", "language": "zh-Hans", "reason": null, "probability": 0.9461, "citations": [{"document_id": "unemployment-insurance-2025-interpretation", "title": "一问一答读懂《澜港市失业保险金申领发放办法》", "number": "", "issuer": "澜港市人力资源和社会保障局", "address": "问：我是自己辞职的，能领吗？", "quote": "问：我是自己辞职的，能领吗？\n\n答：因个人原因主动辞职的不能领取，但缴费年限保留，以后再次失业时合并计算。如果是因为单位拖欠工资或者欠缴社会保险费，您被迫提出离职的，可以领取。", "source": "https://rsj.langang.example/zcjd/2025/02.html", "published": "2025-02-14", "kind": "interpretation", "status": "in_force", "language": "zh-Hans", "passage_id": "unemployment-insurance-2025-interpretation#2", "successor": ""}], "release": "20261123-164919-b2c10703"}','answered',NULL,'2026-11-23 16:49:19.000000','2026-11-23 04:00:00.000000');
INSERT INTO "message" VALUES(2,'telegram','u700000002','{"id": "u700000002", "address": {"channel": "telegram", "chat": "1001"}, "sender": "1001", "sender_name": "", "kind": "text", "text": "养狗要办什么证？", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:19+00:00"}','{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.004, "citations": [], "release": "20261123-164919-b2c10703"}','unresolved','unsure','2026-11-23 16:49:19.000000','2026-11-23 04:00:00.000000');
INSERT INTO "message" VALUES(5,'telegram','u700000005','{"id": "u700000005", "address": {"channel": "telegram", "chat": "1002"}, "sender": "1002", "sender_name": "", "kind": "text", "text": "无人机要在哪里登记？", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:20+00:00"}','{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.0528, "citations": [], "release": "20261123-164919-b2c10703"}','unresolved','unsure','2026-11-23 16:49:20.000000','2026-11-23 04:00:00.000000');
INSERT INTO "message" VALUES(7,'telegram','u700000007','{"id": "u700000007", "address": {"channel": "telegram", "chat": "-55"}, "sender": "1003", "sender_name": "", "kind": "text", "text": "瞭望塔上的灯笼鱼怎么申报年检？", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:20+00:00"}','{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.0019, "citations": [], "release": "20261123-164919-b2c10703"}','unresolved','unsure','2026-11-23 16:49:20.000000','2026-11-23 04:00:00.000000');
INSERT INTO "message" VALUES(8,'telegram','u700000008','{"id": "u700000008", "address": {"channel": "telegram", "chat": "1004"}, "sender": "1004", "sender_name": "", "kind": "text", "text": "转人工", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:20+00:00"}','{"result": "human_requested", "language": "zh-Hans", "reason": "asked_for_person", "probability": null, "citations": [], "release": ""}','human_requested','asked_for_person','2026-11-23 16:49:20.000000','2026-11-23 04:00:00.000000');
INSERT INTO "message" VALUES(9,'telegram','u700000009','{"id": "u700000009", "address": {"channel": "telegram", "chat": "1002"}, "sender": "1002", "sender_name": "", "kind": "text", "text": "2027年居民医保新生儿怎么参保？", "reply_to": null, "language": "zh-hans", "at": "2026-11-23T16:49:20+00:00"}',NULL,NULL,NULL,'2026-11-23 16:49:30.000000',NULL);
CREATE TABLE ticket (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	version INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	question TEXT NOT NULL, 
	language VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	evidence TEXT NOT NULL, 
	opened DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	holder_id VARCHAR, 
	holder_name VARCHAR, 
	reply TEXT, 
	CONSTRAINT uq_ticket_channel_message_id UNIQUE (channel, message_id)
);
INSERT INTO "ticket" VALUES(1,2,'answered','telegram','1001','u700000002','养狗要办什么证？','zh-Hans','unsure','','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000','telegram:7','李敏','请到辖区窗口办理犬只登记。');
INSERT INTO "ticket" VALUES(2,1,'open','telegram','1002','u700000005','无人机要在哪里登记？','zh-Hans','unsure','','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000',NULL,NULL,NULL);
INSERT INTO "ticket" VALUES(4,1,'open','telegram','-55','u700000007','瞭望塔上的灯笼鱼怎么申报年检？','zh-Hans','unsure','','2026-11-23 04:00:00.000000','2026-11-23 04:00:00.000000',NULL,NULL,NULL);
CREATE TABLE ticket_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT fk_ticket_event_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
INSERT INTO "ticket_event" VALUES(1,1,'2026-11-23 04:00:00.000000','citizen','opened','养狗要办什么证？');
INSERT INTO "ticket_event" VALUES(2,1,'2026-11-23 04:00:00.000000','telegram:7','replied','请到辖区窗口办理犬只登记。');
INSERT INTO "ticket_event" VALUES(3,2,'2026-11-23 04:00:00.000000','citizen','opened','无人机要在哪里登记？');
INSERT INTO "ticket_event" VALUES(4,4,'2026-11-23 04:00:00.000000','citizen','opened','瞭望塔上的灯笼鱼怎么申报年检？');
CREATE INDEX ix_message_unfinished ON message (id) WHERE finished_at IS NULL;
CREATE INDEX ix_ticket_state ON ticket (state, id);
CREATE INDEX ix_ticket_conversation ON ticket (channel, chat, id);
CREATE INDEX ix_ticket_event_ticket ON ticket_event (ticket_id, id);
CREATE INDEX ix_delivery_state ON delivery (state, channel, chat, id);
CREATE INDEX ix_delivery_key ON delivery (channel, chat, "key", id);
CREATE INDEX ix_delivery_platform_id ON delivery (channel, chat, platform_id, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('message',9);
INSERT INTO "sqlite_sequence" VALUES('delivery',14);
INSERT INTO "sqlite_sequence" VALUES('ticket',4);
INSERT INTO "sqlite_sequence" VALUES('ticket_event',4);
COMMIT;
