-- The paths of apps on their hosts, and the URLs that they are told.

local url = require "socket.url";
local normalize_path = require "util.http".normalize_path;
local portmanager = require "core.portmanager";

local NOWHERE = "http://disabled.invalid/";
local usual_ports = { http = 80, https = 443 };

-- http_paths may be set for a host, then globally. $host is the host's name.
local function base_path(of, app, default)
	local path = of:get_option("http_paths", {})[app] or module:get_option("http_paths", {})[app] or default;
	return (normalize_path(path):gsub("%$(%w+)", { host = of.host }));
end

local function build(parts)
	if tonumber(parts.port) == usual_ports[parts.scheme] then
		parts.port = nil;
	end
	return url.build(parts);
end

local function external(of, path)
	local parts = url.parse(of:get_option_string("http_external_url"));
	return parts and build({
		scheme = parts.scheme, host = parts.host, port = parts.port;
		path = normalize_path(parts.path or "/", true)..path:sub(2);
	});
end

-- The address of the port that is open, with TLS rather than without.
local function by_port(of, path)
	local services = portmanager.get_active_services();
	for _, scheme in ipairs({ "https", "http" }) do
		for interface, ports in pairs(services:get(scheme) or {}) do
			local host = of.host;
			if host == "*" then
				host = of:get_option_string("http_default_host", interface);
			end
			return build({ scheme = scheme, host = of:get_option_string("http_host", host), port = next(ports), path = path });
		end
	end
end

-- module:http_url(app, default_path, mode): the app defaults to the module, the path to the app's name. Mode "internal" is the address of the
-- port, whatever http_external_url says.
local function app_url(of, app, default, mode)
	app = app or of.name:gsub("^http_", "");
	local path = base_path(of, app, default or "/"..app);
	local found = mode ~= "internal" and external(of, path) or by_port(of, path);
	if not found then
		of:log("warn", "No port is open for HTTP and http_external_url is not set, so there is no URL of '%s'", app);
	end
	return found or NOWHERE;
end

return { base_path = base_path, url = app_url };
