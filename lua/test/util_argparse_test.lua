local t = require "test.harness";
local parse = require "util.argparse".parse;

t.case("options", function ()
	t.same(parse { "--foo", "--no-bar", "--key=value", "rest", "--not" }, { foo = true, bar = false, key = "value", "rest", "--not" });
	t.same(parse({ "--alpha", "1", "-b", "2" }, { short_params = { b = "beta" }, value_params = { alpha = true, beta = true } }), { alpha = "1", beta = "2" });
	t.same(parse { "--", "--foo" }, { "--foo" });
	t.same(parse {}, {});
end);

t.case("errors", function ()
	t.same({ parse { "-x" } }, { nil, "param-not-found", "-x" });
	t.same({ parse({ "--alpha" }, { value_params = { alpha = true } }) }, { nil, "missing-value", "--alpha" });
end);

return t.finish();
