-- net.resolvers.service: new(hostname, service, type, extra) resolves to the addresses of the servers that SRV records name (RFC 2782).
-- extra.default_port: the port of the host itself, where there are no records.

local adns = require "net.adns";
local basic = require "net.resolvers.basic";
local chain = require "net.resolvers.chain";
local inet = require "util.net";
local to_ascii = require "util.encodings".idna.to_ascii;

local methods = {};
local metatable = { __index = methods };

-- Lower priorities first; among equal ones heavier first, which spreads less than RFC 2782 would have it.
local function before(a, b)
	if a.srv.priority ~= b.srv.priority then
		return a.srv.priority < b.srv.priority;
	end
	return (a.srv.weight or 0) > (b.srv.weight or 0);
end

local function resolvers_of(self, answer, err)
	local records, resolvers = {}, {};
	for _, record in ipairs(answer or {}) do
		table.insert(records, record);
	end
	if err then
		self.last_error = err;
	elseif #records == 1 and (records[1].srv.target == "." or records[1].srv.target == "") then
		self.last_error = "service explicitly unavailable";
	elseif #records == 0 and self.extra and self.extra.default_port then
		table.insert(resolvers, basic.new(self.hostname, self.extra.default_port, self.conn_type, self.extra));
	elseif #records == 0 then
		self.last_error = "zero SRV records found";
	end
	if self.last_error then
		return resolvers;
	end
	table.sort(records, before);
	for _, record in ipairs(records) do
		table.insert(resolvers, basic.new(record.srv.target, record.srv.port, self.conn_type, self.extra));
	end
	return resolvers;
end

function methods:next(callback)
	if self.found then
		return self.found:next(function (kind, ...)
			self.last_error = self.found.last_error or self.last_error;
			return callback(kind, ...);
		end);
	elseif not self.hostname then
		self.last_error = "hostname failed IDNA";
		return callback(nil);
	end
	adns.lookup(function (answer, err)
		self.found = chain.new(resolvers_of(self, answer, err));
		self:next(callback);
	end, ("_%s._%s.%s"):format(self.service, self.conn_type, self.hostname), "SRV", "IN");
end

local function new(hostname, service, conn_type, extra)
	local is_address = inet.pton(hostname) or hostname:match("^%[.*%]$");
	if is_address and extra and extra.default_port then
		return basic.new(hostname, extra.default_port, conn_type, extra);
	end
	return setmetatable({ hostname = to_ascii(hostname), service = service, conn_type = conn_type or "tcp", extra = extra }, metatable);
end

return { new = new };
