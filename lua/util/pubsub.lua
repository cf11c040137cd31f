-- util.pubsub: nodes, items, subscriptions and affiliations of a publish-subscribe service (XEP-0060), without any XML.
--
-- Methods take the actor, a JID or true for the service itself, and return true and results, or false and an error condition.
-- Configuration: max_items; itemstore(node_config, node) → an object with get, set, items, head, resize, clear; nodestore (keyval);
-- broadcaster(event, node, subscribers, item, actor, node_object, service); subscriber_filter(subscribers, node, event); itemcheck(item);
-- get_affiliation(jid, node, action); access_models[name](actor); normalize_jid; check_node_config(node, actor, config); capabilities;
-- node_defaults; autocreate_on_publish, autocreate_on_subscribe; metadata_subset (names of configuration fields that anybody may see).
-- Events on service.events: node-created, node-deleted, node-purged, item-published, item-published/NODE, item-retracted,
-- subscription-added, subscription-removed.

local events = require "util.events";
local cache = require "util.cache";
local errors = require "util.error";

local config_defaults = {
	max_items = 256, capabilities = require "util.pubsub.capabilities";
	metadata_subset = { "title", "description", "payload_type", "access_model", "publish_model" };
	itemstore = function (config) return cache.new(tonumber(config.max_items) or 256); end;
	broadcaster = function () end, get_affiliation = function () end;
	subscriber_filter = function (subscribers) return subscribers; end;
	itemcheck = function () return true; end;
	normalize_jid = function (jid) return jid; end;
};

local node_defaults = {
	persist_items = true, max_items = 20, access_model = "open", publish_model = "publishers", send_last_published_item = "never";
};

local service = {};
local service_mt = { __index = service };

local function load_nodes(self)
	local store = self.config.nodestore;
	for name in store:users() do
		local node = store:get(name);
		node.config = setmetatable(node.config or {}, { __index = self.node_defaults });
		self.nodes[name] = node;
		if node.config.persist_items then
			self.data[name] = self.config.itemstore(node.config, name);
		end
		for jid in pairs(node.subscribers) do
			self:_index_subscription(jid, name, true);
		end
	end
end

local function new(config)
	config = setmetatable(config or {}, { __index = config_defaults });
	local self = setmetatable({
		config = config, node_defaults = setmetatable(config.node_defaults or {}, { __index = node_defaults });
		affiliations = {}, subscriptions = {}, nodes = {}, data = {}, events = events.new();
	}, service_mt);
	if config.nodestore and config.nodestore.users then
		load_nodes(self);
	end
	return self;
end

-- self.subscriptions: bare JID → JID → node → true.
function service:_index_subscription(jid, node, subscribed)
	local normal = self.config.normalize_jid(jid);
	local jids = self.subscriptions[normal] or {};
	local nodes = jids[jid] or {};
	nodes[node] = subscribed or nil;
	jids[jid] = next(nodes) ~= nil and nodes or nil;
	self.subscriptions[normal] = next(jids) ~= nil and jids or nil;
end

-- false and an error if the store fails; then undo() is called.
function service:_save(node, undo)
	local store = self.config.nodestore;
	if not store or store:set(node.name, {
		name = node.name, config = node.config, subscribers = node.subscribers, affiliations = node.affiliations;
	}) then
		return true;
	end
	undo();
	return false, "internal-server-error";
end

-- The node, if it is there and the actor may do this with it.
function service:_authorize(node, actor, action)
	if not self:may(node, actor, action) then
		return nil, "forbidden";
	end
	local object = self.nodes[node];
	if not object then
		return nil, "item-not-found";
	end
	return object;
end

-- "subscribe" for oneself, "subscribe_other" for somebody else.
function service:_about(actor, jid, action)
	return (actor == true or jid == actor or self:jids_equal(actor, jid)) and action or action.."_other";
end

function service:jids_equal(a, b)
	return self.config.normalize_jid(a) == self.config.normalize_jid(b);
end

function service:may(node, actor, action)
	if actor == true then
		return true;
	end
	local object = self.nodes[node];
	local affiliation = object and (object.affiliations[actor] or object.affiliations[self.config.normalize_jid(actor)])
		or self.affiliations[actor] or self.config.get_affiliation(actor, node, action)
		or self:get_default_affiliation(node, actor) or "none";
	for _, capabilities in ipairs { object and object.capabilities or {}, self.config.capabilities } do
		local policy = (capabilities[affiliation] or {})[action];
		if policy ~= nil then
			return policy;
		end
	end
	return false;
end

-- What the access model makes of somebody without affiliation.
function service:get_default_affiliation(node, actor)
	local object, models = self.nodes[node], self.config.access_models;
	local model = (object and object.config or self.node_defaults).access_model;
	if model == "open" then
		return "member";
	elseif model == "whitelist" then
		return "outcast";
	end
	return models and models[model] and models[model](actor) or nil;
end

function service:set_affiliation(node, actor, jid, affiliation)
	local object, err = self:_authorize(node, actor, "set_affiliation");
	if not object then
		return false, err;
	end
	jid = self.config.normalize_jid(jid);
	local old, ok = object.affiliations[jid], nil;
	object.affiliations[jid] = affiliation;
	ok, err = self:_save(object, function () object.affiliations[jid] = old; end);
	if not ok then
		return false, err;
	end
	local subscribed = object.subscribers[jid];
	if not subscribed and not self:may(node, jid, "be_unsubscribed") then
		return self:add_subscription(node, true, jid);
	elseif subscribed and not self:may(node, jid, "be_subscribed") then
		return self:remove_subscription(node, true, jid);
	end
	return true;
end

function service:add_subscription(node, actor, jid, options)
	if not self:may(node, actor, self:_about(actor, jid, "subscribe")) or not self:may(node, jid, "be_subscribed") then
		return false, "forbidden";
	elseif not self.nodes[node] then
		if not self.config.autocreate_on_subscribe then
			return false, "item-not-found";
		end
		local created, err = self:create(node, true);
		if not created then
			return false, err;
		end
	end
	local object = self.nodes[node];
	local old = object.subscribers[jid];
	object.subscribers[jid] = options or true;
	self:_index_subscription(jid, node, true);
	local ok, err = self:_save(object, function ()
		object.subscribers[jid] = old;
		self:_index_subscription(jid, node, old);
	end);
	if not ok then
		return false, err;
	end
	self.events.fire_event("subscription-added", {
		service = self, node = node, jid = jid, normalized_jid = self.config.normalize_jid(jid), options = options;
	});
	return true;
end

function service:remove_subscription(node, actor, jid)
	if not self:may(node, jid, "be_unsubscribed") and actor ~= true then
		return false, "forbidden";
	end
	local object, err = self:_authorize(node, actor, self:_about(actor, jid, "unsubscribe"));
	if not object then
		return false, err;
	end
	local old, ok = object.subscribers[jid], nil;
	if not old then
		return false, "not-subscribed";
	end
	object.subscribers[jid] = nil;
	self:_index_subscription(jid, node, nil);
	ok, err = self:_save(object, function ()
		object.subscribers[jid] = old;
		self:_index_subscription(jid, node, true);
	end);
	if not ok then
		return false, err;
	end
	self.events.fire_event("subscription-removed", { service = self, node = node, jid = jid, normalized_jid = self.config.normalize_jid(jid) });
	return true;
end

-- true and the options, true, or nil if there is no subscription.
function service:get_subscription(node, actor, jid)
	local object, err = self:_authorize(node, actor, self:_about(actor, jid, "get_subscription"));
	if not object then
		return false, err;
	end
	return true, object.subscribers[jid];
end

-- true and a list of { node, jid, subscription }; of all nodes or all JIDs where nil.
function service:get_subscriptions(node, actor, jid)
	if not self:may(node, actor, self:_about(actor, jid, "get_subscriptions")) then
		return false, "forbidden";
	elseif node and not self.nodes[node] then
		return false, "item-not-found";
	end
	local normal, list = jid and self.config.normalize_jid(jid), {};
	for owner, jids in pairs(self.subscriptions) do
		for subscriber, nodes in pairs((not normal or owner == normal) and jids or {}) do
			for name in pairs(nodes) do
				if not node or name == node then
					list[#list+1] = { node = name, jid = subscriber, subscription = self.nodes[name].subscribers[subscriber] };
				end
			end
		end
	end
	return true, list;
end

-- options: the node's configuration, may be nil. Whoever creates it is its owner.
function service:create(node, actor, options)
	if not self:may(node, actor, "create") then
		return false, "forbidden";
	elseif self.nodes[node] then
		return false, "conflict";
	end
	local config = setmetatable(options or {}, { __index = self.node_defaults });
	if self.config.check_node_config and not self.config.check_node_config(node, actor, config) then
		return false, "not-acceptable";
	end
	local object = { name = node, config = config, subscribers = {}, affiliations = {} };
	self.nodes[node] = object;
	local function undo()
		self.nodes[node], self.data[node] = nil, nil;
	end
	local ok, err = self:_save(object, undo);
	if not ok then
		return false, err;
	end
	if config.persist_items then
		self.data[node] = self.config.itemstore(config, node);
	end
	self.events.fire_event("node-created", { service = self, node = node, actor = actor });
	if actor ~= true then
		ok, err = self:set_affiliation(node, true, actor, "owner");
		if not ok then
			undo();
			return false, err;
		end
	end
	return true;
end

function service:delete(node, actor)
	local object, err = self:_authorize(node, actor, "delete");
	if not object then
		return false, err;
	end
	local data, store = self.data[node], self.config.nodestore;
	self.nodes[node], self.data[node] = nil, nil;
	for jid in pairs(object.subscribers) do
		self:_index_subscription(jid, node, nil);
	end
	if data and data.clear then data:clear(); end
	if store and not store:set(node, nil) then
		return false, "internal-server-error";
	end
	self.events.fire_event("node-deleted", { service = self, node = node, actor = actor });
	self:broadcast("delete", node, object.subscribers, nil, actor, object);
	return true;
end

function service:broadcast(event, node, subscribers, item, actor, object)
	return self.config.broadcaster(event, node, self.config.subscriber_filter(subscribers, node, event), item, actor, object, self);
end

function service:_may_publish(node, actor)
	local object = self.nodes[node];
	local model = object and object.config.publish_model;
	return self:may(node, actor, "publish") or model == "open" or model == "subscribers" and object.subscribers[actor];
end

-- The options a publisher wants the node to have (XEP-0060 #publisher-publish-options).
local function precondition_error(config, wanted)
	for field, value in pairs(wanted or {}) do
		if not wanted._defaults_only and config[field] ~= value then
			local err = errors.new { type = "cancel", condition = "conflict", text = "The node's "..field.." is another one" };
			err.pubsub_condition = "precondition-not-met";
			return err;
		end
	end
end

function service:publish(node, actor, id, item, wanted)
	if not self:_may_publish(node, actor) then
		return false, "forbidden";
	elseif not self.nodes[node] then
		if not self.config.autocreate_on_publish then
			return false, "item-not-found";
		end
		local created, err = self:create(node, true, wanted);
		if not created then
			return false, err;
		end
	else
		local err = precondition_error(self.nodes[node].config, wanted);
		if err then
			return false, err;
		end
	end
	if not self.config.itemcheck(item) then
		return false, "invalid-item";
	end
	local object = self.nodes[node];
	if object.config.persist_items then
		self.data[node] = self.data[node] or self.config.itemstore(object.config, node);
		local stored = self.data[node]:set(id, item);
		if not stored then
			return false, "internal-server-error";
		elseif type(stored) == "string" then
			id = stored; -- the store has made up an id
		end
	end
	local event = { service = self, node = node, actor = actor, id = id, item = item };
	self.events.fire_event("item-published/"..node, event);
	self.events.fire_event("item-published", event);
	self:broadcast("items", node, object.subscribers, item, actor, object);
	return true;
end

-- notice: what to broadcast; nil for no broadcast.
function service:retract(node, actor, id, notice)
	local object, err = self:_authorize(node, actor, "retract");
	if not object then
		return false, err;
	end
	local data = self.data[node];
	if data and not data:get(id) then
		return false, "item-not-found";
	elseif data and not data:set(id, nil) then
		return false, "internal-server-error";
	end
	self.events.fire_event("item-retracted", { service = self, node = node, actor = actor, id = id });
	if notice then
		self:broadcast("retract", node, object.subscribers, notice, actor, object);
	end
	return true;
end

function service:purge(node, actor, notify)
	local object, err = self:_authorize(node, actor, "retract");
	if not object then
		return false, err;
	end
	local data = self.data[node];
	if data and data.clear then
		data:clear();
	elseif data then
		self.data[node] = self.config.itemstore(object.config, node);
	end
	self.events.fire_event("node-purged", { service = self, node = node, actor = actor });
	if notify then
		self:broadcast("purge", node, object.subscribers, nil, actor, object);
	end
	return true;
end

-- true and a table that is both the list of ids and id → item. ids: one, a list, or nil for all; page.max: at most so many.
function service:get_items(node, actor, ids, page)
	local object, err = self:_authorize(node, actor, "get_items");
	if not object then
		return false, err;
	end
	local data, found, limit = self.data[node], {}, page and page.max or math.huge;
	if not data then
		return false, "persistent-items-unsupported";
	end
	local function add(id, item)
		if item and #found < limit then
			found[#found+1], found[id] = id, item;
		end
	end
	if type(ids) == "string" then ids = { ids }; end
	for _, id in ipairs(ids or {}) do
		add(id, data:get(id));
	end
	if not ids then
		for id, item in data:items() do
			if #found >= limit then break; end
			add(id, item);
		end
	end
	return true, found;
end

-- true, id, item; true alone if there is none.
function service:get_last_item(node, actor)
	local object, err = self:_authorize(node, actor, "get_items");
	if not object then
		return false, err;
	elseif not self.data[node] then
		return true;
	end
	return true, self.data[node]:head();
end

function service:get_nodes(actor)
	if not self:may(nil, actor, "get_nodes") then
		return false, "forbidden";
	end
	return true, self.nodes;
end

function service:set_node_capabilities(node, actor, capabilities)
	local object, err = self:_authorize(node, actor, "configure");
	if not object then
		return false, err;
	end
	object.capabilities = capabilities;
	return true;
end

-- What follows from a change of configuration.
function service:_apply_config(object, old)
	local name, config, data = object.name, object.config, self.data[object.name];
	if old.access_model ~= config.access_model then
		for jid in pairs(object.subscribers) do
			if not self:may(name, jid, "be_subscribed") then self:remove_subscription(name, true, jid); end
		end
	end
	if old.persist_items ~= config.persist_items then
		if data and data.clear then data:clear(); end
		self.data[name] = config.persist_items and self.config.itemstore(config, name) or nil;
	elseif data and old.max_items ~= config.max_items then
		data:resize(config.max_items == "max" and self.config.max_items or config.max_items);
	end
end

function service:set_node_config(node, actor, config)
	local object, err = self:_authorize(node, actor, "configure");
	if not object then
		return false, err;
	end
	setmetatable(config, { __index = self.node_defaults });
	if self.config.check_node_config and not self.config.check_node_config(node, actor, config) then
		return false, "not-acceptable";
	end
	local old, ok = object.config, nil;
	object.config = config;
	ok, err = self:_save(object, function () object.config = old; end);
	if not ok then
		return false, err;
	end
	self:_apply_config(object, old);
	return true;
end

-- true and a copy with the defaults.
function service:get_node_config(node, actor)
	local object, err = self:_authorize(node, actor, "get_configuration");
	if not object then
		return false, err;
	end
	local all = {};
	for _, layer in ipairs { node_defaults, self.node_defaults, object.config } do
		for field, value in pairs(layer) do all[field] = value; end
	end
	return true, all;
end

-- (13) true and what anybody may know of the configuration.
function service:get_node_metadata(node, actor)
	local object, err = self:_authorize(node, actor, "get_metadata");
	if not object then
		return false, err;
	end
	local metadata = {};
	for _, field in ipairs(self.config.metadata_subset) do
		metadata[field] = object.config[field];
	end
	return true, metadata;
end

return { new = new };
