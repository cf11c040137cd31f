-- What somebody who enters is shown: everybody else's presence (XEP-0045 #enter-pres; M69, M71).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_host = require "util.jid".host;

local xmlns = module:require "xmlns";
local items = module:require "item";

-- An occupant's presence with its <x/>, anonymous or not, as made for the last who asked: in a large room all who enter are shown the
-- same. It is kept on the occupant, which every change replaces; only the affiliation is the room's. Whoever changes it takes a copy.
local function presence_of(room, occupant, is_anonymous, affiliation)
	local shown = occupant.shown;
	if not shown or shown.affiliation ~= affiliation then
		shown = { affiliation = affiliation };
		occupant.shown = shown;
	end
	local presence = shown[is_anonymous];
	if not presence then
		local x = room:build_item_list(occupant, st.stanza("x", { xmlns = xmlns.user }), is_anonymous);
		presence = st.clone(occupant:get_presence()):add_child(x);
		shown[is_anonymous] = presence;
	end
	return presence;
end

local function send_presence(room, occupant, to, is_anonymous)
	local affiliation = room:get_affiliation(occupant.bare_jid);
	local presence = st.clone(presence_of(room, occupant, is_anonymous, affiliation));
	presence.attr.to = to;
	module:fire_event("muc-build-occupant-presence", { room = room; occupant = occupant; stanza = presence });
	room:route_stanza(presence);
end

-- The same for many occupants at once, for when nobody else wants to see each presence. Of this module's own handlers only that of hats
-- changes them, by what is kept with the affiliation: whoever has something kept is sent alone.
local batch_mt = {};
batch_mt.__index = batch_mt;

local function new_batch(room, to)
	return setmetatable({ room = room; to = to; presences = {}; length = 0 }, batch_mt);
end

local function is_unwatched(room)
	return room:routes_itself() and room:has_plain_affiliations() and not module:others_hook("muc-build-occupant-presence");
end

function batch_mt:add(occupant, is_anonymous)
	local room, bare_jid = self.room, occupant.bare_jid;
	local affiliations = room._affiliations;
	local affiliation = affiliations[bare_jid];
	if room._affiliation_data[bare_jid] then
		self:flush();
		return send_presence(room, occupant, self.to, is_anonymous);
	elseif not affiliation and affiliations[jid_host(bare_jid)] == "outcast" then
		affiliation = "outcast";
	end
	local n = self.length + 1;
	self.length, self.presences[n] = n, presence_of(room, occupant, is_anonymous, affiliation);
end

function batch_mt:flush()
	if self.length == 0 then return; end
	module:send_each(self.presences, self.to);
	self.presences, self.length = {}, 0;
end

-- Somebody with an affiliation who is not here, by reserved nick if there is one.
local function send_absent(room, jid, affiliation, nick, to, is_anonymous)
	local x = st.stanza("x", { xmlns = xmlns.user });
	items.add(x, { affiliation = affiliation; role = "none"; nick = nick; jid = not is_anonymous and jid or nil });
	local from = nick and room.jid.."/"..nick or room.jid;
	local presence = st.presence({ from = from; to = to; type = "unavailable" }):add_child(x);
	module:fire_event("muc-build-occupant-presence", { room = room; bare_jid = jid; nick = nick; stanza = presence });
	room:route_stanza(presence);
end

local function send_absentees(room, to, is_anonymous, filter)
	for jid, affiliation, data in room:each_affiliation() do
		local nick = data and data.reserved_nickname;
		local is_here = next(room._audience:sessions_of(jid)) ~= nil;
		if not is_here and (nick or not is_anonymous) and (not filter or filter(jid, nil)) then
			send_absent(room, jid, affiliation, nick, to, is_anonymous);
		end
	end
end

local methods = {};

-- to: a full JID. filter(occupant JID, occupant), or filter(bare JID, nil) for absent people, chooses who is shown.
function methods:send_occupant_list(to, filter)
	local to_bare, is_anonymous = jid_bare(to), self:is_anonymous_for(to);
	local shown_roles = self:get_presence_broadcast();
	local batch = is_unwatched(self) and new_batch(self, to);
	for occupant_jid, occupant in pairs(self._occupants) do
		local is_own = occupant.bare_jid == to_bare;
		if (is_own or shown_roles[occupant.role or "none"]) and (not filter or filter(occupant_jid, occupant)) then
			if batch then
				batch:add(occupant, is_anonymous and not is_own);
			else
				send_presence(self, occupant, to, is_anonymous and not is_own);
			end
		end
	end
	if batch then
		batch:flush();
	end
	if shown_roles.none then
		send_absentees(self, to, is_anonymous, filter);
	end
end

return methods;
