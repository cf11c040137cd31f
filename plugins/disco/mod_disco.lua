-- Service Discovery (XEP-0030) of the host, and its Entity Capabilities (XEP-0115). Accounts are in account.lib.lua.
-- What a host offers is what modules say with add_feature, add_identity and add_extension.

local st = require "util.stanza";
local calculate_hash = require "util.caps".calculate_hash;

local NS_INFO = "http://jabber.org/protocol/disco#info";
local NS_ITEMS = "http://jabber.org/protocol/disco#items";
local NS_CAPS = "http://jabber.org/protocol/caps";
local CAPS_NODE = "quatrain:server"; -- the software, a URI

local answer_node = module:require("node");

local name = module:get_option_string("name", "Quatrain");
local more_items = module:get_option_array("disco_items", {}):filter(function (item) -- { jid, name }, …
	local ok = type(item) == "table" and type(item[1]) == "string";
	if not ok then
		module:log("error", "disco_items: want lists of JID and name, got %s", item);
	end
	return ok;
end);

module:add_feature(NS_INFO);
module:add_feature(NS_ITEMS);
if module:get_host_type() == "local" then
	module:add_identity("server", "im", name);
	module:require("account");
end

local info, hash; -- the host's <query/> and its verification string; nil until asked for after a change

local function build_info()
	local seen = {};
	local function is_new(key)
		local new = not seen[key];
		seen[key] = true;
		return new;
	end
	info = st.stanza("query", { xmlns = NS_INFO });
	for _, identity in ipairs(module:get_host_items("identity")) do
		if is_new(identity.category.."/"..identity.type) then
			info:tag("identity", { category = identity.category, type = identity.type, name = identity.name }):up();
		end
	end
	for _, feature in ipairs(module:get_host_items("feature")) do
		if is_new(feature) then
			info:tag("feature", { var = feature }):up();
		end
	end
	for _, extension in ipairs(module:get_host_items("extension")) do
		if is_new(extension) then
			info:add_child(extension);
		end
	end
	hash = calculate_hash(info);
end

local function forget()
	info, hash = nil, nil;
end

for _, key in ipairs { "identity", "feature", "extension" } do
	module:hook("item-added/"..key, forget);
	module:hook("item-removed/"..key, forget);
end

module:hook("iq-get/host/"..NS_INFO..":query", function (event)
	if not info then build_info(); end
	local node = event.stanza.tags[1].attr.node;
	if node and node ~= "" and node ~= CAPS_NODE.."#"..hash then
		return answer_node(event, NS_INFO, "host-disco-info-node");
	end
	local query = st.clone(info);
	query.attr.node = node;
	event.origin.send(st.reply(event.stanza):add_child(query));
	return true;
end);

-- Calls f(jid, name) for each component whose name is the host's behind one more label.
local function each_component(f)
	for host, session in pairs(prosody.hosts) do
		if session.type == "component" and host:match("^[^.]+%.(.+)$") == module.host then
			local component = module:context(host);
			if not component:get_option_boolean("disco_hidden", false) then
				f(host, component:get_option_string("name"));
			end
		end
	end
end

module:hook("iq-get/host/"..NS_ITEMS..":query", function (event)
	local origin, stanza = event.origin, event.stanza;
	local node = stanza.tags[1].attr.node;
	if node and node ~= "" then
		return answer_node(event, NS_ITEMS, "host-disco-items-node");
	end
	local reply = st.reply(stanza):tag("query", { xmlns = NS_ITEMS });
	local handled = module:fire_event("host-disco-items", { origin = origin, stanza = stanza, reply = reply });
	if handled ~= nil then
		return handled;
	end
	local function add(jid, item_name)
		reply:tag("item", { jid = jid, name = item_name }):up();
	end
	each_component(add);
	for _, item in ipairs(more_items) do
		add(item[1], item[2]);
	end
	origin.send(reply);
	return true;
end);

local function add_caps(event)
	if not info then build_info(); end
	event.features:tag("c", { xmlns = NS_CAPS, hash = "sha-1", node = CAPS_NODE, ver = hash }):up();
end

module:hook("stream-features", function (event)
	local kind = event.origin.type;
	if kind == "c2s" or kind == "c2s_unbound" then
		add_caps(event);
	end
end);

module:hook("s2s-stream-features", function (event)
	if event.origin.type == "s2sin" then
		add_caps(event);
	end
end);
