-- What is left of a destroyed room: for a while nobody makes it anew (XEP-0045 #destroyroom; M37–M39).

local st = require "util.stanza";

local permission = module:require "permission";

local leave_tombstones = module:get_option_boolean("muc_tombstones", true);
-- Seconds. COMPAT 0.12 knows no periods.
local expiry = (module.get_option_period or module.get_option_number)(module, "muc_tombstone_expiry", 31 * 24 * 60 * 60);

local may_recreate = permission.define("recreate-destroyed-room", "prosody:admin");

local function bury(room, reason, newjid)
	local tombstone = new_room(room.jid, {
		locked = expiry < math.huge and os.time() + expiry or nil;
		destroyed = true;
		hidden = true;
		persistent = true;
		reason = reason;
		newjid = newjid;
	});
	tombstone.save = save_room;
	local ok, err = tombstone:save(true);
	if not ok then
		module:log("error", "Tombstone of %s was not saved: %s", room.jid, err);
	end
end

if leave_tombstones then
	-- After the room itself has been deleted (0). Only rooms that somebody may come back to are remembered.
	module:hook("muc-room-destroyed", function (event)
		local room = event.room;
		if room:get_persistent() and not room._data.destroyed then
			bury(room, event.reason, event.newjid);
			return true;
		end
	end, -10);
end

local function has_expired(tombstone)
	local locked = tombstone._data.locked;
	return locked ~= nil and locked <= os.time();
end

-- Answers for a tombstone. Returns whether the stanza has been dealt with; otherwise there is no room any longer.
local function answer(tombstone, origin, stanza)
	local is_presence = stanza.name == "presence" and stanza.attr.type == nil;
	if has_expired(tombstone) or (is_presence and may_recreate(stanza.attr.from)) then
		forget_room(tombstone);
		delete_room(tombstone);
		return false;
	elseif stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
		local reply = st.error_reply(stanza, "cancel", "gone", tombstone._data.reason, module.host);
		if tombstone._data.newjid then
			reply:get_child("error"):child_with_name("gone"):text("xmpp:"..tombstone._data.newjid.."?join");
		end
		origin.send(reply);
	end
	return true;
end

return { answer = answer };
