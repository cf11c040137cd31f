-- Handlers of routes: "GET /path", "GET /path/*", "GET".

local server = require "net.http.server";
local cors = module:require("cors");

-- "GET example.org/app/path"; without the host for "*". nil if the key is no route.
local function event_name(domain, base, key)
	local method, path = key:match("^(%a+)%s+(/.*)$");
	if not method then
		method, path = key:match("^(%a+)$"), "";
	end
	if not method then
		return nil;
	end
	if base == "/" and path ~= "" then
		base = "";
	end
	return method:upper().." "..(domain == "*" and "" or domain)..base..path, method:upper();
end

local function redirect(event)
	local request = event.request;
	local query = request.url.query;
	event.response.headers.location = request.path.."/"..(query and "?"..query or "");
	return 301;
end

-- A value that is no function is the answer. A prefix's handler gets the rest of the path. Bodies that are too large are only for those who want
-- them in pieces.
local function handler_of(event, value, streaming)
	local handler = value;
	if type(value) ~= "function" then
		handler = function () return value; end
	end
	local prefix = event:match("(/.*)%*$");
	return function (data)
		local request = data.request;
		if request.body == false and not streaming then
			return nil;
		elseif prefix then
			return handler(data, request.path:sub(#prefix + 1));
		end
		return handler(data);
	end
end

-- "/app/*" and "/app/" are reached from "/app", too.
local function without_slash(event)
	return event:match("^(.*[^ /])/%*$") or event:match("^(.*[^ /])/$");
end

local function hook(host_module, hooks, event, handler, priority)
	hooks[#hooks+1] = { event = event, handler = handler };
	host_module:hook_object_event(server, event, handler, priority);
end

-- Adds the routes of an app and remembers in handlers what to remove again, by event.
local function add(host_module, domain, base, app, handlers)
	local routes, methods = {}, {};
	for key, value in pairs(app.route) do
		local event, method = event_name(domain, base, key);
		if not event then
			host_module:log("error", "The HTTP app %s has a route '%s', want a method and perhaps a path", app.name, key);
		elseif handlers[event] then
			host_module:log("warn", "The HTTP app %s has a second handler for '%s', which is ignored", app.name, event);
		else
			routes[event] = value;
			methods[#methods+1] = method;
		end
	end
	local policy = cors.policy_of(app, methods);
	local function allow(data)
		cors.apply(policy, data.request, data.response);
	end
	local function preflight(data)
		allow(data);
		return "";
	end
	for event, value in pairs(routes) do
		local hooks = {};
		handlers[event] = hooks;
		hook(host_module, hooks, event, handler_of(event, value, app.streaming_uploads));
		local short = without_slash(event);
		if short then
			hook(host_module, hooks, short, redirect, -1);
		end
		if policy then
			hook(host_module, hooks, event, allow, 1);
			hook(host_module, hooks, event:gsub("^%a+", "OPTIONS"), preflight, -1);
		end
	end
end

local function remove(host_module, handlers)
	for _, hooks in pairs(handlers) do
		for _, hooked in ipairs(hooks) do
			host_module:unhook_object_event(server, hooked.event, hooked.handler);
		end
	end
end

return { add = add, remove = remove };
