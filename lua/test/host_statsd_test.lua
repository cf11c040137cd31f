local t = require "test.harness";
local real_socket, real = package.loaded["socket"], package.loaded["util.statsd"];
local sent, peer = {}, nil;
package.loaded["socket"] = { udp = function ()
	return { setpeername = function (_, ...) peer = { ... }; end, send = function (_, text) table.insert(sent, text); return true; end };
end };
package.loaded["util.statsd"] = nil;
local statsd = require "util.statsd";

local function take()
	local lines = sent;
	sent = {};
	table.sort(lines);
	return lines;
end

local server = statsd.new { statsd_server = "stats.example", prefix = "test" };
local registry = server.metric_registry;

t.case("a server is needed", function ()
	t.same((statsd.new {}), nil);
	t.same(peer, { "stats.example", 8125 });
end);

t.case("gauges and counters", function ()
	local gauge = registry:gauge("prosody_mod_x/y", "", "", { "host" }):with_labels("a.example");
	gauge:set(3);
	gauge:add(2);
	t.same(take(), { "test.prosody_mod_x.y.a_example:3|g", "test.prosody_mod_x.y.a_example:5|g" });
	local counter = registry:counter("things", "", ""):with_labels();
	counter:add(2);
	counter:set(5);
	t.same(take(), { "test.things:2|c", "test.things:3|c" });
end);

t.case("samples", function ()
	registry:summary("sum", "", ""):with_labels():sample(4);
	t.same(take(), { "test.sum.count:1|c", "test.sum.sum:4|c" });
	registry:histogram("waits", "", "", {}, { buckets = { 0.5, 10 } }):with_labels():sample(2);
	t.same(take(), { "test.waits.bucket.+Inf:1|c", "test.waits.bucket.10:1|c", "test.waits.count:1|c", "test.waits.sum:2|g" });
end);

t.case("corked, the last value of a gauge counts", function ()
	local gauge = registry:gauge("corked", "", ""):with_labels();
	server:cork();
	gauge:set(1);
	gauge:set(2);
	t.same(take(), {});
	server:uncork();
	t.same(take(), { "test.corked:2|g" });
end);

package.loaded["socket"], package.loaded["util.statsd"] = real_socket, real;
return t.finish();
