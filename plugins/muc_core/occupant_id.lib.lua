-- Occupant identifiers: the same person has the same one in this room for ever, whatever the nick (XEP-0421; M173).

local base64 = require "util.encodings".base64;
local hmac_sha256 = require "util.hashes".hmac_sha256;
local new_uuid = require "util.uuid".generate;

local xmlns = module:require "xmlns";

local stanza_methods = require "util.stanza".stanza_mt.__index;
local get_child, text_tag = stanza_methods.get_child, stanza_methods.text_tag;
local ns = xmlns.occupant_id;

local methods = {};

-- Old rooms have no salt. Ids that somebody has seen are to last.
local function keep(room)
	local ok, err = room:save();
	if not ok then
		module:log("error", "Room %s will have other occupant ids after a restart: %s", room.jid, err);
	end
end

function methods:get_salt()
	local data = self._data;
	if not data.occupant_id_salt then
		data.occupant_id_salt = new_uuid();
		keep(self);
	end
	return data.occupant_id_salt;
end

function methods:get_occupant_id(occupant)
	local id = occupant.stable_id;
	if not id then
		id = base64.encode(hmac_sha256(occupant.bare_jid, self:get_salt()));
		occupant.stable_id = id;
	end
	return id;
end

local attributes = { xmlns = ns; id = "" }; -- of the latest element, which has its own copy of them

-- Any that is there already was put there by the client. Without an occupant it is the room that speaks, which has none.
local function stamp(room, occupant, stanza)
	if get_child(stanza, "occupant-id", ns) then
		stanza:remove_children("occupant-id", ns);
	end
	if not occupant then return; end
	attributes.id = room:get_occupant_id(occupant);
	text_tag(stanza, "occupant-id", nil, attributes);
end

local function stamp_event(event)
	stamp(event.room, event.dest_occupant or event.occupant, event.stanza);
end

if module:get_option_boolean("muc_occupant_id", true) then
	module:add_feature(xmlns.occupant_id);
	module:hook("muc-disco#info", function (event)
		event.reply:tag("feature", { var = xmlns.occupant_id }):up();
	end);
	module:hook("muc-occupant-pre-join", stamp_event);
	module:hook("muc-occupant-pre-change", stamp_event);
	module:hook("muc-occupant-groupchat", stamp_event);
	module:hook("muc-broadcast-presence", stamp_event);
	module:hook("muc-private-message", stamp_event);
end

return methods;
