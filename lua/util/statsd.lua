-- util.statsd: measurements sent to a StatsD server as they are taken. new{ statsd_server, statsd_port (8125), prefix ("prosody") } gives the provider
-- that core.statsmanager wants: metric_registry, and cork and uncork, between which of each gauge only the last value is sent.

local socket = require "socket";
local openmetrics = require "util.openmetrics";

local statsd = {};
statsd.__index = statsd;

function statsd:cork()
	self.corked = self.corked or {};
end

function statsd:uncork()
	local held = self.corked or {};
	self.corked = nil;
	for name, value in pairs(held) do
		self:push_gauge(name, value);
	end
end

function statsd:_send(name, value, kind)
	return self.sock:send(self.prefix..name..":"..tostring(value).."|"..kind);
end

function statsd:push_gauge(name, value)
	if self.corked then
		self.corked[name] = value;
	else
		self:_send(name, value, "g");
	end
end

function statsd:push_counter_delta(name, delta)
	self:_send(name, delta, "c");
end

-- Labels are parts of the name; dots within are not.
local function name_of(family, labels)
	local name = family;
	for _, label in ipairs(labels or {}) do
		name = name.."/"..label;
	end
	return (name:gsub("%.", "_"):gsub("/", "."));
end

local function nothing() end
local function no_samples() return nothing; end -- what has been sent is not kept

local gauge, counter, histogram, summary = {}, {}, {}, {};
for _, kind in ipairs { gauge, counter, histogram, summary } do
	kind.__index, kind.iter_samples, kind.reset = kind, no_samples, nothing;
end

function gauge:set(value)
	self.value = value;
	self.server:push_gauge(self.name, value);
end

function gauge:add(delta) self:set(self.value + delta); end
function gauge:reset() self:set(0); end

function counter:add(delta)
	self.value = self.value + delta;
	self.server:push_counter_delta(self.name, delta);
end

function counter:set(value) self:add(value - self.value); end
function counter:reset() self.value = 0; end

function summary:sample(value)
	self.server:push_counter_delta(self.name..".sum", value);
	self.server:push_counter_delta(self.name..".count", 1);
end

function histogram:sample(value)
	for _, bucket in ipairs(self) do
		if value <= bucket.threshold then
			self.server:push_counter_delta(bucket.name, 1);
		end
	end
	self.sum = self.sum + value;
	self.server:push_gauge(self.name..".sum", self.sum);
	self.server:push_counter_delta(self.name..".count", 1);
end

function histogram:reset()
	self.sum = 0;
	self.server:push_gauge(self.name..".sum", 0);
end

local function backend_of(server)
	local function maker(kind)
		return function (family, labels)
			return setmetatable({ server = server, name = name_of(family, labels), value = 0 }, kind);
		end;
	end
	return {
		gauge = maker(gauge), counter = maker(counter), summary = maker(summary);
		histogram = function (thresholds, family, labels)
			local metric = setmetatable({ server = server, name = name_of(family, labels), sum = 0 }, histogram);
			for i, threshold in ipairs(thresholds) do
				local shown = openmetrics.render_histogram_le(threshold):gsub("%.", "_");
				metric[i] = { threshold = threshold, name = metric.name..".bucket."..shown };
			end
			return metric;
		end;
	};
end

local function new(config)
	if not config or not config.statsd_server then
		return nil, "statistics_config has no statsd_server";
	end
	local sock = socket.udp();
	sock:setpeername(config.statsd_server, config.statsd_port or 8125);
	local server = setmetatable({ sock = sock, prefix = (config.prefix or "prosody").."." }, statsd);
	server.metric_registry = openmetrics.new_metric_registry(backend_of(server));
	return server;
end

return { new = new };
