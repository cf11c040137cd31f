-- The globals of what is typed: a table for each section, whose functions are its commands.

local function section_table(session, commands, name)
	return setmetatable({ session = session }, { __index = function (_, command_name)
		if commands.exists(name, command_name) then
			return function (_, ...)
				return commands.run(commands.find(name, command_name, { ... }), session, ...);
			end;
		end
		local functions = commands.shared[name];
		return functions and functions[command_name];
	end });
end

local function new(session, commands)
	local sections = {};
	return setmetatable({ print = session.print }, { __index = function (_, name)
		local value = commands.shared[name];
		if value ~= nil and type(value) ~= "table" then
			return value;
		end
		if value == nil and not commands.exists(name) then
			return nil;
		end
		sections[name] = sections[name] or section_table(session, commands, name);
		return sections[name];
	end });
end

return { new = new };
