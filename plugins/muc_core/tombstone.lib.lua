-- What is left of a destroyed room: for a while nobody makes it anew (XEP-0045 #destroyroom; M37–M39).

local permission = module:require "permission";
local refusal = module:require "refusal";

local methods = {};

local leave_tombstones = module:get_option_boolean("muc_tombstones", true);
-- Seconds. COMPAT 0.12 knows no periods.
local expiry = (module.get_option_period or module.get_option_number)(module, "muc_tombstone_expiry", 31 * 24 * 60 * 60);

local may_recreate = permission.define("recreate-destroyed-room", "prosody:admin");

-- Takes the place of the room in the store. Returns true, or nil and an error when the room itself is still there.
local function bury(room, reason, newjid)
	local tombstone = new_room(room.jid, {
		locked = expiry < math.huge and os.time() + expiry or nil;
		destroyed = true;
		hidden = true;
		persistent = true;
		reason = reason;
		newjid = newjid;
	});
	tombstone._is_stored = room._is_stored;
	local ok, err = save_room(tombstone, true);
	if not ok then return nil, err; end
	room._is_stored, room._is_buried, room._has_left_store = nil, true, true;
	return true;
end

-- Only rooms that somebody may come back to are remembered.
local function is_worth_it(room)
	return leave_tombstones and room:get_persistent() and not room._data.destroyed;
end

-- What a room that is to be destroyed leaves in the store. First of all: a room that everybody has been thrown out of must not come back.
-- Returns true, or nil and an error.
function methods:leave_store(reason, newjid)
	if is_worth_it(self) then
		return bury(self, reason, newjid);
	end
	local ok, err = delete_room(self);
	self._has_left_store = ok;
	return ok, err;
end

-- After the room itself has been deleted (0), for rooms that end in another way.
module:hook("muc-room-destroyed", function (event)
	local room = event.room;
	if room._is_buried then return true; end
	if not is_worth_it(room) then return; end
	local ok, err = bury(room, event.reason, event.newjid);
	if not ok then
		module:log("error", "Tombstone of %s was not saved: %s", room.jid, err);
	end
	return true;
end, -10);

local function has_expired(tombstone)
	local locked = tombstone._data.locked;
	return locked ~= nil and locked <= os.time();
end

-- The address to join a room (RFC 5122); what has a meaning of its own in addresses is written in hexadecimal.
local function join_uri(jid)
	local escaped = jid:gsub("[%%?#%[%]\\^`{|}]", function (character)
		return ("%%%02X"):format(character:byte());
	end);
	return "xmpp:"..escaped.."?join";
end

-- Answers for a tombstone. Returns whether the stanza has been dealt with; otherwise there is no room any longer.
function methods:answer_as_tombstone(origin, stanza)
	local tombstone = self;
	local is_presence = stanza.name == "presence" and stanza.attr.type == nil;
	if has_expired(tombstone) or (is_presence and may_recreate(stanza.attr.from)) then
		forget_room(tombstone);
		delete_room(tombstone);
		return false;
	elseif stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
		local reply = refusal(stanza, "cancel", "gone", tombstone._data.reason, module.host);
		if tombstone._data.newjid then
			reply:get_child("error"):child_with_name("gone"):text(join_uri(tombstone._data.newjid));
		end
		origin.send(reply);
	end
	return true;
end

return methods;
