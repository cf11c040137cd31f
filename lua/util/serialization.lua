-- util.serialization: Lua values as Lua source. serialize(value, options or preset name); new(options) → a function; deserialize(text).
-- Options: preset "oneline", "compact", "pretty" (13) or "debug"; indentwith, itemstart, itemsep, itemlast, tstart, tend, kstart, kend, equals
-- (pieces of text); unquoted (true, or a pattern of keys that need no quotes); keywords; hex (prefix of a string in hex, where that is
-- shorter); fatal = false or fallback = f(value, why) for what cannot be written; freeze (honour __freeze); maxdepth; multiref; table_iterator.

local envload = require "util.envload".envload;

local LARGEST_EXACT = 2^53;

local escapes = { ["\\"] = "\\\\", ["\""] = "\\\"", ["'"] = "\\'" };
for i = 0, 255 do
	local c = string.char(i);
	escapes[c] = escapes[c] or ("\\%03d"):format(i);
end
for letter, c in pairs { a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v" } do
	escapes[c] = "\\"..letter;
end

local keywords = {};
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while]]):gmatch("%a+") do
	keywords[word] = true;
end

local presets = {
	oneline = { indentwith = "", itemstart = " ", itemlast = "", tend = " }" };
	compact = { indentwith = "", itemstart = "", itemlast = "", equals = "=", unquoted = true };
	pretty = { fatal = false, freeze = true, unquoted = true };
	debug = { indentwith = "", itemstart = " ", itemlast = "", tend = " }", fatal = false, freeze = true, unquoted = true };
};

local defaults = {
	indentwith = "\t", itemstart = "\n", itemsep = ";", itemlast = ";\n", tstart = "{", tend = "}", kstart = "[", kend = "]", equals = " = ";
	maxdepth = 127, keywords = keywords, table_iterator = function (t) return next, t, nil; end;
};

local function refuse(value, why)
	error("cannot serialize a "..type(value)..(why and ": "..why or ""), 0);
end

local function describe(value, why)
	return ("{__type=%q,__error=%q}"):format(type(value), why or "fail");
end

local function settings(options)
	if type(options) ~= "table" then
		options = { preset = options };
	end
	local preset = presets[options.preset] or {};
	local o = setmetatable({}, { __index = function (_, name)
		if options[name] ~= nil then return options[name]; end
		if preset[name] ~= nil then return preset[name]; end
		return defaults[name];
	end });
	o.fallback = options.fallback or o.fatal == false and describe or refuse;
	o.unquoted = o.unquoted == true and "^[%a_][%w_]*$" or o.unquoted;
	return o;
end

local function quote(text)
	return "\""..text:gsub("[%z\1-\31\"'\\\127-\255]", escapes).."\"";
end

local function number(n)
	if n ~= n then
		return "(0/0)";
	elseif n == math.huge then
		return "(1/0)";
	elseif n == -math.huge then
		return "(-1/0)";
	elseif math.type and math.type(n) == "integer" or n % 1 == 0 and n >= -LARGEST_EXACT and n <= LARGEST_EXACT then
		return ("%d"):format(n);
	end
	return ("%.18g"):format(n);
end

-- Writers by type; the others go to the fallback.
local function writers(o)
	local hex = type(o.hex) == "string" and require "util.hex".to;
	return {
		["nil"] = tostring, boolean = tostring, number = number;
		string = function (text)
			local quoted = quote(text);
			if hex and #quoted > #text*2 + 2 + #o.hex then
				return o.hex.."\""..hex(text).."\"";
			end
			return quoted;
		end;
	};
end

-- What stands for a table: itself, or what its __freeze makes of it (then with its type's name in front, or a finished text).
local function thaw(o, t)
	local mt = o.freeze == true and getmetatable(t);
	if type(mt) ~= "table" or type(mt.__freeze) ~= "function" then
		return t, "";
	end
	return mt.__freeze(t), type(mt.__name) == "string" and mt.__name or "";
end

local function new(options)
	local o = settings(options);
	local write, out, seen = writers(o), nil, nil;
	local write_table;

	local function put(text)
		out[#out+1] = text;
	end

	local function write_value(value, depth)
		if type(value) == "table" then
			return write_table(value, depth);
		end
		put((write[type(value)] or o.fallback)(value));
	end

	local function write_key(key, depth)
		if o.unquoted and type(key) == "string" and not o.keywords[key] and key:find(o.unquoted) then
			put(key);
		else
			put(o.kstart);
			write_value(key, depth);
			put(o.kend);
		end
		put(o.equals);
	end

	local function write_items(t, depth)
		local position, indent, empty = 1, o.indentwith:rep(depth), true;
		for key, value in o.table_iterator(t) do
			if not empty then put(o.itemsep); end
			empty = false;
			put(o.itemstart); put(indent);
			if key == position then
				position = position + 1; -- the array part, found in order
			else
				write_key(key, depth+1);
			end
			write_value(value, depth+1);
		end
		if not empty then
			put(o.itemlast); put(o.indentwith:rep(depth-1));
		end
	end

	function write_table(t, depth)
		if seen[t] then
			return put(o.fallback(t, "it is referred to more than once"));
		elseif depth > o.maxdepth then
			return put(o.fallback(t, "it is nested too deeply"));
		end
		seen[t] = true;
		local frozen, name = thaw(o, t);
		if type(frozen) == "string" then
			put(frozen);
		else
			put(name); put(o.tstart);
			write_items(frozen, depth);
			put(o.tend);
		end
		if o.multiref then seen[t] = nil; end
	end

	return function (value)
		out, seen = {}, {};
		write_value(value, 1);
		return table.concat(out);
	end;
end

local serialize_default = new();

local function serialize(value, options)
	return (options == nil and serialize_default or new(options))(value);
end

-- The value of a text, which must not call anything; nil and an error if it has none.
local function deserialize(text)
	if type(text) ~= "string" then
		return nil;
	end
	local chunk, err = envload("return "..text, "=serialized data", {});
	if not chunk then
		return nil, err;
	end
	local ok, value = pcall(chunk);
	if not ok then
		return nil, value;
	end
	return value;
end

return { new = new, serialize = serialize, deserialize = deserialize };
