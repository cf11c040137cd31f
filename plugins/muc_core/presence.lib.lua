-- Presence to a room: who joins, leaves, changes nick or just says how they are (XEP-0045 #presence; M60–M62, M70, M76).

local st = require "util.stanza";

local xmlns = module:require "xmlns";

local methods = {};

function methods:handle_presence_to_occupant(origin, stanza)
	local kind = stanza.attr.type;
	if kind == "error" then
		return self:handle_kickable(origin, stanza);
	elseif kind == nil or kind == "unavailable" or kind == "probe" then
		return self:handle_normal_presence(origin, stanza);
	elseif kind ~= "visible" and kind ~= "invisible" and kind ~= "result" then
		origin.send(st.error_reply(stanza, "modify", "bad-request", nil, self.jid));
	end
	return true;
end

-- COMPAT Some clients send updates to the room's own JID: taken as meant for their nick, nobody else gets in this way.
function methods:handle_presence_to_room(origin, stanza)
	local occupant_jid, to = self:get_occupant_jid(stanza.attr.from), stanza.attr.to;
	if not occupant_jid then return; end
	stanza.attr.to = occupant_jid;
	local handled = self:handle_presence_to_occupant(origin, stanza);
	stanza.attr.to = to;
	return handled;
end

local function update(room, origin, stanza, occupant, is_resync)
	local full_jid = stanza.attr.from;
	local event = {
		room = room;
		origin = origin;
		stanza = stanza;
		is_last_session = not occupant:has_other_session(full_jid);
		orig_occupant = occupant;
		dest_occupant = occupant;
	};
	if module:fire_event("muc-occupant-pre-change", event) then return true; end
	occupant:set_session(full_jid, stanza);
	room:save_occupant(occupant);
	if is_resync then
		room:send_others_to(full_jid);
	end
	local x = st.stanza("x", { xmlns = xmlns.user });
	room:publicise_occupant_status(occupant, x, nil, nil, nil, occupant.role);
	if is_resync then
		room:fire_session_new(event, occupant);
	end
	return true;
end

-- Without the muc <x/> a client that is not here thinks that it is: tell it (M61). With it, a client that is here thinks that it is
-- not: show it everything again (M70).
function methods:handle_normal_presence(origin, stanza)
	local kind = stanza.attr.type;
	local occupant = self:get_occupant_by_real_jid(stanza.attr.from);
	local muc_x = stanza:get_child("x", xmlns.muc);
	if kind == "probe" then
		self:respond_to_probe(origin, stanza, occupant);
		return true;
	elseif kind == "unavailable" then
		return not occupant or self:handle_leave(origin, stanza, occupant);
	elseif occupant and occupant.nick == stanza.attr.to then
		return update(self, origin, stanza, occupant, muc_x ~= nil);
	elseif occupant then
		return self:handle_nick_change(origin, stanza, occupant);
	elseif muc_x then
		return self:handle_join(origin, stanza);
	end
	origin.send(st.error_reply(stanza, "cancel", "item-not-found", "You are not in this room", self.jid));
	return true;
end

return methods;
