-- Rows as each revision of the tables held them, for SQLite and PostgreSQL alike.
-- A heading names the first and the last revision that takes the rows below it; NOON is a time.

-- r0001 to r0001
INSERT INTO message (channel, platform_id, content, outcome, result, reason, received_at, finished_at) VALUES ('telegram', 'u1', '{"id": "u1", "address": {"channel": "telegram", "chat": "1001"}, "sender": "1001", "sender_name": "", "kind": "text", "text": "养狗要办什么证？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', '{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.004, "citations": [], "release": "a"}', 'unresolved', 'unsure', NOON, NOON);
INSERT INTO message (channel, platform_id, content, received_at) VALUES ('telegram', 'u2', '{"id": "u2", "address": {"channel": "telegram", "chat": "1002"}, "sender": "1002", "sender_name": "", "kind": "text", "text": "无人机要在哪里登记？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', NOON);

-- r0002 to r0006
INSERT INTO message (channel, platform_id, content, outcome, result, reason, received_at, finished_at, sender) VALUES ('telegram', 'u1', '{"id": "u1", "address": {"channel": "telegram", "chat": "1001"}, "sender": "1001", "sender_name": "", "kind": "text", "text": "养狗要办什么证？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', '{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.004, "citations": [], "release": "a"}', 'unresolved', 'unsure', NOON, NOON, '1001');
INSERT INTO message (channel, platform_id, content, received_at, sender) VALUES ('telegram', 'u2', '{"id": "u2", "address": {"channel": "telegram", "chat": "1002"}, "sender": "1002", "sender_name": "", "kind": "text", "text": "无人机要在哪里登记？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', NOON, '1002');

-- r0007 to head
INSERT INTO message (channel, platform_id, content, outcome, result, reason, received_at, finished_at, sender) VALUES ('telegram', 'u1', '{"id": "u1", "address": {"channel": "telegram", "chat": "1001"}, "sender": "1001", "sender_name": "", "kind": "text", "text": "养狗要办什么证？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', '{"result": "unresolved", "language": "zh-Hans", "reason": "unsure", "probability": 0.004, "citations": [], "release": "a"}', 'unresolved', 'unsure', NOON, NOON, '1001');
INSERT INTO message (channel, platform_id, content, received_at, sender, chat) VALUES ('telegram', 'u2', '{"id": "u2", "address": {"channel": "telegram", "chat": "1002"}, "sender": "1002", "sender_name": "", "kind": "text", "text": "无人机要在哪里登记？", "reply_to": null, "language": "zh-hans", "at": "2026-03-02T12:00:00+00:00"}', NOON, '1002', '1002');

-- r0001 to head
INSERT INTO conversation (channel, chat, language, last_question, expects) VALUES ('telegram', '1001', 'zh-Hans', 1, 'human');

-- r0001 to r0004
INSERT INTO ticket (version, state, channel, chat, message_id, question, language, reason, evidence, opened, changed) VALUES (1, 'open', 'telegram', '1001', 'u1', '养狗要办什么证？', 'zh-Hans', 'unsure', '《养犬管理条例》第九条', NOON, NOON);
INSERT INTO ticket (version, state, channel, chat, message_id, question, language, reason, evidence, opened, changed, holder_id, holder_name, reply) VALUES (3, 'closed', 'telegram', '1003', 'u0', '怎么补办身份证？', 'zh-Hans', 'asked_for_person', '', NOON, NOON, 'telegram:8', '陈立', '请到窗口办理。');
INSERT INTO ticket_event (ticket_id, at, who, what, text) VALUES (1, NOON, 'citizen', 'opened', '');
INSERT INTO ticket_event (ticket_id, at, who, what, text) VALUES (2, NOON, 'telegram:8', 'answered', '请到窗口办理。');

-- r0005 to head
INSERT INTO ticket (version, state, channel, chat, message_id, question, language, reason, evidence, opened, changed) VALUES (1, 'open', 'telegram', '1001', 'u1', '养狗要办什么证？', 'zh-Hans', 'unsure', '{"text": "《养犬管理条例》第九条"}', NOON, NOON);
INSERT INTO ticket (version, state, channel, chat, message_id, question, language, reason, evidence, opened, changed, holder_id, holder_name, reply) VALUES (3, 'archived', 'telegram', '1003', 'u0', '怎么补办身份证？', 'zh-Hans', 'asked_for_person', '{}', NOON, NOON, 'telegram:8', '陈立', '请到窗口办理。');
INSERT INTO audit (id, ticket_id, at, who, what, why, text, salt, words, previous, digest) VALUES (1, 1, NOON, 'citizen', 'opened', '', '', '2c5aa8895702ad45f1aeaa8ec3517cd2', '8eca45b7d82fb888f671c726e03eb35f426777206ff4a92c07d702785bc2e01b', '0000000000000000000000000000000000000000000000000000000000000000', '7db628d3127656654fae5654c457fdf2c461d8e8a99d27de2702652e62dfd8d2');
INSERT INTO audit (id, ticket_id, at, who, what, why, text, salt, words, previous, digest) VALUES (2, 1, NOON, 'telegram:8', 'noted', '', '已致电', '5a2ac2af40ce5b8c832767ec97d90a3c', 'b796463e770af26307561c98c157299700890d9c44311b46d8fa6606c14e9c86', '7db628d3127656654fae5654c457fdf2c461d8e8a99d27de2702652e62dfd8d2', 'b15aa61e574afa182cf3ec3804ef41d07ce79bc1506208561c81bf26cf34d2a8');
INSERT INTO canned (version, name, language, department, content) VALUES (1, 'hello', 'zh-Hans', '', '{"id": 0, "version": 1, "name": "hello", "language": "zh-Hans", "department": "", "text": "您好", "used": 0}');
INSERT INTO relocation (version, channel, chat, content) VALUES (1, 'telegram', '-7', '{"id": 0, "version": 1, "channel": "telegram", "chat": "-7", "to": "-1007"}');

-- r0001 to head
INSERT INTO delivery (channel, chat, key, ticket_id, content, state, attempts, queued_at, due_at, ended_at, platform_id) VALUES ('telegram', '-1007', 'ticket:1', 1, '{"to": {"channel": "telegram", "chat": "-1007"}, "body": [{"text": "编号 1", "style": "bold", "href": ""}], "buttons": [[{"label": "认领", "action": "claim:1", "url": ""}]], "key": "ticket:1", "reply_to": null, "ticket_id": 1}', 'sent', 0, NOON, NOON, NOON, '4');
INSERT INTO delivery (channel, chat, content, state, attempts, queued_at, due_at, last_error) VALUES ('telegram', '1003', '{"to": {"channel": "telegram", "chat": "1003"}, "body": [{"text": "不客气。", "style": "plain", "href": ""}], "buttons": [], "key": null, "reply_to": null, "ticket_id": null}', 'pending', 1, NOON, NOON, 'Too Many Requests');

-- r0003 to head
INSERT INTO subscription (channel, chat, follows, target, title, release, language, since) VALUES ('telegram', '1001', 'document', 'bicycles', '《公共自行车管理办法》', 'a', 'zh-Hans', NOON);
INSERT INTO push_run (id, release, seen, begun) VALUES (1, 'b', NOON, NOON);
INSERT INTO push_news (run_id, since, document_id, content) VALUES (1, 'a', 'bicycles', '{"document_id": "bicycles", "event": "changed", "title": "澜港市公共自行车管理办法", "number": "", "issuer": "", "kind": "policy", "source": "https://jtj.langang.example/bicycles", "language": "zh-Hans", "topics": ["公共自行车"], "standing": "in_force", "was": null, "begins": null, "ends": null, "successor": "", "relations": [], "clauses": [{"what": "changed", "address": "第二条", "old": "收费1元。", "new": "收费2元。"}], "more": 0}');
INSERT INTO push (run_id, channel, chat, delivery_id, at) VALUES (1, 'telegram', '1001', 1, NOON);
INSERT INTO push_item (push_id, place, document_id, title, news_id, helpful) VALUES (1, 1, 'bicycles', '澜港市公共自行车管理办法', 1, true);

-- r0006 to head
INSERT INTO tries (version, subject, content) VALUES (1, 'account:li', '{"id": 0, "version": 1, "subject": "account:li", "count": 2, "last": "2026-03-02T12:00:00+00:00"}');

-- r0008 to head
INSERT INTO sign_on (version, token, content) VALUES (1, '0b5d', '{"id": 0, "version": 1, "token": "0b5d", "going": "/console", "until": "2026-03-02T12:10:00+00:00"}');
INSERT INTO console_news (version, session, content) VALUES (1, 1, '{"id": 0, "version": 1, "session": 1, "at": "2026-03-02T12:00:00+00:00", "words": ["编号 1：已认领。"], "received": "0a1b"}');
