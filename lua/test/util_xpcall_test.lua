local t = require "test.harness";
local xpcall = require "util.xpcall".xpcall;

t.case("arguments", function ()
	t.same(t.pack(xpcall(function (...) return select("#", ...), ...; end, print, 1, nil, 3)), { n = 5, true, 3, 1, nil, 3 });
	t.same({ xpcall(error, function (e) return "handled "..tostring(e); end, "x", 0) }, { false, "handled x" });
	t.same(require "util.compat".xpcall, xpcall);
end);

return t.finish();
