-- Joining (XEP-0045 #enter, #createroom; M13–M15, M28, M63–M69). The checks are the other facets' handlers of muc-occupant-pre-join.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local refusal = module:require "refusal";
local xmlns = module:require "xmlns";

local methods = {};

-- A nick in use by another account is refused whatever the case (XEP-0045 #enter-conflict).
local function refuse_conflict(room, origin, stanza)
	origin.send(refusal(stanza, "cancel", "conflict", "This nickname is in use", room.jid));
	return true;
end
methods.refuse_conflict = refuse_conflict;

-- Whether a nick (occupant JID) belongs to another account at the moment.
function methods:is_taken_by_other(occupant_jid, bare_jid)
	local holder = self._occupants[occupant_jid];
	return holder ~= nil and jid_bare(holder.bare_jid) ~= bare_jid;
end

local function fire(name, event, occupant, jid)
	module:fire_event(name, {
		room = event.room;
		nick = occupant.nick;
		occupant = occupant;
		stanza = event.stanza;
		origin = event.origin;
		jid = jid;
	});
end

-- For these two, event is that of the presence which brought the session here.
function methods:fire_joined(event, occupant) --luacheck: ignore 212/self
	fire("muc-occupant-joined", event, occupant);
end

function methods:fire_session_new(event, occupant) --luacheck: ignore 212/self
	fire("muc-occupant-session-new", event, occupant, event.stanza.attr.from);
end

local function self_x(room, is_new_room, renamed)
	local x = st.stanza("x", { xmlns = xmlns.user });
	if is_new_room then
		x:tag("status", { code = "201" }):up();
	end
	if room:get_whois() == "anyone" then
		x:tag("status", { code = "100" }):up();
	end
	if renamed then
		x:tag("status", { code = "210" }):up();
	end
	return x;
end

-- Who the newcomer becomes, once all have agreed. They may have chosen another nick, or have waited for something: the account may be
-- there under this nick by now, and gets one more session (M66, M167). It stays the object that the others have seen, with what they
-- have hung on it. Returns whether it is new in the room.
local function settle(room, event)
	local occupant = event.occupant;
	local present = room:get_occupant_by_nick(occupant.nick);
	if not present then
		occupant.sessions, occupant.jid = {}, nil;
		return true;
	end
	occupant.sessions, occupant.jid = present.sessions, present.jid;
	if event.is_first_session then
		occupant.role = present.role;
	end
	return false;
end

-- Asks the other facets. Returns the occupant to become, whether it is a new one, and the event; nil if the sender has been refused.
local function ask(room, origin, stanza, is_new_room)
	local bare_jid = jid_bare(stanza.attr.from);
	local occupant = room:get_occupant_by_nick(stanza.attr.to);
	local event = {
		room = room;
		origin = origin;
		stanza = stanza;
		is_first_session = occupant == nil;
		is_new_room = is_new_room;
		occupant = occupant or room:new_occupant(bare_jid, stanza.attr.to);
	};
	if module:fire_event("muc-occupant-pre-join", event) then return nil; end
	if room:is_taken_by_other(event.occupant.nick, bare_jid) then
		refuse_conflict(room, origin, stanza);
		return nil;
	end
	return event.occupant, settle(room, event), event;
end

local function admit(room, occupant, is_first, event)
	local stanza = event.stanza;
	local full_jid = stanza.attr.from;
	occupant:set_session(full_jid, stanza);
	room:save_occupant(occupant);
	room:send_others_to(full_jid);
	local renamed = occupant.nick ~= stanza.attr.to;
	room:publicise_occupant_status(occupant, {
		base = st.stanza("x", { xmlns = xmlns.user });
		self = self_x(room, event.is_new_room, renamed);
	});
	if is_first then
		room:fire_joined(event, occupant);
	end
	room:fire_session_new(event, occupant);
end

function methods:handle_join(origin, stanza)
	local occupant, is_first, event = ask(self, origin, stanza);
	if occupant then
		admit(self, occupant, is_first, event);
	end
	return true;
end

-- The presence that makes the room exist. A creator who is refused leaves no empty, locked room behind; one who is let in is told so
-- when a persistent room is in the store.
function methods:handle_first_presence(origin, stanza)
	if module:fire_event("muc-room-pre-create", { room = self; origin = origin; stanza = stanza }) then
		return true;
	end
	local occupant, is_first, event = ask(self, origin, stanza, true);
	if not occupant then
		forget_room(self);
		delete_room(self); -- a persistent one may have been saved on the way
		return true;
	elseif not keep_room(self) then
		origin.send(refusal(stanza, "wait", "internal-server-error", nil, self.jid));
		return true;
	end
	admit(self, occupant, is_first, event);
	module:fire_event("muc-room-created", { room = self; creator = occupant; stanza = stanza; origin = origin });
	return true;
end

return methods;
