-- The end of a room (XEP-0045 #destroyroom; M175–M177).

local st = require "util.stanza";

local xmlns = module:require "xmlns";

local methods = {};

-- Removes everybody, or those of whom filter(occupant) is true; x is what their presence carries.
function methods:clear(x, filter)
	x = x or st.stanza("x", { xmlns = xmlns.user });
	local removed = {};
	for _, occupant in self:each_occupant() do
		if not filter or filter(occupant) then
			removed[occupant] = occupant.role;
		end
	end
	for occupant in pairs(removed) do
		occupant.role = nil;
		self:save_occupant(occupant);
	end
	for occupant, old_role in pairs(removed) do
		self:publicise_occupant_status(occupant, x, nil, nil, nil, old_role);
		module:fire_event("muc-occupant-left", { room = self; nick = occupant.nick; occupant = occupant });
	end
end

-- newjid: a room to go to instead, with its password. Returns true, or false and the error's type and condition (each may be nil) if a
-- handler objects, or if the room cannot be removed from the store: it goes on.
function methods:destroy(newjid, reason, password)
	local x = st.stanza("x", { xmlns = xmlns.user });
	local event = { room = self; newjid = newjid; reason = reason; password = password; x = x; allowed = true };
	module:fire_event("muc-pre-room-destroy", event);
	if not event.allowed then
		return false, event.error;
	end
	local removed, err = self:leave_store(event.reason, event.newjid);
	if not removed then
		module:log("error", "Room %s was not destroyed: %s", self.jid, err);
		return false, "wait", "internal-server-error";
	end
	x:tag("destroy", { jid = event.newjid });
	if event.reason then
		x:text_tag("reason", event.reason);
	end
	if event.password then
		x:text_tag("password", event.password);
	end
	x:up();
	self.destroying = event.reason or true;
	self:clear(x);
	module:fire_event("muc-room-destroyed",
		{ room = self; reason = event.reason; newjid = event.newjid; password = event.password });
	return true;
end

return methods;
