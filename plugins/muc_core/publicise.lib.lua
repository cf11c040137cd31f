-- Telling the room about an occupant: one presence in the versions that the different readers may see (M76–M85).

local st = require "util.stanza";

local items = module:require "item";

local can_see_real_jids = items.can_see_real_jids;

-- The primary session's presence stands for the occupant; who is made to leave never sent a presence that says so.
local function base_presence(occupant, force_unavailable)
	local presence = occupant:get_presence();
	local fits = presence and (occupant.role ~= nil or presence.attr.type == "unavailable");
	if fits and not force_unavailable then
		return st.clone(presence);
	end
	return st.presence({ from = occupant.nick; type = "unavailable" });
end

local versions_mt = {};
versions_mt.__index = versions_mt;

-- The <x/> of a version: "full" with real JIDs, "anon" without, "self" for the occupant: its own JIDs, but not the actor's; "sibling" for
-- the same account under another nick: the same without what is said to the occupant alone.
function versions_mt:build_x(kind)
	local x, event = st.clone(self.x[kind] or self.x.base or self.x), self.event;
	local actor_jid = kind == "full" and event.actor or nil;
	local actor_nick = items.nick_of(self.room, event.actor);
	return self.room:build_item_list(event.occupant, x, kind == "anon", event.nick, actor_nick, actor_jid, event.reason);
end

function versions_mt:get(kind)
	if not self[kind] then
		self[kind] = st.clone(self.event.stanza):add_child(self:build_x(kind));
	end
	return self[kind];
end

function versions_mt:seen_by(reader)
	if can_see_real_jids(self.room:get_whois(), reader) then
		return self:get("full");
	elseif reader.bare_jid == self.event.occupant.bare_jid then
		return self:get(reader.nick == self.event.occupant.nick and "self" or "sibling");
	end
	return self:get("anon");
end

-- The same account under another nick, which may be shown its own JIDs.
local function send_to_siblings(room, occupant, versions, sessions)
	for full_jid, nick in pairs(sessions) do
		local sibling = nick ~= occupant.nick and room._occupants[nick];
		if sibling then
			local presence = st.clone(versions:seen_by(sibling));
			presence.attr.to = full_jid;
			room:route_stanza(presence);
		end
	end
end

local function send_to_others(room, occupant, versions)
	local audience = room._audience;
	local own = audience:sessions_of(occupant.bare_jid);
	if room:get_whois() == "anyone" then
		audience.everyone:send(room, versions:get("full"), own);
	else
		if audience.moderators.jids[1] then
			audience.moderators:send(room, versions:get("full"), own);
		end
		if audience.others.jids[1] then
			audience.others:send(room, versions:get("anon"), own);
		end
	end
	send_to_siblings(room, occupant, versions, own);
end

-- Whether others are told, and if the occupant vanishes from their sight (M78).
local function visibility(room, occupant, prev_role, force_unavailable)
	local shown_roles = room:get_presence_broadcast();
	if force_unavailable or shown_roles[occupant.role or "none"] then
		return true, false;
	end
	local was_shown = prev_role ~= nil and shown_roles[prev_role];
	return was_shown, was_shown;
end

local function send_to_self(room, occupant, versions)
	local x = versions:build_x("self"):tag("status", { code = "110" }):up();
	if occupant.role == nil then
		return room:route_to_occupant(occupant, st.clone(versions.event.stanza):add_child(x));
	end
	for full_jid, presence in occupant:each_session() do
		presence = st.clone(presence);
		presence.attr.to = full_jid;
		module:fire_event("muc-build-occupant-presence", { room = room; occupant = occupant; stanza = presence });
		room:route_stanza(presence:add_child(st.clone(x)));
	end
end

local methods = {};

-- x: the <x/> with status codes, or a table of versions of it (base, full, anon, self). nick: the new one, on a nick change.
-- actor: real JID of who did it. prev_role: the role until now, if it changed. recipient: tell only this occupant.
function methods:publicise_occupant_status(occupant, x, nick, actor, reason, prev_role, force_unavailable, recipient)
	local event = {
		room = self;
		stanza = base_presence(occupant, force_unavailable);
		x = x.base or x;
		occupant = occupant;
		nick = nick;
		actor = actor;
		reason = reason;
	};
	module:fire_event("muc-build-occupant-presence", event);
	local versions = setmetatable({ room = self, event = event, x = x }, versions_mt);
	if recipient then
		return self:route_to_occupant(recipient, versions:seen_by(recipient));
	end
	module:fire_event("muc-broadcast-presence", event);
	local told, vanishes = visibility(self, occupant, prev_role, force_unavailable);
	if vanishes then
		event.stanza.attr.type = "unavailable";
	end
	if told then
		send_to_others(self, occupant, versions);
	end
	send_to_self(self, occupant, versions);
end

return methods;
