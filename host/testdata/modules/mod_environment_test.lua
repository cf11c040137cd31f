local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;

public = "seen by others";
function public_function() return module.name; end

test("libraries under both names are the same", function ()
	for _, name in ipairs { "util.stanza", "util.jid", "util.set", "util.events", "util.async", "core.usermanager", "util.filters", "core.modulemanager" } do
		equal(require(name) == require("prosody." .. name), true);
	end
	raises("util.nosuchthing", require, "util.nosuchthing");
end);

test("globals: reading an unknown one is nil, setting a real one is an error", function ()
	equal(undefined_global_of_mine, nil);
	own_global = 5;
	equal(own_global, 5);
	equal(rawget(_G, "own_global"), nil);
	raises("own_real_global", function () _G.own_real_global = 1; end);
	prosody.unlock_globals();
	_G.allowed = 1;
	prosody.lock_globals();
	equal(allowed, 1);
	rawset(_G, "allowed", nil);
end);

test("the environment is what others get", function ()
	local env = prosody.hosts[module.host].modules[module.name];
	equal(env.public, "seen by others");
	equal(env.public_function(), module.name);
	equal(env.module == module, true);
	equal(module.environment == env, true);
	equal(require "core.modulemanager".get_module(module.host, module.name) == env, true);
end);

test("module's fields and names", function ()
	equal({ module.name, module.host, module:get_name(), module:get_host(), module:get_host_type(), module.global },
		{ "environment_test", "localhost", "environment_test", "localhost", "local", false });
	equal(module:context("rooms.localhost"):get_host_type(), "component");
	equal(module:context("*"):get_host_type(), "global");
	equal(module.path, "testdata/modules/mod_environment_test.lua");
	equal(module:get_directory(), "testdata/modules");
	equal(module.loaded, true);
	equal(module.reloading, false);
	module.mine = 1;
	equal(module.mine, 1);
	local names = {};
	for k in pairs(module) do names[k] = true; end
	equal(names.mine, true);
end);

test("a host is the origin of what it sends, and may be seen leaving", function ()
	local st = require "util.stanza";
	local origins = {};
	local function see(event) table.insert(origins, event.origin == prosody.hosts["other.localhost"]); end
	module:context("other.localhost"):hook("pre-message/host", see);
	module:context("other.localhost"):hook("message/host", function (event) see(event); return true; end);
	local function message() return st.message({ to = "other.localhost", from = "other.localhost" }); end
	prosody.core_post_stanza(prosody.hosts["other.localhost"], message());
	equal(origins, { true });
	prosody.core_post_stanza(prosody.hosts["other.localhost"], message(), true);
	equal(origins, { true, true, true });
end);

test("there is no HTTP", function ()
	equal(module:http_url(), "http://disabled.invalid/");
end);

test("a missing method is named", function ()
	raises("no_such_method", function () module:no_such_method(); end);
end);

test("methods called without a colon say so", function ()
	raises("colon", function () module.get_option("x"); end);
end);

test("load_resource", function ()
	local f = assert(module:load_resource("resource.txt"));
	equal(f:read("*a"), "text of a resource\n");
	f:close();
	equal((module:load_resource("nothing.txt")), nil);
	equal((module:load_resource("../../modules_test.go")), nil);
end);

test("require of a library file: anew each time, in our environment", function ()
	local a, b = module:require "part", module:require "part";
	equal(a == b, false);
	equal(a.name(), module.name);
	equal(from_part, "set by part");
	equal(module:require "lib_folder/inner".inner, true);
	raises("nosuch", module.require, module, "nosuch");
end);

test("shared tables", function ()
	local a = module:shared("x");
	a.v = 1;
	equal(module:shared("environment_test/x").v, 1);
	equal(module:shared("/localhost/environment_test/x").v, 1);
	equal(module:context("other.localhost"):shared("x").v, nil);
	equal(module:shared("/*/environment_test/x").v, nil);
	equal(module:shared("other_module/x") == module:shared("/localhost/other_module/x"), true);
end);

test("prosody", function ()
	equal(type(prosody.version), "string");
	equal(prosody.platform, "posix");
	equal(type(prosody.start_time), "number");
	equal(prosody.paths.data ~= "", true);
	equal(prosody.process_type, "prosody");
	equal(prosody.hosts == hosts, true);
	equal(prosody.events.fire_event("nothing", {}), nil);
	for _, name in ipairs { "core_post_stanza", "core_process_stanza", "core_route_stanza", "reload_config", "reopen_logfiles", "shutdown" } do
		equal(type(prosody[name]), "function");
	end
	equal(prosody.features["permissions"] ~= nil, true);
	equal(require "util.async".wait_for(prosody.started), true);
end);

test("hosts", function ()
	local names = {};
	for name, host in pairs(prosody.hosts) do
		equal(host.host, name);
		table.insert(names, name .. "=" .. host.type);
	end
	table.sort(names);
	equal(names, { "localhost=local", "other.localhost=local", "rooms.localhost=component" });
	equal(prosody.hosts["nowhere"], nil);
	equal(prosody.hosts.localhost == prosody.hosts.localhost, true);
	prosody.hosts.localhost.mine = { 1 };
	equal(prosody.hosts.localhost.mine, { 1 });
	equal(prosody.hosts.localhost.modules.roster ~= nil, true);
	equal(prosody.hosts.localhost.modules.nosuch, nil);
	local found;
	for name in pairs(prosody.hosts.localhost.modules) do found = found or name == module.name; end
	equal(found, true);
	equal(prosody.hosts.localhost.sessions.nobody, nil);
	equal(next(prosody.full_sessions), nil);
	equal(next(prosody.bare_sessions), nil);
	equal(prosody.bare_sessions["nobody@localhost"], nil);
end);

test("log forgives its arguments", function ()
	module:log("info", "a %s %d %s", "b");
	module:log("debug", "a %s", nil);
	module:log("warn", "a %d", "text");
	module:log("error", "100% sure", 5);
	module:log("info", "control \27 character");
	module._log("info", "plain %s", {});
	require "util.logger".init("mine")("info", "hello %s", "there");
end);

test("status of another module", function ()
	equal(prosody.hosts.localhost.modules.disco.module.status_message, "Loaded");
end);

test("status", function ()
	equal({ module:get_status() }, { "core", "Loaded", module.status_time });
	module:set_status("warn", "careful");
	equal({ (module:get_status()) }, { "warn" });
	equal(module.status_message, "careful");
	module:log_status("error", "it is %s", "broken");
	equal((select(2, module:get_status())), "it is broken");
	module:set_status("info", "fine again");
	equal((module:get_status()), "error");
	module:set_status("info", "fine again", true);
	equal((module:get_status()), "info");
	module:set_status("warn", "w");
	module:set_status("info", "i", false);
	equal((module:get_status()), "warn");
	equal(type(select(3, module:get_status())), "number");
	raises("", module.set_status, module, "nonsense", "x");
end);

test("what modules have and offer", function ()
	local mm = require "core.modulemanager";
	local env = mm.get_module(module.host, module.name);
	function module.greet(name) return "good morrow, "..name; end
	equal(mm.module_has_method(env, "greet"), true);
	equal(mm.module_has_method(env, "quarrel"), false);
	equal({ mm.call_module_method(env, "greet", "cousin") }, { true, "good morrow, cousin" });
	equal({ mm.call_module_method(env, "quarrel") }, { false, "no-such-method" });
	module:add_item("trinket", "ring");
	equal(table.concat(mm.get_items("trinket", module.host)), "ring");
	module.greet = nil;
end);

test("measurements are taken silently", function ()
	module:measure("a", "amount")(5);
	module:measure("c", "counter")(1);
	module:measure("r", "rate")();
	module:measure("t", "times")()();
	module:measure("s", "sizes")(100);
	module:measure("d", "distribution")(1);
	local m = module:metric("counter", "mm", "", "some thing", { "which" });
	m:with_labels("x"):add(1);
	module:metric("gauge", "gg", "seconds", "time"):set(5);
	module:metric("histogram", "hh", "", "", { "a", "b" }, { buckets = { 1, 2 } }):with_partial_label("x"):with_labels("y"):sample(3);
end);
