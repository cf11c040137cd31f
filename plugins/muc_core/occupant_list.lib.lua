-- What somebody who enters is shown: everybody else's presence (XEP-0045 #enter-pres; M69, M71).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local xmlns = module:require "xmlns";
local items = module:require "item";

-- What is shown of an occupant, as made for the last who asked: in a large room all who enter are shown the same. It is kept on the
-- occupant, which every change replaces; only the affiliation is the room's. Under true (anonymous) and false are presences as they are
-- prepared for sending, in `trees` those that others want to see before.
local function shown_of(room, occupant)
	local affiliation, shown = room:get_affiliation(occupant.bare_jid), occupant.shown;
	if not shown or shown.affiliation ~= affiliation then
		shown = { affiliation = affiliation; trees = {} };
		occupant.shown = shown;
	end
	return shown;
end

-- An occupant's presence with its <x/>.
local function build(room, occupant, is_anonymous)
	local x = room:build_item_list(occupant, st.stanza("x", { xmlns = xmlns.user }), is_anonymous);
	return st.clone(occupant:get_presence()):add_child(x);
end

local function prepared(room, occupant, is_anonymous)
	local shown = shown_of(room, occupant);
	local presence = shown[is_anonymous];
	if not presence then
		presence = module:prepare(build(room, occupant, is_anonymous));
		shown[is_anonymous] = presence;
	end
	return presence;
end

local function send_presence(room, occupant, to, is_anonymous)
	local trees = shown_of(room, occupant).trees;
	local tree = trees[is_anonymous];
	if not tree then
		tree = build(room, occupant, is_anonymous);
		trees[is_anonymous] = tree;
	end
	local presence = st.clone(tree);
	presence.attr.to = to;
	module:fire_event("muc-build-occupant-presence", { room = room; occupant = occupant; stanza = presence });
	room:route_stanza(presence);
end

-- Whether nobody else wants to see each presence, so that they are sent together. Of this module's own handlers only that of hats changes
-- them, by what is kept with the affiliation: whoever has something kept is sent alone.
local function is_unwatched(room)
	return room:routes_itself() and room:has_plain_affiliations() and not module:others_hook("muc-build-occupant-presence");
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

-- Whether two tables have the same fields.
local function is_same(a, b)
	for key, value in pairs(a) do
		if b[key] ~= value then return false; end
	end
	for key in pairs(b) do
		if a[key] == nil then return false; end
	end
	return true;
end

-- The presences that are prepared, by occupant: each change puts another occupant in the place of one. They hold for as long as affiliations
-- are what they were. Those of who is gone stay until there are many.
local function presences_of(room, is_anonymous)
	local all, people = room._presences, #room._audience.everyone.jids;
	if not all or all.length > 2 * people + 10 or not is_same(all.affiliations, room._affiliations) then
		local affiliations = {};
		for jid, affiliation in pairs(room._affiliations) do
			affiliations[jid] = affiliation;
		end
		all = { affiliations = affiliations; length = 0; [true] = {}; [false] = {} };
		room._presences = all;
	end
	return all[is_anonymous], all;
end

-- Whether an account is in the room with this one session only.
local function is_alone(room, full_jid)
	local sessions = room._audience:sessions_of(jid_bare(full_jid));
	return next(sessions) == full_jid and next(sessions, full_jid) == nil;
end

local function shows_all(shown_roles)
	return shown_roles.visitor and shown_roles.participant and shown_roles.moderator;
end

-- Everybody else to somebody who has just come, which is what a join makes the most of: a single field is read for each occupant. False, and
-- nothing is sent, where there is more to look at.
local function send_all_others(room, to, is_anonymous, shown_roles)
	if not shows_all(shown_roles) or next(room._affiliation_data) ~= nil or not is_alone(room, to) then return false; end
	local presences, all = presences_of(room, is_anonymous);
	local own, list, n = room._jid_nick[to], {}, 0;
	for occupant_jid, occupant in pairs(room._occupants) do
		local presence = presences[occupant];
		if occupant_jid ~= own then
			if not presence then
				presence = prepared(room, occupant, is_anonymous);
				presences[occupant], all.length = presence, all.length + 1;
			end
			n = n + 1;
			list[n] = presence;
		end
	end
	module:send_each(list, to);
	return true;
end

-- The same for whom the filter and the roles admit.
local function send_list(room, to, is_anonymous, shown_roles, filter)
	local to_bare, together = jid_bare(to), is_unwatched(room) and room._affiliation_data;
	local list, n = {}, 0;
	for occupant_jid, occupant in pairs(room._occupants) do
		local bare_jid = occupant.bare_jid;
		local hidden = is_anonymous and bare_jid ~= to_bare;
		if (bare_jid == to_bare or shown_roles[occupant.role or "none"]) and (not filter or filter(occupant_jid, occupant)) then
			if together and not together[bare_jid] then
				n = n + 1;
				list[n] = prepared(room, occupant, hidden);
			else
				if n > 0 then
					module:send_each(list, to);
					list, n = {}, 0;
				end
				send_presence(room, occupant, to, hidden);
			end
		end
	end
	if n > 0 then
		module:send_each(list, to);
	end
end

local methods = {};

-- to: a full JID. filter(occupant JID, occupant), or filter(bare JID, nil) for absent people, chooses who is shown.
function methods:send_occupant_list(to, filter)
	local is_anonymous, shown_roles = self:is_anonymous_for(to), self:get_presence_broadcast();
	local is_for_newcomer = filter ~= nil and filter == self._is_other and is_unwatched(self);
	if not (is_for_newcomer and send_all_others(self, to, is_anonymous, shown_roles)) then
		send_list(self, to, is_anonymous, shown_roles, filter);
	end
	if shown_roles.none then
		send_absentees(self, to, is_anonymous, filter);
	end
end

-- To a session that is in the room.
function methods:send_others_to(full_jid)
	local function is_other(_, occupant)
		return not occupant or occupant.sessions[full_jid] == nil;
	end
	self._is_other = is_other; -- by which send_occupant_list, which may have been wrapped, knows what is wanted
	self:send_occupant_list(full_jid, is_other);
	self._is_other = nil;
end

return methods;
