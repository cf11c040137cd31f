-- module:info, load, unload, reload, list

local modulemanager = require "core.modulemanager";

local format = module:require "format";
local hosts = module:require "hosts";

local name_argument = { name = "module"; type = "string" };
local host_argument = { name = "host"; type = "string" };

-- Does something on each host; true and a text if all of it succeeded, else nil and what went wrong.
local function on_each(session, list, word, act)
	local done, failed = 0, 0;
	for _, host in ipairs(list) do
		local ok, problem = act(host);
		if ok then
			done = done + 1;
			session.print(("%s on %s"):format(word, host));
		else
			failed = failed + 1;
			session.print(("Not %s on %s: %s"):format(word:lower(), host, tostring(problem)));
		end
	end
	if failed > 0 then
		return nil, ("%s on %d of %d hosts"):format(word, done, done + failed);
	end
	return true, ("%s on %s"):format(word, format.count(done, "host"));
end

-- Where to load a module that nobody has named a host for: where it is enabled, else on every host with accounts.
local function where_enabled(name)
	local list = {};
	for _, host in ipairs(hosts.all()) do
		if modulemanager.get_modules_for_host(host):contains(name) then
			table.insert(list, host);
		end
	end
	return list[1] and list or hosts.all("local");
end

local function load_module(self, name, host)
	local list, problem = hosts.named(host or where_enabled(name));
	if not list then return nil, problem; end
	return on_each(self.session, list, "Loaded", function (on) return modulemanager.load(on, name); end);
end

local function changer(word, change)
	return function (self, name, host)
		local list, problem = hosts.named(host or hosts.with_module(name));
		if not list then return nil, problem; end
		if #list == 0 then return nil, name.." is not loaded on any host"; end
		return on_each(self.session, list, word, function (on) return change(on, name); end);
	end;
end

local function list_modules(self, host)
	local list, problem = hosts.named(host or { "*", unpack(hosts.all()) });
	if not list then return nil, problem; end
	local rows = {};
	for _, on in ipairs(list) do
		for name, mod in pairs(modulemanager.get_modules(on)) do
			local status, text;
			if mod.module and mod.module.get_status then
				status, text = mod.module:get_status();
			end
			table.insert(rows, { host = on; name = name; status = status or ""; text = text or "" });
		end
	end
	table.sort(rows, function (a, b) return a.host..":"..a.name < b.host..":"..b.name; end);
	format.print_rows(self.session, {
		{ title = "Host"; key = "host"; width = "25%" }, { title = "Module"; key = "name"; width = "25%" },
		{ title = "Status"; key = "status"; width = 6 }, { title = "About it"; key = "text"; width = "50%" },
	}, rows);
	return true, format.count(#rows, "module");
end

local function describe(session, mod, host)
	session.print(("On %s%s"):format(host, mod.module and mod.module.path and ", from "..mod.module.path or ""));
	if not mod.module then return; end
	local status, text = mod.module:get_status();
	if status then session.print("  Status: "..status..": "..tostring(text)); end
	for dependency in pairs(mod.module.dependencies or {}) do
		session.print("  Depends on: "..tostring(dependency));
	end
end

local function info(self, name, host)
	local list, problem = hosts.named(host or hosts.with_module(name));
	if not list then return nil, problem; end
	local n = 0;
	for _, on in ipairs(list) do
		local mod = modulemanager.get_modules(on)[name];
		if mod then
			n = n + 1;
			describe(self.session, mod, on);
		end
	end
	if n == 0 then return nil, name.." is not loaded there"; end
	return true, format.count(n, "instance");
end

return function (add)
	local command = add("module", "Load, reload and unload modules");
	command("info", "Show what is known of a loaded module", { name_argument, host_argument }, info);
	command("load", "Load a module, where it is enabled unless a host is named", { name_argument, host_argument }, load_module);
	command("unload", "Unload a module", { name_argument, host_argument }, changer("Unloaded", modulemanager.unload));
	command("reload", "Load a module anew, with its state", { name_argument, host_argument }, changer("Reloaded", modulemanager.reload));
	command("list", "List the modules that are loaded", { host_argument }, list_modules);
end;
