-- util.openmetrics: families of metrics with labels, and their text form (OpenMetrics). A backend makes the single metrics:
-- backend[type](family_name, labels, extra), for a histogram backend.histogram(buckets, family_name, labels, extra).

local now = require "util.time".now;
local new_multitable = require "util.multitable".new;

local unpack = table.unpack or unpack; -- luacheck: ignore 113

-- A family of which some labels are set already. with_labels(family, …) gets the rest.
local function new_metric_proxy(family, with_labels)
	return {
		_family = family;
		with_labels = function (_, ...) return with_labels(family, ...); end;
		with_partial_label = function (_, label)
			return new_metric_proxy(family, function (f, ...) return with_labels(f, label, ...); end);
		end;
	};
end

local family_methods = {};
local family_mt = { __index = family_methods };

local function new_family(backend, kind, name, unit, description, label_keys, extra)
	local make = assert(backend[kind], "no metrics of type "..kind);
	local family = setmetatable({
		family_name = name, type_ = kind, unit = unit, description = description, label_keys = label_keys or {}, extra = extra;
	}, family_mt);
	if kind == "histogram" then
		local buckets = { unpack((assert(extra and extra.buckets, "a histogram needs buckets"))) };
		buckets[#buckets+1] = math.huge;
		family._make = function (labels) return make(buckets, name, labels, extra); end;
	else
		family._make = function (labels) return make(name, labels, extra); end;
	end
	family.data = #family.label_keys == 0 and family._make() or new_multitable();
	return family;
end

-- The metric with these values, as many as there are label keys. Without keys there is one metric.
function family_methods:with_labels(...)
	local n = select("#", ...);
	if n ~= #self.label_keys then
		error(("%s: want %d labels, got %d"):format(self.family_name, #self.label_keys, n), 2);
	elseif n == 0 then
		return self.data;
	end
	local metric = self.data:get(...);
	if not metric then
		local labels = { ... };
		metric = self._make(labels);
		labels[n+1] = metric;
		self.data:set(unpack(labels, 1, n+1));
		labels[n+1] = nil;
	end
	return metric;
end

function family_methods:with_partial_label(label)
	return new_metric_proxy(self, function (family, ...) return family:with_labels(label, ...); end);
end

-- Iterates list of label values, metric.
function family_methods:iter_metrics()
	local n, done = #self.label_keys, false;
	if n == 0 then
		return function ()
			if not done then
				done = true;
				return {}, self.data;
			end
		end;
	end
	local function split(...)
		if (...) ~= nil then
			local labels = { ... };
			return { unpack(labels, 1, n) }, labels[n+1];
		end
	end
	local step, state = self.data:iter(unpack({}, 1, n));
	return function () return split(step(state)); end;
end

function family_methods:clear()
	for _, metric in self:iter_metrics() do
		metric:reset();
	end
end

local registry_methods = {};
local registry_mt = { __index = registry_methods };

local function new_metric_registry(backend)
	return setmetatable({ families = {}, backend = backend }, registry_mt);
end

local function same_shape(a, b)
	return a.type_ == b.type_ and table.concat(a.label_keys, "\0") == table.concat(b.label_keys, "\0");
end

-- The family there is; a new one takes the place of one of another type or with other labels.
function registry_methods:register_metric_family(name, family)
	local existing = self.families[name];
	if existing and same_shape(existing, family) then
		return existing;
	end
	self.families[name] = family;
	return family;
end

for _, kind in ipairs { "gauge", "counter", "histogram", "summary" } do
	registry_methods[kind] = function (self, name, unit, description, label_keys, extra)
		if unit and unit ~= "" then name = name.."_"..unit; end
		return self:register_metric_family(name, new_family(self.backend, kind, name, unit, description, label_keys, extra));
	end
end

function registry_methods:get_metric_families()
	return self.families;
end

local function escape(text)
	return (text:gsub("[\\\"\n]", { ["\\"] = "\\\\", ["\""] = "\\\"", ["\n"] = "\\n" }));
end

local function escape_name(name)
	return (name:gsub("/", "__"):gsub("[^%w_]", "_"):gsub("^%d", "_%0"));
end

local function labels_text(keys, values, more)
	local parts = {};
	for i, key in ipairs(keys) do
		parts[#parts+1] = escape_name(key).."=\""..escape(values[i]).."\"";
	end
	for key, value in pairs(more or {}) do
		parts[#parts+1] = escape_name(key).."=\""..escape(value).."\"";
	end
	return parts[1] and "{"..table.concat(parts, ",").."}" or "";
end

-- The exposition format, with its end mark.
function registry_methods:render()
	local out = {};
	for name, family in pairs(self.families) do
		local shown = escape_name(name);
		out[#out+1] = "# HELP "..shown.." "..escape(family.description or "").."\n";
		out[#out+1] = "# UNIT "..shown.." "..escape(family.unit or "").."\n";
		out[#out+1] = "# TYPE "..shown.." "..family.type_.."\n";
		for labels, metric in family:iter_metrics() do
			for suffix, more, value in metric:iter_samples() do
				out[#out+1] = ("%s%s %.17g\n"):format(escape_name(name..suffix), labels_text(family.label_keys, labels, more), value);
			end
		end
	end
	out[#out+1] = "# EOF\n";
	return table.concat(out);
end

local function render_histogram_le(bound)
	return bound == math.huge and "+Inf" or ("%.14g"):format(bound);
end

-- A function that, when called, gives the metric the seconds since now.
local function timed(metric)
	local start = now();
	local submit = assert(metric.sample or metric.set, "cannot take times");
	return function () submit(metric, now() - start); end;
end

return { new_metric_proxy = new_metric_proxy, new_metric_registry = new_metric_registry, render_histogram_le = render_histogram_le, timed = timed };
