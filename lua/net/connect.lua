-- net.connect: connect(resolver, listener, options, data) tries the addresses of a resolver, one after the other, until one answers. Then
-- the connection is the listener's: onattach(conn, data), onconnect(conn). If none answers, listener.onfail(data, why) is called.
--
-- A resolver is a table with next(self, callback), which calls callback(type, ip, port, extra), or callback(nil) when there is no more, and
-- last_error. options: sslctx for TLS from the start, pattern for the read size.

local server = require "net.server";
local log = require "util.logger".init("net.connect");

local attempts = {}; -- by connection
local trial = {}; -- listener of connections that are being opened

local function give_up(attempt)
	local why = attempt.last_error or attempt.resolver.last_error or "unable to resolve service";
	log("debug", "No more addresses to try: %s", why);
	if attempt.listener.onfail then
		attempt.listener.onfail(attempt.data, why);
	end
end

local function try_next(attempt)
	attempt.resolver:next(function (kind, ip, port, extra)
		if not kind then
			return give_up(attempt);
		end
		local conn, err = server.addclient(ip, port, trial, attempt.options.pattern, extra and extra.sslctx or attempt.options.sslctx, kind, extra);
		if not conn then
			attempt.last_error = err or "unknown reason";
			return try_next(attempt);
		end
		attempts[conn] = attempt;
	end);
end

function trial.onconnect(conn)
	local attempt = attempts[conn];
	attempts[conn] = nil;
	conn:setlistener(attempt.listener, attempt.data);
	if attempt.listener.onconnect then
		return attempt.listener.onconnect(conn);
	end
end

function trial.ondisconnect(conn, why)
	local attempt = attempts[conn];
	if attempt then
		attempts[conn] = nil;
		attempt.last_error = why or "unknown reason";
		try_next(attempt);
	end
end

local function connect(resolver, listener, options, data)
	try_next({ resolver = resolver, listener = assert(listener, "a listener is needed"), options = options or {}, data = data });
end

return { connect = connect };
