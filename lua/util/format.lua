-- util.format: string.format for log lines: any argument fits any directive, none is lost, and none can forge a line.
-- A missing or nil argument is (nil); what is no number, or no whole one where that is wanted, stands in [brackets]; control characters
-- become visible ones; a string that is not UTF-8 is quoted; arguments without a directive follow at the end in [brackets].

local serialize = require "util.serialization".new("debug");
local valid_utf8 = require "util.encodings".utf8.valid;

local unpack = table.unpack or unpack; -- luacheck: ignore 113
local wants_whole = { c = true, d = true, i = true, o = true, u = true, x = true, X = true };
local wants_positive = { o = true, u = true, x = true, X = true };
local has_pointers = pcall(string.format, "%p", {});
local has_hex_floats = pcall(string.format, "%a", 1);

-- U+2400 and following: pictures of the control characters.
local pictures = { ["\127"] = "\226\144\161" };
for i = 0, 31 do
	pictures[string.char(i)] = "\226\144"..string.char(128+i);
end

-- Further lines are indented, so that none looks like a line of its own.
local function visible(text)
	return (text:gsub("[%z\1-\8\11-\31\127]", pictures):gsub("\n\t?", "\n\t"));
end

local function clean(text)
	if not text:find("[%z\1-\31\127-\255]") then
		return text;
	end
	return valid_utf8(text) and visible(text) or serialize(text);
end

local function is_whole(n)
	return math.type and math.type(n) == "integer" or n % 1 == 0 and n >= -2^53 and n <= 2^53;
end

-- Whether string.format takes this number for this directive.
local function fits(directive, n)
	if wants_whole[directive] and not is_whole(n) or wants_positive[directive] and n < 0 then
		return false;
	end
	return has_hex_floats or directive:lower() ~= "a";
end

-- One directive: its replacement and the argument to give to it.
local function convert(spec, arg)
	local directive, kind = spec:sub(-1), type(arg);
	if arg == nil then
		return "(%s)", "nil";
	elseif directive == "s" then
		if kind ~= "string" then arg = tostring(arg); end
		return spec, clean(arg);
	elseif directive == "q" then
		return "%s", serialize(arg);
	elseif directive == "p" then
		if has_pointers and kind ~= "number" and kind ~= "boolean" then
			return spec, arg;
		end
	elseif kind == "number" and fits(directive, arg) then
		return spec, arg;
	end
	return "[%s]", clean(tostring(arg));
end

local function format(template, ...)
	local args, n = { ... }, select("#", ...);
	local used = 0;
	template = template:gsub("%%[^cdiouxXaAeEfgGpqs%%]*[cdiouxXaAeEfgGpqs%%]", function (spec)
		if spec == "%%" then return; end
		used = used + 1;
		spec, args[used] = convert(spec, args[used]);
		return spec;
	end);
	for i = used+1, n do
		template = template.." [%s]";
		args[i] = args[i] == nil and "(nil)" or clean(tostring(args[i]));
	end
	return template:format(unpack(args, 1, math.max(used, n)));
end

return { format = format };
