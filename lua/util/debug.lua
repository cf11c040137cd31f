-- util.debug: tracebacks that show variables. Those whose names end in "password" and the like are hidden.

local termcolours = require "util.termcolours";

local MAX_WIDTH = 65; -- characters of a value
local hidden = { password = true, passwd = true, pass = true, pwd = true };
local location_style, number_style = termcolours.getstyle("yellow"), termcolours.getstyle("green");

-- A list of { name, value } from get(i) → name, value.
local function variables(get)
	local list = {};
	local name, value = get(1);
	while name do
		list[#list+1] = { name = name ~= "" and name or ("[%d]"):format(#list+1), value = value };
		name, value = get(#list+1);
	end
	return list;
end

-- level counts from the caller; in a thread from its innermost function.
local function get_locals_table(thread, level)
	return variables(function (i)
		if thread then
			return debug.getlocal(thread, level, i);
		end
		return debug.getlocal(level+3, i);
	end);
end

local function get_upvalues_table(f)
	return variables(function (i)
		if f then return debug.getupvalue(f, i); end
	end);
end

local function describe(variable, max_width)
	local value = variable.value;
	if hidden[variable.name:match("%a+$")] then
		value = "<hidden>";
	elseif type(value) == "string" then
		value = ("%q"):format(value);
	end
	value = tostring(value);
	if #value > max_width then
		value = value:sub(1, max_width-3).."...";
	end
	return variable.name.." = "..value;
end

-- "{ a = 1, b = "x" }", nil if there is nothing to show. indent: put in front of what begins a new line.
local function string_from_var_table(list, max_width, indent)
	local parts, width = {}, 0;
	max_width = max_width or math.huge;
	for _, variable in ipairs(list) do
		if variable.name:sub(1, 1) ~= "(" then -- not the interpreter's own
			local text = describe(variable, max_width);
			width = width + #text;
			if width > max_width and #parts > 0 then
				text, width = "\n"..(indent or "")..text, #text;
			end
			parts[#parts+1] = text;
		end
	end
	return parts[1] and "{ "..table.concat(parts, ", ").." }" or nil;
end

local function get_traceback_table(thread, start)
	local levels = {};
	local function info(level)
		if thread then return debug.getinfo(thread, level, "nSluf"); end
		return debug.getinfo(level+2, "nSluf");
	end
	local level = start or 0;
	local found = info(level);
	while found do
		levels[#levels+1] = {
			level = level, info = found;
			locals = thread and get_locals_table(thread, level) or get_locals_table(nil, level), upvalues = get_upvalues_table(found.func);
		};
		level = level + 1;
		found = info(level);
	end
	return levels;
end

local function describe_level(number, level)
	local info = level.info;
	local where = info.what == "C" and "[native]" or ("%s:%d"):format(info.short_src, info.currentline);
	local name = info.what == "main" and "main chunk" or info.name and ("function %q"):format(info.name) or "anonymous function";
	local lines = { ("\t%s %s in %s"):format(termcolours.getstring(number_style, "("..number..")"), termcolours.getstring(location_style, where), name) };
	for label, list in pairs { Locals = level.locals, Upvals = level.upvalues } do
		local text = string_from_var_table(list, MAX_WIDTH, "\t\t");
		if text then lines[#lines+1] = "\t    "..label..": "..text; end
	end
	return table.concat(lines, "\n");
end

-- traceback([thread,] [message [, level]]), as debug.traceback.
local function traceback(...)
	local thread, message, level = ...;
	if type(thread) ~= "thread" then
		thread, message, level = nil, thread, message;
	end
	local ok, text = pcall(function ()
		local lines = { (message and tostring(message).."\n" or "").."stack traceback:" };
		for i, one in ipairs(get_traceback_table(thread, (level or 1) + (thread and -1 or 2))) do
			lines[#lines+1] = describe_level(i-1, one);
		end
		return table.concat(lines, "\n");
	end);
	return ok and text or tostring(message).."\n(no traceback: "..tostring(text)..")";
end

local function use()
	debug.traceback = traceback; -- luacheck: ignore 122
end

return {
	traceback = traceback, use = use, get_traceback_table = get_traceback_table, string_from_var_table = string_from_var_table;
	get_locals_table = get_locals_table, get_upvalues_table = get_upvalues_table;
};
