-- net.resolvers.basic: new(hostname, port, type, extra) resolves to the addresses of a host. extra: use_ipv4 = false, use_ipv6 = false. DANE is
-- not looked at.

local adns = require "net.adns";
local inet = require "util.net";
local to_ascii = require "util.encodings".idna.to_ascii;
local manual = require "net.resolvers.manual";

local methods = {};
local metatable = { __index = methods };

local function address_of(hostname)
	return inet.pton(hostname) or hostname:match("^%[.*%]$") and inet.pton(hostname:sub(2, -2)) or nil;
end

-- Calls done(list of targets) when the answers for both families are there.
local function look_up(self, done)
	local extra, found, waiting = self.extra or {}, { {}, {} }, 2;
	local function ready()
		waiting = waiting - 1;
		if waiting > 0 then return; end
		for _, target in ipairs(found[2]) do
			table.insert(found[1], target);
		end
		done(found[1]);
	end
	local function ask(place, wanted, record_type, field, conn_type)
		if wanted == false then
			return ready();
		end
		adns.lookup(function (answer, err)
			if not answer or #answer == 0 then
				self.last_error = err or ((answer and answer.status or "NXDOMAIN") .. " in " .. record_type .. " lookup");
			end
			for _, record in ipairs(answer or {}) do
				table.insert(found[place], { conn_type, record[field], self.port, self.extra });
			end
			ready();
		end, self.hostname, record_type, "IN");
	end
	ask(1, extra.use_ipv4, "A", "a", self.conn_type .. "4");
	ask(2, extra.use_ipv6, "AAAA", "aaaa", self.conn_type .. "6");
end

function methods:next(callback)
	if self.found then
		return self.found:next(callback);
	elseif not self.hostname then
		self.last_error = "hostname failed IDNA";
		return callback(nil);
	end
	look_up(self, function (targets)
		self.found = manual.new(targets);
		self.found:next(callback);
	end);
end

local function new(hostname, port, conn_type, extra)
	conn_type = conn_type or "tcp";
	local self = { hostname = to_ascii(hostname), port = port, conn_type = conn_type, extra = extra };
	local address = address_of(hostname);
	if address then
		local family = #address == 16 and "6" or "4";
		self.found = manual.new({ { conn_type .. family, inet.ntop(address), port, extra } });
	end
	return setmetatable(self, metatable);
end

return { new = new };
