-- stats:show

local statsmanager = require "core.statsmanager";

local format = module:require "format";

local function label_text(keys, values)
	local texts = {};
	for i, key in ipairs(keys or {}) do
		if values[i] and values[i] ~= "" then table.insert(texts, key.."="..values[i]); end
	end
	return table.concat(texts, " ");
end

local function show(self, pattern)
	local registry = statsmanager.get_metric_registry and statsmanager.get_metric_registry();
	if not registry then return nil, "statistics are off: set statistics = \"internal\""; end
	if statsmanager.collect then statsmanager.collect(); end
	local rows = {};
	for name, family in pairs(registry:get_metric_families()) do
		if not pattern or name:find(pattern) then
			for labels, series in family:iter_metrics() do
				for suffix, _, value in series:iter_samples() do
					if suffix ~= "_bucket" and suffix ~= "_created" then
						table.insert(rows, { name = name..(suffix or ""); labels = label_text(family.label_keys, labels); value = ("%.6g"):format(value) });
					end
				end
			end
		end
	end
	table.sort(rows, function (a, b) return a.name..a.labels < b.name..b.labels; end);
	format.print_rows(self.session, {
		{ title = "Metric"; key = "name"; width = "50%" }, { title = "Of"; key = "labels"; width = "35%" }, { title = "Value"; key = "value"; width = 12 },
	}, rows);
	return true, format.count(#rows, "value");
end

return function (add)
	add("stats", "Look at what is measured")("show", "Show values, those whose name fits a pattern", { { name = "pattern"; type = "string" } }, show);
end;
