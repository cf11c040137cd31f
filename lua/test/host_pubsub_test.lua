local t = require "test.harness";
local pubsub = require "util.pubsub";

local OWNER, OTHER = "owner@x", "other@x";

local function with_node(config, node_config)
	local service = pubsub.new(config);
	t.same({ service:create("node", OWNER, node_config) }, { false, "forbidden" });
	t.same(service:create("node", true, node_config), true);
	t.same(service:set_affiliation("node", true, OWNER, "owner"), true);
	return service;
end

t.case("nodes", function ()
	local service = with_node();
	t.same({ service:create("node", true) }, { false, "conflict" });
	t.same({ service:delete("node", OTHER) }, { false, "forbidden" });
	local ok, nodes = service:get_nodes(OTHER);
	t.same({ ok, nodes.node.name }, { true, "node" });
	t.same({ service:delete("node", OWNER), service:delete("node", true) }, { true, false, "item-not-found" });
end);

t.case("publishing and reading", function ()
	local sent = {};
	local service = with_node { broadcaster = function (event, node, subscribers, item)
		for jid in pairs(subscribers) do sent[#sent+1] = table.concat({ event, node, jid, tostring(item) }, " "); end
	end };
	t.same(service:add_subscription("node", OTHER, OTHER), true);
	t.same({ service:publish("node", OTHER, "1", "item") }, { false, "forbidden" });
	t.same(service:publish("node", OWNER, "1", "first"), true);
	t.same(service:publish("node", OWNER, "2", "second"), true);
	t.same(sent, { "items node other@x first", "items node other@x second" });
	local ok, items = service:get_items("node", OTHER);
	table.sort(items);
	t.same({ ok, items }, { true, { "1", "2", ["1"] = "first", ["2"] = "second" } });
	t.same({ service:get_last_item("node", OTHER) }, { true, "2", "second" });
	t.same({ service:get_items("node", OTHER, { "1", "9" }) }, { true, { "1", ["1"] = "first" } });
	t.same({ service:retract("node", OWNER, "1", "notice"), service:retract("node", OWNER, "1", true) }, { true, false, "item-not-found" });
	t.same(sent[3], "retract node other@x notice");
	t.same(service:purge("node", OWNER, true), true);
	t.same({ service:get_items("node", OWNER) }, { true, {} });
end);

t.case("subscriptions", function ()
	local service = with_node { normalize_jid = function (jid) return (jid:gsub("/.*", "")); end };
	t.same(service:add_subscription("node", "other@x/phone", "other@x/phone", { digest = true }), true);
	t.same({ service:add_subscription("node", OTHER, "third@x") }, { false, "forbidden" });
	t.same(service:add_subscription("node", OWNER, "third@x"), true);
	t.same({ service:get_subscription("node", OTHER, "other@x/phone") }, { true, { digest = true } });
	t.same({ service:get_subscriptions("node", OTHER, OTHER) },
		{ true, { { node = "node", jid = "other@x/phone", subscription = { digest = true } } } });
	t.same(#select(2, service:get_subscriptions(nil, true, nil)), 2);
	t.same(service:remove_subscription("node", OTHER, "other@x/phone"), true);
	t.same({ service:remove_subscription("node", OTHER, "other@x/phone") }, { false, "not-subscribed" });
	t.same(service.subscriptions[OTHER], nil);
end);

t.case("access models", function ()
	local service = with_node(nil, { access_model = "whitelist" });
	t.same({ service:get_items("node", OTHER) }, { false, "forbidden" });
	t.same({ service:add_subscription("node", OTHER, OTHER) }, { false, "forbidden" });
	t.same(service:set_affiliation("node", OWNER, OTHER, "member"), true);
	t.same({ service:get_items("node", OTHER) }, { true, {} });
	service = with_node({ access_models = { friends = function (actor) return actor == OTHER and "member" or "outcast"; end } }, { access_model = "friends" });
	t.same({ service:may("node", OTHER, "get_items"), service:may("node", "third@x", "get_items") }, { true, false });
end);

t.case("configuration", function ()
	local service = with_node();
	service:add_subscription("node", OTHER, OTHER);
	for i = 1, 5 do service:publish("node", OWNER, tostring(i), i); end
	t.same(service:set_node_config("node", OWNER, { max_items = 2, access_model = "whitelist" }), true);
	t.same({ service:get_subscription("node", OWNER, OTHER) }, { true });
	t.same(#select(2, service:get_items("node", OWNER)), 2);
	local _, config = service:get_node_config("node", OWNER);
	t.same({ config.max_items, config.publish_model }, { 2, "publishers" });
	t.same({ service:set_node_config("node", OTHER, {}) }, { false, "forbidden" });
end);

t.case("publish options", function ()
	local service = pubsub.new { autocreate_on_publish = true };
	t.same(service:publish("new", true, "1", "x", { access_model = "whitelist" }), true);
	local ok, err = service:publish("new", true, "1", "x", { access_model = "open" });
	t.same({ ok, err.pubsub_condition, err.condition }, { false, "precondition-not-met", "conflict" });
	t.same(service:publish("new", true, "1", "x", { access_model = "open", _defaults_only = true }), true);
end);

t.case("a store that fails, and one that works", function ()
	local stored, fail = {}, false;
	local store = {
		get = function (_, name) return stored[name]; end;
		set = function (_, name, node) if fail then return nil; end stored[name] = node; return true; end;
		users = function () return pairs(stored); end;
	};
	local service = with_node { nodestore = store };
	fail = true;
	t.same(not service:add_subscription("node", OTHER, OTHER), true);
	t.same({ service:get_subscription("node", true, OTHER) }, { true });
	fail = false;
	service:add_subscription("node", OTHER, OTHER);
	local again = pubsub.new { nodestore = store };
	t.same({ again:get_subscription("node", OTHER, OTHER) }, { true, true });
	t.same(again:may("node", OWNER, "configure"), true);
end);

t.case("events", function ()
	local service, seen = pubsub.new(), {};
	for _, name in ipairs { "node-created", "item-published", "item-published/n", "item-retracted", "subscription-added", "node-deleted" } do
		service.events.add_handler(name, function (event) seen[#seen+1] = name..":"..event.node; end);
	end
	service:create("n", true); service:add_subscription("n", true, OTHER); service:publish("n", true, "1", "x");
	service:retract("n", true, "1"); service:delete("n", true);
	t.same(seen, { "node-created:n", "subscription-added:n", "item-published/n:n", "item-published:n", "item-retracted:n", "node-deleted:n" });
end);

return t.finish();
