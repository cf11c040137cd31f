-- core.portmanager: services that modules provide (items "net-provider"), and the ports they listen on.
--
-- A service is a table {name, listener, default_port or default_ports, default_interface, private, encryption = "ssl" for TLS from the
-- start, ssl_config, config_prefix, multiplex}. The options NAME_ports, NAME_interfaces and NAME_ssl are the operator's; of several
-- services of one name the first one is active.

local certmanager = require "core.certmanager";
local clients = require "core.clientstreams";
local config = require "core.configmanager";
local server = require "net.server";
local multitable = require "util.multitable";
local set = require "util.set";
local log = require "util.logger".init("portmanager");

local events = prosody.events;

local registered = setmetatable({}, {
	__index = function (t, name)
		local list = {};
		rawset(t, name, list);
		return list;
	end;
});
-- The core listens for clients itself; this one is for modules that get their connections in another way.
registered.c2s = { {
	name = "c2s", listener = clients.listener, encryption = "starttls";
	multiplex = { protocol = "xmpp-client", pattern = "^<.*:stream.*%sxmlns%s*=%s*(['\"])jabber:client%1.*>" };
} };
local active = multitable.new(); -- name, interface, port → list of {server, service, tls_cfg}

local function prefix_of(service)
	local prefix = service.config_prefix or service.name;
	return prefix == "" and "" or prefix .. "_";
end

local function list_of(v)
	if v == nil or type(v) == "table" then return v; end
	return { v };
end

-- "*" in our configuration means all addresses, of both families.
local function expand(interfaces)
	local all = set.new(interfaces);
	if all:contains("*") then
		all:add("::");
	end
	local wanted = set.new();
	for address in all do
		local family = address:find(":", 1, true) and "use_ipv6" or "use_ipv4";
		if config.get("*", family) ~= false then
			wanted:add(address);
		end
	end
	return wanted;
end

local function interfaces_of(service)
	local prefix = prefix_of(service);
	local chosen = list_of(config.get("*", prefix .. "interfaces")) or list_of(config.get("*", prefix .. "interface"));
	if not chosen and service.private then
		chosen = list_of(config.get("*", "local_interfaces")) or { "127.0.0.1", "::1" };
	end
	return expand(chosen or list_of(config.get("*", "interfaces")) or list_of(service.default_interface)
		or list_of(service.listener.default_interface) or { "*" });
end

local function ports_of(service)
	return set.new(list_of(config.get("*", prefix_of(service) .. "ports")) or service.default_ports
		or list_of(service.default_port or service.listener.default_port) or {});
end

local function tls_context(service, interface, port)
	local global = config.get("*", "ssl") or {};
	local own = config.get("*", prefix_of(service) .. "ssl") or {};
	local ctx, err, cfg = certmanager.create_context(service.name .. " port " .. port, "server",
		own[interface], own[port], own, service.ssl_config or {}, global[interface], global[port]);
	return ctx, err, cfg;
end

local function taken(interface, port)
	local found = port ~= 0 and active:search(nil, interface, port)[1];
	return found and found[1];
end

local function open(service, interface, port)
	local other = taken(interface, port);
	if other then
		return nil, "the service " .. other.service.name .. " listens there already";
	end
	local ctx, err, cfg;
	if service.encryption == "ssl" then
		ctx, err, cfg = tls_context(service, interface, port);
		if not ctx then
			return nil, err;
		end
	end
	local sock;
	sock, err = server.listen(interface, port, service.listener, {
		read_size = service.listener.default_mode or config.get("*", "network_default_read_size") or 4096;
		tls_ctx = ctx, tls_direct = ctx ~= nil, sni_hosts = {};
	});
	if err == server._NOT_SERVING then -- modules are told what would be there
		sock = { sockname = interface, sockport = port, hosts = {}, close = function () end };
	elseif not sock then
		return nil, err;
	end
	active:add(service.name, interface, port == 0 and sock.sockport or port, { server = sock, service = service, tls_cfg = cfg });
	return sock;
end

local function add_sni_host(host, name)
	for service_name, _, _, _, entry in active:iter(name, nil, nil, nil) do
		local own = entry.tls_cfg and host ~= "*" and config.rawget(host, prefix_of(entry.service) .. "ssl");
		local domain = config.get(host, service_name .. "_host") or host;
		if own then
			local ctx, err = certmanager.create_context(domain, "server", own, entry.tls_cfg);
			if not ctx then
				log("error", "No TLS context of the service %s for %s: %s", service_name, host, err);
			end
			entry.server.hosts[domain] = ctx;
		end
	end
end

local function activate(name)
	local service = registered[name][1];
	if not service then
		return nil, "Unknown service: " .. name;
	end
	local opened = {};
	for interface in interfaces_of(service) do
		for port in ports_of(service) do
			local number = tonumber(port);
			local sock, err = nil, "the port is not a number";
			if number then
				sock, err = open(service, interface, number);
			end
			if sock then
				table.insert(opened, ("[%s]:%d"):format(sock.sockname, sock.sockport));
			elseif interface:find(":", 1, true) then -- many machines have no IPv6
				log("debug", "The service %s does not listen on [%s]:%s: %s", name, interface, tostring(port), err);
			else
				log("error", "The service %s cannot listen on [%s]:%s: %s", name, interface, tostring(port), err);
			end
		end
	end
	for host in pairs(prosody.hosts) do
		add_sni_host(host, name);
	end
	log("info", "Activated service '%s' on %s", name, opened[1] and table.concat(opened, ", ") or "no ports");
	return true;
end

local function get_service_at(interface, port)
	local found = active:search(nil, interface, port)[1];
	if not found then
		return nil, "not-found";
	end
	return found[1].service, found[1].server;
end

local function close(interface, port)
	local service, sock = get_service_at(interface, port);
	if not service then
		return false, "port-not-open";
	end
	sock:close();
	active:remove(service.name, interface, port);
	return true;
end

-- Closes what a service listens on: by name, or that of one certain service.
local function deactivate(name, service)
	local ports = {};
	for _, interface, port, _, entry in active:iter(name or service.name, nil, nil, nil) do
		if not service or entry.service == service then
			table.insert(ports, { interface, port });
		end
	end
	for _, at in ipairs(ports) do
		close(at[1], at[2]);
	end
	log("info", "Deactivated service '%s'", name or service.name);
end

local function register_service(name, service)
	service.name = service.name or name;
	table.insert(registered[name], service);
	if not active:get(name) then
		local ok, err = activate(name);
		if not ok then
			log("error", "Failed to activate service '%s': %s", name, err);
		end
	end
	events.fire_event("service-added", { name = name, service = service });
	return true;
end

local function unregister_service(name, service)
	local list, found = registered[name], false;
	for i = #list, 1, -1 do
		if list[i] == service then
			table.remove(list, i);
			found = true;
		end
	end
	if not found then -- modules do it themselves before they are unloaded, when the server stops
		return nil, "not-registered";
	end
	deactivate(nil, service);
	server._disconnect(service.listener); -- nobody is there any more to answer the connections
	if list[1] and not active:get(name) then
		activate(name);
	end
	events.fire_event("service-removed", { name = name, service = service });
end

events.add_handler("host-activated", function (host)
	add_sni_host(type(host) == "table" and host.host or host);
end);

events.add_handler("config-reloaded", function ()
	for name, interface, port, _, entry in active:iter(nil, nil, nil, nil) do
		if entry.tls_cfg then
			local ctx, err, cfg = tls_context(entry.service, interface, port);
			if ctx then
				entry.server:set_sslctx(ctx);
				entry.tls_cfg = cfg;
			else
				log("error", "The service %s keeps its old TLS settings on port %d: %s", name, port, err);
			end
		end
	end
	for host in pairs(prosody.hosts) do
		add_sni_host(host);
	end
end, -1);

return {
	activate = activate;
	deactivate = deactivate;
	register_service = register_service;
	unregister_service = unregister_service;
	close = close;
	get_service = function (name) return registered[name][1]; end;
	get_service_at = get_service_at;
	get_tls_config_at = function (interface, port)
		local found = active:search(nil, interface, port)[1];
		if not found then
			return nil, "not-found";
		end
		return found[1].tls_cfg;
	end;
	get_active_services = function () return active; end;
	get_registered_services = function () return registered; end;
};
