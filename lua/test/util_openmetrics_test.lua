local t = require "test.harness";
t.stand_in("util.time", { now = os.time });
local new = require "util.statistics".new;
local timed = require "util.openmetrics".timed;

t.case("labels", function ()
	local registry = new().metric_registry;
	local family = registry:counter("hits", "", "Hits", { "host", "kind" });
	family:with_labels("a", "x"):add(2);
	family:with_partial_label("a"):with_labels("x"):add(1);
	t.same(family:with_labels("a", "x").value, 3);
	t.raises("labels", family.with_labels, family, "a");
	t.same(registry:counter("hits", "", "Hits", { "host", "kind" }) == family, true);
	t.same(registry:gauge("hits", "", "Hits") == family, false);
end);

t.case("text", function ()
	local registry = new().metric_registry;
	registry:gauge("mod/size", "bytes", "How\nbig", { "host" }):with_labels("a\"b"):set(1.5);
	t.same(registry:render(), "# HELP mod__size_bytes How\\nbig\n# UNIT mod__size_bytes bytes\n# TYPE mod__size_bytes gauge\n"
		.."mod__size_bytes{host=\"a\\\"b\"} 1.5\n# EOF\n");
end);

t.case("timed", function ()
	local family = new().metric_registry:summary("t", "seconds", "Time");
	timed(family:with_labels())();
	t.same(family:with_labels()._count, 1);
	family:clear();
	t.same(family:with_labels()._count, 0);
end);

return t.finish();
