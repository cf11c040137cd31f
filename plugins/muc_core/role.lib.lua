-- Roles: what an occupant may do at the moment (XEP-0045 #roles, #moderator; M135, M145, M146).

local st = require "util.stanza";

local util = module:require "util";
local xmlns = module:require "xmlns";
local occupants = module:require "occupant";

local affiliation_ranks, role_ranks = util.valid_affiliations, util.valid_roles;

local methods = {};

-- The role that somebody of this affiliation gets on joining (nil for none), and its rank.
function methods:get_default_role(affiliation)
	local role = module:fire_event("muc-get-default-role", {
		room = self;
		affiliation = affiliation;
		affiliation_rank = affiliation_ranks[affiliation or "none"];
	});
	if not role or role == "none" then
		return nil, role_ranks.none;
	end
	return role, role_ranks[role];
end

-- Last, so that facets such as moderated and members_only can say something else.
module:hook("muc-get-default-role", function (event)
	if event.affiliation_rank >= affiliation_ranks.admin then
		return "moderator";
	elseif event.affiliation_rank >= affiliation_ranks.none then
		return "participant";
	end
end, -1);

function methods:get_role(nick)
	local occupant = self._occupants[nick or ""];
	return occupant and occupant.role;
end

-- M145, if nobody else decides.
local function has_authority(room, actor, occupant, role)
	local actor_affiliation = room:get_affiliation(actor) or "none";
	local is_superior = affiliation_ranks[actor_affiliation] < affiliation_ranks[room:get_affiliation(occupant.bare_jid) or "none"];
	local about_moderators = occupant.role == "moderator" or role == "moderator";
	local is_admin = affiliation_ranks[actor_affiliation] >= affiliation_ranks.admin;
	local is_moderator = room:get_role(room:get_occupant_jid(actor)) == "moderator";
	return is_moderator and not is_superior and (is_admin or not about_moderators);
end

-- Returns true, or nil and the error's type and condition.
function methods:may_set_role(actor, occupant, role)
	local event = { room = self; actor = actor; occupant = occupant; role = role };
	module:fire_event("muc-pre-set-role", event);
	if event.allowed ~= nil then
		return event.allowed, event.error, event.condition;
	elseif not has_authority(self, actor, occupant, role) then
		return nil, "cancel", "not-allowed";
	end
	return true;
end

-- Returns the occupant and the role, nil for none; or nil and the error's type and condition.
local function check(room, actor, occupant_jid, role)
	if not actor then return nil, "modify", "not-acceptable"; end
	local occupant = room:get_occupant_by_nick(occupant_jid);
	if not occupant then return nil, "modify", "item-not-found"; end
	if not role_ranks[role or "none"] then return nil, "modify", "not-acceptable"; end
	return occupant, role ~= "none" and role or nil;
end

-- Gives an occupant, a copy, this role (nil: out), and tells nobody. What others have done meanwhile is not taken back with it.
function methods:change_role(occupant, role)
	local before, old_role = occupants.copy(occupant), occupant.role;
	occupant.role = role;
	self:save_occupant(occupant);
	self:unless_saved(function ()
		local now = self:get_occupant_by_nick(occupant.nick) or (role == nil and before);
		if now and now.bare_jid == before.bare_jid then
			now.role = old_role;
			self:save_occupant(now);
		end
	end);
end

-- actor: a real JID, or true for the service itself. role nil or "none" kicks.
-- Returns true, or nil and the error's type and condition.
function methods:set_role(actor, occupant_jid, role, reason)
	local occupant, condition;
	occupant, role, condition = check(self, actor, occupant_jid, role);
	if not occupant then return nil, role, condition; end
	if actor == true then
		actor = nil;
	else
		local allowed, err_type, why = self:may_set_role(actor, occupant, role);
		if not allowed then return nil, err_type or "cancel", why or "not-allowed"; end
	end

	local x = st.stanza("x", { xmlns = xmlns.user });
	if not role then
		x:tag("status", { code = "307" }):up();
	end
	local old_role = occupant.role;
	self:change_role(occupant, role);
	self:once_saved(function ()
		self:publicise_occupant_status(occupant, x, nil, actor, reason, old_role);
		if not role then
			module:fire_event("muc-occupant-left", { room = self; nick = occupant.nick; occupant = occupant });
		end
	end);
	return true;
end

return methods;
