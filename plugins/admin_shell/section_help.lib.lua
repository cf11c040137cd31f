-- help, help SECTION

local print_rows = module:require("format").print_rows;

local function list_sections(session, commands)
	local rows = {};
	for _, section in ipairs(commands.sections()) do
		if section.name ~= "help" then
			table.insert(rows, { section.name, section.desc or "" });
		end
	end
	print_rows(session, { { title = "Section"; width = 12 }, { title = "Commands to"; width = "100%" } }, rows);
	session.print("\n\"help SECTION\" lists a section's commands. Type \"SECTION NAME ARGUMENT…\", or Lua: section:name(\"argument\", …).");
	session.print("What begins with > is Lua with everything in the server, its result is shown.");
end

local function list_commands(session, commands, name)
	for _, section in ipairs(commands.sections()) do
		if section.name == name then
			for _, command in ipairs(section.commands) do
				session.print(commands.usage(command)..(command.desc and " - "..command.desc or ""));
				if command.help then session.print(command.help); end
			end
			return;
		end
	end
	return nil, "there is no section "..name;
end

return function (_, commands)
	commands.add("help")("", "List sections and commands", { { name = "section"; type = "string" } }, function (self, section)
		if section then
			return list_commands(self.session, commands, section);
		end
		return list_sections(self.session, commands);
	end);
end;
