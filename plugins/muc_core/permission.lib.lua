-- What may be done to the service as a whole, and by whom.
-- Prosody 13 asks an authorisation provider, and operators may grant "muc:…" actions to roles of their own; before that there
-- were admins and the others.

local jid_split = require "util.jid".split;
local usermanager = require "core.usermanager";

local parent_host = module.host:gsub("^[^%.]+%.", "");

local function is_admin(jid)
	return usermanager.is_admin(jid, module.host);
end

-- COMPAT 0.12: the three default roles in terms of what that version can tell.
local role_tests = {
	["prosody:guest"] = function () return true; end;
	["prosody:registered"] = function (jid)
		local _, host = jid_split(jid);
		return host == parent_host or is_admin(jid);
	end;
	["prosody:admin"] = is_admin;
};

-- Declares an action that a role (and those above it) may do unless configured otherwise; returns a test of a JID.
local function define(action, role)
	if not module.may then
		return role_tests[role];
	end
	action = "muc:"..action;
	module:default_permission(role, action);
	return function (jid)
		return module:may(action, jid);
	end;
end

return { define = define };
