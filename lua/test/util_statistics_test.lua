local t = require "test.harness";
t.stand_in("util.time", { now = os.time });
local registry = require "util.statistics".new().metric_registry;

local function sample_table(metric)
	local seen = {};
	for suffix, labels, value in metric:iter_samples() do
		if suffix ~= "_created" then seen[suffix..(labels and labels.le or "")] = value; end
	end
	return seen;
end

t.case("each type", function ()
	local gauge = registry:gauge("g", "", ""):with_labels();
	gauge:set(5); gauge:add(-2);
	t.same(sample_table(gauge), { [""] = 3 });
	local counter = registry:counter("c", "", ""):with_labels();
	counter:add(2);
	t.same(sample_table(counter), { _total = 2 });
	local histogram = registry:histogram("h", "", "", nil, { buckets = { 1, 10 } }):with_labels();
	histogram:sample(0.5); histogram:sample(5); histogram:sample(50);
	t.same(sample_table(histogram), { _bucket1 = 1, _bucket10 = 2, ["_bucket+Inf"] = 3, _sum = 55.5, _count = 3 });
	histogram:reset();
	t.same(sample_table(histogram)._count, 0);
end);

return t.finish();
