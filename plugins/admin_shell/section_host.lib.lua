-- host:activate, deactivate, list

local hostmanager = require "core.hostmanager";

local format = module:require "format";
local hosts = module:require "hosts";

local words = { ["local"] = "accounts", component = "component" };

return function (add)
	local command = add("host", "Begin and cease to serve hosts of the configuration");
	local host = { name = "host"; type = "string" };

	command("activate", "Begin to serve a host", { host }, function (_, name)
		local ok, problem = hostmanager.activate(name);
		if not ok then return nil, problem; end
		return true, name.." is active";
	end);
	command("deactivate", "End the sessions of a host and cease to serve it", { host }, function (_, name)
		local ok, problem = hostmanager.deactivate(name);
		if not ok then return nil, problem; end
		return true, name.." is not active any more";
	end);
	command("list", "List the hosts that are served", {}, function (self)
		local list = hosts.all();
		for _, name in ipairs(list) do
			local kind = prosody.hosts[name].type;
			self.session.print(("%s (%s)"):format(name, words[kind] or kind));
		end
		return true, format.count(#list, "host");
	end);
end;
