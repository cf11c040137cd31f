-- Small things that every facet of a room needs; other plugins load it as "muc/util".

local has_namespace = require "util.stanza".stanza_mt.__index.has_namespace;

local xmlns_muc = "http://jabber.org/protocol/muc";

-- XEP-0045 #affil: what someone is to the room, and #roles: what an occupant may do now. Higher ranks may more.
local valid_affiliations = { outcast = -1; none = 0; member = 1; admin = 2; owner = 3 };
local valid_roles = { none = 0; visitor = 1; participant = 2; moderator = 3 };

-- Errors which say that an occupant's session is gone for good, not that it disliked one message (M104).
local kickable_conditions = {
	["gone"] = true;
	["internal-server-error"] = true;
	["item-not-found"] = true;
	["jid-malformed"] = true;
	["recipient-unavailable"] = true;
	["redirect"] = true;
	["remote-server-not-found"] = true;
	["remote-server-timeout"] = true;
	["service-unavailable"] = true;
};

-- Payloads that only the room may write. Shared by name, so that an addition by another plugin reaches the rooms.
local filtered_namespaces = module:shared("muc_core/filtered-namespaces");
filtered_namespaces[xmlns_muc] = true;
filtered_namespaces[xmlns_muc.."#user"] = true;

local function is_kickable_error(stanza)
	local _, condition = stanza:get_error();
	return condition == nil or kickable_conditions[condition] == true;
end

local function keep_unfiltered(element)
	if not filtered_namespaces[element.attr.xmlns] then
		return element;
	end
end

local function filter_muc_x(stanza)
	return has_namespace(stanza, filtered_namespaces) and stanza:maptags(keep_unfiltered) or stanza;
end

local function add_filtered_namespace(xmlns)
	filtered_namespaces[xmlns] = true;
	module:add_item("muc-filtered-namespace", xmlns); -- for rooms that do not run in this interpreter
end

local role_filters = {};

-- A filter for room:broadcast(), the same each time.
local function only_with_min_role(role)
	local filter, min_rank = role_filters[role], valid_roles[role];
	if not filter then
		filter = function (_, occupant)
			return valid_roles[occupant.role or "none"] >= min_rank;
		end;
		role_filters[role] = filter;
	end
	return filter;
end

return {
	valid_affiliations = valid_affiliations;
	valid_roles = valid_roles;
	is_kickable_error = is_kickable_error;
	filter_muc_x = filter_muc_x;
	add_filtered_namespace = add_filtered_namespace;
	only_with_min_role = only_with_min_role;
};
