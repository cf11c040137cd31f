-- All commands: those of this plugin, and the items "shell-command" of every module on every host. A command is a table: section,
-- section_desc, name, desc, args (a list of { name, type }), flags (for util.argparse), handler(self, …), host_selector.

local argparse = require "util.argparse";
local jid_host = require "util.jid".host;
local promise = require "util.promise";

local own = {}; -- section → name → command
local order, descriptions = {}, {};

-- COMPAT Tables that modules written for Prosody 0.12 put their own sections into, and functions into ours.
local shared = module:shared("env");

local commands = { shared = shared };

local function in_section(section, desc)
	if not own[section] then
		own[section] = {};
		shared[section] = shared[section] or {};
		table.insert(order, section);
	end
	descriptions[section] = desc or descriptions[section];
end

-- add(section, description of the section) returns a function(name, description, args, handler) that adds commands.
function commands.add(section, section_desc)
	in_section(section, section_desc);
	return function (name, desc, args, handler)
		local command = { section = section; name = name; desc = desc; args = args; handler = handler };
		own[section][name] = command;
		shared[section][name] = function (self, ...) return commands.run(command, self.session, ...); end;
	end;
end

-- Every item with the host it is on: a list of { host, command }, by section and name.
local function items()
	local list = {};
	local function collect(host)
		for _, item in ipairs(module:context(host):get_host_items("shell-command")) do
			table.insert(list, { host = host; command = item });
		end
	end
	collect("*");
	for host in pairs(prosody.hosts) do
		collect(host);
	end
	table.sort(list, function (a, b)
		if a.command.section ~= b.command.section then return a.command.section < b.command.section; end
		if a.command.name ~= b.command.name then return a.command.name < b.command.name; end
		return a.host < b.host;
	end);
	return list;
end

local function position(command)
	for i, argument in ipairs(command.args or {}) do
		if argument.name == command.host_selector then return i; end
	end
end

-- Of several hosts' commands of a name the one whose host the arguments name.
local function choose(candidates, arguments)
	for _, candidate in ipairs(candidates) do
		local at = position(candidate.command);
		local value = at and arguments[at];
		if not at or value == candidate.host or type(value) == "string" and jid_host(value) == candidate.host then
			return candidate.command;
		end
	end
	local at = position(candidates[1].command);
	error({ text = ("%s:%s wants an address on a host that has it as its argument %d"):format(
		candidates[1].command.section, candidates[1].command.name, at) });
end

-- The command of a name, nil if there is none. For commands of hosts it takes the arguments to know which.
function commands.find(section, name, arguments)
	local candidates = {};
	for _, item in ipairs(items()) do
		if item.command.section == section and item.command.name == name then
			table.insert(candidates, item);
		end
	end
	if candidates[1] then
		return choose(candidates, arguments or {});
	end
	return own[section] and own[section][name];
end

function commands.exists(section, name)
	if own[section] and own[section][name] then return true; end
	for _, item in ipairs(items()) do
		if item.command.section == section and (not name or item.command.name == name) then return true; end
	end
	return not name and own[section] ~= nil;
end

-- The command that words begin with, and the words after it.
function commands.find_words(words)
	if not words or not words[1] then return; end
	if #words == 1 and words[1] ~= "help" and commands.exists(words[1]) then -- a section alone: what there is in it
		return own.help[""], { words[1] };
	end
	if own[words[1]] and own[words[1]][""] then
		return own[words[1]][""], { unpack(words, 2) };
	end
	if words[2] and commands.exists(words[1], words[2]) then
		local rest = { unpack(words, 3) };
		return commands.find(words[1], words[2], rest), rest;
	end
end

-- All sections in order: name, description, and the list of their commands, each once.
function commands.sections()
	local list, at = {}, {};
	local function section(name, desc)
		if not at[name] then
			at[name] = { name = name; commands = {}; seen = {} };
			table.insert(list, at[name]);
		end
		at[name].desc = at[name].desc or desc;
		return at[name];
	end
	local function put(command, into)
		if not into.seen[command.name] then
			into.seen[command.name] = true;
			table.insert(into.commands, command);
		end
	end
	for _, name in ipairs(order) do
		local into = section(name, descriptions[name]);
		for _, command in pairs(own[name]) do
			put(command, into);
		end
	end
	for _, item in ipairs(items()) do
		put(item.command, section(item.command.section, item.command.section_desc));
	end
	for name, functions in pairs(shared) do
		if not at[name] and type(functions) == "table" then
			local into = section(name, "Commands of a module");
			for command in pairs(functions) do
				put({ section = name; name = command; args = {} }, into);
			end
		end
	end
	for _, into in ipairs(list) do
		table.sort(into.commands, function (a, b) return a.name < b.name; end);
	end
	return list;
end

-- The line that says how to use a command.
function commands.usage(command)
	local names = {};
	for _, argument in ipairs(command.args or {}) do
		table.insert(names, argument.name);
	end
	return ("%s:%s(%s)"):format(command.section, command.name, table.concat(names, ", "));
end

local converters = {};

function converters.number(value, name)
	local number = tonumber(value);
	if not number then error({ text = name.." must be a number, not "..tostring(value) }); end
	return number;
end
converters.integer = converters.number;

local truth = { ["true"] = true, yes = true, ["1"] = true, ["false"] = false, no = false, ["0"] = false };

function converters.boolean(value, name)
	if type(value) == "boolean" then return value; end
	local is = truth[tostring(value):lower()];
	if is == nil then error({ text = name.." must be true or false, not "..tostring(value) }); end
	return is;
end

-- Words are texts; an argument that has another type is made one.
local function convert(command, arguments, n)
	for i, argument in ipairs(command.args or {}) do
		local to = converters[argument.type];
		if to and arguments[i] ~= nil then
			arguments[i] = to(arguments[i], argument.name);
		end
	end
	return arguments, n;
end

-- Runs a command with arguments of a line: returns what its handler does.
function commands.run(command, session, ...)
	local arguments, n = convert(command, { ... }, select("#", ...));
	local self = setmetatable({ session = session }, { __index = shared[command.section] });
	local value, message = command.handler(self, unpack(arguments, 1, n));
	if promise.is_promise(value) then
		return value;
	end
	return value, message;
end

function commands.run_words(command, session, words)
	if command.flags then
		local options, where, what = argparse.parse(words, command.flags);
		if not options then error({ text = ("%s: %s"):format(tostring(what), tostring(where)) }); end
		local arguments = { unpack(options) };
		arguments[math.max(#arguments, #(command.args or {})) + 1] = options;
		return commands.run(command, session, unpack(arguments, 1, table.maxn(arguments)));
	end
	return commands.run(command, session, unpack(words));
end

return commands;
