-- config:get, set, reload

local configmanager = require "core.configmanager";

local format = module:require "format";

local function section_of(host)
	return host == "*" or prosody.hosts[host] ~= nil;
end

return function (add)
	local command = add("config", "Look at the configuration, and read it again");
	local host, option = { name = "host"; type = "string" }, { name = "option"; type = "string" };

	command("get", "Show an option of a host, or the global one", { host, option }, function (_, section, name)
		if not name then
			section, name = "*", section;
		end
		if not name then return nil, "which option?"; end
		if not section_of(section) then return nil, "there is no host "..section; end
		local value = configmanager.get(section, name);
		if value == nil then
			return true, name.." is not set";
		end
		return true, format.value(value);
	end);

	command("set", "Change an option until the configuration is read again", { host, option, { name = "value" } }, function (_, section, name, value)
		if value == nil then
			section, name, value = "*", section, name;
		end
		if not name then return nil, "which option?"; end
		if not section_of(section) then return nil, "there is no host "..section; end
		local ok, problem = configmanager.set(section, name, value);
		if not ok then return nil, problem; end
		return true, ("%s is %s"):format(name, format.value(value));
	end);

	command("reload", "Read the configuration again", {}, function ()
		local ok, problem = prosody.reload_config();
		if not ok then return nil, problem; end
		return true, "The configuration has been read; modules may have to be reloaded to heed it";
	end);
end;
