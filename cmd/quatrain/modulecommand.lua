local modulemanager = require "core.modulemanager";

prosody.process_type = "prosodyctl";

local name = arg[0];
local mod, problem = modulemanager.get_module("*", name);
if not mod then
	mod, problem = modulemanager.load("*", name);
	if not mod then
		error(("cannot load the module %s: %s"):format(name, tostring(problem)), 0);
	end
end
local command = rawget(mod.module, "command");
if not command then
	error(("the module %s has no commands"):format(name), 0);
end
return command(arg);
