-- util.statistics: metrics kept in memory, the backend of util.openmetrics that is asked for its values.

local now = require "util.time".now;
local openmetrics = require "util.openmetrics";

-- Iterates a list of { suffix, labels, value }.
local function samples(list)
	local i = 0;
	return function ()
		i = i + 1;
		if list[i] then
			return list[i][1], list[i][2], list[i][3];
		end
	end;
end

local gauge, counter, histogram, summary = {}, {}, {}, {};
for _, kind in ipairs { gauge, counter, histogram, summary } do
	kind.__index = kind;
end

function gauge:set(value) self.value = value; end
function gauge:add(delta) self.value = self.value + delta; end
function gauge:reset() self.value = 0; end
function gauge:iter_samples() return samples { { "", nil, self.value } }; end

counter.set, counter.add, counter.reset = gauge.set, gauge.add, gauge.reset;

function counter:iter_samples()
	return samples { { "_created", nil, self._created }, { "_total", nil, self.value } };
end

function summary:sample(value)
	self._sum, self._count = self._sum + value, self._count + 1;
end

function summary:reset()
	self._created, self._sum, self._count = now(), 0, 0;
end

function summary:iter_samples()
	return samples { { "_created", nil, self._created }, { "_sum", nil, self._sum }, { "_count", nil, self._count } };
end

-- A value is part of every bucket that it fits in.
function histogram:sample(value)
	for _, bucket in ipairs(self) do
		if value <= bucket.threshold then bucket.count = bucket.count + 1; end
	end
	summary.sample(self, value);
end

function histogram:reset()
	for _, bucket in ipairs(self) do
		bucket.count = 0;
	end
	summary.reset(self);
end

function histogram:iter_samples()
	local list = { { "_created", nil, self._created }, { "_sum", nil, self._sum }, { "_count", nil, self._count } };
	for _, bucket in ipairs(self) do
		list[#list+1] = { "_bucket", { le = bucket.threshold_s }, bucket.count };
	end
	return samples(list);
end

local function metric(kind, fields)
	fields._created = now();
	local new = setmetatable(fields, kind);
	new:reset();
	return new;
end

local backend = {
	gauge = function () return metric(gauge, {}); end;
	counter = function () return metric(counter, {}); end;
	summary = function () return metric(summary, {}); end;
	histogram = function (bounds)
		local buckets = {};
		for i, bound in ipairs(bounds) do
			buckets[i] = { threshold = bound, threshold_s = openmetrics.render_histogram_le(bound), count = 0 };
		end
		return metric(histogram, buckets);
	end;
};

local function new()
	return { metric_registry = openmetrics.new_metric_registry(backend) };
end

return { new = new };
