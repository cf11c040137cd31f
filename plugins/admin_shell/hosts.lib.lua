-- Which hosts a command is about.

local modulemanager = require "core.modulemanager";

local hosts = {};

-- All of them, sorted; with kind only those of it ("local", "component").
function hosts.all(kind)
	local list = {};
	for name, host in pairs(prosody.hosts) do
		if not kind or host.type == kind then
			table.insert(list, name);
		end
	end
	table.sort(list);
	return list;
end

-- The hosts that an argument names: a name, "*", or a list of names; nil and a text if there is none of a name.
function hosts.named(argument)
	if type(argument) == "string" then argument = { argument }; end
	for _, name in ipairs(argument) do
		if name ~= "*" and not prosody.hosts[name] then
			return nil, ("there is no host %s"):format(tostring(name));
		end
	end
	return argument;
end

-- Those where a module is loaded; with a module that is global alone that is "*".
function hosts.with_module(name)
	local list = {};
	for _, host in ipairs(hosts.all()) do
		if modulemanager.get_modules(host)[name] then
			table.insert(list, host);
		end
	end
	if #list == 0 and modulemanager.get_modules("*")[name] then
		table.insert(list, "*");
	end
	return list;
end

return hosts;
