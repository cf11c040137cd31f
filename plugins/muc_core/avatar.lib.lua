-- A picture of the room: its vCard, set by owners, and the picture's hash for those who are there (XEP-0054, XEP-0153; M174).

local st = require "util.stanza";
local base64 = require "util.encodings".base64;
local sha1 = require "util.hashes".sha1;

local xmlns = module:require "xmlns";

local keep_vcards = module:get_option_boolean("muc_vcard", true);
local advertise = module:get_option_string("muc_avatar_advertise_hashes"); -- "presence", "message", "none"; both unless set

local methods = {};

if not keep_vcards then
	return methods;
end

local vcards = module:open_store("vcard_muc"); -- room node → vCard

local function node_of(room)
	return room.jid:match("^([^@]+)@");
end

-- A vCard may have a picture in several formats. Returns the SHA-1 of each as hexadecimal digits, one a line.
local function hashes_of(vcard)
	local hashes = {};
	for photo in vcard and vcard:childtags("PHOTO") or function () end do
		local data = photo:get_child_text("BINVAL");
		data = data and base64.decode((data:gsub("%s", "")));
		if data and data ~= "" then
			hashes[#hashes + 1] = sha1(data, true);
		end
	end
	return table.concat(hashes, "\n");
end

-- Returns the stanza, or nil and an error if it is none.
local function thaw(room, frozen)
	local thawed, vcard = pcall(st.deserialize, frozen);
	if thawed and st.is_stanza(vcard) then return vcard; end
	module:log("warn", "The picture of %s is damaged and is ignored", room.jid);
	return nil, "damaged";
end

-- The vCard, or nil; on failure nil and an error.
local function read(room)
	local node = node_of(room);
	if not node then return nil; end
	local frozen, err = vcards:get(node);
	if frozen then
		return thaw(room, frozen);
	end
	return nil, err;
end

local function hashes(room)
	if not room.avatar_hashes then
		local vcard, err = read(room);
		if err then return ""; end -- the next time it may work
		room.avatar_hashes = hashes_of(vcard);
	end
	return room.avatar_hashes;
end

-- The SHA-1 of the (first) picture as hexadecimal digits, nil if there is none.
function methods:get_avatar_hash()
	return hashes(self):match("^%x+");
end

local function new_presence(room, hash)
	return st.presence({ from = room.jid }):tag("x", { xmlns = xmlns.vcard_update }):text_tag("photo", hash or ""):up();
end

local function announce(room)
	if advertise == nil or advertise == "presence" then
		room:broadcast(new_presence(room, room:get_avatar_hash()));
	end
	if advertise == nil or advertise == "message" then
		room:broadcast_message(st.message({ type = "groupchat"; from = room.jid })
			:tag("x", { xmlns = xmlns.user }):tag("status", { code = "104" }):up():up());
	end
end

function methods:handle_vcard_get_query(origin, stanza)
	local vcard, err = read(self);
	if vcard then
		origin.send(st.reply(stanza):add_child(vcard));
	elseif err then
		origin.send(st.error_reply(stanza, "wait", "internal-server-error", nil, self.jid));
	else
		origin.send(st.error_reply(stanza, "cancel", "item-not-found", nil, self.jid));
	end
	return true;
end

function methods:handle_vcard_set_query(origin, stanza)
	if self:get_affiliation(stanza.attr.from) ~= "owner" then
		origin.send(st.error_reply(stanza, "auth", "forbidden", "Only owners change the picture", self.jid));
		return true;
	end
	local vcard, node, old_hashes = stanza.tags[1], node_of(self), hashes(self);
	if not node or not vcards:set(node, st.preserialize(vcard)) then
		origin.send(st.error_reply(stanza, "wait", "internal-server-error", nil, self.jid));
		return true;
	end
	self.avatar_hashes = hashes_of(vcard);
	origin.send(st.reply(stanza));
	module:fire_event("vcard-updated", { origin = origin; stanza = stanza });
	if self.avatar_hashes ~= old_hashes then
		announce(self);
	end
	return true;
end

-- As for all stanzas to rooms, below the usual priorities.
module:hook("iq-get/bare/"..xmlns.vcard..":vCard", room_handler("handle_vcard_get_query"), -2);
module:hook("iq-set/bare/"..xmlns.vcard..":vCard", room_handler("handle_vcard_set_query"), -2);

module:add_feature(xmlns.vcard);

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns.vcard }):up();
	local lines = hashes(event.room);
	if lines ~= "" then
		table.insert(event.form, { name = "muc#roominfo_avatarhash"; type = "text-multi"; label = "SHA-1 of the room's picture" });
		event.formdata["muc#roominfo_avatarhash"] = lines;
	end
end);

-- After the newcomer's own presence, before history (50) and subject (20), which end what a newcomer is sent.
module:hook("muc-occupant-session-new", function (event)
	local hash = (advertise == nil or advertise == "presence") and event.room:get_avatar_hash();
	if hash then
		local presence = new_presence(event.room, hash);
		presence.attr.to = event.jid;
		event.room:route_stanza(presence);
	end
end, 60);

local function remove(room)
	local vcard, err = read(room);
	if vcard or err then
		vcards:set(node_of(room), nil);
	end
end

-- Before the tombstone (-10), which ends the chain.
module:hook("muc-room-destroyed", function (event)
	remove(event.room);
end);

-- A crash ends temporary rooms without a word: a new room does not inherit the picture. When nobody objects and the room has its
-- place (-1000).
module:hook("muc-room-pre-create", function (event)
	remove(event.room);
end, -1001);

return methods;
