-- HTTP: serves what modules provide for "http", under the host's name and the app's path.
-- route.lib.lua makes handlers of routes, cors.lib.lua the headers for scripts of other sites, address.lib.lua the URLs of apps,
-- proxy.lib.lua finds out who asks behind a proxy.

module:set_global();
pcall(module.depends, module, "http_errors"); -- may be disabled

local server = require "net.http.server";
local portmanager = require "core.portmanager";
local api = require "core.moduleapi";

local address = module:require("address");
local route = module:require("route");
local client_of = module:require("proxy");

local default_url = api.http_url;
api.http_url = address.url;

server.set_default_host(module:get_option_string("http_default_host"));
server.set_option("body_size_limit", module:get_option_number("http_max_content_size"));

local function is_served()
	local services = portmanager.get_active_services();
	return services:get("http") or services:get("https");
end

-- Apps of one host, or with "*" of all hosts.
local function serve_apps(host_module)
	local apps = {};
	local domain = host_module.host;
	if domain ~= "*" then
		domain = host_module:get_option_string("http_host", domain);
		server.add_host(domain);
		function host_module.unload()
			server.remove_host(domain);
		end
	end
	host_module.environment.apps = apps;

	local function add(event)
		local app = event.item;
		if not app.name then
			host_module:log("error", "An HTTP app has no name; use module:provides(\"http\", …)");
		elseif not app.route then
			host_module:log("error", "The HTTP app %s has no routes", app.name);
		else
			local base = address.base_path(host_module, app.name, app.default_path or "/"..app.name);
			apps[app.name] = apps[app.name] or {};
			route.add(host_module, domain, base, app, apps[app.name]);
			if is_served() then
				host_module:log("info", "Serving '%s' at %s", app.name, host_module:http_url(app.name, app.default_path));
			else
				host_module:log("warn", "No port is open for HTTP, nobody can reach '%s'", app.name);
			end
		end
	end

	local function remove(event)
		local name = event.item.name;
		if name and apps[name] then
			route.remove(host_module, apps[name]);
			apps[name] = nil;
		end
	end

	host_module:handle_items("http-provider", add, remove);
end

function module.add_host(host_module)
	serve_apps(host_module);
end

function module.unload()
	api.http_url = default_url;
end

-- Who asks is known before any handler looks.
module:wrap_object_event(server._events, false, function (handlers, name, event)
	local request = event.request;
	if request and not request.forwarded then
		request.forwarded = true;
		request.ip, request.secure = client_of(request);
	end
	return handlers(name, event);
end);

module:provides("net", {
	name = "http";
	listener = server.listener;
	private = true;
	default_port = 5280;
	multiplex = { pattern = "^[A-Z]" };
});

module:provides("net", {
	name = "https";
	listener = server.listener;
	encryption = "ssl";
	default_port = 5281;
	multiplex = { protocol = "http/1.1", pattern = "^[A-Z]" };
});

serve_apps(module);
