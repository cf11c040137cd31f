-- Affiliations: what someone is to the room, whether present or not (XEP-0045 #affil, #modifyowner; M135, M136, M138). How they are
-- changed is in affiliation_change.lib.lua.

local jid_bare = require "util.jid".bare;
local jid_host = require "util.jid".host;

local refusal = module:require "refusal";

local methods = {};

-- Of the bare JID, or of the whole domain if that is banned (M136).
function methods:get_affiliation(jid)
	local affiliations = self._affiliations;
	local affiliation = affiliations[jid_bare(jid)];
	if not affiliation and affiliations[jid_host(jid)] == "outcast" then
		return "outcast";
	end
	return affiliation;
end

local get_affiliation = methods.get_affiliation;

-- Whether affiliations are what `_affiliations` says: nobody has put something in the place of get_affiliation.
function methods:has_plain_affiliations()
	return self.get_affiliation == get_affiliation;
end

-- Iterates over JID, affiliation, data.
function methods:each_affiliation(with_affiliation)
	local affiliations, data = self._affiliations, self._affiliation_data;
	return function (_, jid)
		local affiliation;
		repeat
			jid, affiliation = next(affiliations, jid);
		until jid == nil or with_affiliation == nil or affiliation == with_affiliation;
		return jid, affiliation, jid and data[jid];
	end, nil, nil;
end

-- Whether this bare JID is an owner, and nobody else is.
function methods:is_only_owner(jid)
	for owner in self:each_affiliation("owner") do
		if owner ~= jid then return false; end
	end
	return self._affiliations[jid] == "owner";
end

-- M138. actor: a real JID, or true for the service itself. jid is bare; affiliation is nil for none.
-- Returns true, or nil and the error's type and condition.
function methods:may_set_affiliation(actor, jid, affiliation)
	if actor == true then return true; end
	local target = self._affiliations[jid];
	local actor_affiliation = self:get_affiliation(actor);
	if actor_affiliation == "owner" then
		if jid_bare(actor) == jid and affiliation ~= "owner" and self:is_only_owner(jid) then
			return nil, "cancel", "conflict";
		end
		return true;
	end
	local is_admin_matter = affiliation == "owner" or affiliation == "admin" or target == "owner" or target == "admin";
	if actor_affiliation ~= "admin" or is_admin_matter then
		return nil, "cancel", "not-allowed";
	end
	return true;
end

-- Whoever makes a room owns it. Before the room is kept (-1000), so that it never exists without an owner.
module:hook("muc-room-pre-create", function (event)
	event.room:set_affiliation(true, jid_bare(event.stanza.attr.from), "owner");
end, -1);

-- XEP-0045 #enter-ban. After the members-only check (-5), before the cheaper ways to be told no (password, lock).
module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	if room:get_affiliation(stanza.attr.from) == "outcast" then
		event.origin.send(refusal(stanza, "auth", "forbidden", "You are banned from this room", room.jid));
		return true;
	end
end, -10);

return methods;
