-- For admin_shell.scs: a shell of a kind. A message to the service is a command of the section "muc" with its arguments, of which
-- those in braces are JSON. What it prints and says comes back, each line in a body's line, with single spaces.

local json = require "util.json";
local st = require "util.stanza";
local unpack = table.unpack or unpack; -- COMPAT Lua 5.1

local function find(name)
	for _, command in ipairs(module:get_host_items("shell-command")) do
		if command.section == "muc" and command.name == name then
			return command;
		end
	end
end

local function arguments_of(text)
	local arguments = {};
	for argument in text:gmatch("%S+") do
		table.insert(arguments, argument:match("^{") and json.decode(argument) or argument);
	end
	return arguments;
end

module:hook("message/host", function (event)
	local stanza = event.stanza;
	local arguments = arguments_of(stanza:get_child_text("body") or "");
	local command = find(table.remove(arguments, 1));
	if not command then return; end
	local lines = {};
	local self = { session = { width = 80; print = function (line)
		table.insert(lines, line);
	end } };
	local ok, message = command.handler(self, unpack(arguments));
	table.insert(lines, (ok and "OK: " or "Error: ")..message);
	local text = table.concat(lines, "\n"):gsub(" +", " "):gsub(" \n", "\n");
	module:send(st.message({ from = module.host; to = stanza.attr.from; type = "chat" }, text));
	return true;
end);
