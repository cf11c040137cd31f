-- Commands as modules of Prosody 13 and 0.12 offer them.

local promise = require "util.promise";

local function add(name, desc, args, handler, host_selector)
	module:add_item("shell-command", {
		section = "test"; section_desc = "Test the shell"; name = name; desc = desc; args = args; handler = handler; host_selector = host_selector;
	});
end

local host = module.host;

add("where", "Tell the host", { { name = "host"; type = "string" } }, function () return true, "on "..host; end, "host");
add("add", "Add numbers", { { name = "first"; type = "number" }, { name = "second"; type = "number" } }, function (_, a, b) return true, ("%d"):format(a + b); end);
add("fail", "Fail", {}, function () error("oh no"); end);
add("later", "Tell later", {}, function ()
	return promise.new(function (resolve) module:add_timer(0, function () resolve("later"); end); end);
end);

local env = module:shared("/*/admin_shell/env");
env.old = {};
function env.old:greet(name)
	if not self.session.print then return nil, "there is no shell"; end
	return true, "Hello, "..name;
end

module:measure("asked", "counter")(1);

if module.host == "localhost" then
	module:depends("http");
	module:provides("http", { name = "test_app"; route = { GET = "Hello" } });
end
