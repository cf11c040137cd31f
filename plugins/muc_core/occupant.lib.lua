-- An occupant: someone in a room under a nick, with one or more sessions (M74, M75; multi-session nicks).
-- What rooms hand out are copies: a change counts once it went through room:save_occupant().

local st = require "util.stanza";

local util = module:require "util";

local occupant_mt = {};
occupant_mt.__index = occupant_mt;

-- nick is the occupant JID. role is nil for "none".
local function new(bare_real_jid, nick)
	return setmetatable({
		bare_jid = bare_real_jid;
		nick = nick;
		sessions = {}; -- full JID → the latest presence of that session, never changed in place
		role = nil;
		jid = nil; -- full JID of the primary session, the one whose presence stands for the occupant
	}, occupant_mt);
end

local function copy(occupant)
	local sessions = {};
	for full_jid, presence in pairs(occupant.sessions) do
		-- Ended sessions would pile up; the primary's last presence is still to be shown.
		if presence.attr.type ~= "unavailable" or full_jid == occupant.jid then
			sessions[full_jid] = presence;
		end
	end
	return setmetatable({
		bare_jid = occupant.bare_jid;
		nick = occupant.nick;
		sessions = sessions;
		role = occupant.role;
		jid = occupant.jid;
		stable_id = occupant.stable_id;
	}, occupant_mt);
end

function occupant_mt:each_session()
	return pairs(self.sessions);
end

function occupant_mt:get_presence(full_jid)
	return self.sessions[full_jid or self.jid];
end

-- An available session, if there is one.
function occupant_mt:choose_new_primary()
	for full_jid, presence in pairs(self.sessions) do
		if presence.attr.type == nil then
			return full_jid;
		end
	end
end

-- Whether a session other than this one is available.
function occupant_mt:has_other_session(full_jid)
	for other_jid, presence in pairs(self.sessions) do
		if other_jid ~= full_jid and presence.attr.type == nil then
			return true;
		end
	end
	return false;
end

-- New sessions do not take over: the primary stays until it goes unavailable, so that others see one steady presence.
function occupant_mt:set_session(full_jid, presence, replace_primary)
	presence = util.filter_muc_x(st.clone(presence));
	presence.attr.from, presence.attr.to = self.nick, full_jid;
	self.sessions[full_jid] = presence;
	local primary_left = self.jid == full_jid and presence.attr.type == "unavailable";
	if replace_primary then
		self.jid = full_jid;
	elseif self.jid == nil or primary_left then
		self.jid = self:choose_new_primary() or full_jid;
	end
end

function occupant_mt:remove_session(full_jid)
	self.sessions[full_jid] = nil;
	if self.jid == full_jid then
		self.jid = self:choose_new_primary();
	end
end

return { new = new, copy = copy, mt = occupant_mt };
