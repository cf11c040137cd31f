module:hook("message/bare", function ()
	module:no_such_method();
	if module.maybe then module:maybe(); end
	require "util.magic".spell();
end);
module:log("warn", "this is odd");
undefined_thing = undefined_other;
