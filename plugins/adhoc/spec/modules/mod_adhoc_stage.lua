-- For module_gone.scs: commands that load the other module again, and unload it.

module:depends("adhoc");

local modulemanager = require "core.modulemanager";
local new = module:require("adhoc").new;

for _, verb in ipairs { "reload", "unload" } do
	module:provides("adhoc", new("To "..verb, verb, function ()
		local ok, err = modulemanager[verb](module.host, "adhoc_try");
		return { status = "completed"; info = ok and "Done" or nil; error = err and { message = err } or nil };
	end, "any"));
end
