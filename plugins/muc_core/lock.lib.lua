-- A new room is locked until its owner has configured it (XEP-0045 #createroom; M17–M20).

local refusal = module:require "refusal";
local xmlns = module:require "xmlns";

local lock_rooms = module:get_option_boolean("muc_room_locking", true);
-- Seconds until a lock lapses. COMPAT 0.12 knows no periods.
local lock_timeout = (module.get_option_period or module.get_option_number)(module, "muc_room_lock_timeout", 300);

local methods = {};

function methods:lock()
	module:fire_event("muc-room-locked", { room = self });
	self._data.locked = os.time() + lock_timeout;
end

function methods:unlock()
	module:fire_event("muc-room-unlocked", { room = self });
	self._data.locked = nil;
	self:unless_saved(function ()
		module:fire_event("muc-room-locked", { room = self });
	end);
end

function methods:is_locked()
	local locked = self._data.locked;
	if locked and os.time() >= locked then
		self:unlock();
		return false;
	end
	return locked ~= nil;
end

if lock_rooms then
	-- First of all, so that no later step of creation sees the room open. Groupchat 1.0 knows no locks.
	module:hook("muc-room-pre-create", function (event)
		if event.stanza:get_child("x", xmlns.muc) then
			event.room:lock();
		end
	end, 10);
end

-- Last of the checks: a locked room tells only that it is not there.
module:hook("muc-occupant-pre-join", function (event)
	if not event.is_new_room and event.room:is_locked() then
		event.origin.send(refusal(event.stanza, "cancel", "item-not-found", "This room is locked", module.host));
		return true;
	end
end, -30);

-- After the handlers (0) of the form, which may want to know that this is the first one.
module:hook("muc-config-submitted", function (event)
	if event.room:is_locked() then
		event.room:unlock();
	end
end, -1);

return methods;
