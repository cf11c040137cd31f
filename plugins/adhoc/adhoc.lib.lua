-- Commands for modules to provide (XEP-0050):
--
--	module:depends("adhoc");
--	local new = module:require("adhoc").new;
--	module:provides("adhoc", new("Say hello", "hello", function (self, data, state) … end, "any"));
--
-- What handlers get and return stands in README.md.

local st = require "util.stanza";

local NS = "http://jabber.org/protocol/commands";

-- Whom a command is for, by what its module says. For the first two a role is asked, to which the operator may give more, or less.
local roles = { admin = "prosody:admin"; global_admin = "prosody:operator" };
local others = { check = true; local_user = true; any = true };

-- A <command/> of the answer.
local function cmdtag(command, status, sessionid, action)
	return st.stanza("command", { xmlns = NS; node = command.node; status = status; sessionid = sessionid; action = action });
end

-- permission: "admin", "global_admin", "local_user", "any", or "check": whoever has the permission "adhoc:NODE".
local function new(name, node, handler, permission)
	-- COMPAT Prosody 0.11: everybody. Modules of that time take who asks for one of their own users.
	if permission == nil or permission == "user" then
		module:log("warn", "command %q: the permission %s is taken for local_user", tostring(node), tostring(permission));
		permission = "local_user";
	end
	local role = roles[permission];
	if not role and not others[permission] then
		error(("command %q: want the permission admin, global_admin, local_user, any or check, got %s")
			:format(tostring(node), tostring(permission)), 2);
	end
	if role then
		-- Through the module that has the command, so that the permission goes when the module does.
		module:default_permission(role, "adhoc:"..node);
	end
	return { name = name; node = node; handler = handler; permission = role and "check" or permission; cmdtag = cmdtag };
end

return { new = new; cmdtag = cmdtag };
