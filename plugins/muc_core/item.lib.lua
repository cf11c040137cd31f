-- The <item/> of muc#user: who somebody is in the room, as far as the reader may know (XEP-0045 #schemas-user; M80–M85).

local jid_resource = require "util.jid".resource;

-- item: affiliation, role, jid, nick, actor_nick, actor_jid, reason.
local function add(x, item)
	x:tag("item", { affiliation = item.affiliation; role = item.role; jid = item.jid; nick = item.nick });
	if item.actor_nick or item.actor_jid then
		x:tag("actor", { nick = item.actor_nick; jid = item.actor_jid }):up();
	end
	if item.reason then
		x:tag("reason"):text(item.reason):up();
	end
	return x:up();
end

-- Whether an occupant sees the others' real JIDs.
local function can_see_real_jids(whois, occupant)
	return whois == "anyone" or occupant.role == "moderator";
end

local methods = {};

-- actor_jid is a real JID, only for readers who may see such. One item per session; a single one without JID if it is anonymous or
-- no session is left.
function methods:build_item_list(occupant, x, is_anonymous, nick, actor_nick, actor_jid, reason)
	local item = {
		affiliation = self:get_affiliation(occupant.bare_jid) or "none";
		role = occupant.role or "none";
		nick = nick;
		actor_nick = actor_nick;
		actor_jid = actor_jid;
		reason = reason;
	};
	if is_anonymous or next(occupant.sessions) == nil then
		return add(x, item);
	end
	for full_jid in occupant:each_session() do
		item.jid = full_jid;
		add(x, item);
	end
	return x;
end

-- Whether real JIDs are hidden from this one, who need not be in the room (M81).
function methods:is_anonymous_for(jid)
	local whois = self:get_whois();
	if whois == "anyone" then return false; end
	local affiliation = self:get_affiliation(jid);
	if affiliation == "owner" or affiliation == "admin" then return false; end
	local occupant = self._occupants[self._jid_nick[jid] or ""];
	return not (occupant and can_see_real_jids(whois, occupant));
end

-- The nick of an actor, nil if the actor is not in the room.
local function nick_of(room, real_jid)
	local occupant_jid = real_jid and room:get_occupant_jid(real_jid);
	return occupant_jid and jid_resource(occupant_jid);
end

return { add = add, can_see_real_jids = can_see_real_jids, nick_of = nick_of, methods = methods };
