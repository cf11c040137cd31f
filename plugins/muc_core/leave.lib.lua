-- Leaving, on one's own account or because a session answers with errors (XEP-0045 #exit, #service-error-kick; M86–M89, M104).

local st = require "util.stanza";

local xmlns = module:require "xmlns";
local items = module:require "item";

local methods = {};

local function announce(room, occupant, x, old_role, origin, stanza)
	room:save_occupant(occupant);
	room:publicise_occupant_status(occupant, x, nil, nil, nil, old_role);
	if occupant.role == nil then
		module:fire_event("muc-occupant-left",
			{ room = room; nick = occupant.nick; occupant = occupant; origin = origin; stanza = stanza });
	end
end

-- One of several sessions ends: it sees itself leave, the others see what the occupant's primary session says now.
-- code: why it has to, nil if it leaves by itself.
local function end_session(room, occupant, presence, code)
	local full_jid = presence.attr.from;
	occupant:set_session(full_jid, presence);
	local farewell = st.clone(occupant:get_presence(full_jid));
	occupant:remove_session(full_jid);
	room:save_occupant(occupant);
	local x = st.stanza("x", { xmlns = xmlns.user });
	if code then
		x:tag("status", { code = code }):up();
	end
	items.add(x, {
		affiliation = room:get_affiliation(occupant.bare_jid) or "none";
		role = occupant.role;
		jid = full_jid;
	});
	room:publicise_occupant_status(occupant, st.stanza("x", { xmlns = xmlns.user }), nil, nil, nil, occupant.role);
	module:fire_event("muc-build-occupant-presence", { room = room; occupant = occupant; stanza = farewell });
	room:route_stanza(farewell:add_child(x:tag("status", { code = "110" }):up()));
	return true;
end

function methods:handle_leave(origin, stanza, occupant)
	local full_jid = stanza.attr.from;
	local is_last = not occupant:has_other_session(full_jid);
	local event = { room = self; origin = origin; stanza = stanza; is_last_session = is_last; occupant = occupant };
	if module:fire_event("muc-occupant-pre-leave", event) then return true; end
	if not is_last then
		return end_session(self, occupant, stanza);
	end
	local old_role = occupant.role;
	occupant.role = nil;
	occupant:set_session(full_jid, stanza);
	announce(self, occupant, st.stanza("x", { xmlns = xmlns.user }), old_role, origin, stanza);
	return true;
end

local function farewell_text(room, stanza)
	local _, condition, text = stanza:get_error();
	local farewell = "Removed: "..(condition and condition:gsub("%-", " ") or "presence error");
	if text and room:get_whois() == "anyone" then
		farewell = farewell..": "..text;
	end
	return farewell;
end

function methods:handle_kickable(_, stanza)
	local full_jid = stanza.attr.from;
	local occupant = self:get_occupant_by_real_jid(full_jid);
	if not occupant then return; end
	local presence = st.presence({ type = "unavailable"; from = full_jid }):tag("status"):text(farewell_text(self, stanza)):up();
	if occupant:has_other_session(full_jid) then
		return end_session(self, occupant, presence, "333");
	end
	local old_role = occupant.role;
	occupant.role = nil;
	occupant:set_session(full_jid, presence);
	announce(self, occupant, st.stanza("x", { xmlns = xmlns.user }):tag("status", { code = "333" }):up(), old_role);
	return true;
end

return methods;
