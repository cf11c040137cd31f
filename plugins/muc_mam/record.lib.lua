-- What is said goes into the archive, and out with the id it has there (XEP-0359; M115, M122, M123, M128).

local st = require "util.stanza";
local jid_prep = require "util.jid".prep;

local log = module:require "log";
local xmlns = module:require "xmlns";
local expiry = module:require "expiry";

local log_presences = module:get_option_boolean("muc_log_presences", false);
local item_limit = log.caps.quota or module:get_option_number("storage_archive_item_limit", 1000); -- stanzas of one room

-- In rooms where everybody knows who somebody is, readers of the archive do, too. The room alone says so.
local function with_sender(room, stanza)
	local occupant = stanza.name == "message" and room:get_whois() == "anyone" and room:get_occupant_by_nick(stanza.attr.from);
	if not occupant then return stanza; end
	local copy = st.clone(stanza);
	copy:remove_children("x", xmlns.user);
	copy:add_direct_child(st.stanza("x", { xmlns = xmlns.user }):tag("item", {
		affiliation = room:get_affiliation(occupant.bare_jid) or "none";
		role = occupant.role;
		jid = occupant.bare_jid;
	}):up());
	return copy;
end

-- Where it is full, what has expired makes room, then what is oldest. Returns the id, or nil and an error.
local function append(node, stanza, now, with)
	local function try()
		return log.store:append(node, nil, stanza, now, with);
	end
	local id, err = try();
	if not id and err == "quota-limit" and expiry.clean(node) then
		id, err = try();
	end
	if not id and err == "quota-limit" and log.caps.truncate then
		log.store:delete(node, { truncate = math.floor(item_limit * 0.99) });
		id, err = try();
	end
	return id, err;
end

-- Adds the id to the stanza, which still has to go out. What cannot be archived goes out nonetheless.
local function record(room, stanza)
	if not log.is_archived(room) then return; end
	local with = stanza.attr.type and stanza.name.."<"..stanza.attr.type or stanza.name;
	local id, err = append(log.node(room), with_sender(room, stanza), os.time(), with);
	if not id then
		module:log("error", "A stanza of %s was not archived: %s", room.jid, err);
		return;
	end
	stanza:add_direct_child(st.stanza("stanza-id", { xmlns = xmlns.stanza_id; by = room.jid; id = id }));
end

-- Before the message is kept in memory (-1), so that the copy there has the id.
module:hook("muc-add-history", function (event)
	record(event.room, event.stanza);
end);

if log_presences then
	module:hook("muc-occupant-joined", function (event)
		record(event.room, st.presence({ from = event.nick }):tag("x", { xmlns = xmlns.muc }):up());
	end);
	module:hook("muc-occupant-left", function (event)
		record(event.room, st.presence({ from = event.nick; type = "unavailable" }));
	end);
end

-- Nobody but the room gives ids in the room's name.
local function strip_forged(event)
	local room_jid, stanza = event.room.jid, event.stanza;
	if not stanza:get_child("stanza-id", xmlns.stanza_id) then return; end
	stanza:maptags(function (child)
		local is_id = child.name == "stanza-id" and child.attr.xmlns == xmlns.stanza_id;
		if not (is_id and jid_prep(child.attr.by) == room_jid) then
			return child;
		end
	end);
end

module:hook("muc-broadcast-message", strip_forged, 1); -- before it is archived (0)
module:hook("muc-private-message", strip_forged, 1);
