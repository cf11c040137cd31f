local t = require "test.harness";
local roles = require "util.roles";

t.case("inheritance", function ()
	local guest = roles.new { name = "guest", permissions = { ["x:look"] = true, ["x:smoke"] = false } };
	local member = roles.new { name = "member", inherits = { guest }, permissions = { ["x:touch"] = true } };
	local admin = roles.new { name = "admin", inherits = { member }, permissions = { ["x:smoke"] = true } };
	t.same({ member:may("x:look"), member:may("x:touch"), member:may("x:smoke"), admin:may("x:smoke") }, { true, true, false, true });
	t.same({ guest:may("x:touch"), admin:may("x:fly") }, {});
end);

t.case("set_permission", function ()
	local role = roles.new { name = "r" };
	t.same(role:set_permission("a", true), true);
	t.same({ role:set_permission("a", false) }, { false, "policy-already-exists" });
	t.same({ role:set_permission("a", false, true), role:may("a") }, { true, false });
end);

t.case("clone", function ()
	local role = roles.new { name = "r", permissions = { a = true } };
	local copy = role:clone { name = "s" };
	copy:set_permission("b", true);
	t.same({ copy.name, copy:may("a"), copy:may("b"), role:may("b") }, { "s", true, true, nil });
	t.same({ roles.is_role(copy), roles.is_role {} }, { true, false });
end);

return t.finish();
