-- Changing the nick (XEP-0045 #changenick; M106–M111).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;

local xmlns = module:require "xmlns";
local items = module:require "item";

local function new_x()
	return st.stanza("x", { xmlns = xmlns.user });
end

-- A session that goes over to a nick which its user already has elsewhere sees that one leave first: to the client it is somebody else.
local function show_leaving(room, occupant, to)
	local x = items.add(new_x(), { affiliation = room:get_affiliation(occupant.bare_jid) or "none"; role = "none" });
	room:route_stanza(st.presence({ from = occupant.nick; to = to; type = "unavailable" })
		:tag("status"):text("Another session of yours has this nickname, you are joining it"):up()
		:add_child(x));
end

-- What only the session itself sees of the change, as others of its user stay under the old nick (M108).
-- COMPAT Clients get confused by the items of other sessions, so there is only its own.
local function show_change_to_session(room, occupant, full_jid, new_nick)
	local x = items.add(new_x(), {
		affiliation = room:get_affiliation(occupant.bare_jid) or "none";
		role = occupant.role;
		jid = full_jid;
		nick = new_nick;
	});
	x:tag("status", { code = "303" }):up():tag("status", { code = "110" }):up();
	room:route_stanza(st.presence({ from = occupant.nick; to = full_jid; type = "unavailable" }):add_child(x));
end

-- The old nick is still in use by the user's other sessions, so the one that left it has to see it.
local function show_again(room, occupant, to)
	local presence = st.clone(occupant:get_presence());
	presence.attr.to = to;
	room:route_stanza(presence:add_child(room:build_item_list(occupant, new_x(), false)));
end

local function depart(room, old, new, event)
	local full_jid, new_nick = event.stanza.attr.from, jid_resource(new.nick);
	local x = new_x();
	old:set_session(full_jid, st.presence({ type = "unavailable"; from = full_jid }));
	if not event.is_first_session then
		show_leaving(room, new, full_jid);
	end
	if event.is_first_session and event.is_last_session then
		x:tag("status", { code = "303" }):up();
	else
		old:remove_session(full_jid);
		show_change_to_session(room, old, full_jid, new_nick);
		new_nick = nil; -- to the others no occupant changes its nick
	end
	local old_role = old.role;
	room:save_occupant(old);
	if event.is_last_session and not event.is_first_session then
		old.role = nil;
	end
	room:publicise_occupant_status(old, x, new_nick, nil, nil, old_role);
end

-- The new occupant is there before anybody hears that the old one has left: a room with nobody in it would be removed.
local function replace(room, old, new, event)
	new:set_session(event.stanza.attr.from, event.stanza);
	room:save_occupant(new);
	if event.is_last_session then
		module:fire_event("muc-occupant-left",
			{ room = room; nick = old.nick; occupant = old; origin = event.origin; stanza = event.stanza });
	end
end

local function arrive(room, old, new, event, renamed)
	local stanza = event.stanza;
	local full_jid, is_resync = stanza.attr.from, stanza:get_child("x", xmlns.muc) ~= nil;
	if is_resync then
		room:send_others_to(full_jid);
	end
	local self_x = new_x();
	if renamed then
		self_x:tag("status", { code = "210" }):up();
	end
	room:publicise_occupant_status(new, { base = new_x(), self = self_x }, nil, nil, nil, old.role);
	if not event.is_last_session then
		show_again(room, old, full_jid);
	end
	if is_resync then
		if event.is_first_session then
			room:fire_joined(event, new);
		end
		room:fire_session_new(event, new);
	end
end

local methods = {};

function methods:handle_nick_change(origin, stanza, old)
	local bare_jid, wish = jid_bare(stanza.attr.from), stanza.attr.to;
	local new = self:get_occupant_by_nick(wish);
	local event = {
		room = self;
		origin = origin;
		stanza = stanza;
		is_first_session = new == nil;
		is_last_session = not old:has_other_session(stanza.attr.from);
		orig_occupant = old;
		dest_occupant = new or self:new_occupant(bare_jid, wish);
	};
	if not new then
		event.dest_occupant.role = old.role;
	end
	if module:fire_event("muc-occupant-pre-change", event) then return true; end
	new = event.dest_occupant;
	if self:is_taken_by_other(new.nick, bare_jid) then
		return self.refuse_conflict(self, origin, stanza);
	end
	depart(self, old, new, event);
	replace(self, old, new, event);
	arrive(self, old, new, event, new.nick ~= wish);
	return true;
end

-- The account has the new nick, too: its sessions go over to it one by one (M109).
local function merge(room, old_jid, new_jid)
	for full_jid, presence in room:get_occupant_by_nick(old_jid):each_session() do
		local stanza = st.clone(presence);
		stanza.attr.from, stanza.attr.to = full_jid, new_jid;
		local old, new = room:get_occupant_by_nick(old_jid), room:get_occupant_by_nick(new_jid);
		if not (old and new and old:get_presence(full_jid)) then return; end -- a bounce has ended a session meanwhile
		local event = {
			stanza = stanza;
			is_first_session = false;
			is_last_session = not old:has_other_session(full_jid);
		};
		depart(room, old, new, event);
		replace(room, old, new, event);
		arrive(room, old, new, event, true);
	end
end

-- Gives an occupant another nick, with all its sessions, on behalf of the service: 303 to all, 210 to itself.
function methods:rename_occupant(old_jid, new_jid)
	local old, new = self:get_occupant_by_nick(old_jid), self:get_occupant_by_nick(new_jid);
	if not old or old_jid == new_jid then return; end
	if new then return merge(self, old_jid, new_jid); end
	new = self:new_occupant(old.bare_jid, new_jid);
	new.role = old.role;
	for full_jid, presence in old:each_session() do
		new:set_session(full_jid, presence);
		old:set_session(full_jid, st.presence({ type = "unavailable" }));
	end
	self:save_occupant(old);
	self:publicise_occupant_status(old, new_x():tag("status", { code = "303" }):up(), jid_resource(new_jid), nil, nil, old.role);
	self:save_occupant(new);
	module:fire_event("muc-occupant-left", { room = self; nick = old_jid; occupant = old });
	local self_x = new_x():tag("status", { code = "210" }):up();
	self:publicise_occupant_status(new, { base = new_x(); self = self_x }, nil, nil, nil, old.role);
end

return methods;
