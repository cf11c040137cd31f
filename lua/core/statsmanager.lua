-- core.statsmanager: measurements, if the operator wants them (options statistics, statistics_interval, statistics_config). A provider is a library
-- with new(config) → { metric_registry, cork, uncork }: "internal" is util.statistics, ":NAME" the library NAME. Without one nothing is kept.

local config = require "core.configmanager";
local log = require "util.logger".init("stats");
local timed = require "util.openmetrics".timed;
local own_families = require "core.metrics".families;
local timer = require "util.timer";
local events = prosody.events;

local builtin = { internal = "util.statistics", statsd = "util.statsd" };
local every_sample = { 0.001, 0.01, 0.1, 1.0, 10.0, 100.0 };
local sizes = { 1024, 4096, 32768, 131072, 1048576, 4194304, 33554432, 134217728, 1073741824 };

local interval_option = config.get("*", "statistics_interval");
local interval = tonumber(interval_option);
local manual = interval_option == "manual";
if interval_option and not interval and not manual then
	log("error", "statistics_interval is neither a number of seconds nor \"manual\": no statistics");
end

local function open_provider()
	local name = config.get("*", "statistics") or interval and "internal";
	if not name then return; end
	local library = name:match("^:(.+)") or builtin[name];
	if not library then
		log("error", "There is no provider of statistics %q", name);
		return;
	end
	local ok, provider = pcall(require, library);
	local opened, err;
	if ok then
		opened, err = provider.new(config.get("*", "statistics_config"));
	end
	if not opened then
		log("error", "The provider of statistics %q does not work: %s", name, ok and err or provider);
	end
	return opened, library == builtin.internal;
end

local stats, keeps = open_provider(); -- keeps: it can be asked for values
if not stats then
	local function nothing() return nothing; end
	local silent = setmetatable({}, { __newindex = nothing, __index = function (self) return self; end, __call = function (self) return self; end });
	return {
		measure = nothing, metric = function () return silent; end, of_host = function () return silent; end;
		cork = nothing, uncork = nothing, get_metric_registry = function () return nil; end, active = false;
	};
end
if not manual then interval = interval or 60; end

local registry = stats.metric_registry;

local function metric(kind, name, unit, description, labels, extra)
	return assert(registry[kind], "no metrics of type "..tostring(kind))(registry, name, unit or "", description or "", labels, extra);
end

-- A family of which the label of the host is set. Without further labels it can be used like a series.
local function of_host(family, host, alone)
	local scoped = family:with_partial_label(host);
	local only = alone and scoped:with_labels();
	for _, method in ipairs { "set", "add", "sample" } do
		if only and only[method] then
			scoped[method] = function (_, v) return only[method](only, v); end;
		end
	end
	return scoped;
end

-- The one series of a family "prosody_NAME", which has at most one label.
local function series(kind, name, extra, unit, label, value, conf)
	extra = type(extra) == "table" and extra or {};
	local family = metric(kind, "prosody_"..name, extra.unit or unit, extra.description or name, label and { label } or {}, conf);
	if label then
		family = family:with_partial_label(value);
	end
	return family:with_labels();
end

local kinds = {};

function kinds.amount(name, extra, label, value)
	local m = series("gauge", name, extra, "", label, value);
	m:set(type(extra) == "number" and extra or type(extra) == "table" and extra.initial or 0);
	return function (v) m:set(v); end;
end

function kinds.counter(name, extra, label, value)
	local m = series("counter", name, extra, "", label, value);
	m:set(0);
	return function (v) m:add(v); end;
end

function kinds.rate(name, extra, label, value)
	local m = series("counter", name, extra, "", label, value);
	m:set(0);
	return function () m:add(1); end;
end

local function buckets_of(extra, default)
	return { buckets = type(extra) == "table" and extra.buckets or default };
end

function kinds.times(name, extra, label, value)
	local m = series("histogram", name, type(extra) == "table" and { description = extra.description }, "seconds", label, value, buckets_of(extra, every_sample));
	return function () return timed(m); end;
end
kinds.duration = kinds.times;

function kinds.sizes(name, extra, label, value)
	local m = series("histogram", name, type(extra) == "table" and { description = extra.description }, "bytes", label, value, buckets_of(extra, sizes));
	return function (v) m:sample(v); end;
end

function kinds.distribution(name, extra, label, value)
	local m = series("summary", name, type(extra) == "string" and { unit = extra } or extra, "", label, value);
	return function (v) m:sample(v); end;
end

local function measure(kind, name, extra, label, value)
	return assert(kinds[kind], "unknown kind of measurement: "..tostring(kind))(name, extra, label, value);
end

-- What the server and its other plugins measure, as a family: its series are asked for when they are shown.
local function own_family(f)
	local family = { family_name = f.name, type_ = f.type, unit = f.unit, description = f.description, label_keys = f.labels };
	function family.iter_metrics()
		local i, list = 0, f.series();
		return function ()
			i = i + 1;
			local s = list[i];
			if not s then return; end
			local samples = f.type == "gauge" and { { "", s.value } } or f.type == "counter" and { { "_total", s.value } }
				or { { "_sum", s.sum }, { "_count", s.count } };
			return s.labels, { iter_samples = function ()
				local n = 0;
				return function ()
					n = n + 1;
					if samples[n] then return samples[n][1], nil, samples[n][2]; end
				end;
			end };
		end;
	end
	function family.clear() end
	return family;
end

-- Shows the internal provider what the server measures.
local function share_own()
	for _, f in ipairs(own_families()) do
		if not registry:get_metric_families()[f.name] then
			registry:register_metric_family(f.name, own_family(f));
		end
	end
end

-- Tells another one, as far as it is values.
local function push_own()
	for _, f in ipairs(own_families()) do
		for _, s in ipairs((f.type == "gauge" or f.type == "counter") and f.series() or {}) do
			metric(f.type, f.name, nil, f.description, f.labels):with_labels((table.unpack or unpack)(s.labels)):set(s.value);
		end
	end
end

local function cork() return stats.cork and stats:cork(); end
local function uncork() return stats.uncork and stats:uncork(); end

local collecting, processing = measure("times", "stats.collection"), measure("times", "stats.processing");
local ended = false;

local function collect()
	local done = collecting();
	events.fire_event("stats-update");
	uncork();
	done();
	if registry then
		done = processing();
		(keeps and share_own or push_own)();
		events.fire_event("openmetrics-updated", { metric_registry = registry });
		events.fire_event("stats-updated", { metric_registry = registry });
		done();
	end
	return not ended and interval or nil, manual and registry or nil;
end

if not manual then
	timer.add_task(interval, collect);
	events.add_handler("server-started", function () collect(); end, -1);
end
events.add_handler("server-stopped", function ()
	ended = true;
	collect();
end, -1);

return {
	measure = measure, metric = metric, of_host = of_host, cork = cork, uncork = uncork, collect = manual and collect or nil, active = true;
	get_metric_registry = function ()
		if keeps then share_own(); end
		return registry;
	end;
};
